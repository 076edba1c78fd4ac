import JSON
import Platform
import Testing

/// What people define goes from workspace to workspace as one document, by the tools that they would use.
@Suite("Definitions and copies of workspaces", .serialized)
struct DefinitionsCommandTests {
  private let program = BuiltProgram()
  private let example = BuiltProgram.packageFolder + "/examples/definitions/sales-team.json"

  private func run(_ arguments: [String]) throws -> BuiltProgram.Outcome {
    let outcome = try program.run(arguments)
    try #require(outcome.status == 0, "\(arguments): \(outcome.output) \(outcome.errors)")
    return outcome
  }

  private func call(_ tool: String, _ arguments: JSONObject = [:]) throws -> JSONObject {
    let text = String(decoding: JSONValue.object(arguments).serialized(), as: UTF8.self)
    return try #require(try JSONValue(parsing: Array(try run(["call", tool, text]).output.utf8)).objectValue)
  }

  private func text(_ path: String) throws -> String { String(decoding: try Files.read(path), as: UTF8.self) }

  @Test("the example is brought in once, whatever the order of looking, and comes out as it went in")
  func document() throws {
    let rehearsal = try run(["import", example, "--dry-run"])
    #expect(rehearsal.output.contains("would be: 8 new, 2 changed, 0 as they were, 0 refused"), "\(rehearsal.output)")
    #expect(try call("pathbound_list_segments")["segments"]?.arrayValue?.isEmpty == true)
    let first = try run(["import", example])
    #expect(first.output.contains("done: 8 new, 2 changed, 0 as they were, 0 refused"), "\(first.output)")
    let again = try run(["import", example])
    #expect(again.output == "done: 0 new, 0 changed, 10 as they were, 0 refused")
    let agents = try call("pathbound_list_agents")["agents"]?.arrayValue
    #expect(agents?.count == 1)
    let segments = try call("pathbound_list_segments")["segments"]?.arrayValue
    let segment = segments?.first { $0["name"] == "Back on pricing" }
    #expect(agents?.first?["monitoring"]?["filter"]?["segment_id"] == segment?["_id"])

    let path = program.home + "/out.json"
    _ = try run(["export", "definitions", path])
    #expect(try text(path).contains("$SLACK_TOKEN"))
    let other = program.home + "/other.db"
    #expect(try run(["import", path, "--db", other]).output.contains(" 0 refused"))
    #expect(try run(["export", "definitions", "--db", other]).output + "\n" == text(path))
    #expect(try program.run(["export", "definitions", path]).errors.contains("--force"))
  }

  @Test("a change is told with its members, and changes nothing else")
  func changes() throws {
    _ = try run(["import", example])
    let path = program.home + "/change.json"
    try Files.write(
      Array(
        """
        {"bound_mcp_definitions": 1,
         "segments": [{"name": "OPEN opportunities", "filter": {"lifecycle_stage": "customer"}}],
         "agents": [{"name": "Pricing visitor follow-up", "enabled": true}]}
        """.utf8), to: path)
    let outcome = try run(["import", path, "--json"])
    let report = try JSONValue(parsing: Array(outcome.output.utf8))
    #expect(report["changed"]?.arrayValue?.count == 2 && report["created"]?.arrayValue?.isEmpty == true)
    #expect(report["changed"]?[1] == "agent Pricing visitor follow-up: enabled")
    let agent = try call("pathbound_list_agents")["agents"]?[0]
    #expect(agent?["enabled"] == true && agent?["playbook_template"] == "pricing_visitor_followup")
    #expect(try call("pathbound_list_segments")["segments"]?.arrayValue?.count == 2)
  }

