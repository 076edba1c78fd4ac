import Foundation
import JSON
import Platform
import TestSupport
import Testing

/// `serve --record` and `replay`, with the built program.
@Suite struct RecordingCommandTests {
  private let program = BuiltProgram()

  private var file: String { program.home + "/session.jsonl" }

  /// Has a conversation in both eras, with a decision in each, and gives the recording.
  private func record(_ options: [String] = [], isLater: Bool = true) throws -> [JSONValue] {
    let session = try program.serve(["--record", file, "--sender", "sales@example.com"] + options)
    var start = Session.start
    start = try JSONValue(
      parsing: start.text.replacing(#""capabilities":{}"#, with: #""capabilities":{"elicitation":{}}"#))
    _ = session.conversation.ask(start)
    session.conversation.send(["jsonrpc": "2.0", "method": "notifications/initialized"])
    let contact = try session.payload(
      "pathbound_create_contact",
      ["email": "ada@example.com", "properties": ["firstname": "Ada", "api_key": "gtm_sk_0123456789abcdef"]])
    let id = try #require(contact["contact"]?["_id"])
    _ = try session.payload("pathbound_get_contact", ["contact_id": id])

    let first = try queue(session, id, "First", isLater)
    session.conversation.send(Session.call("pathbound_approve_action", first, id: "approve"))
    let question = try #require(session.conversation.receive())
    #expect(question["method"] == "elicitation/create")
    session.conversation.send([
      "jsonrpc": "2.0", "id": question["id"] ?? .null,
      "result": ["action": "accept", "content": ["decision": "approve"]],
    ])
    #expect(session.conversation.receive()?["result"]?["isError"] == nil)

    let second = try queue(session, id, "Second", isLater)
    let asked = try #require(session.conversation.ask(modern(second, [:]))?["result"])
    #expect(asked["resultType"] == "input_required")
    let answers: JSONObject = [
      "requestState": asked["requestState"] ?? .null,
      "inputResponses": ["decision": ["action": "decline"]],
    ]
    #expect(session.conversation.ask(modern(second, answers))?["result"]?["isError"] == true)
    #expect(session.close() == 0)
    return try String(decoding: Files.read(file), as: UTF8.self).split(separator: "\n")
      .map { try JSONValue(parsing: String($0)) }
  }

  private func queue(
    _ session: Session, _ contact: JSONValue, _ subject: String, _ isLater: Bool
  ) throws -> JSONObject {
    var action: JSONObject = [
      "type": "email_message", "identity_id": "id_default", "require_approval": true,
      "params": ["contact_id": contact, "subject": .string(subject), "message": "Hello"],
    ]
    if isLater {
      action["scheduled_time"] = .string(SystemClock().now().adding(milliseconds: 3_600_000).iso8601)
    }
    let queued = try session.payload("pathbound_queue_action", action)
    return ["action_id": queued["action_id"] ?? .null, "action": "approve"]
  }

  private func modern(_ arguments: JSONObject, _ more: JSONObject) -> JSONValue {
    var params: JSONObject = [
      "name": "pathbound_approve_action", "arguments": .object(arguments),
      "_meta": [
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": ["elicitation": [:]],
      ],
    ]
    for member in more { params[member.key] = member.value }
    return ["jsonrpc": "2.0", "id": "modern", "method": "tools/call", "params": .object(params)]
  }

  private func replay(_ options: [String] = []) throws -> (status: Int32, lines: [String]) {
    let outcome = try program.run(["replay", file] + options)
    return (outcome.status, (outcome.output + outcome.errors).split(separator: "\n").map(String.init))
  }

  private func rewrite(_ body: (String) -> String) throws {
    let text = String(decoding: try Files.read(file), as: UTF8.self)
    try Files.write(Array(body(text).utf8), to: file)
  }

  @Test("what both sides have said in both eras is written down without keys, and goes the same way again")
  func roundTrip() throws {
    let lines = try record(["--toolsets", "all", "--plan", "pro"])
    #expect(lines[0]["from"] == "settings")
    #expect(
      lines[0]["message"]
        == ["sender": "sales@example.com", "toolsets": "all", "plan": "pro", "approvals": "ask"])
    #expect(lines.count { $0["from"] == "client" } >= 8 && lines.count { $0["from"] == "server" } >= 8)
    #expect(lines.allSatisfy { $0["time"]?.stringValue.flatMap { Timestamp(iso8601: $0) } != nil })
    let text = lines.map(\.text).joined()
    #expect(!text.contains("gtm_sk_") && text.contains("[secret]") && text.contains("ada@example.com"))
    let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
    #expect(mode == 0o600)

    let outcome = try replay()
    #expect(outcome.status == 0, "\(outcome.lines)")
    #expect(outcome.lines == ["\(lines.count - 1) messages, 0 differences"])
  }

  @Test("what differs is shown with its line and place, and the status says so")
  func difference() throws {
    _ = try record()
    try rewrite { $0.replacing(#""firstname":"Ada","#, with: #""firstname":"Eve","#, maxReplacements: 1) }
    let outcome = try replay()
    #expect(outcome.status == 1 && outcome.lines.last?.hasSuffix("differences") == true)
    #expect(outcome.lines.contains { $0.hasPrefix("line ") && $0.contains("Eve") && $0.contains("Ada") }, "\(outcome)")
  }

  @Test("a recording that breaks off is told where, and the rest goes on; what is none at all is refused")
  func broken() throws {
    _ = try record()
    try rewrite { String($0.dropLast(40)) }
    let cut = try replay()
    #expect(cut.status == 1 && cut.lines.contains { $0.contains("no line of a recording") }, "\(cut)")
    for text in ["", "nonsense\n\n{}\n", #"{"from":"client","message":{}}"#] {
      try Files.write(Array(text.utf8), to: file)
      let outcome = try replay()
      #expect(outcome.status == 2 && outcome.lines.first?.contains("is no recording") == true, "\(outcome)")
    }
    try Files.remove(file)
    #expect(try replay().status == 2)
  }

  @Test("a time that lay ahead lies ahead again, and a recording that is old is replayed in its own time")
  func old() throws {
    _ = try record()
    // Days alone are names of revisions.
    try rewrite { $0.replacing(/20\d\d(-\d\d-\d\dT)/) { "2021" + $0.output.1 } }
    let outcome = try replay()
    #expect(outcome.status == 0, "\(outcome.lines)")
  }

  @Test("a replay can be recorded, and a file that is there is not written over")
  func again() throws {
    _ = try record()
    let second = program.home + "/second.jsonl"
    #expect(try replay(["--record", second]).status == 0)
    #expect(try program.run(["replay", second]).status == 0)
    let outcome = try program.run(["serve", "--record", second])
    #expect(outcome.status == 2 && outcome.errors.contains("must not be there yet"))
  }

  @Test("a replay reaches nobody: this user's programs and keys are not used")
  func isolated() throws {
    _ = try record(isLater: false)
    try Files.createDirectories(program.home + "/config/bound-mcp")
    let (trace, sendmail) = (program.home + "/sent", program.home + "/sendmail")
    try Files.write(Array("#!/bin/sh\ntouch '\(trace)'\n".utf8), to: sendmail)
    chmod(sendmail, 0o755)
    try Files.write(
      Array(#"{"sendmail":"\#(sendmail)"}"#.utf8), to: program.home + "/config/bound-mcp/config.json")
    let outcome = try replay()
    #expect(outcome.status == 0 && !Files.exists(trace), "\(outcome.lines)")
  }
}
