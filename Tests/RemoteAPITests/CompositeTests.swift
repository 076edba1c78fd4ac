import HTTP
import JSON
import JSONSchema
import Logging
import Operations
import Platform
import Service
import StoreSupport
import TestSupport
import Testing

@testable import RemoteAPI

/// A workspace, and composed calls over it: one or both platforms behind HTTP.
private struct Composed {
  enum Mix: String, CaseIterable, CustomTestStringConvertible {
    case bothRemote, pathboundRemote, owlboundRemote
    var testDescription: String { rawValue }
  }

  let workspace = TestWorkspace()
  let hosted: HostedDouble
  let backend: CompositeBackend

  init(_ mix: Mix = .bothRemote) {
    hosted = HostedDouble(workspace)
    let log = Log(level: .error)
    let client = CurlClient(userAgent: "test") { ServerProcess.path(ofProduct: "bound-mcp-http") }
    let pathbound = RemoteAPI(
      .pathbound(key: HostedDouble.pathboundKey, baseURL: hosted.pathboundURL), client: client, clock: workspace.clock,
      log: log)
    let owlbound = RemoteAPI(
      .owlbound(key: HostedDouble.owlboundKey, baseURL: hosted.owlboundURL), client: client, clock: workspace.clock,
      log: log)
    let local: any Backend = workspace.store
    backend = CompositeBackend(
      pathbound: mix == .owlboundRemote ? local : pathbound, owlbound: mix == .pathboundRemote ? local : owlbound,
      answersOwnComposites: mix == .owlboundRemote, clock: workspace.clock)
  }

  func ask(_ tool: String, _ arguments: JSONObject = [:]) throws -> (payload: JSONObject, receipt: Receipt) {
    let operation = try #require(Catalogue.operation(named: tool))
    var writer = JSONWriter(sanitizing: true)
    let call = Call(
      operation: operation, arguments: try operation.validator.validate(arguments),
      caller: Caller(client: "tests", session: "1"))
    #expect(!backend.isQuick(call))
    let receipt = try backend.read(call, into: &writer)
    let payload = try #require(try JSONValue(parsing: writer.finish()).objectValue)
    _ = try CompiledSchema(operation.output).validate(payload)
    return (payload, receipt)
  }
}

