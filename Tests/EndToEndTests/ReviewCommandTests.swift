import Foundation
import JSON
import Platform
import Testing

@Suite("The review command", .serialized)
struct ReviewCommandTests {
  private let program = BuiltProgram(variables: [
    "EDITOR=sed -i -e s/Hello/Dear/ -e s/Question/Answer/", "NO_COLOR=1", "TERM=xterm",
  ])

  private func call(_ tool: String, _ arguments: JSONValue) throws -> JSONValue {
    let outcome = try program.run(["call", tool, arguments.text])
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try JSONValue(parsing: outcome.output)
  }

  /// Queues a mail that waits for approval.
  private func queue(_ email: String, message: String = "Hello") throws -> String {
    let queued = try call(
      "pathbound_queue_action",
      [
        "type": "email_message", "identity_id": "id_default", "require_approval": true,
        "params": ["email": .string(email), "subject": "Question", "message": .string(message)],
      ])
    return try #require(queued["action_id"]?.stringValue)
  }

  private func action(_ id: String) throws -> JSONValue {
    try #require(try call("pathbound_get_action", ["action_id": .string(id)])["action"])
  }

  private func status(_ id: String) throws -> String? { try action(id)["status"]?.stringValue }

  private func pending() throws -> [JSONValue] {
    let outcome = try program.run(["review", "--json"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try #require(try JSONValue(parsing: outcome.output)["pending"]?.arrayValue)
  }

  @Test("a script lists, shows, approves and rejects, with a comment")
  func script() throws {
    let first = try queue("a@example.com")
    let second = try queue("b@example.com")
    #expect(try pending().map { $0["id"]?.stringValue } == [first, second])
    let shown = try JSONValue(parsing: try program.run(["review", "show", first, "--json"]).output)
    #expect(shown["would_send"]?["message"] == "Hello")

    let approved = try program.run(["review", "approve", first, "--json"])
    #expect(approved.status == 0, "\(approved.errors)")
    let answer = try JSONValue(parsing: approved.output)
    #expect(answer["action"]?["status"] == "approved")
    #expect(answer["performed"]?[0]?["status"] == "completed")
    #expect(try status(first) == "completed")

    let rejected = try program.run(["review", "reject", second, "--comment", "Not this week"])
    #expect(rejected.output == "\(second): rejected")
    #expect(try action(second).text.contains("Not this week"))
    #expect(try pending().isEmpty)
    #expect(try program.run(["review"]).output == "Nothing waits for a decision.")
  }

  @Test("what can't be done is said with a stable status")
  func mistakes() throws {
    let id = try queue("a@example.com")
    #expect(try program.run(["review", "approve", id]).status == 0)
    let again = try program.run(["review", "approve", id, "--json"])
    #expect(again.status == 1 && again.output.isEmpty)
    #expect(try JSONValue(parsing: again.errors)["error"]?["code"] == "CONFLICT")
    #expect(try program.run(["review", "reject", "act_nothing"]).status == 1)
    let misspelt = try program.run(["review", "aprove", id])
    #expect(misspelt.status == 2 && misspelt.errors.contains("approve"))
    #expect(try program.run(["review", "approve"]).status == 2)
  }

  @Test("with --approvals human a script may say no but not yes, and a person at a terminal may")
  func human() throws {
    let id = try queue("a@example.com")
    let refused = try program.run(["review", "approve", id, "--approvals", "human"])
    #expect(refused.status == 1 && refused.errors.contains("person"))
    #expect(try status(id) == "pending_approval")
    let outcome = try program.runOnTerminal(["review", "--approvals", "human"], input: "a\n")
    #expect(outcome.status == 0, "\(outcome.output)")
    #expect(try status(id) == "completed")
  }

  @Test("a person goes through the queue: edits, approves, rejects with a comment, passes over, leaves")
  func session() throws {
    let edited = try queue("a@example.com")
    let rejected = try queue("b@example.com")
    let passed = try queue("c@example.com")
    let outcome = try program.runOnTerminal(["review"], input: "e\na\nr\nNo, thanks\nn\np\nq\n")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("waits for approval") && outcome.output.contains("2 decided, 1 still waiting"))
    #expect(try status(edited) == "completed")
    #expect(try action(edited)["params"]?["message"] == "Dear")
    #expect(try action(edited)["params"]?["subject"] == "Answer")
    #expect(try action(rejected).text.contains("No, thanks"))
    #expect(try status(passed) == "pending_approval")
    #expect(!outcome.output.contains("\u{1B}["))
  }

  @Test("text from outside moves no cursor, and no line is wider than the terminal")
  func harmless() throws {
    let message =
      "\u{1B}[2J\u{1B}]0;x\u{07}" + String(repeating: "long ", count: 60) + "\n日本語" + String(repeating: "語", count: 90)
    let id = try queue("a@example.com", message: message)
    let outcome = try program.runOnTerminal(["review"], input: "w\nq\n")
    #expect(!outcome.output.contains("\u{1B}") && !outcome.output.contains("\u{07}"))
    #expect(outcome.output.contains("[2J"))
    let shown = try program.run(["review", "show", id]).output
    for line in shown.split(separator: "\n") {
      #expect(line.unicodeScalars.reduce(0) { $0 + ($1.value > 0x2E80 ? 2 : 1) } <= 80, "\(line)")
    }
  }

  @Test("what an agent's run proposed is decided alike, and an edit takes its place")
  func proposal() throws {
    _ = try call("pathbound_create_contact", ["email": "ada@example.com", "properties": ["firstname": "Ada"]])
    let contact = try #require(
      try call("pathbound_list_contacts", [:])["contacts"]?[0]?["_id"]?.stringValue)
    let agent = try #require(
      try call(
        "pathbound_create_agent",
        [
          "name": "Drafts", "playbook_template": "pricing_visitor_followup", "identity_id": "id_default",
          "capabilities": ["email"], "llm_config": ["provider": "client"],
        ])["agent"]?["_id"]?.stringValue)
    let run = try #require(
      try call("pathbound_trigger_agent", ["id": .string(agent), "contact_ids": [.string(contact)]])["run_id"])
    _ = try call("pathbound_get_run_work", ["runId": run])
    let mail: JSONValue = ["type": "email_message", "params": ["subject": "Question", "message": "Hello Ada"]]
    _ = try call(
      "pathbound_propose_run_actions",
      ["runId": run, "contactId": .string(contact), "reasoning": "She asked.", "actions": [mail, mail]])
    let ids = try pending().compactMap { $0["id"]?.stringValue }
    #expect(ids == [0, 1].map { "\(run.stringValue ?? "")/\(contact)/\($0)" })
    let rejected = try program.run(["review", "reject", ids[1]])
    #expect(rejected.status == 0, "\(rejected.errors)")
    let outcome = try program.runOnTerminal(["review"], input: "e\na\n")
    #expect(outcome.output.contains("1 decided, 0 still waiting"), "\(outcome.output)")
    let sent = try #require(try call("pathbound_list_actions", ["type": "email_message"])["actions"]?.arrayValue)
    #expect(sent.map { $0["status"] } == ["completed"])
    #expect(sent[0]["params"]?["message"] == "Dear Ada")
  }
}