  @Test("every entry that is refused is named with its place, and harms no other")
  func refused() throws {
    let path = program.home + "/wrong.json"
    try Files.write(
      Array(
        """
        {"bound_mcp_definitions": 1,
         "segments": [{"name": "A", "filter": {"lifecycle_stage": "leed"}}, {"name": "B", "filter": {}}],
         "connectors": [{"integrationSlug": "slack", "config": {"token": "xoxb-1234567890-abcdefghij"}}],
         "agents": [{"name": "C", "playbook_template": "cold_outreach", "identity_id": "@Nobody Here"},
                    {"name": "D", "playbok_template": "cold_outreach"}]}
        """.utf8), to: path)
    for arguments in [["import", path, "--dry-run"], ["import", path]] {
      let outcome = try program.run(arguments)
      #expect(outcome.status == 1)
      #expect(outcome.output.hasSuffix("1 new, 0 changed, 0 as they were, 4 refused"), "\(outcome.output)")
      #expect(outcome.errors.contains("/segments/0/filter/lifecycle_stage: "))
      #expect(outcome.errors.contains("/connectors/0/config/token: ") && !outcome.errors.contains("xoxb"))
      #expect(outcome.errors.contains("/agents/0/identity_id: There is no identity called \"Nobody Here\"."))
      #expect(outcome.errors.contains("/agents/1/playbok_template: "))
    }
    for (document, words) in [
      (#"{"bound_mcp_definitions": 2}"#, "must be 1"),
      (#"{"bound_mcp_definitions": 1, "segmnts": []}"#, "\"segments\""),
      (#"{"bound_mcp_definitions": 1, "agents": [1]}"#, "/agents/0"), (#"{"bound_mcp_definitions": 1,"#, "no JSON"),
    ] {
      try Files.write(Array(document.utf8), to: path)
      let outcome = try program.run(["import", path])
      #expect(outcome.status == 1 && outcome.errors.contains(words), "\(outcome.errors)")
    }
  }

  @Test("a copy is brought back, what was there is kept, and a server in use is not disturbed")
  func restore() throws {
    _ = try call("pathbound_create_contact", ["email": "ada@engines.example"])
    let copy = program.home + "/copy.db"
    _ = try run(["backup", copy])
    _ = try call("pathbound_create_contact", ["email": "later@engines.example"])
    #expect(try program.run(["restore", copy]).errors.contains("--force"))
    let session = try program.serve()
    try session.initialize()
    _ = try session.payload("pathbound_list_contacts")
    let refused = try program.run(["restore", copy, "--force"])
    #expect(refused.status == 1 && refused.errors.contains("in use"), "\(refused.errors)")
    _ = try session.payload("pathbound_create_contact", ["email": "meanwhile@engines.example"])
    session.close()
    let outcome = try run(["restore", copy, "--force"])
    #expect(try call("pathbound_list_contacts", ["count_only": true])["count"] == 1)
    let kept = try #require(outcome.output.split(separator: " ").last)
    let found = try run(["call", "pathbound_list_contacts", #"{"count_only":true}"#, "--db", String(kept)])
    #expect(found.output == #"{"count":3}"#)
    #expect(try program.run(["restore", program.databasePath, "--force"]).status == 2)
  }

  @Test("a restore that is killed leaves the one workspace or the other, whole")
  func killed() throws {
    let events = program.home + "/events.jsonl"
    try Files.write(
      Array((0..<10_000).map { #"{"event":"e","url":"https://a.example/\#($0)"}"# }.joined(separator: "\n").utf8),
      to: events)
    _ = try run(["import", events])
    let copy = program.home + "/copy.db"
    _ = try run(["backup", copy])
    _ = try call("pathbound_track_events", ["events": [["event": "later"]]])
    for pause in [1, 5, 20, 60, 150] as [UInt64] {
      let child = try program.start(["restore", copy, "--force"])
      let end = Deadline.after(milliseconds: pause)
      while !end.hasPassed {}
      child.kill()
      _ = child.waitForExit()
      let count = try call("pathbound_list_events", ["count_only": true])["count"]
      #expect(count == 10_000 || count == 10_001)
    }
    _ = try run(["restore", copy, "--force"])
    #expect(try call("pathbound_list_events", ["count_only": true])["count"] == 10_000)
    let folder = try #require(Files.folder(of: program.databasePath))
    #expect(try !Files.names(in: folder).contains { $0.hasSuffix(".unfinished") })
  }
}
