import JSON
import Service
import StoreSupport
import TestSupport
import Testing

@Suite("Changing Owlbound contacts")
struct OwlContactChangeTests {
  let workspace = TestWorkspace()

  private func update(_ id: String, _ fields: JSONObject) throws -> JSONValue? {
    var arguments = fields
    arguments["id"] = .string(id)
    return try workspace.call("owlbound_update_contact", arguments)["contact"]
  }

  private func refusal(_ id: String, _ fields: JSONObject) throws -> ServiceError {
    var arguments = fields
    arguments["id"] = .string(id)
    return try workspace.refusal("owlbound_update_contact", arguments)
  }

  @Test("the documented call: status and tags change, everything else stays")
  func documented() throws {
    let id = try workspace.owlContact([
      "firstName": "Jane", "lastName": "Smith", "email": "jane@acme.com", "company": "Acme Corp",
      "title": "VP Engineering", "tags": ["old"],
    ])
    workspace.clock.advance(seconds: 5)
    let contact = try update(id, ["status": "contacted", "tags": ["priority", "enterprise"]])
    #expect(contact?["status"] == "contacted")
    #expect(contact?["tags"] == ["priority", "enterprise"])
    #expect(contact?["email"] == "jane@acme.com")
    #expect(contact?["title"] == "VP Engineering")
    #expect(contact?["updatedAt"] == 1_795_249_805_000)
    #expect(contact?["createdAt"] == 1_795_249_800_000)
  }

  @Test("every field can be set by itself, and search follows")
  func fields() throws {
    let id = try workspace.owlContact(["firstName": "Ada"])
    let values: [(String, JSONValue)] = [
      ("firstName", "Augusta"), ("lastName", "King"), ("email", "ada@b.example"), ("phone", "+44 1"),
      ("linkedInUrl", "https://linkedin.com/in/ada"), ("company", "Analytical"), ("title", "Countess"),
      ("location", "London"), ("source", "csv"), ("notes", "Engines."), ("status", "replied"), ("tags", ["a"]),
    ]
    for (name, value) in values {
      #expect(try update(id, .init([(name, value)]))?[name] == value)
    }
    let contact = try workspace.call("owlbound_get_contact", ["id": .string(id)])["contact"]
    for (name, value) in values { #expect(contact?[name] == value, "\(name)") }
    for word in ["augusta", "king", "countess", "analyt", "ada@b.example"] {
      let found = try workspace.call("owlbound_search_contacts", ["query": .string(word)])["contacts"]
      #expect(found?[0]?["id"]?.stringValue == id, "\(word)")
    }
    #expect(try workspace.call("owlbound_search_contacts", ["query": "ada london"])["contacts"] == [])
    let listed = try workspace.call("owlbound_list_contacts", ["company": "nalytic"])["contacts"]
    #expect(listed?[0]?["id"]?.stringValue == id)
  }

  @Test("an empty text clears a field, but somebody must remain")
  func clearing() throws {
    let id = try workspace.owlContact(["firstName": "Ada", "company": "X", "email": "ada@b.example", "tags": ["a"]])
    let cleared = try update(id, ["company": "", "firstName": " ", "tags": []])
    #expect(cleared?["company"] == .null)
    #expect(cleared?["firstName"] == .null)
    #expect(cleared?["tags"] == [])
    #expect(try refusal(id, ["source": ""]).code == .validation)
    _ = try update(id, ["lastName": "L"])
    #expect(try workspace.call("owlbound_list_contacts", ["company": "X"])["contacts"] == [])
  }

  @Test("what breaks a rule is refused, and nothing changes")
  func refused() throws {
    let other = try workspace.owlContact(["email": "b@b.example", "linkedInUrl": "https://linkedin.com/in/b"])
    let id = try workspace.owlContact(["firstName": "Ada"])
    for fields in [["email": "B@B.example"], ["linkedInUrl": "http://www.linkedin.com/in/B/"]] as [JSONObject] {
      let error = try refusal(id, fields)
      #expect(error.code == .validation)
      #expect(error.message.contains(other))
    }
    let wrong: [JSONObject] = [
      [:], ["firstName": ""], ["status": "open"], ["email": "nobody"], ["nickname": "A"], ["score": 5],
      ["notes": .string(String(repeating: "n", count: 10_001))],
    ]
    for fields in wrong { #expect(try refusal(id, fields).code == .validation, "\(fields)") }
    #expect(try refusal("nobody", ["title": "X"]).code == .notFound)
    // One's own address is no duplicate.
    _ = try update(other, ["email": "B@b.example"])
    _ = try workspace.call("owlbound_archive_contact", ["id": .string(id)])
    #expect(try refusal(id, ["title": "X"]).message.contains("archived"))
    #expect(
      try workspace.call("owlbound_get_contact", ["id": .string(id)])["contact"]?["updatedAt"] == 1_795_249_800_000)
  }

  @Test("an archived contact still counts as a duplicate")
  func archivedDuplicate() throws {
    let id = try workspace.owlContact(["email": "ada@b.example"])
    _ = try workspace.call("owlbound_archive_contact", ["id": .string(id)])
    #expect(try workspace.refusal("owlbound_create_contact", ["email": "ADA@b.example"]).message.contains(id))
  }
}

@Suite("Search among Owlbound contacts")
struct OwlContactSearchTests {
  @Test("the documented search finds title words, and names come first among many")
  func ranking() throws {
    let workspace = TestWorkspace()
    let jane = try workspace.owlContact(["firstName": "Jane", "title": "VP Engineering"])
    let found = try workspace.call("owlbound_search_contacts", ["query": "VP Engineering", "limit": 10])
    #expect(found["contacts"]?[0]?["id"]?.stringValue == jane)
    let taylor = try workspace.owlContact(["firstName": "Taylor", "lastName": "Swift"])
    // More than are ranked, all newer than the one who bears the name.
    for number in 0..<520 { _ = try workspace.owlContact(["firstName": "N\(number)", "company": "Taylor Works"]) }
    let people = try workspace.call("owlbound_search_contacts", ["query": "tay", "limit": 3])["contacts"]
    #expect(people?[0]?["id"]?.stringValue == taylor)
    #expect(people?.arrayValue?.count == 3)
    #expect(try workspace.call("owlbound_search_contacts", ["query": "t"])["contacts"]?.arrayValue?.count == 25)
  }
}
