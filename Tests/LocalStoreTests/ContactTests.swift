import JSON
import Service
import StoreSupport
import TestSupport
import Testing

@Suite("Pathbound contacts")
struct ContactTests {
  let workspace = TestWorkspace()

  @Test("a created contact is read back with its properties under both ids")
  func create() throws {
    let created = try workspace.call(
      "pathbound_create_contact",
      ["email": "Maria@Acme.example", "properties": ["firstname": "María", "lifecyclestage": "lead", "plan": 7]])
    let contact = try #require(created["contact"])
    let id = try #require(contact["contact_id"]?.stringValue)
    #expect(id.hasPrefix("ct_"))
    #expect(contact["_id"]?.stringValue == id)
    #expect(
      contact["properties"]
        == ["email": "Maria@Acme.example", "firstname": "María", "lifecyclestage": "lead", "plan": 7])
    #expect(contact["created_at"] == "2026-11-21T08:30:00.000Z")
    #expect(contact["company_id"] == .null)
    #expect(contact["associations"] == ["companies": []])
    let read = try workspace.call("pathbound_get_contact", ["contact_id": .string(id)])
    #expect(read["contact"] == contact)
    #expect(read["events"] == [])
    #expect(read["actions"] == [])
    #expect(read["unified_profile"]?["name"] == "María")
  }

  @Test("the short form of a contact is the contact alone")
  func summary() throws {
    let id = try workspace.contact("a@b.example")
    let read = try workspace.call("pathbound_get_contact", ["contact_id": .string(id), "fields": "summary"])
    #expect(Array(read.keys) == ["contact"])
    #expect(read["contact"]?["_id"]?.stringValue == id)
  }

  @Test("a known e-mail is a conflict that names the contact, however it is written")
  func duplicate() throws {
    let id = try workspace.contact("maria@acme.example")
    let error = try workspace.refusal("pathbound_create_contact", ["email": "MARIA@acme.EXAMPLE"])
    #expect(error.code == .conflict)
    #expect(error.message.contains(id))
    #expect(error.details.first?.path == "/email")
    #expect(try workspace.call("pathbound_list_contacts", ["count_only": true])["count"] == 1)
  }

  @Test("properties that break a rule are refused, and nothing is stored")
  func rules() throws {
    let refused: [(JSONObject, String)] = [
      (["email": "other@b.example"], "/properties/email"), (["lifecyclestage": "vip"], "/properties/lifecyclestage"),
      (["email": 7], "/properties/email"),
      (["bio": .string(String(repeating: "x", count: 1_000_000))], "/properties"), (["": "x"], "/properties"),
    ]
    for (properties, path) in refused {
      let error = try workspace.refusal(
        "pathbound_create_contact", ["email": "a@b.example", "properties": .object(properties)])
      #expect(error.code == .validation)
      #expect(error.details.first?.path == path)
    }
    let unknown = try workspace.refusal(
      "pathbound_create_contact", ["email": "a@b.example", "company_id": "co_nothing"])
    #expect(unknown.code == .notFound)
    #expect(try workspace.call("pathbound_list_contacts", ["count_only": true])["count"] == 0)
  }

  @Test("an update overwrites what is given, keeps the rest, and null removes")
  func update() throws {
    let id = try workspace.contact("a@b.example", ["firstname": "Ada", "plan": "pro", "city": "Paris"])
    workspace.clock.advance(seconds: 60)
    let updated = try workspace.call(
      "pathbound_update_contact",
      ["contact_id": .string(id), "properties": ["plan": .null, "city": "Berlin", "jobtitle": "CTO", "gone": .null]])
    let contact = try #require(updated["contact"])
    #expect(
      contact["properties"] == ["email": "a@b.example", "firstname": "Ada", "city": "Berlin", "jobtitle": "CTO"])
    #expect(contact["updated_at"] == "2026-11-21T08:31:00.000Z")
    #expect(contact["created_at"] == "2026-11-21T08:30:00.000Z")
    #expect(try workspace.call("pathbound_list_contacts", ["job_title": "cto"]).totalItems == 1)
    #expect(try workspace.call("pathbound_list_contacts", ["city": "Paris"]).totalItems == 0)
    #expect(try workspace.call("pathbound_list_contacts", ["search": "cto"]).totalItems == 1)
  }

  @Test("an e-mail can be changed to a new one, not to another contact's, and not removed")
  func changeEmail() throws {
    let first = try workspace.contact("first@b.example")
    let second = try workspace.contact("second@b.example")
    func change(_ email: JSONValue) throws -> JSONObject {
      try workspace.call(
        "pathbound_update_contact", ["contact_id": .string(second), "properties": ["email": email]])
    }
    let conflict = #expect(throws: ServiceError.self) { try change("FIRST@b.example") }
    #expect(conflict?.code == .conflict)
    #expect(conflict?.message.contains(first) == true)
    #expect(#expect(throws: ServiceError.self) { try change(.null) }?.code == .validation)
    #expect(try change("Third@b.example")["contact"]?["properties"]?["email"] == "Third@b.example")
    let old = try workspace.contact("second@b.example")
    #expect(old != second)
  }

  @Test("an update that changes nothing leaves the time of the last change")
  func idempotent() throws {
    let id = try workspace.contact("a@b.example", ["firstname": "Ada"])
    workspace.clock.advance(seconds: 60)
    let updated = try workspace.call(
      "pathbound_update_contact", ["contact_id": .string(id), "properties": ["firstname": "Ada"]])
    #expect(updated["contact"]?["updated_at"] == "2026-11-21T08:30:00.000Z")
    #expect(try workspace.refusal("pathbound_update_contact", ["contact_id": .string(id)]).code == .validation)
  }

  @Test("ids of other kinds, damaged and invented ids are not found")
  func foreignIDs() throws {
    let contact = try workspace.contact("a@b.example")
    let owl = try workspace.owlContact(["email": "a@b.example"])
    let ids = [
      owl, "ct_" + owl, "evt_" + contact.dropFirst(3), String(contact.dropLast()), contact + "0", contact.uppercased(),
      "ct_", "", " ", "\u{0}", "ct_0000001vvvvvvvvvvvvv", "' OR 1=1 --", String(repeating: "c", count: 1_000_000),
    ]
    for id in ids {
      let error = try workspace.refusal("pathbound_get_contact", ["contact_id": .string(id)])
      #expect(error.code == .notFound || error.code == .validation)
      #expect(error.message.utf8.count < 500)
    }
  }

  @Test("hostile text is stored as it is and shown without control and invisible characters")
  func hostileText() throws {
    let id = try workspace.contact(
      "a@b.example",
      ["firstname": "A\u{0}da\u{202E}", "lastname": "\"; DROP TABLE contacts; --", "state": ["deep": [1, [2]]]])
    let shown = try workspace.call("pathbound_get_contact", ["contact_id": .string(id)])
    #expect(shown["contact"]?["properties"]?["firstname"] == "A da")
    #expect(shown["contact"]?["properties"]?["lastname"] == "\"; DROP TABLE contacts; --")
    #expect(shown["contact"]?["properties"]?["state"] == ["deep": [1, [2]]])
    #expect(try workspace.call("pathbound_list_contacts", ["fields": "summary"]).totalItems == 1)
    // The text index must take back exactly what it was given.
    _ = try workspace.call(
      "pathbound_update_contact", ["contact_id": .string(id), "properties": ["firstname": "Eve"]])
    #expect(try workspace.call("pathbound_list_contacts", ["search": "eve"]).totalItems == 1)
  }

  @Test("a note is stored with its author and refused when it is blank or too long")
  func notes() throws {
    let id = try workspace.contact("a@b.example")
    let note = try workspace.call(
      "pathbound_create_contact_note", ["contact_id": .string(id), "content": "Met at the fair.\nCall back."])["note"]
    #expect(note?["content"] == "Met at the fair.\nCall back.")
    #expect(note?["author"] == "tests")
    #expect(note?["contact_id"]?.stringValue == id)
    #expect(note?["_id"]?.stringValue?.hasPrefix("note_") == true)
    let long = JSONValue.string(String(repeating: "x", count: 1_000_000))
    for content in [" \n", long] {
      let error = try workspace.refusal(
        "pathbound_create_contact_note", ["contact_id": .string(id), "content": content])
      #expect(error.code == .validation)
    }
    let unknown = try workspace.refusal("pathbound_create_contact_note", ["contact_id": "ct_x", "content": "x"])
    #expect(unknown.code == .notFound)
  }

  @Test("a full answer stays within a model's budget, however large the records are")
  func budget() throws {
    let id = try workspace.contact("a@b.example", ["bio": .string(String(repeating: "é", count: 5000))])
    let data = JSONValue.object(["text": .string(String(repeating: "ü", count: 5000))])
    for _ in 0..<25 { try workspace.track(["event": "big", "contact_id": .string(id), "data": data]) }
    let answer = try workspace.answer("pathbound_get_contact", ["contact_id": .string(id)])
    #expect(answer.payload.count < 24_000)
    let list = try workspace.call("pathbound_list_events", ["limit": 100])
    let shown = try #require(list["events"]?.arrayValue?.count)
    #expect(shown > 0 && shown < 25)
    #expect(list["omitted"]?.integerValue == Int64(25 - shown))
    #expect(list["advice"]?.stringValue?.contains("fields=summary") == true)
    #expect(list.totalItems == 25)
  }
}
