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
    #expect(brief["email"] == "ada@b.example")
    #expect(brief["pathbound"]?["contact_id"]?.stringValue == contact)
    #expect(brief["pathbound"]?["company"] == "Acme")
    #expect(brief["pathbound"]?["total_events"] == 3)
    #expect(brief["pathbound"]?["top_pages"]?[0]?["url"] == "https://a.example/pricing")
    #expect(brief["pathbound"]?["top_pages"]?[0]?["events"] == 2)
    #expect(brief["pathbound"]?["recent_events"]?.arrayValue?.count == 3)
    #expect(brief["pathbound"]?["notes"]?[0]?["content"] == "Call back.")
    #expect(brief["owlbound"]?["id"]?.stringValue == owl)
    #expect(brief["owlbound"]?["score"] == 100)
    #expect(brief["owlbound"]?["scores"]?[0]?["verdict"] == "strong_fit")
    #expect(brief["owlbound"]?["signals"]?[0]?["data"] == ["amount": 5])
    let facts = brief["next_steps"]?.arrayValue?.compactMap(\.stringValue) ?? []
    #expect(
      facts == [
        "Signals nobody acted on: funding_round (high).", "Last active 3 days ago.",
        "No e-mail has been sent to this person.",
      ])
    for other in [["pathbound_contact_id": .string(contact)], ["owlbound_contact_id": .string(owl)]] as [JSONObject] {
      #expect(try self.brief(other) == brief)
    }
  }

  @Test("who is on one platform only is shown with what is missing")
  func half() throws {
    _ = try workspace.contact("path@b.example")
    _ = try workspace.owlContact(["email": "owl@b.example"])
    let path = try brief(["email": "path@b.example"])
    #expect(path["owlbound"] == nil)
    #expect(path["next_steps"]?.arrayValue?.contains("Not an Owlbound contact yet: no signals and no score.") == true)
    let owl = try brief(["email": "owl@b.example"])
    #expect(owl["pathbound"] == nil)
    #expect(owl["next_steps"]?.arrayValue?.contains("Not scored yet.") == true)
  }

  @Test("nobody is not found; no name at all is refused")
  func nobody() throws {
    #expect(try workspace.refusal("bound_lead_brief", ["email": "nobody@b.example"]).code == .notFound)
    #expect(try workspace.refusal("bound_lead_brief", [:]).code == .validation)
    let owl = try workspace.owlContact(["firstName": "Ada"])
    #expect(try workspace.refusal("bound_lead_brief", ["pathbound_contact_id": .string(owl)]).code == .notFound)
    #expect(try brief(["owlbound_contact_id": .string(owl)])["email"] == .null)
  }

  @Test("records with different e-mails are shown with a warning")
  func doubtful() throws {
    let contact = try workspace.contact("ada@b.example")
    let owl = try workspace.owlContact(["email": "eve@b.example"])
    let brief = try brief(["pathbound_contact_id": .string(contact), "owlbound_contact_id": .string(owl)])
    #expect(brief["next_steps"]?[0]?.stringValue?.contains("different people") == true)
  }

  @Test("a brief stays brief, however much there is")
  func bounded() throws {
    let long = String(repeating: "lang ä ", count: 600)
    let contact = JSONValue.string(
      try workspace.contact("ada@b.example", ["firstname": .string(long), "jobtitle": .string(long)]))
    let owl = try workspace.owlContact([
      "email": "ada@b.example", "notes": .string(long), "title": .string(String(long.prefix(300))),
    ])
    for index in 0..<30 {
      let path = String(repeating: "x", count: 3000) + "\(index)"
      try workspace.track(["event": "page_view", "contact_id": contact, "url": .string("https://a.example/" + path)])
      _ = try workspace.call(
        "owlbound_ingest_signal",
        ["type": "job_change", "data": ["t": .string(long)], "contactId": .string(owl), "notes": .string(long)])
      _ = try workspace.call(
        "pathbound_create_contact_note", ["contact_id": contact, "content": .string("\(index)" + long)])
    }
    let answer = try workspace.answer("bound_lead_brief", ["email": "ada@b.example"])
    #expect(answer.payload.count < 9000)
    let brief = try brief(["email": "ada@b.example"])
    #expect(brief["pathbound"]?["total_events"] == 30)
    #expect(brief["pathbound"]?["job_title"]?.stringValue?.hasSuffix("…") == true)
    #expect(brief["owlbound"]?["signals"]?.arrayValue?.isEmpty == false)
  }
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
