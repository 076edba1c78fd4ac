import JSON
import Service
import StoreSupport
import Testing

@Suite("Lead brief")
struct BriefTests {
  let workspace = TestWorkspace()

  private func brief(_ arguments: JSONObject) throws -> JSONObject {
    try workspace.call("bound_lead_brief", arguments)
  }

  @Test("one call shows a person across both platforms, whichever name they are called by")
  func whole() throws {
    let contact = try workspace.contact("ada@b.example", ["firstname": "Ada", "jobtitle": "CTO", "company": "Acme"])
    let owl = try workspace.owlContact(["firstName": "Ada", "email": "ADA@b.example", "title": "CTO"])
    for page in ["pricing", "pricing", "about"] {
      try workspace.track([
        "event": "page_view", "contact_id": .string(contact), "url": .string("https://a.example/\(page)"),
        "timestamp": "2026-11-18T08:30:00Z",
      ])
    }
    _ = try workspace.call(
      "owlbound_ingest_signal",
      ["type": "funding_round", "priority": "high", "data": ["amount": 5], "contactId": .string(owl)])
    _ = try workspace.call("pathbound_create_contact_note", ["contact_id": .string(contact), "content": "Call back."])
    let profile = try workspace.call("owlbound_save_icp_profile", ["name": "L", "titles": ["CTO"]])["profile"]?["id"]
    _ = try workspace.call("owlbound_score_contact", ["id": .string(owl), "icpProfileId": profile ?? ""])

    let brief = try brief(["email": "Ada@B.example"])
    #expect(brief["person"]?["name"] == "Ada" && brief["person"]?["email"] == "ada@b.example")
    #expect(brief["person"]?["pathbound_contact_id"]?.stringValue == contact)
    #expect(brief["person"]?["owlbound_contact_id"]?.stringValue == owl)
    #expect(brief["person"]?["status"] == "new")
    #expect(brief["company"] == ["name": "Acme"])
    #expect(brief["activity"]?["total_events"] == 3)
    #expect(brief["top_pages"]?[0]?["url"] == "https://a.example/pricing")
    #expect(brief["top_pages"]?[0]?["events"] == 2)
    #expect(brief["events"]?.arrayValue?.count == 3)
    #expect(brief["notes"]?[0]?["content"] == "Call back.")
    #expect(brief["scores"]?[0]?["score"] == 100 && brief["scores"]?[0]?["verdict"] == "strong_fit")
    #expect(brief["signals"]?[0]?["data"] == ["amount": 5])
    let facts = brief["facts"]?.arrayValue?.compactMap(\.stringValue) ?? []
    #expect(
      facts == [
        "Signals nobody acted on: funding_round (high).", "Last active 3 days ago.",
        "No e-mail has been sent to this person.",
      ])
    #expect(brief["next_step"]?.stringValue?.contains("funding_round") == true)
    for other in [["pathbound_contact_id": .string(contact)], ["owlbound_contact_id": .string(owl)]] as [JSONObject] {
      #expect(try self.brief(other) == brief)
    }
  }

  @Test("what an agent proposes for the person is shown, and to be decided on first")
  func proposals() throws {
    let contact = try workspace.contact("ada@b.example")
    let fixture = try RunFixture(workspace)
    let run = try fixture.trigger([contact])
    try fixture.work { [.mail(to: $0.id), .task()] }
    let waiting = try brief(["pathbound_contact_id": .string(contact)])
    #expect(
      waiting["open_proposals"] == [
        ["run_id": .string(run), "action_index": 0, "type": "email_message"],
        ["run_id": .string(run), "action_index": 1, "type": "create_task"],
      ])
    #expect(waiting["next_step"]?.stringValue?.contains("email_message of \(run)") == true)
    for index in 0..<2 { _ = try fixture.decide("reject", run, contact, Int64(index)) }
    #expect(try brief(["pathbound_contact_id": .string(contact)])["open_proposals"] == [])
  }

  @Test("a LinkedIn profile finds the person on either platform, however it is written")
  func linkedIn() throws {
    let owl = try workspace.owlContact(["linkedInUrl": "https://www.linkedin.com/in/ada", "firstName": "Ada"])
    let contact = try workspace.contact("ada@b.example", ["linkedin_url": "http://linkedin.com/in/Ada/"])
    for url in ["linkedin.com/in/ada", "https://www.linkedin.com/in/ADA/?utm=1"] {
      let person = try brief(["linkedin_url": .string(url)])["person"]
      #expect(person?["owlbound_contact_id"]?.stringValue == owl)
      #expect(person?["pathbound_contact_id"]?.stringValue == contact)
    }
    // The profile leads from one platform to the other, too.
    #expect(try brief(["email": "ada@b.example"])["person"]?["owlbound_contact_id"]?.stringValue == owl)
    #expect(try brief(["owlbound_contact_id": .string(owl)])["person"]?["email"] == "ada@b.example")
    #expect(try workspace.refusal("bound_lead_brief", ["linkedin_url": "linkedin.com/in/eve"]).code == .notFound)
  }

  @Test("what Owlbound knows of the company stands with it")
  func company() throws {
    _ = try workspace.owlContact(["email": "ada@b.example", "company": "ACME Corp"])
    let company = try workspace.call(
      "owlbound_upsert_company",
      [
        "linkedInUrl": "https://www.linkedin.com/company/acme", "name": "Acme Corp", "domain": "acme.com",
        "industry": "SaaS",
      ])["companyId"]
    let brief = try brief(["email": "ada@b.example"])
    #expect(brief["company"]?["owlbound_company_id"] == company)
    #expect(brief["company"]?["name"] == "ACME Corp" && brief["company"]?["domain"] == "acme.com")
    #expect(brief["company"]?["industry"] == "SaaS")
  }

  @Test("who is on one platform only is shown with what is missing")
  func half() throws {
    _ = try workspace.contact("path@b.example")
    _ = try workspace.owlContact(["email": "owl@b.example"])
    let path = try brief(["email": "path@b.example"])
    #expect(path["person"]?["owlbound_contact_id"] == nil)
    #expect(path["facts"]?.arrayValue?.contains("Not an Owlbound contact yet: no signals and no score.") == true)
    let owl = try brief(["email": "owl@b.example"])
    #expect(owl["person"]?["pathbound_contact_id"] == nil && owl["activity"] == nil)
    #expect(owl["facts"]?.arrayValue?.contains("Not scored yet.") == true)
  }

  @Test("nobody is not found; no name at all is refused")
  func nobody() throws {
    #expect(try workspace.refusal("bound_lead_brief", ["email": "nobody@b.example"]).code == .notFound)
    #expect(try workspace.refusal("bound_lead_brief", [:]).code == .validation)
    let owl = try workspace.owlContact(["firstName": "Ada"])
    #expect(try workspace.refusal("bound_lead_brief", ["pathbound_contact_id": .string(owl)]).code == .notFound)
    #expect(try brief(["owlbound_contact_id": .string(owl)])["person"]?["email"] == nil)
  }

  @Test("records with different e-mails are shown with a warning")
  func doubtful() throws {
    let contact = try workspace.contact("ada@b.example", ["company": "Acme"])
    let owl = try workspace.owlContact(["email": "eve@b.example", "company": "Other"])
    let brief = try brief(["pathbound_contact_id": .string(contact), "owlbound_contact_id": .string(owl)])
    #expect(brief["facts"]?[0]?.stringValue?.contains("different people") == true)
    #expect(brief["facts"]?[1] == "Pathbound has the company \"Acme\", Owlbound \"Other\".")
    #expect(brief["next_step"]?.stringValue?.contains("one person") == true)
  }

  @Test("the next step is what stands against writing before what speaks for it")
  func nextSteps() throws {
    let owl = try workspace.owlContact(["firstName": "Ada", "email": "ada@b.example"])
    func next() throws -> String { try brief(["email": "ada@b.example"])["next_step"]?.stringValue ?? "" }
    #expect(try next().contains("owlbound_score_contact"))
    try workspace.signal(["contactId": .string(owl), "type": "job_change"])
    #expect(try next().contains("job_change"))
    let sequence = try workspace.sequence(["requireApproval": true])
    try workspace.enroll(owl, sequence)
    #expect(try next() == "Let the sequence \"Welcome\" go on; do not write beside it.")
    #expect(try brief(["email": "ada@b.example"])["enrollments"]?[0]?["step"] == 1)
    try workspace.flow()
    let action = try #require(try workspace.actions().first?["_id"]?.stringValue)
    #expect(try next().contains(action))
    try Archive.set(owl, in: workspace)
    #expect(try next().contains("archived"))
  }

  @Test("a brief has at most 6,000 characters, however much there is")
  func bounded() throws {
    let long = String(repeating: "lang ä\" ", count: 500)
    let contact = JSONValue.string(
      try workspace.contact("ada@b.example", ["firstname": .string(long), "jobtitle": .string(long)]))
    let owl = try workspace.owlContact([
      "email": "ada@b.example", "notes": .string(long), "title": .string(String(long.prefix(300))),
      "company": .string(String(long.prefix(300))), "tags": .array((0..<50).map { .string("tag \($0)") }),
    ])
    for index in 0..<30 {
      let path = String(repeating: "x", count: 3000) + "\(index)"
      try workspace.track(["event": "page_view", "contact_id": contact, "url": .string("https://a.example/" + path)])
      try workspace.signal(["data": ["t": .string(long)], "contactId": .string(owl), "notes": .string(long)])
      _ = try workspace.call(
        "pathbound_create_contact_note", ["contact_id": contact, "content": .string("\(index)" + long)])
      try workspace.queue([
        "params": ["title": .string("\(index)"), "contact_id": contact], "description": .string(long.cut),
      ])
    }
    let answer = try workspace.answer("bound_lead_brief", ["email": "ada@b.example"])
    #expect(String(decoding: answer.payload, as: UTF8.self).count <= 6000)
    let brief = try brief(["email": "ada@b.example"])
    #expect(brief["activity"]?["total_events"] == 30)
    #expect(brief["person"]?["title"]?.stringValue?.hasSuffix("…") == true)
    for list in ["open_actions", "signals", "events"] { #expect(brief[list]?.arrayValue?.isEmpty == false, "\(list)") }
  }
}

extension String {
  /// The beginning, as long as a description may be.
  fileprivate var cut: String { String(prefix(400)) }
}

@Suite("Account and identities")
struct AccountTests {
  let workspace = TestWorkspace()

  @Test("a new workspace has one identity, the default one")
  func identities() throws {
    let identities = try workspace.call("pathbound_list_identities")["identities"]?.arrayValue
    #expect(identities?.count == 1)
    #expect(identities?[0]["_id"] == "id_default")
    #expect(identities?[0]["role"] == identities?[0]["jobTitle"])
  }

  @Test("both platforms are up, and the file's owner is who may use it")
  func health() throws {
    #expect(try workspace.call("pathbound_get_health")["timestamp"] == "2026-11-21T08:30:00.000Z")
    let owl = try workspace.call("owlbound_get_health")
    #expect(owl["status"] == "operational")
    #expect(owl["version"] == "1.0.0")
    let status = try workspace.call("pathbound_get_auth_status")
    #expect(status["authenticated"] == true)
    for member in ["user_id", "email", "tenant_id"] {
      #expect(status["user"]?[member]?.stringValue?.isEmpty == false)
    }
  }
}