@Suite("Composed calls")
struct CompositeTests {
  /// A person known to both, with something in every list.
  private func fill(_ workspace: TestWorkspace) throws -> (pathbound: JSONValue, owlbound: JSONValue) {
    let contact = try #require(
      try workspace.call(
        "pathbound_create_contact",
        [
          "email": "ada@b.example",
          "properties": [
            "firstname": "Ada", "lastname": "Lovelace", "jobtitle": "CTO", "company": "Acme",
            "linkedin_url": "https://www.linkedin.com/in/ada-lovelace-1/",
          ],
        ])["contact"]?["_id"])
    let owl = try #require(
      try workspace.call(
        "owlbound_create_contact",
        [
          "firstName": "Ada", "lastName": "Lovelace", "email": "ADA@b.example", "title": "Chief",
          "linkedInUrl": "linkedin.com/in/ada-lovelace-1",
        ])["contactId"])
    for page in ["pricing", "pricing", "about"] {
      _ = try workspace.call(
        "pathbound_track_events",
        ["events": [["event": "page_view", "contact_id": contact, "url": .string("https://a.example/\(page)")]]])
    }
    _ = try workspace.call("pathbound_create_contact_note", ["contact_id": contact, "content": "Call back."])
    _ = try workspace.call(
      "pathbound_queue_action",
      [
        "type": "create_task", "identity_id": "id_default", "require_approval": true,
        "params": ["title": "Call", "contact_id": contact],
      ])
    _ = try workspace.call(
      "owlbound_ingest_signal", ["type": "funding_round", "priority": "high", "data": ["n": 5], "contactId": owl])
    let other = try workspace.call("owlbound_create_contact", ["firstName": "Eve"])["contactId"] ?? nil
    _ = try workspace.call("owlbound_ingest_signal", ["type": "job_change", "data": [:], "contactId": other])
    let profile = try workspace.call("owlbound_save_icp_profile", ["name": "L", "titles": ["Chief"]])["profile"]?["id"]
    _ = try workspace.call("owlbound_score_contact", ["id": owl, "icpProfileId": profile ?? nil])
    return (contact, owl)
  }

  @Test(
    "a brief is what the local workspace would say, whoever serves which platform", arguments: Composed.Mix.allCases)
  fileprivate func brief(mix: Composed.Mix) throws {
    let composed = Composed(mix)
    let ids = try fill(composed.workspace)
    var local = try composed.workspace.call("bound_lead_brief", ["email": "ada@b.example"])
    // Only the workspace knows tasks, and which proposals are for a person.
    local["open_tasks"] = nil
    local["open_proposals"] = nil
    let (brief, receipt) = try composed.ask("bound_lead_brief", ["email": " Ada@B.example"])
    #expect(brief == local)
    #expect(receipt.creditsUsed == (mix == .pathboundRemote ? nil : 3))
    for id in [["pathbound_contact_id": ids.pathbound], ["owlbound_contact_id": ids.owlbound]] as [JSONObject] {
      #expect(try composed.ask("bound_lead_brief", id).payload == local)
    }
    #expect(
      try composed.ask("bound_lead_brief", ["linkedin_url": "http://linkedin.com/in/Ada-Lovelace-1?x"]).payload == local
    )
  }

  @Test("nobody is not found, no name at all is refused, and an unknown id is the platform's own error")
  func nobody() throws {
    let composed = Composed()
    func code(_ arguments: JSONObject) throws -> ServiceError.Code? {
      try #require(throws: ServiceError.self) { try composed.ask("bound_lead_brief", arguments) }.code
    }
    #expect(try code(["email": "nobody@b.example"]) == .notFound)
    #expect(try code(["linkedin_url": "linkedin.com/in/nobody"]) == .notFound)
    #expect(try code(["pathbound_contact_id": "ct_none"]) == .notFound)
    #expect(try code([:]) == .validation)
  }

  @Test("what one platform refuses is told, and the rest is there")
  func halfRefused() throws {
    let workspace = TestWorkspace()
    _ = try fill(workspace)
    let hosted = HostedDouble(workspace)
    let refusing = LoopbackServer { _ in
      .json(["error": ["code": "INSUFFICIENT_SCOPE", "message": "No.", "requestId": "r"]], status: 403)
    }
    let client = CurlClient(userAgent: "test") { ServerProcess.path(ofProduct: "bound-mcp-http") }
    func remote(_ api: HostedAPI) -> RemoteAPI {
      RemoteAPI(api, client: client, clock: workspace.clock, log: Log(level: .error))
    }
    let backend = CompositeBackend(
      pathbound: remote(.pathbound(key: HostedDouble.pathboundKey, baseURL: hosted.pathboundURL)),
      owlbound: remote(.owlbound(key: "gtm_sk_x", baseURL: refusing.url)), answersOwnComposites: false,
      clock: workspace.clock)
    let operation = try #require(Catalogue.operation(named: "bound_lead_brief"))
    func brief(_ email: JSONValue) throws -> JSONValue {
      var writer = JSONWriter()
      let call = Call(
        operation: operation, arguments: ["email": email], caller: Caller(client: "tests", session: "1"))
      _ = try backend.read(call, into: &writer)
      return try JSONValue(parsing: writer.finish())
    }
    let found = try brief("ada@b.example")
    #expect(found["person"]?["name"] == "Ada Lovelace" && found["events"]?.arrayValue?.count == 3)
    let facts = found["facts"]?.arrayValue?.compactMap(\.stringValue) ?? []
    #expect(facts.contains { $0.hasPrefix("Owlbound could not be searched:") && $0.contains("contacts:read") })
    // Who may be there is not said to be nobody.
    #expect(try #require(throws: ServiceError.self) { try brief("eve@b.example") }.code == .insufficientScope)
  }

  @Test("questions that need no other are asked at the same time")
  func parallel() throws {
    let workspace = TestWorkspace()
    _ = try fill(workspace)
    let double = HostedDouble(workspace)
    // Nothing of the second round is answered before all of it has come.
    let second = Monitor(0)
    let gate = LoopbackServer { request in
      if request.target.contains("/notes") || request.target.contains("/signals?")
        || request.method == "GET"
          && (request.target.contains("/contacts/"))
      {
        second.withLock { $0 += 1 }
        second.notify()
        guard second.wait(until: .after(milliseconds: 10_000), { $0 >= 4 ? true : nil }) == true else {
          return .response(status: 500)
        }
      }
      return .response(status: 307, headers: ["Location": "http://127.0.0.1:\(double.server.port)\(request.target)"])
    }
    let client = FollowingClient(CurlClient(userAgent: "test") { ServerProcess.path(ofProduct: "bound-mcp-http") })
    func remote(_ api: HostedAPI) -> RemoteAPI {
      RemoteAPI(api, client: client, clock: workspace.clock, log: Log(level: .error))
    }
    let backend = CompositeBackend(
      pathbound: remote(.pathbound(key: HostedDouble.pathboundKey, baseURL: gate.url + "/pathbound")),
      owlbound: remote(.owlbound(key: HostedDouble.owlboundKey, baseURL: gate.url + "/owlbound")),
      answersOwnComposites: false, clock: workspace.clock)
    var writer = JSONWriter()
    let operation = try #require(Catalogue.operation(named: "bound_lead_brief"))
    _ = try backend.read(
      Call(operation: operation, arguments: ["email": "ada@b.example"], caller: Caller(client: "t", session: "1")),
      into: &writer)
    #expect(second.withLock { $0 } == 4)
  }

  @Test("pending actions and proposals are shown as the local workspace shows them")
  func review() throws {
    let composed = Composed(.bothRemote)
    let workspace = composed.workspace
    _ = try fill(workspace)
    let contact = try #require(
      try workspace.call("pathbound_create_contact", ["email": "eve@b.example"])["contact"]?["_id"])
    _ = try workspace.call(
      "pathbound_queue_action",
      [
        "type": "email_message", "identity_id": "id_default", "require_approval": true, "description": "Pricing",
        "params": ["contact_id": contact, "message": .string(String(repeating: "Hello. ", count: 600))],
      ])
    let (review, _) = try composed.ask("pathbound_review_pending_actions")
    let local = try workspace.call("pathbound_review_pending_actions")
    #expect(review["waiting"] == local["waiting"])
    #expect(review["pending"]?.arrayValue?.count == 2)
    for (one, other) in zip(review["pending"]?.arrayValue ?? [], local["pending"]?.arrayValue ?? []) {
      for name in ["kind", "action_id", "type", "waiting_since", "contact", "reason", "when", "decide"] {
        #expect(one[name] == other[name], "\(name)")
      }
      #expect((one["sent_as"] ?? one["done_as"]) == (other["sent_as"] ?? other["done_as"]))
    }
    #expect(
      review["pending"]?[1]?["would_send"]?["message"]?.stringValue?.hasSuffix("see pathbound_get_action]") == true)
    let narrowed = try composed.ask("pathbound_review_pending_actions", ["type": "create_task"]).payload
    #expect(narrowed["pending"]?.arrayValue?.count == 1)
  }

  @Test("proposals of runs are found in the agents' newest runs, with the call that decides")
  func proposals() throws {
    let run: JSONValue = [
      "_id": "run_1", "agent_id": "ag_1", "status": "completed", "completed_at": "2026-11-20T08:00:00.000Z",
      "summary": ["actions_pending_approval": 1],
      "contact_results": [
        [
          "contact_id": "ct_1", "contact": ["email": "a@b.example", "firstname": "Ada"], "reasoning": "Seen",
          "proposed_actions": [
            ["type": "create_task", "params": ["title": "x"], "status": "completed"],
            ["type": "email_message", "params": ["message": "Hi"], "status": "pending_approval"],
          ],
        ]
      ],
    ]
    let server = LoopbackServer { request in
      let path = request.target.split(separator: "?")[0]
      return switch path {
      case "/v1/actions": .json(["status": "success", "actions": []])
      case "/v1/identities": .json(["status": "error", "error": "No."], status: 403)
      case "/v1/agents": .json(["status": "success", "agents": [["_id": "ag_1", "enabled": true]], "total": 1])
      case "/v1/agents/ag_1/runs":
        .json([
          "status": "success",
          "runs": [
            ["_id": "run_1", "summary": ["actions_pending_approval": 1]],
            ["_id": "run_0", "summary": ["actions_pending_approval": 0]],
          ],
        ])
      case "/v1/agents/runs/run_1": .json(["status": "success", "run": run])
      default: .response(status: 500)
      }
    }
    let client = CurlClient(userAgent: "test") { ServerProcess.path(ofProduct: "bound-mcp-http") }
    let clock = ManualClock()
    func remote(_ api: HostedAPI) -> RemoteAPI { RemoteAPI(api, client: client, clock: clock, log: Log(level: .error)) }
    let backend = CompositeBackend(
      pathbound: remote(.pathbound(key: "k", baseURL: server.url)), owlbound: remote(.owlbound(key: "gtm_sk_k")),
      answersOwnComposites: false, clock: clock)
    let operation = try #require(Catalogue.operation(named: "pathbound_review_pending_actions"))
    var writer = JSONWriter()
    _ = try backend.read(
      Call(operation: operation, arguments: ["limit": 20], caller: Caller(client: "t", session: "1")), into: &writer)
    let review = try JSONValue(parsing: writer.finish())
    #expect(review["waiting"] == ["actions": 0, "run_proposals": 1])
    let entry = try #require(review["pending"]?[0])
    #expect(entry["kind"] == "run_proposal" && entry["reason"] == "Seen" && entry["would_send"]?["message"] == "Hi")
    #expect(entry["contact"] == ["contact_id": "ct_1", "name": "Ada", "email": "a@b.example"])
    #expect(
      entry["decide"]?["approve"] == [
        "tool": "pathbound_approve_run_action",
        "arguments": ["runId": "run_1", "contactId": "ct_1", "actionIndex": 1],
      ])
    #expect(review["not_looked_at"]?[0]?.stringValue?.hasPrefix("Senders could not be read") == true)
  }

  @Test("the review shows what an action would change, where the hosted API tells of the record")
  func effects() throws {
    let composed = Composed(.pathboundRemote)
    let workspace = composed.workspace
    let contact = try #require(
      try workspace.call(
        "pathbound_create_contact", ["email": "ada@b.example", "properties": ["jobtitle": "CTO"]])["contact"]?["_id"])
    let company = try #require(
      try workspace.call(
        "pathbound_create_company", ["domain": "acme.example", "properties": ["name": "Acme"]])["company"]?["_id"])
    for (type, params) in [
      ("update_contact", ["contact_id": contact, "properties": ["jobtitle": "CEO"]]),
      ("update_company", ["company_id": company, "properties": ["name": "Acme Ltd"]]),
    ] as [(JSONValue, JSONValue)] {
      _ = try workspace.call(
        "pathbound_queue_action",
        ["type": type, "params": params, "identity_id": "id_default", "require_approval": true])
    }
    let pending = try composed.ask("pathbound_review_pending_actions").payload["pending"]?.arrayValue ?? []
    #expect(
      pending.map { $0["would_change"] } == [
        [["property": "jobtitle", "from": "CTO", "to": "CEO"]],
        [["property": "name", "from": "Acme", "to": "Acme Ltd"]],
      ])
  }
}

/// Follows a redirect once, for a server of the test that stands before another.
private struct FollowingClient: HTTPClient {
  let client: CurlClient

  init(_ client: CurlClient) { self.client = client }

  func send(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
    let response = try client.send(request)
    guard response.status == 307, let place = response.headers["Location"] else { return response }
    var next = request
    next.url = place
    return try client.send(next)
  }
}
