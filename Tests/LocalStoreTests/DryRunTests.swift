import JSON
import Operations
import Service
import StoreSupport
import Testing

@Suite("A dry run")
struct DryRunTests {
  let workspace = TestWorkspace(performer: Performer { _ in .completed(result: [:], changes: []) })

  private func rehearse(_ tool: String, _ arguments: JSONObject) throws -> JSONObject {
    var arguments = arguments
    arguments["dry_run"] = true
    let answer = try workspace.answer(tool, arguments)
    let payload = try #require(try JSONValue(parsing: answer.payload).objectValue)
    #expect(payload["dry_run"] == true)
    return payload
  }

  /// All that callers can see of the workspace.
  private func everything() throws -> String {
    var text = try AuditRows.read(workspace).joined(separator: "\n")
    for tool in ["pathbound_list_contacts", "pathbound_list_actions", "pathbound_list_events", "pathbound_list_agents"]
    {
      text += JSONValue.object(try workspace.call(tool)).text
    }
    return text
  }

  @Test("answers as the call would, shows the change, and leaves nothing behind")
  func nothingStays() throws {
    let contact = try workspace.contact("ada@example.com")
    let before = try everything()
    let created = try rehearse("pathbound_create_contact", ["email": "grace@example.com"])
    #expect(created["contact"]?["properties"]?["email"] == "grace@example.com")
    let updated = try rehearse(
      "pathbound_update_contact", ["contact_id": .string(contact), "properties": ["city": "Turin"]])
    #expect(updated["would_change"]?[0]?["record"] == .string(contact))
    #expect(updated["would_change"]?[0]?["before"] != updated["would_change"]?[0]?["after"])
    _ = try rehearse(
      "pathbound_track_events",
      ["events": [["event": "page_view", "url": "https://new.example/x", "contact_id": .string(contact)]]])
    #expect(try everything() == before)
    #expect(try workspace.call("pathbound_list_contacts", ["count_only": true]) == ["count": 1])
  }

  @Test("gives new records ids that no record gets")
  func ids() throws {
    let rehearsed = try rehearse("pathbound_create_contact", ["email": "ada@example.com"])["contact"]?["contact_id"]
    let real = try workspace.contact("ada@example.com")
    let id = try #require(rehearsed?.stringValue)
    #expect(id != real)
    #expect(try workspace.refusal("pathbound_get_contact", ["contact_id": .string(id)]).code == .notFound)
  }

  @Test("leaves what the writer remembers of places true")
  func places() throws {
    let events: JSONObject = ["events": [["event": "page_view", "url": "https://new.example/pricing"]]]
    _ = try rehearse("pathbound_track_events", events)
    _ = try workspace.call("pathbound_track_events", events)
    let listed = try workspace.call("pathbound_list_events", ["url_contains": "pricing"])
    #expect(listed["events"]?[0]?["url"] == "https://new.example/pricing")
    #expect(try workspace.call("pathbound_list_events", ["domain": "new.example", "count_only": true]) == ["count": 1])
  }

  @Test("shows what would be sent, and when")
  func content() throws {
    let contact = try workspace.contact("ada@example.com")
    let mail: JSONObject = [
      "type": "email_message", "params": ["contact_id": .string(contact), "message": "Hello Ada"],
      "identity_id": "id_default", "require_approval": true,
    ]
    let pending = try rehearse("pathbound_queue_action", mail)
    #expect(pending["status"] == "pending_approval")
    #expect(pending["would_perform"]?[0]?["type"] == "email_message")
    #expect(pending["would_perform"]?[0]?["when"] == "after approval")
    #expect(pending["would_perform"]?[0]?["content"]?["email"] == "ada@example.com")
    #expect(pending["would_perform"]?[0]?["content"]?["subject"] == "Hello Ada")
    #expect(pending["blocked_by"] == [])
    var direct = mail
    direct["require_approval"] = nil
    direct["direct"] = true
    #expect(try rehearse("pathbound_queue_action", direct)["would_perform"]?[0]?["when"] == "at once")
    #expect(try workspace.call("pathbound_list_actions")["actions"] == [])
  }

  @Test("performs nothing, kicks no work and burns no receipt")
  func noWork() throws {
    let id = try workspace.queue(["scheduled_time": "2030-01-01T00:00:00Z"])
    let executed = try rehearse("pathbound_execute_action", ["action_id": .string(id)])
    #expect(executed["action"]?["status"] == "running")
    #expect(try workspace.status(id) == "scheduled")
    let arguments: JSONObject = [
      "type": "create_task", "params": ["title": "x"], "identity_id": "id_default", "idempotency_key": "k",
    ]
    _ = try rehearse("pathbound_queue_action", arguments)
    let first = try workspace.answer("pathbound_queue_action", arguments)
    #expect(!first.receipt.replayed)
    #expect(try workspace.answer("pathbound_queue_action", arguments).receipt.replayed)
  }

  @Test("is refused as the call would be, and hurts no call beside it")
  func refusal() throws {
    let refusal = try workspace.refusal(
      "pathbound_queue_action",
      ["type": "create_task", "params": [:], "identity_id": "id_default", "dry_run": true])
    #expect(refusal.details.first?.path == "/params/title")
    #expect(
      try workspace.refusal("pathbound_reject_action", ["action_id": "act_none", "dry_run": true]).code == .notFound)
    _ = try workspace.contact("ada@example.com")
    #expect(
      try workspace.refusal("pathbound_create_contact", ["email": "ada@example.com", "dry_run": true]).code
        == .conflict)
  }

  @Test("of an edit shows content before and after")
  func edit() throws {
    let id = try workspace.queue(["require_approval": true])
    let edited = try rehearse(
      "pathbound_approve_action", ["action_id": .string(id), "action": "edit", "params": ["title": "Write"]])
    #expect(edited["would_change"]?[0]?["before"]?["params"]?["title"] == "Call back")
    #expect(edited["would_change"]?[0]?["after"]?["params"]?["title"] == "Write")
    #expect(edited["would_perform"]?[0]?["content"]?["title"] == "Write")
    #expect(try workspace.action(id)["params"]?["title"] == "Call back")
  }

  @Test("of long content stays within what a model can be given")
  func bounded() throws {
    let id = try workspace.queue(["require_approval": true])
    let long = String(repeating: "word ", count: 3_500)
    let payload = try rehearse(
      "pathbound_approve_action",
      ["action_id": .string(id), "action": "edit", "params": ["title": "x", "description": .string(long)]])
    #expect(payload["omitted_would_perform"] == 1)
    #expect(payload["action"]?["params"]?["title"] == "x")
  }
}
