import JSON
import Service
import StoreSupport
import TestSupport
import Testing

@testable import LocalStore

@Suite("Operations without a tool")
struct InnerOperationTests {
  private let workspace = TestWorkspace()

  private func values(_ kind: String, _ text: String = "", of platform: String = "pathbound") throws -> [String] {
    let payload = try workspace.call(platform + "_complete", ["kind": .string(kind), "text": .string(text)])
    return payload["values"]?.arrayValue?.compactMap(\.stringValue) ?? []
  }

  private func contact(_ email: String, _ first: String, _ last: String) throws -> String {
    let properties: JSONValue = ["firstname": .string(first), "lastname": .string(last)]
    let payload = try workspace.call("pathbound_create_contact", ["email": .string(email), "properties": properties])
    return payload["contact"]?["_id"]?.stringValue ?? ""
  }

  @Test("contacts are proposed by address, name or id, the newest first, whatever the case")
  func contacts() throws {
    let ada = try contact("ada@example.com", "Ada", "Okafor")
    let adam = try contact("smith@example.com", "Adam", "Smith")
    let bo = try contact("bo@example.com", "Bo", "Li")
    #expect(try values("email") == ["bo@example.com", "smith@example.com", "ada@example.com"])
    #expect(try values("email", "ADA") == ["smith@example.com", "ada@example.com"])
    #expect(try values("contact", "ada@") == [ada])
    #expect(try values("contact", "adam sm") == [adam])
    #expect(try values("contact", "ct_") == [bo, adam, ada])
    #expect(try values("contact", bo) == [bo])
    #expect(try values("contact", "%_\"'*") == [])
  }

  @Test("of many contacts the old ones are found too, by address and by name")
  func manyContacts() throws {
    _ = try contact("zoe@example.com", "Zoe", "Quist")
    for batch in 0..<11 {
      let contacts = (0..<100).map { number in
        "('{\"email\":\"p\(batch)x\(number)@example.com\",\"firstname\":\"Pat\"}')"
      }
      _ = try workspace.store.writer.change { transaction throws(ServiceError) in
        try transaction.database.execute(
          """
          INSERT INTO contacts (properties, creation_source, created_at, updated_at)
          SELECT column1, 'test', 1, 1 FROM (VALUES \(contacts.joined(separator: ",")))
          """)
      }
    }
    #expect(try values("email", "zo") == ["zoe@example.com"])
    #expect(try values("email", "quis") == ["zoe@example.com"])
    #expect(try values("email", "zoe q") == ["zoe@example.com"])
    #expect(try values("email", "pat").count == 101)
    #expect(try values("email").first == "p10x99@example.com")
  }

  @Test("every other kind of record has its ids and names")
  func kinds() throws {
    let company = try workspace.call(
      "pathbound_create_company", ["domain": "acme.com", "properties": ["name": "Acme"]])
    #expect(try values("company", "ACM") == [company["company"]?["_id"]?.stringValue])
    let agent = try workspace.call(
      "pathbound_create_agent",
      ["name": "Pricing", "playbook_template": "pricing_visitor_followup", "identity_id": "id_default"])["agent"]
    #expect(try values("agent", "pric") == [agent?["_id"]?.stringValue])
    #expect(try values("agent_name") == ["Pricing"])
    let contact = try contact("ada@example.com", "Ada", "Okafor")
    let run = try workspace.call(
      "pathbound_trigger_agent", ["id": agent?["_id"] ?? .null, "contact_ids": [.string(contact)]])
    #expect(try values("run", "run_") == [run["run_id"]?.stringValue])
    let action = try workspace.call(
      "pathbound_queue_action",
      ["type": "create_note", "params": ["content": "x", "contact_id": .string(contact)], "identity_id": "id_default"])
    #expect(try values("action") == [action["action_id"]?.stringValue])
    let segment = try workspace.call(
      "pathbound_save_segment", ["name": "Leads", "filter": ["lifecycle_stage": "lead"]])
    #expect(try values("segment", "le") == [segment["segment"]?["_id"]?.stringValue])
    let lead = try workspace.call(
      "owlbound_create_contact", ["firstName": "Bo", "lastName": "Li", "email": "bo@x.com"])
    #expect(try values("contact", "bo", of: "owlbound") == [lead["contactId"]?.stringValue])
    #expect(try values("email", "", of: "owlbound") == ["bo@x.com"])
    #expect(throws: ServiceError.self) { try values("nothing") }
  }

  @Test("the audit log tells who did what, and what was there before and after")
  func audit() throws {
    let id = try contact("ada@example.com", "Ada", "Okafor")
    _ = try workspace.call(
      "pathbound_update_contact", ["contact_id": .string(id), "properties": ["lifecyclestage": "customer"]],
      client: "editor 1")
    for name in ["pathbound_list_audit_log", "owlbound_list_audit_log"] {
      let entries = try workspace.call(name)["entries"]?.arrayValue ?? []
      #expect(entries.count == 2)
      #expect(entries.first?["tool"] == "pathbound_update_contact")
      #expect(entries.first?["client"] == "editor 1")
      #expect(entries.first?["record"] == .string(id))
      #expect(entries.first?["arguments_sha256"]?.stringValue?.utf8.count == 64)
      #expect(entries.first?["before"]?.objectValue != nil)
      #expect(entries.first?["after"]?.text.contains("customer") == true)
      #expect(entries.last?["before"] == nil)
    }
  }

  @Test("the usage ledger has sums, days and single calls")
  func usage() throws {
    workspace.store.record(capability: "contacts.get", credits: 2, at: workspace.clock.now())
    workspace.store.flushUsage()
    let payload = try workspace.call("owlbound_list_usage")
    #expect(payload["usage"]?["today"]?["credits"] == 2)
    #expect(payload["days"]?[0]?["credits"] == 2)
    #expect(payload["latest"]?[0]?["capability"] == "contacts.get")
  }

  @Test("the runs of all agents are in one list")
  func runs() throws {
    let contact = try contact("ada@example.com", "Ada", "Okafor")
    for name in ["One", "Two"] {
      let agent = try workspace.call(
        "pathbound_create_agent",
        ["name": .string(name), "playbook_template": "cold_outreach", "identity_id": "id_default"])["agent"]?["_id"]
      _ = try workspace.call("pathbound_trigger_agent", ["id": agent ?? .null, "contact_ids": [.string(contact)]])
    }
    let payload = try workspace.call("pathbound_list_runs", ["limit": 1])
    #expect(payload["total"] == 2)
    #expect(payload["runs"]?.arrayValue?.count == 1)
  }
}
