import JSON
import Platform
import Service
import StoreSupport
import TestSupport
import Testing

/// Files of records, the real program: every row arrives once, or is handed back with the reason.
@Suite("The import and backup commands", .serialized)
struct ImportCommandTests {
  private let program = BuiltProgram()

  private func file(_ name: String, _ text: String) throws -> String {
    let path = program.home + "/" + name
    try Files.write(Array(text.utf8), to: path)
    return path
  }

  private func text(_ path: String) throws -> String { String(decoding: try Files.read(path), as: UTF8.self) }

  private func call(_ tool: String, _ arguments: JSONObject = [:]) throws -> JSONObject {
    let outcome = try program.run([
      "call", tool, String(decoding: JSONValue.object(arguments).serialized(), as: UTF8.self),
    ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try #require(try JSONValue(parsing: Array(outcome.output.utf8)).objectValue)
  }

  private func count(_ tool: String) throws -> Int64? { try call(tool, ["count_only": true])["count"]?.integerValue }

  private static let contacts = """
    Email,First Name,Job Title,Favourite Colour
    ada@engines.example,Ada,CTO,"blue, or ""red""\"
    ,Nobody,,
    bob@engines.example,Bob,,green
    """

  @Test("rows become contacts, and what can't comes back with the reason")
  func contacts() throws {
    let path = try file("contacts.csv", Self.contacts)
    let outcome = try program.run(["import", path])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("2 new, 0 changed, 0 as they were, 1 refused"))
    #expect(outcome.output.contains("Favourite Colour") && outcome.output.contains("-> favourite_colour"))
    #expect(outcome.errors.contains("line 3: email:"))
    let refused = try text(path + ".refused").split(separator: "\r\n")
    #expect(refused[0] == "Email,First Name,Job Title,Favourite Colour,refused_because")
    #expect(refused[1].hasPrefix(",Nobody,,,email: A contact of Pathbound needs an e-mail address"))
    let ada = try call("pathbound_list_contacts", ["search": "ada@engines.example"])["contacts"]?[0]?["properties"]
    #expect(ada?["favourite_colour"] == "blue, or \"red\"")
    #expect(ada?["jobtitle"] == "CTO")
  }

  @Test("a file is brought in once, unless it is to be again; then gaps are filled, or all is replaced")
  func again() throws {
    let path = try file("contacts.csv", Self.contacts)
    _ = try program.run(["import", path])
    let second = try program.run(["import", path])
    #expect(second.status == 1 && second.errors.contains("--again"))
    let other = try file(
      "more.csv", "email,firstname,jobtitle\nADA@engines.example,Augusta,Chief\nbob@engines.example,,Clerk\n")
    let filled = try program.run(["import", other, "--json"])
    let report = try #require(try JSONValue(parsing: Array(filled.output.utf8)).objectValue)
    #expect(report["updated"] == 1 && report["unchanged"] == 1 && report["created"] == 0)
    let replaced = try program.run(["import", other, "--again", "--existing", "replace"])
    #expect(replaced.output.contains("0 new, 1 changed, 1 as they were"))
    let ada = try call("pathbound_list_contacts", ["search": "ada@engines.example"])["contacts"]?[0]?["properties"]
    #expect(ada?["firstname"] == "Augusta" && ada?["jobtitle"] == "Chief")
  }

  @Test("a rehearsal tells what would be, and leaves nothing")
  func rehearsal() throws {
    _ = try call("pathbound_create_contact", ["email": "ada@engines.example"])
    let path = try file("contacts.csv", Self.contacts)
    let outcome = try program.run(["import", path, "--dry-run"])
    #expect(outcome.output.contains("would be: 1 new, 1 changed, 0 as they were, 1 refused"), "\(outcome.output)")
    #expect(try count("pathbound_list_contacts") == 1)
    #expect(!Files.exists(path + ".refused"))
    let names = try Files.names(in: program.home + "/data/bound-mcp")
    #expect(!names.contains { $0.contains("rehearsal") })
  }

  @Test("an import that is killed goes on where it stopped, and each event is there once")
  func killed() throws {
    let total = 30_000
    let events = (0..<total).map {
      #"{"event":"page_view","visitorId":"v\#($0 % 50)","url":"https://a.example/\#($0 % 7)","timestamp":1774000000000}"#
    }
    let path = try file("events.jsonl", events.joined(separator: "\n"))
    let child = try program.start(["import", path])
    let workspace = TestWorkspace(path: program.databasePath, clock: ManualClock(SystemClock().now().iso8601))
    var stored: Int64 = 0
    let deadline = Deadline.after(milliseconds: 30_000)
    while stored == 0, !deadline.hasPassed {
      stored = (try? workspace.call("pathbound_list_events", ["count_only": true])["count"]?.integerValue) ?? 0
    }
    child.kill()
    _ = child.waitForExit()
    workspace.close()
    try #require(stored > 0)
    let outcome = try program.run(["import", path])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("going on behind line"))
    #expect(try count("pathbound_list_events") == Int64(total))
  }

  @Test("an event finds its contact by e-mail, and a wrong line is handed back as it was")
  func events() throws {
    _ = try call("pathbound_create_contact", ["email": "ada@engines.example"])
    let path = try file(
      "events.jsonl",
      """
      {"event":"demo_request","contact_email":"Ada@engines.example","timestamp":"2026-03-01T10:00:00Z"}
      {"event":"","url":"https://a.example"}
      {"event":"x"
      """)
    let outcome = try program.run(["import", path])
    #expect(outcome.output.contains("1 new, 0 changed, 0 as they were, 2 refused"), "\(outcome.output)")
    let event = try call("pathbound_list_events")["events"]?[0]
    #expect(event?["event"] == "demo_request")
    #expect(event?["contact"]?["email"] == "ada@engines.example", "\(String(describing: event))")
    let refused = try text(path + ".refused").split(separator: "\n")
    #expect(refused.count == 2 && refused[0].contains(#""url":"https://a.example","refused_because":"#))
  }

  @Test("signals of a file are history: no workflow listens to them")
  func signals() throws {
    _ = try call(
      "owlbound_save_workflow",
      [
        "name": "Visits", "triggers": [["type": "website_visit"]],
        "steps": [["type": "notify", "message": "A visit"]],
      ])
    let path = try file(
      "signals.jsonl", #"{"type":"website_visit","data":{"page":"/pricing"},"timestamp":"2026-03-01T10:00:00Z"}"#)
    #expect(try program.run(["import", path]).output.contains("1 new"))
    _ = try program.run(["worker", "--once"])
    let open = try call("owlbound_list_signals", ["unactioned_only": true])["signals"]?.arrayValue
    #expect(open?.count == 1)
    #expect(open?[0]["createdAt"] == .integer(1_772_359_200_000), "\(String(describing: open))")
  }

  @Test("a copy is made while a server writes, and is a workspace itself")
  func backup() throws {
    let session = try program.serve()
    defer { _ = session.close() }
    _ = try call("pathbound_create_contact", ["email": "ada@engines.example"])
    let copy = program.home + "/copy.db"
    let outcome = try program.run(["backup", copy])
    #expect(outcome.status == 0, "\(outcome.errors)")
    _ = try call("pathbound_create_contact", ["email": "later@engines.example"])
    let found = try program.run(["call", "pathbound_list_contacts", #"{"count_only":true}"#, "--db", copy])
    #expect(found.output.contains(#""count":1"#))
    #expect(try Files.permissions(of: copy) == 0o600)
    #expect(try program.run(["backup", copy]).status == 2)
  }
}
