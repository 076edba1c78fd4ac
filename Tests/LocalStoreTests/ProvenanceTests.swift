import JSON
import Service
import StoreSupport
import TestSupport
import Testing

@Suite("Provenance of properties")
struct ProvenanceTests {
  private let workspace = TestWorkspace()
  private let created: JSONValue = ["source": "api", "updated_at": "2026-11-21T08:30:00.000Z"]
  private let changed: JSONValue = ["source": "api", "updated_at": "2026-11-21T08:31:00.000Z"]

  private func sources(_ tool: String, _ arguments: JSONObject, _ list: String) throws -> JSONValue? {
    var arguments = arguments
    arguments["include"] = "provenance"
    return try workspace.call(tool, arguments)[list]?[0]?["properties_provenance"]
  }

  @Test("tells of each property where it comes from, and since when")
  func contacts() throws {
    let id = try workspace.contact("ada@b.example", ["firstname": "Ada", "city": "London", "a \"b\".c": 1])
    workspace.clock.advance(seconds: 60)
    _ = try workspace.call(
      "pathbound_update_contact",
      [
        "contact_id": .string(id),
        "properties": ["firstname": "Augusta", "city": .null, "email": "ada@b.example", "x": 2],
      ])
    let wanted: JSONValue = ["email": created, "firstname": changed, "a \"b\".c": created, "x": changed]
    #expect(try sources("pathbound_list_contacts", [:], "contacts") == wanted)
    #expect(try sources("pathbound_list_contacts", ["search": "augusta"], "contacts") == wanted)
    let alone = try workspace.call("pathbound_get_contact", ["contact_id": .string(id), "include": "provenance"])
    #expect(alone["contact"]?["properties_provenance"] == wanted)
    #expect(try workspace.call("pathbound_list_contacts")["contacts"]?[0]?["properties_provenance"] == nil)
    #expect(try sources("pathbound_list_contacts", ["fields": "summary"], "contacts") == nil)
  }

  @Test("names the form that made a contact, and the action that changed one")
  func otherSources() throws {
    try workspace.track(["event": "form_submit", "visitorId": "v1", "data": ["email": "bob@b.example"]])
    #expect(try sources("pathbound_list_contacts", [:], "contacts")?["email"]?["source"] == "form")
    let id = try #require(try workspace.call("pathbound_list_contacts")["contacts"]?[0]?["_id"]?.stringValue)
    _ = try workspace.queue([
      "type": "update_contact", "params": ["contact_id": .string(id), "properties": ["city": "Paris"]],
    ])
    try workspace.work(.completed(result: [:], changes: [.updateContact(id: id, properties: ["city": "Paris"])]))
    #expect(try sources("pathbound_list_contacts", [:], "contacts")?["city"]?["source"] == "action")
  }

  @Test("is told of companies, and of an event's contact and company")
  func companies() throws {
    let company = try workspace.company("acme.example", ["name": "Acme"])
    workspace.clock.advance(seconds: 60)
    _ = try workspace.call(
      "pathbound_update_company", ["company_id": .string(company), "properties": ["industry": "Toys"]])
    let wanted: JSONValue = ["domain": created, "name": created, "industry": changed]
    #expect(try sources("pathbound_list_companies", [:], "companies") == wanted)
    let id = try workspace.contact("ada@acme.example")
    try workspace.track(["event": "page_view", "contact_id": .string(id)])
    let event = try workspace.call("pathbound_list_events", ["include": "provenance"])["events"]?[0]
    #expect(event?["contact"]?["properties_provenance"] == ["email": changed])
    #expect(event?["company"]?["properties_provenance"] == wanted)
    let plain = try workspace.call("pathbound_list_events")["events"]?[0]
    #expect(plain?["contact"]?["properties_provenance"] == nil)
  }
}
