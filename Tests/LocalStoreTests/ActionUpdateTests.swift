import JSON
import Service
import StoreSupport
import TestSupport
import Testing

@Suite("Changes of actions")
struct ActionUpdateTests {
  let workspace = TestWorkspace(performer: Performer { _ in .completed(result: [:], changes: []) })

  private func update(_ id: String, _ fields: JSONObject) throws -> JSONObject {
    let payload = try workspace.call(
      "pathbound_update_action", (["action_id": .string(id)] as JSONObject).adding(fields))
    return try #require(payload["action"]?.objectValue)
  }

  @Test("params are replaced as a whole and filled in anew")
  func params() throws {
    let contact = try workspace.contact("ada@example.com")
    let id = try workspace.queueMail(["contact_id": .string(contact), "message": "Old", "cc": ["bob@example.com"]])
    let action = try update(id, ["params": ["contact_id": .string(contact), "message": "New words"]])
    #expect(action["params"]?["subject"] == "New words")
    #expect(action["params"]?["email"] == "ada@example.com")
    #expect(action["params"]?["cc"] == nil)
    #expect(action["status"] == "pending_approval")
  }

  @Test("an approval is for what was approved: other params need a new one, and the log says so")
  func voidedApproval() throws {
    let id = try workspace.queue(["require_approval": true])
    _ = try workspace.call("pathbound_approve_action", ["action_id": .string(id), "action": "approve"])
    #expect(try update(id, ["scheduled_time": "2026-11-21T08:40:00Z"])["status"] == "approved")
    let action = try update(id, ["params": ["title": "Something else"]])
    #expect(action["status"] == "pending_approval" && action["require_approval"] == true)
    #expect(action["logs"]?.arrayValue?.last?["comment"]?.stringValue?.contains("approval") == true)
    workspace.clock.advance(seconds: 86_400)
    #expect(try workspace.work() == [])
  }

  @Test("a time in the past is due at once, a malformed one is refused")
  func time() throws {
    let id = try workspace.queue(["scheduled_time": "2030-01-01T00:00:00Z"])
    #expect(try workspace.work() == [])
    _ = try update(id, ["scheduled_time": "2020-01-01T00:00:00Z"])
    #expect(try workspace.work() == [id])
    #expect(
      try workspace.refusal(
        "pathbound_update_action", ["action_id": .string(id), "scheduled_time": "tomorrow"]
      ).code == .validation)
  }

  @Test("only the five fields can be changed, and at least one must be given")
  func fields() throws {
    let id = try workspace.queue()
    for fields: JSONObject in [
      [:], ["type": "create_note"], ["status": "approved"], ["direct": true], ["item_id": "x"],
    ] {
      let arguments = (["action_id": .string(id)] as JSONObject).adding(fields)
      #expect(try workspace.refusal("pathbound_update_action", arguments).code == .validation, "\(fields)")
    }
    #expect(
      try workspace.refusal("pathbound_update_action", ["action_id": "act_none", "description": "x"]).code
        == .notFound)
  }

  @Test("is in the audit log with the whole action before and after")
  func audit() throws {
    let id = try workspace.queue()
    _ = try update(id, ["params": ["title": "Write"]])
    let row = try #require(try AuditRows.read(workspace).last)
    #expect(row.hasPrefix("tests pathbound_update_action \(id) "))
    #expect(row.contains("Call back") && row.contains("Write"))
  }

  @Test("a cancelled action never runs")
  func cancel() throws {
    let id = try workspace.queue(["scheduled_time": "2026-11-21T08:40:00Z"])
    let payload = try workspace.call("pathbound_cancel_action", ["action_id": .string(id)])
    #expect(payload["action"]?["status"] == "cancelled")
    workspace.clock.advance(seconds: 86_400)
    #expect(try workspace.work() == [])
    let pending = try workspace.queue(["require_approval": true])
    #expect(
      try workspace.refusal("pathbound_cancel_action", ["action_id": .string(pending)]).message.contains("reject"))
  }
}
