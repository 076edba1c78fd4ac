import JSON
import LocalStore
import Platform
import Service
import StoreSupport
import Synchronization
import TestSupport
import Testing

/// Answers with what the test gave it and remembers whom it was asked about.
private final class FakeProvider: EnrichmentProvider {
  let name = "fake"
  let phases: Set<EnrichmentPhase>
  private let answers: [EnrichmentPhase: Result<JSONObject, EnrichmentFailure>]
  private let asked = Mutex<[JSONObject]>([])

  init(_ answers: [EnrichmentPhase: Result<JSONObject, EnrichmentFailure>]) {
    self.answers = answers
    phases = Set(answers.keys)
  }

  var persons: [JSONObject] { asked.withLock { $0 } }

  func find(_ phase: EnrichmentPhase, _ person: JSONObject) -> EnrichmentAnswer {
    asked.withLock { $0.append(person) }
    return EnrichmentAnswer(source: name, result: answers[phase] ?? .success([:]))
  }
}

@Suite("Enrichment")
struct EnrichmentTests {
  let workspace = TestWorkspace()

  private func enrich(_ id: String, _ arguments: JSONObject = [:]) throws -> JSONObject {
    var arguments = arguments
    arguments["id"] = .string(id)
    return try workspace.call("owlbound_enrich_contact", arguments)
  }

  private func status(_ id: String) throws -> JSONObject {
    try workspace.call("owlbound_get_enrichment_status", ["contactId": .string(id)])
  }

  private func work(_ providers: [any EnrichmentProvider] = []) throws {
    let work = WaitingEnrichments(queue: workspace.store, providers: providers, uses: workspace.store)
    while try work.doNext(shouldStop: { false }) {}
  }

  private func contact(_ id: String) throws -> JSONValue? {
    try workspace.call("owlbound_get_contact", ["id": .string(id)])["contact"]
  }

