import Foundation
import JSON
import Platform
import TestSupport
import Testing

/// Decisions of a person who is asked through the client, with the built program.
@Suite struct DecisionTests {
  private let program = BuiltProgram()

  private func serve(_ arguments: [String] = []) throws -> Session {
    try program.serve(["--sender", "Sam Rivera <sales@example.com>"] + arguments)
  }

  /// A session of 2025-11-25 whose client can show forms.
  private func asking(_ arguments: [String] = [], capabilities: JSONValue = ["elicitation": [:]]) throws -> Session {
    let session = try serve(arguments)
    _ = session.conversation.ask([
      "jsonrpc": "2.0", "id": "start", "method": "initialize",
      "params": [
        "protocolVersion": "2025-11-25", "capabilities": capabilities,
        "clientInfo": ["name": "tests", "version": "1"],
      ],
    ])
    session.conversation.send(["jsonrpc": "2.0", "method": "notifications/initialized"])
    return session
  }

  private func modern(
    _ session: Session, _ tool: String, _ arguments: JSONObject, _ more: JSONObject = [:], canAsk: Bool = true
  ) throws -> JSONValue {
    var params: JSONObject = [
      "name": .string(tool), "arguments": .object(arguments),
      "_meta": [
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": canAsk ? ["elicitation": ["form": [:]]] : [:],
      ],
    ]
    for member in more { params[member.key] = member.value }
    return try #require(
      session.conversation.ask(["jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": .object(params)]))
  }

  /// Queues a mail that waits for a decision, and gives the arguments that approve it.
  private func queueMail(_ session: Session, _ text: String = "Hello Ada\nSee https://example.com/x") throws
    -> JSONObject
  {
    let found = try session.payload("pathbound_list_contacts", ["search": "ada@example.com"])["contacts"]?[0]?["_id"]
    let contact =
      try found
      ?? session.payload(
        "pathbound_create_contact",
        ["email": "ada@example.com", "properties": ["firstname": "Ada", "lastname": "Okafor"]])["contact"]?["_id"]
    let action = try session.payload(
      "pathbound_queue_action",
      [
        "type": "email_message", "identity_id": "id_default", "require_approval": true,
        "description": "She looked at the prices.",
        "params": ["contact_id": try #require(contact), "subject": "Hello", "message": .string(text)],
      ])["action_id"]
    return ["action_id": try #require(action), "action": "approve"]
  }

  private func status(_ session: Session, _ approval: JSONObject) throws -> String? {
    try session.payload("pathbound_get_action", ["action_id": approval["action_id"] ?? .null])["action"]?["status"]?
      .stringValue
  }

  private func sent() throws -> Int {
    (try? Files.names(in: program.home + "/data/bound-mcp/workspace-outbox/new").count) ?? 0
  }

  private func answer(_ question: JSONValue?, _ result: JSONValue) -> JSONValue {
    ["jsonrpc": "2.0", "id": question?["id"] ?? .null, "result": result]
  }

  private static let yes: JSONValue = [
    "action": "accept", "content": ["decision": "approve", "comment": "Fine by me"],
  ]

  @Test("a person sees what would be sent, to whom and why, and their yes approves it")
  func legacy() throws {
    let session = try asking()
    let approval = try queueMail(session)
    let question = session.conversation.ask(Session.call("pathbound_approve_action", approval, id: 1))
    #expect(question?["method"] == "elicitation/create")
    let message = try #require(question?["params"]?["message"]?.stringValue)
    for part in [
      "email message", "For: Ada Okafor <ada@example.com>", "Why: She looked at the prices.", "sales@example.com",
      "subject: Hello", "│ Hello Ada", "to: ada@example.com", "can't be taken back",
    ] { #expect(message.contains(part), "\(part) is missing in \(message)") }
    #expect(!message.contains("https://"))
    #expect(try #require(session.conversation.ask(answer(question, Self.yes)))["result"]?["isError"] == nil)
    let action = try session.payload("pathbound_get_action", ["action_id": approval["action_id"] ?? .null])["action"]
    #expect(action?["status"] != "pending_approval")
    let log = try #require(action?["logs"]?.text)
    #expect(log.contains("the person at tests 1") && log.contains("Fine by me"))
    #expect(session.close() == 0)
  }

  @Test(
    "no, silence and nonsense decide nothing and say what can be done",
    arguments: [
      ([["action": "decline"]], "said no"), ([["action": "cancel"]], "Nobody has decided"),
      ([["action": "accept", "content": ["decision": "leave"]]], "said no"),
      (
        [["action": "accept"], ["action": "accept", "content": ["decision": "maybe"]], ["nothing": 1]],
        "could not be understood"
      ),
    ] as [([JSONValue], String)])
  func refusals(answers: [JSONValue], reason: String) throws {
    let session = try asking()
    let approval = try queueMail(session)
    var message = session.conversation.ask(Session.call("pathbound_approve_action", approval, id: 1))
    for result in answers {
      #expect(message?["method"] == "elicitation/create")
      message = session.conversation.ask(answer(message, result))
    }
    #expect(message?["result"]?["isError"] == true)
    let text = try #require(message?["result"]?["content"]?[0]?["text"]?.stringValue)
    #expect(text.contains(reason) && text.contains("Nothing was decided, nothing was sent"))
    #expect(try status(session, approval) == "pending_approval")
    #expect(try sent() == 0)
    #expect(session.close() == 0)
  }

  @Test("a modern client makes the call again with the answer, even to another process, and once")
  func roundTrip() throws {
    let first = try serve()
    try first.initialize()
    let approval = try queueMail(first)
    let asked = try modern(first, "pathbound_approve_action", approval)["result"]
    #expect(asked?["resultType"] == "input_required")
    #expect(
      asked?["inputRequests"]?["decision"]?["params"]?["message"]?.stringValue?.contains("ada@example.com") == true)
    let state = try #require(asked?["requestState"])
    #expect(first.close() == 0)

    let second = try serve()
    try second.initialize()
    let retry: JSONObject = ["inputResponses": ["decision": Self.yes], "requestState": state]
    let other = try queueMail(second, "Another text")
    #expect(try modern(second, "pathbound_approve_action", other, retry)["error"]?["code"] == -32602)
    #expect(
      try modern(second, "pathbound_get_action", ["action_id": approval["action_id"] ?? .null], retry)["error"] != nil)
    let done = try modern(second, "pathbound_approve_action", approval, retry)["result"]
    #expect(done?["resultType"] == "complete" && done?["isError"] == nil)
    #expect(try modern(second, "pathbound_approve_action", approval, retry)["error"]?["code"] == -32602)
    #expect(try status(second, other) == "pending_approval")
    #expect(second.close() == 0)
  }

  @Test("what was shown is what is done: a change in the meantime voids the yes")
  func changed() throws {
    let session = try serve()
    try session.initialize()
    let approval = try queueMail(session)
    let state = try #require(try modern(session, "pathbound_approve_action", approval)["result"]?["requestState"])
    _ = try session.payload(
      "pathbound_approve_action",
      [
        "action_id": approval["action_id"] ?? .null, "action": "edit",
        "params": ["email": "ada@example.com", "subject": "Other", "message": "Buy now"],
      ])
    let refused = try modern(
      session, "pathbound_approve_action", approval, ["inputResponses": ["decision": Self.yes], "requestState": state])
    #expect(refused["result"]?["content"]?[0]?["text"]?.stringValue?.contains("CONFLICT") == true)
    #expect(try status(session, approval) == "pending_approval")
    #expect(session.close() == 0)
  }

  @Test("only a person decides with --approvals human: asked they may, and nobody else")
  func human() throws {
    let session = try asking(["--approvals", "human"])
    let approval = try queueMail(session)
    let refused = try modern(session, "pathbound_approve_action", approval, canAsk: false)
    #expect(refused["result"]?["content"]?[0]?["text"]?.stringValue?.contains("this client can't ask one") == true)
    let question = session.conversation.ask(Session.call("pathbound_approve_action", approval, id: 1))
    #expect(session.conversation.ask(answer(question, Self.yes))?["result"]?["isError"] == nil)
    #expect(try status(session, approval) != "pending_approval")
    #expect(session.close() == 0)
  }

  @Test(
    "nobody is asked with --approvals key, about what stays in the workspace, about a no, or by a client without forms")
  func unasked() throws {
    let key = try asking(["--approvals", "key"])
    let approval = try queueMail(key)
    #expect(
      key.conversation.ask(Session.call("pathbound_approve_action", approval, id: 1))?["result"]?["isError"] == nil)
    #expect(key.close() == 0)

    let session = try asking()
    let mail = try queueMail(session, "For a no")
    var no = mail
    no["action"] = "reject"
    #expect(session.conversation.ask(Session.call("pathbound_approve_action", no, id: 1))?["result"]?["isError"] == nil)
    let contact = try session.payload("pathbound_list_contacts")["contacts"]?[0]?["_id"]
    let note = Session.call(
      "pathbound_queue_action",
      [
        "type": "create_note", "identity_id": "id_default", "direct": true,
        "params": ["contact_id": try #require(contact), "content": "Called."],
      ], id: 2)
    #expect(session.conversation.ask(note)?["result"]?["isError"] == nil)
    #expect(session.close() == 0)

    let mute = try asking(capabilities: [:])
    let last = try queueMail(mute, "Last")
    #expect(mute.conversation.ask(Session.call("pathbound_approve_action", last, id: 1))?["result"]?["isError"] == nil)
    #expect(mute.close() == 0)
  }

  @Test("direct actions, execution, many at once, run proposals and the rules for outreach are asked about as well")
  func others() throws {
    let session = try asking()
    let first = try queueMail(session, "One")
    let second = try queueMail(session, "Two")
    let contact = try session.payload("pathbound_list_contacts")["contacts"]?[0]?["_id"] ?? .null
    let mail: JSONValue = ["contact_id": contact, "subject": "Direct", "message": "Now"]
    let calls: [(String, JSONObject, String)] = [
      (
        "pathbound_queue_action",
        ["type": "email_message", "identity_id": "id_default", "direct": true, "params": mail], "at once"
      ),
      ("pathbound_execute_action", ["action_id": first["action_id"] ?? .null], "at once"),
      (
        "pathbound_bulk_review_actions",
        ["action": "approve", "action_ids": [first["action_id"] ?? .null, second["action_id"] ?? .null]], "2 of 2"
      ),
      (
        "pathbound_bulk_queue_actions",
        ["actions": [["type": "email_message", "identity_id": "id_default", "direct": true, "params": mail]]], "at once"
      ),
      ("pathbound_save_outreach_rules", ["max_per_contact_per_day": 9], "May this be changed?"),
    ]
    for (tool, arguments, part) in calls {
      let question = session.conversation.ask(Session.call(tool, arguments, id: 1))
      #expect(question?["method"] == "elicitation/create", "\(tool): \(question?.text ?? "nothing")")
      #expect(question?["params"]?["message"]?.stringValue?.contains(part) == true, "\(question?.text ?? "")")
      let refused = session.conversation.ask(answer(question, ["action": "decline"]))
      #expect(refused?["result"]?["isError"] == true)
    }
    #expect(try sent() == 0)
    #expect(try status(session, first) == "pending_approval")
    #expect(session.close() == 0)
  }

  @Test("a person is asked before an agent may send what it proposes without anyone looking")
  func autonomy() throws {
    let session = try asking()
    let loose: JSONObject = [
      "name": "Loose", "identity_id": "id_default",
      "playbook": ["playbook_md": "Write to all.", "require_approval": false],
    ]
    let question = session.conversation.ask(Session.call("pathbound_create_agent", loose, id: 1))
    #expect(question?["method"] == "elicitation/create")
    #expect(question?["params"]?["message"]?.stringValue?.contains("require_approval") == true)
    let refused = session.conversation.ask(answer(question, ["action": "decline"]))
    #expect(refused?["result"]?["isError"] == true)
    #expect(try session.payload("pathbound_list_agents")["agents"] == [])
    let again = session.conversation.ask(Session.call("pathbound_create_agent", loose, id: 2))
    #expect(try #require(session.conversation.ask(answer(again, Self.yes)))["result"]?["isError"] == nil)
    #expect(try session.payload("pathbound_list_agents")["agents"]?[0]?["name"] == "Loose")
    // With people deciding on each proposal nobody need be asked.
    _ = try session.payload("pathbound_create_agent", ["name": "Tame", "playbook": ["playbook_md": "Write to all."]])
    #expect(session.close() == 0)
  }

  @Test("what can't be done is refused before anybody is asked")
  func impossible() throws {
    let session = try asking()
    let approval = try queueMail(session)
    _ = try session.payload("pathbound_reject_action", ["action_id": approval["action_id"] ?? .null])
    #expect(try session.error("pathbound_approve_action", approval)["code"] == "CONFLICT")
    #expect(
      try session.error("pathbound_approve_action", ["action_id": "act_x", "action": "approve"])["code"] == "NOT_FOUND")
    #expect(session.close() == 0)
  }
}
