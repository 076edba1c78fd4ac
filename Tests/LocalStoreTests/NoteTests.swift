import JSON
import Service
import StoreSupport
import TestSupport
import Testing

/// A contact and a company: notes of both must work alike.
enum NoteOwner: String, CaseIterable {
  case contact, company

  func tool(_ verb: String, _ plural: String = "") -> String { "pathbound_\(verb)_\(rawValue)_note\(plural)" }

  func make(_ name: String, _ workspace: TestWorkspace) throws -> String {
    switch self {
    case .contact: try workspace.contact("\(name)@b.example")
    case .company: try workspace.company("\(name).example")
    }
  }
}

@Suite("Notes")
struct NoteTests {
  let workspace = TestWorkspace()

  private func add(_ content: String, to id: String, _ owner: NoteOwner) throws -> String {
    let note = try workspace.call(
      owner.tool("create"), [owner.rawValue + "_id": .string(id), "content": .string(content)])["note"]
    return try #require(note?["_id"]?.stringValue)
  }

  private func list(_ id: String, _ owner: NoteOwner, _ more: JSONObject = [:]) throws -> JSONObject {
    var arguments = more
    arguments[owner.rawValue + "_id"] = .string(id)
    return try workspace.call(owner.tool("list", "s"), arguments)
  }

  private func arguments(_ id: String, _ note: String, _ owner: NoteOwner, _ content: JSONValue? = nil) -> JSONObject {
    var arguments: JSONObject = [owner.rawValue + "_id": .string(id), "note_id": .string(note)]
    arguments["content"] = content
    return arguments
  }

  @Test("are listed newest first, changed and deleted", arguments: NoteOwner.allCases)
  func life(owner: NoteOwner) throws {
    let id = try owner.make("ada", workspace)
    let first = try add("First.", to: id, owner)
    workspace.clock.advance(seconds: 60)
    let second = try add("Second.", to: id, owner)
    #expect(try list(id, owner).texts("content", of: "notes") == ["Second.", "First."])
    workspace.clock.advance(seconds: 60)
    let changed = try workspace.call(owner.tool("update"), arguments(id, first, owner, "Changed."))["note"]
    #expect(
      changed == [
        "_id": .string(first), "note_id": .string(first), .init(owner.rawValue + "_id"): .string(id),
        "content": "Changed.", "author": "tests", "created_at": "2026-11-21T08:30:00.000Z",
        "updated_at": "2026-11-21T08:32:00.000Z",
      ])
    workspace.clock.advance(seconds: 60)
    let same = try workspace.call(owner.tool("update"), arguments(id, first, owner, "Changed."))["note"]
    #expect(same == changed)
    #expect(
      try workspace.call(owner.tool("delete"), arguments(id, second, owner))
        == ["deleted": true, "note_id": .string(second)])
    #expect(try list(id, owner).texts("content", of: "notes") == ["Changed."])
    #expect(try workspace.refusal(owner.tool("delete"), arguments(id, second, owner)).code == .notFound)
    #expect(try workspace.refusal(owner.tool("update"), arguments(id, second, owner, "x")).code == .notFound)
  }

  @Test("belong to one owner alone", arguments: NoteOwner.allCases)
  func foreign(owner: NoteOwner) throws {
    let mine = try owner.make("ada", workspace)
    let other = try owner.make("bob", workspace)
    let note = try add("Mine.", to: mine, owner)
    #expect(try list(other, owner)["notes"] == [])
    #expect(try workspace.refusal(owner.tool("update"), arguments(other, note, owner, "Stolen.")).code == .notFound)
    #expect(try workspace.refusal(owner.tool("delete"), arguments(other, note, owner)).code == .notFound)
    #expect(try list(mine, owner).texts("content", of: "notes") == ["Mine."])
  }

  @Test("are refused when they are blank, too long, or about nobody", arguments: NoteOwner.allCases)
  func refusals(owner: NoteOwner) throws {
    let id = try owner.make("ada", workspace)
    let note = try add("Good.", to: id, owner)
    for content in [" \n", .string(String(repeating: "x", count: 10_001)), 7] as [JSONValue] {
      #expect(try workspace.refusal(owner.tool("update"), arguments(id, note, owner, content)).code == .validation)
      let creation: JSONObject = [owner.rawValue + "_id": .string(id), "content": content]
      #expect(try workspace.refusal(owner.tool("create"), creation).code == .validation)
    }
    let nobody: JSONObject = [owner.rawValue + "_id": "x", "content": "x"]
    #expect(try workspace.refusal(owner.tool("create"), nobody).code == .notFound)
    #expect(try list(id, owner).texts("content", of: "notes") == ["Good."])
  }

  @Test("come in pages where they are too long to be shown together", arguments: NoteOwner.allCases)
  func pages(owner: NoteOwner) throws {
    let id = try owner.make("ada", workspace)
    for number in 0..<6 { _ = try add("\(number)" + String(repeating: "x", count: 9000), to: id, owner) }
    let all = try list(id, owner)
    let shown = try #require(all["notes"]?.arrayValue?.count)
    #expect(shown == 4)
    #expect(all["omitted"] == 2)
    #expect(all["advice"]?.stringValue?.contains("page") == true)
    let rest = try list(id, owner, ["page": 2, "limit": 4])
    #expect(rest.texts("content", of: "notes").map { $0.first } == ["1", "0"])
    #expect(rest["omitted"] == nil)
  }

  @Test("of a contact stand on it, the newest first, as far as there is room")
  func embedded() throws {
    let id = try workspace.contact("ada@b.example")
    for number in 0..<12 { _ = try add("Note \(number).", to: id, .contact) }
    let contact = try workspace.call("pathbound_get_contact", ["contact_id": .string(id)])["contact"]
    let notes = try #require(contact?["notes"]?.arrayValue)
    #expect(notes.count == 10)
    #expect(notes.first?["content"] == "Note 11.")
  }
}