  @Test("the documented call queues a job, whose status can be polled")
  func documented() throws {
    let id = try workspace.owlContact(["firstName": "Jane"])
    #expect(try status(id)["status"] == "not_started")
    #expect(
      try enrich(id, ["priority": "high"]) == ["contactId": .string(id), "status": "queued", "priority": "high"])
    let queued = try status(id)
    #expect(queued["status"] == "queued")
    #expect(queued["currentPhase"] == .null)
    #expect(queued["queuedAt"] == 1_795_249_800_000)
    #expect(try workspace.refusal("owlbound_enrich_contact", ["id": "nobody"]).code == .notFound)
    #expect(try workspace.refusal("owlbound_get_enrichment_status", ["contactId": "nobody"]).code == .notFound)
    #expect(
      try workspace.refusal("owlbound_enrich_contact", ["id": .string(id), "priority": "urgent"]).code == .validation)
    _ = try workspace.call("owlbound_archive_contact", ["id": .string(id)])
    #expect(try workspace.refusal("owlbound_enrich_contact", ["id": .string(id)]).code == .validation)
  }

  @Test("without providers every phase that the workspace knows nothing for is skipped, with the reason")
  func nothing() throws {
    let id = try workspace.owlContact(["firstName": "Jane", "email": "jane@gmail.com"])
    _ = try enrich(id)
    try work()
    let done = try status(id)
    #expect(done["status"] == "failed")
    #expect(done["completedPhases"] == [])
    let skipped = try #require(done["skippedPhases"]?.arrayValue)
    #expect(skipped.compactMap { $0["phase"]?.stringValue } == EnrichmentPhase.allCases.map(\.rawValue))
    for phase in skipped.dropLast() { #expect(phase["reason"]?.stringValue?.contains("config.json") == true) }
    #expect(skipped.last?["reason"]?.stringValue?.contains("owlbound_save_icp_profile") == true)
    #expect(try contact(id)?["enrichment"] == .null)
  }

  @Test("the workspace's own knowledge fills what is empty, and scores")
  func workspaceKnowledge() throws {
    _ = try workspace.call(
      "owlbound_upsert_company",
      ["linkedInUrl": "linkedin.com/company/acme", "name": "Acme Corp", "domain": "Acme.com", "industry": "SaaS"])
    let other = try workspace.contact(
      "jane@acme.com", ["jobtitle": "VP Engineering", "phone": "+1 555", "city": "Berlin", "country": "Germany"])
    for _ in 0..<6 { try workspace.track(["event": "page_view", "contact_id": .string(other)]) }
    _ = try workspace.call("owlbound_save_icp_profile", ["name": "Leaders", "titles": ["VP Engineering"]])
    let id = try workspace.owlContact(["firstName": "Jane", "email": "Jane@Acme.com", "location": "Paris"])
    _ = try enrich(id)
    try work()
    let done = try status(id)
    #expect(done["status"] == "completed")
    #expect(
      done["completedPhases"] == ["linkedin_profile", "contact_info", "activity_analysis", "icp_scoring"])
    #expect(done["skippedPhases"]?[0]?["phase"] == "connection_status")
    let found = try contact(id)
    #expect(found?["title"] == "VP Engineering")
    #expect(found?["company"] == "Acme Corp")
    #expect(found?["phone"] == "+1 555")
    #expect(found?["location"] == "Paris")
    #expect(found?["activityScore"] == 30.0)
    #expect(found?["score"] == 100)
    #expect(found?["enrichment"]?["linkedin_profile"]?["sources"] == ["workspace"])
    #expect(found?["enrichment"]?["activity_analysis"]?["activityLevel"] == "medium")
  }

  @Test("a provider's answer fills empty fields, replaces only when forced, and is never trusted blindly")
  func providers() throws {
    let taken = try workspace.owlContact(["email": "taken@b.example"])
    let id = try workspace.owlContact(["firstName": "Ada", "title": "Old"])
    let provider = FakeProvider([
      .linkedInProfile: .success(["title": "New", "company": "Acme", "password": "x", "location": 5]),
      .contactInfo: .success(["email": "taken@b.example", "phone": "+44"]),
      .connectionStatus: .success(["connectionStatus": "connected"]),
    ])
    _ = try enrich(id)
    try work([provider])
    #expect(provider.persons.first == ["firstName": "Ada", "title": "Old"])
    var found = try contact(id)
    #expect(found?["title"] == "Old")
    #expect(found?["company"] == "Acme")
    #expect(found?["phone"] == "+44")
    #expect(found?["email"] == .null)
    #expect(found?["location"] == .null)
    #expect(found?["connectionStatus"] == "connected")
    #expect(found?["enrichment"]?["linkedin_profile"]?["password"] == nil)
    let errors = try #require(try status(id)["errors"]?.arrayValue)
    #expect(errors.count == 1)
    #expect(errors.first?["message"]?.stringValue?.contains(taken) == true)
    // There is data: nothing new is queued without force.
    #expect(try enrich(id)["status"] == "completed")
    try work([provider])
    #expect(provider.persons.count == 3)
    #expect(try enrich(id, ["forceRefresh": true])["status"] == "queued")
    try work([provider])
    found = try contact(id)
    #expect(found?["title"] == "New")
    let connector = try workspace.call("owlbound_list_connectors")["connectors"]?[0]
    #expect(connector?["integrationSlug"] == "fake")
    #expect(connector?["health"]?["status"] == "healthy")
  }

  @Test("one phase that fails is told, and the others go on")
  func failure() throws {
    let id = try workspace.owlContact(["firstName": "Ada"])
    _ = try enrich(id)
    try work([
      FakeProvider([
        .linkedInProfile: .failure(EnrichmentFailure("timed out")), .contactInfo: .success(["phone": "+44"]),
      ])
    ])
    let done = try status(id)
    #expect(done["status"] == "completed")
    #expect(done["completedPhases"] == ["contact_info"])
    #expect(done["errors"] == [["phase": "linkedin_profile", "message": "fake: timed out"]])
  }

  @Test("one open job per contact, done by priority and then by age")
  func order() throws {
    let low = try workspace.owlContact(["firstName": "Low"])
    let first = try workspace.owlContact(["firstName": "First"])
    let second = try workspace.owlContact(["firstName": "Second"])
    _ = try enrich(low, ["priority": "low"])
    _ = try enrich(first)
    _ = try enrich(second)
    #expect(try enrich(second, ["priority": "critical"])["priority"] == "critical")
    #expect(
      try enrich(second, ["priority": "low"]) == [
        "contactId": .string(second), "status": "queued", "priority": "critical",
      ])
    let provider = FakeProvider([.contactInfo: .success([:])])
    try work([provider])
    #expect(provider.persons.compactMap { $0["firstName"]?.stringValue } == ["Second", "First", "Low"])
  }

  @Test("no two processes have one job; a dead one's is taken up where it stopped, and given up at last")
  func leases() throws {
    let id = try workspace.owlContact(["firstName": "Ada"])
    _ = try enrich(id)
    let store = workspace.store
    let dead = try #require(try store.claimEnrichment())
    #expect(try store.claimEnrichment() == nil)
    _ = try store.begin(.linkedInProfile, of: dead)
    try store.record([], .linkedInProfile, of: dead)
    #expect(try status(id)["status"] == "in_progress")
    let end = try #require(try store.nextEnrichmentTime())
    #expect(end.milliseconds > workspace.clock.now().milliseconds)
    workspace.clock.advance(seconds: 200)
    let second = try #require(try store.claimEnrichment())
    #expect(second.phases == Array(EnrichmentPhase.allCases.dropFirst()))
    #expect(throws: ServiceError.self) { try store.record([], .contactInfo, of: dead) }
    #expect(throws: ServiceError.self) { try store.finish(dead) }
    workspace.clock.advance(seconds: 200)
    _ = try #require(try store.claimEnrichment())
    workspace.clock.advance(seconds: 200)
    #expect(try store.claimEnrichment() == nil)
    let given = try status(id)
    #expect(given["status"] == "failed")
    #expect(given["errors"]?[0]?["message"]?.stringValue?.contains("given up") == true)
  }

  @Test("a process that is to end gives its job back")
  func stopping() throws {
    let id = try workspace.owlContact(["firstName": "Ada"])
    _ = try enrich(id)
    let work = WaitingEnrichments(queue: workspace.store, providers: [], uses: nil)
    #expect(try work.doNext(shouldStop: { true }))
    #expect(try status(id)["status"] == "queued")
    #expect(try work.doNext(shouldStop: { false }))
    #expect(try status(id)["status"] == "failed")
  }
}
