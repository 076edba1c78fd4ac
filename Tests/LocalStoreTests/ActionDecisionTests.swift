import JSON
import Service
import StoreSupport
import TestSupport
import Testing

@Suite("Decisions on actions")
struct ActionDecisionTests {
  let workspace = TestWorkspace(performer: Performer { _ in .completed(result: [:], changes: []) })

  private func decide(_ id: String, _ word: String, _ more: JSONObject = [:], client: String = "ada") throws
    -> JSONObject
  {
    var arguments: JSONObject = ["action_id": .string(id), "action": .string(word)]
    for (key, value) in more { arguments[key] = value }
    let payload = try workspace.call("pathbound_approve_action", arguments, client: client)
    return try #require(payload["action"]?.objectValue)
  }

  private func pending(_ arguments: JSONObject = [:]) throws -> String {
    var whole = arguments
    whole["require_approval"] = true
    return try workspace.queue(whole)
  }

  @Test("an approved action is queued and keeps its time; the log says who and why")
  func approve() throws {
    let id = try pending(["scheduled_time": "2026-12-01T00:00:00Z"])
    workspace.clock.advance(seconds: 5)
    let action = try decide(id, "approve", ["comment": "Fine"])
    #expect(action["status"] == "approved")
    #expect(action["scheduled_time"] == "2026-12-01T00:00:00.000Z")
    #expect(action["updated_at"] == "2026-11-21T08:30:05.000Z")
    #expect(
      action["logs"]?[1] == [
        "at": "2026-11-21T08:30:05.000Z", "event": "approve", "from": "pending_approval", "to": "approved",
        "by": "ada", "comment": "Fine",
      ])
    #expect(try workspace.work() == [])
    workspace.clock.advance(seconds: 864_000)
    #expect(try workspace.work() == [id])
  }

  @Test("rejecting is the same by both tools, and nothing leads back")
  func reject() throws {
    let (one, other) = (try pending(["item_id": "1"]), try pending(["item_id": "2"]))
    #expect(try decide(one, "reject")["status"] == "rejected")
    let payload = try workspace.call("pathbound_reject_action", ["action_id": .string(other), "comment": "No"])
    #expect(payload["action"]?["status"] == "rejected")
    #expect(payload["action"]?["logs"]?[1]?["comment"] == "No")
    for word in ["approve", "reject", "edit"] {
      let error = try #require(throws: ServiceError.self) { try decide(one, word, ["comment": "x"]) }
      #expect(error.code == .conflict)
    }
    #expect(try workspace.work() == [])
  }

  @Test("deciding twice is a conflict that names the status and what is possible from it")
  func twice() throws {
    let id = try pending()
    _ = try decide(id, "approve")
    let error = try #require(throws: ServiceError.self) { try decide(id, "approve") }
    #expect(error.code == .conflict)
    #expect(error.message.contains("approved") && error.message.contains("cancel"))
    #expect(try workspace.action(id)["logs"]?.arrayValue?.count == 2)
  }

  @Test("an edit replaces what it gives, is filled in anew, and the action still waits")
  func edit() throws {
    let contact = try workspace.contact("ada@example.com")
    let id = try workspace.queueMail(["contact_id": .string(contact), "message": "Old"])
    let edited = try decide(
      id, "edit",
      [
        "params": ["contact_id": .string(contact), "message": "New words\nmore"], "description": "Shorter",
        "scheduled_time": "2026-12-24T00:00:00Z", "comment": "Shorten it",
      ])
    #expect(edited["status"] == "pending_approval")
    #expect(edited["params"]?["subject"] == "New words" && edited["params"]?["email"] == "ada@example.com")
    #expect(edited["description"] == "Shorter")
    #expect(edited["scheduled_time"] == "2026-12-24T00:00:00.000Z")
    #expect(edited["logs"]?[1]?["event"] == "edit" && edited["logs"]?[1]?["comment"] == "Shorten it")
  }

  @Test("an edit that breaks a rule changes nothing")
  func badEdit() throws {
    let id = try pending()
    let before = try workspace.action(id)
    for more: JSONObject in [
      ["params": ["titel": "x"]], ["identity_id": "id_nobody"], [:],
      ["params": ["title": "x"], "identity_id": "id_no"],
    ] {
      #expect(throws: ServiceError.self) { try decide(id, "edit", more) }
      #expect(try workspace.action(id) == before)
    }
  }

  @Test("fields to edit are refused beside another decision, so that nothing else is approved than was seen")
  func fieldsBesideApproval() throws {
    let id = try pending()
    let error = try #require(throws: ServiceError.self) { try decide(id, "approve", ["params": ["title": "Other"]]) }
    #expect(error.details.first?.path == "/params")
    #expect(try workspace.status(id) == "pending_approval")
  }

  @Test("executing ignores the time and answers with the outcome")
  func execute() throws {
    let id = try workspace.queue(["scheduled_time": "2030-01-01T00:00:00Z"])
    let payload = try workspace.call("pathbound_execute_action", ["action_id": .string(id)])
    #expect(payload["action"]?["status"] == "completed")
    let again = try workspace.answer("pathbound_execute_action", ["action_id": .string(id)])
    #expect(again.receipt.replayed)
    #expect(try JSONValue(parsing: again.payload) == .object(payload))
    workspace.clock.advance(seconds: 61)
    #expect(try workspace.refusal("pathbound_execute_action", ["action_id": .string(id)]).code == .conflict)
  }

  @Test("executing a pending action is its approval, by that caller, and is logged as one")
  func executePending() throws {
    let id = try pending()
    let payload = try workspace.call("pathbound_execute_action", ["action_id": .string(id)], client: "grace")
    #expect(payload["action"]?["status"] == "completed")
    let log = try #require(try workspace.action(id)["logs"]?.arrayValue)
    #expect(log.compactMap { $0["event"]?.stringValue } == ["create", "approve", "execute", "succeed"])
    #expect(log.dropFirst().allSatisfy { $0["by"] == "grace" })
  }

  @Test("a decision is in the audit log with the status before and after")
  func audit() throws {
    let id = try pending()
    _ = try decide(id, "approve")
    let rows = try AuditRows.read(workspace)
    #expect(
      rows.last == "ada pathbound_approve_action \(id) {\"status\":\"pending_approval\"} {\"status\":\"approved\"}")
  }
}
