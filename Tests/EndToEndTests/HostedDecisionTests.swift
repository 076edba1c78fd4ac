import JSON
import Platform
import StoreSupport
import TestSupport
import Testing

/// Decisions of a person about actions that a hosted API keeps, with the built program and both APIs as documented.
@Suite struct HostedDecisionTests {
  private let workspace = TestWorkspace()
  private let hosted: HostedDouble
  private let program: BuiltProgram

  init() {
    hosted = HostedDouble(workspace)
    program = BuiltProgram(variables: [
      "PATHBOUND_API_KEY=\(HostedDouble.pathboundKey)", "PATHBOUND_BASE_URL=\(hosted.pathboundURL)",
      "OWLBOUND_API_KEY=\(HostedDouble.owlboundKey)", "OWLBOUND_BASE_URL=\(hosted.owlboundURL)",
    ])
  }

  private func call(_ session: Session, _ tool: String, _ arguments: JSONObject, _ more: JSONObject = [:]) throws
    -> JSONValue
  {
    var params: JSONObject = [
      "name": .string(tool), "arguments": .object(arguments),
      "_meta": [
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": ["elicitation": [:]],
      ],
    ]
    for member in more { params[member.key] = member.value }
    let answer = session.conversation.ask(
      ["jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": .object(params)])
    return try #require(answer?["result"], "\(answer?.text ?? "nothing came")")
  }

  private func queue(_ message: String) throws -> JSONObject {
    let queued = try workspace.call(
      "pathbound_queue_action",
      [
        "type": "email_message", "identity_id": "id_default", "require_approval": true,
        "params": ["email": "ada@example.com", "subject": "Hello", "message": .string(message)],
      ])
    return ["action_id": queued["action_id"] ?? .null, "action": "approve"]
  }

  private func status(_ question: JSONObject) throws -> JSONValue? {
    try workspace.call("pathbound_get_action", ["action_id": question["action_id"] ?? .null])["action"]?["status"]
  }

  private func answer(_ asked: JSONValue, _ response: JSONValue) -> JSONObject {
    ["requestState": asked["requestState"] ?? .null, "inputResponses": ["decision": response]]
  }

  private static let yes: JSONValue = ["action": "accept", "content": ["decision": "approve"]]

  @Test("what the API holds is shown before it is approved there; a no leaves it as it is")
  func shown() throws {
    let session = try program.serve()
    let first = try queue("A first word")
    let asked = try call(session, "pathbound_approve_action", first)
    let text = asked["inputRequests"]?["decision"]?["params"]?["message"]?.stringValue ?? ""
    #expect(text.contains("A first word") && text.contains("ada@example.com"), "\(asked.text)")
    #expect(try status(first) == "pending_approval")
    let done = try call(session, "pathbound_approve_action", first, answer(asked, Self.yes))
    #expect(done["isError"] == nil, "\(done.text)")
    #expect(try status(first) != "pending_approval")

    let second = try queue("A second word")
    let again = try call(session, "pathbound_approve_action", second)
    let refused = try call(session, "pathbound_approve_action", second, answer(again, ["action": "decline"]))
    #expect(refused["isError"] == true)
    #expect(try status(second) == "pending_approval")
    #expect(session.close() == 0)
  }

  @Test("what was changed at the API after it was shown is not approved by that yes")
  func changed() throws {
    let session = try program.serve()
    let question = try queue("What was shown")
    let asked = try call(session, "pathbound_approve_action", question)
    _ = try workspace.call(
      "pathbound_update_action",
      [
        "action_id": question["action_id"] ?? .null,
        "params": ["email": "ada@example.com", "subject": "Hello", "message": "Something else"],
      ])
    let done = try call(session, "pathbound_approve_action", question, answer(asked, Self.yes))
    #expect(done["resultType"] == "input_required" || done["isError"] == true, "\(done.text)")
    #expect(try status(question) == "pending_approval")
    #expect(session.close() == 0)
  }

  @Test("what the API does not know can't be decided on, and more than can be shown is refused")
  func refusals() throws {
    let session = try program.serve(["--toolsets", "all"])
    let unknown = try call(session, "pathbound_approve_action", ["action_id": "act_nobody", "action": "approve"])
    #expect(unknown["isError"] == true && unknown.text.contains("NOT_FOUND"), "\(unknown.text)")
    let ids = (0..<21).map { JSONValue.string("act_\($0)") }
    let many = try call(
      session, "pathbound_bulk_review_actions", ["action_ids": .array(ids), "action": "approve"])
    #expect(many["isError"] == true && many.text.contains("at most 20"), "\(many.text)")
    #expect(session.close() == 0)
  }
}
