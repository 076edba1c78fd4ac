import JSON
import Service
import StoreSupport
import Testing

@Suite("Many actions in one call")
struct ActionBulkTests {
  let workspace = TestWorkspace(performer: Performer { _ in .completed(result: [:], changes: []) })

  private func task(_ more: JSONObject = [:]) -> JSONValue {
    let task: JSONObject = ["type": "create_task", "params": ["title": "Call"], "identity_id": "id_default"]
    return .object(task.adding(more))
  }

  @Test("a bad one does not harm the others, and each has its result in the order of the call")
  func queue() throws {
    let payload = try workspace.call(
      "pathbound_bulk_queue_actions",
      [
        "actions": [
          task(), task(["params": ["titel": "x"]]), task(["require_approval": true]), task(["type": "send_email"]), [:],
          task(["dry_run": true]), task(["identity_id": "id_nobody"]),
        ]
      ])
    #expect(payload["processed"] == 2)
    #expect(payload["results"]?.arrayValue?.map { $0["success"] } == [true, false, true, false, false, false, false])
    #expect(payload["results"]?.arrayValue?.map { $0["index"] } == [0, 1, 2, 3, 4, 5, 6])
    #expect(payload["results"]?[2]?["status"] == "pending_approval")
    #expect(payload["failed"]?.arrayValue?.count == 5)
    #expect(payload["failed"]?[0]?["error"]?.stringValue?.contains("title") == true)
    #expect(payload["failed"]?[3]?["error"]?.stringValue?.contains("whole call") == true)
    #expect(try workspace.call("pathbound_list_actions")["pagination"]?["total_items"] == 2)
    #expect(try AuditRows.read(workspace).filter { $0.contains(" act_") }.count == 2)
  }

  @Test("a direct one is performed within the call, the others when they are due")
  func direct() throws {
    let payload = try workspace.call(
      "pathbound_bulk_queue_actions",
      ["actions": [task(["direct": true]), task(["scheduled_time": "2030-01-01T00:00:00Z"]), task(["direct": true])]])
    #expect(payload["results"]?.arrayValue?.map { $0["status"] } == ["completed", "scheduled", "completed"])
    #expect(payload["processed"] == 3)
  }

  @Test("a retried call gives the first receipt, with and without a key")
  func repeats() throws {
    for key: JSONObject in [[:], ["idempotency_key": "k"]] {
      let arguments = (["actions": [task(), task(["item_id": .string(key.isEmpty ? "a" : "b")])]] as JSONObject)
        .adding(key)
      let first = try workspace.answer("pathbound_bulk_queue_actions", arguments)
      let second = try workspace.answer("pathbound_bulk_queue_actions", arguments)
      #expect(!first.receipt.replayed && second.receipt.replayed)
      #expect(first.payload == second.payload)
    }
    #expect(try workspace.call("pathbound_list_actions")["pagination"]?["total_items"] == 4)
  }

  @Test("a retried call tells how the actions stand that the first one asked for at once")
  func repeatedDirect() throws {
    let arguments: JSONObject = [
      "actions": [task(["direct": true]), task(["params": ["x": 1]]), task(["item_id": "later"])],
      "idempotency_key": "k",
    ]
    let first = try workspace.answer("pathbound_bulk_queue_actions", arguments)
    let second = try workspace.answer("pathbound_bulk_queue_actions", arguments)
    #expect(second.receipt.replayed && first.payload == second.payload)
    let payload = try JSONValue(parsing: second.payload)
    #expect(payload["results"]?.arrayValue?.map { $0["status"] } == ["completed", nil, "scheduled"])
    #expect(payload["processed"] == 2)
    #expect(payload["failed"]?.arrayValue?.count == 1)
  }

  @Test("reviews decide on each by itself, a repeated id once")
  func review() throws {
    let ids = try (0..<3).map { try workspace.queue(["require_approval": true, "item_id": .string("\($0)")]) }
    let scheduled = try workspace.queue()
    let payload = try workspace.call(
      "pathbound_bulk_review_actions",
      [
        "action": "approve", "comment": "Fine",
        "action_ids": .array([ids[0], "act_none", scheduled, ids[1], ids[0]].map { .string($0) }),
      ])
    #expect(payload["processed"] == 2)
    #expect(
      payload["results"]?.arrayValue?.map { $0["action_id"]?.stringValue } == [ids[0], "act_none", scheduled, ids[1]])
    #expect(payload["results"]?.arrayValue?.map { $0["status"] } == ["approved", nil, "scheduled", "approved"])
    #expect(payload["failed"]?.arrayValue?.map { $0["action_id"]?.stringValue } == ["act_none", scheduled])
    #expect(try workspace.status(ids[2]) == "pending_approval")
    #expect(try workspace.action(ids[0])["logs"]?[1]?["comment"] == "Fine")
  }

  @Test("one to a hundred, no less and no more")
  func bounds() throws {
    let ids = (0..<101).map { JSONValue.string("act_\($0)") }
    for arguments: JSONObject in [
      ["action": "reject", "action_ids": []], ["action": "reject", "action_ids": .array(ids)],
    ] {
      #expect(try workspace.refusal("pathbound_bulk_review_actions", arguments).code == .validation)
    }
    #expect(
      try workspace.refusal("pathbound_bulk_review_actions", ["action": "edit", "action_ids": ["act_1"]]).details.first?
        .path == "/comment")
    // A hundred failures with long ids are an answer that a model can still be given.
    let long = (0..<100).map { JSONValue.string("act_\($0)" + String(repeating: "ü", count: 60)) }
    let payload = try workspace.call("pathbound_bulk_review_actions", ["action": "reject", "action_ids": .array(long)])
    #expect(payload["failed"]?.arrayValue?.count == 100)
    let many = try workspace.call(
      "pathbound_bulk_queue_actions", ["actions": .array((0..<100).map { _ in task(["params": ["x": 1]]) })])
    #expect(many["processed"] == 0)
  }

  @Test("process performs what is due, oldest first, as many as asked for")
  func process() throws {
    let late = try workspace.queue(["scheduled_time": "2026-11-21T08:29:00Z"])
    let early = try workspace.queue(["scheduled_time": "2026-11-21T08:00:00Z"])
    try workspace.queue(["scheduled_time": "2030-01-01T00:00:00Z"])
    let now = try workspace.queue()
    let first = try workspace.call("pathbound_process_actions", ["limit": 2], client: "ada")
    #expect(first["processed"] == 2 && first["failed"] == [])
    #expect(first.texts("action_id", of: "results") == [early, late])
    #expect(try workspace.action(early)["logs"]?[1]?["by"] == "ada")
    let second = try workspace.call("pathbound_process_actions")
    #expect(second.texts("action_id", of: "results") == [now])
    #expect(try workspace.call("pathbound_process_actions") == ["processed": 0, "failed": [], "results": []])
  }

  @Test("an action that fails is a failure of its own in the results")
  func failures() throws {
    let workspace = TestWorkspace()
    let id = try workspace.queue()
    let payload = try workspace.call("pathbound_process_actions")
    #expect(payload["processed"] == 0)
    #expect(payload["failed"] == [["action_id": .string(id), "error": "Nothing is done here."]])
    #expect(payload["results"]?[0]?["status"] == "failed")
  }

  @Test("a dry run of each shows what would happen, and changes nothing")
  func rehearsals() throws {
    let due = try workspace.queue()
    let pending = try workspace.queue(["require_approval": true])
    let processed = try workspace.call("pathbound_process_actions", ["dry_run": true])
    #expect(processed["would_perform"]?[0]?["action_id"] == .string(due))
    let reviewed = try workspace.call(
      "pathbound_bulk_review_actions",
      ["action": "approve", "action_ids": [.string(pending)], "dry_run": true])
    #expect(reviewed["results"]?[0]?["status"] == "approved")
    let queued = try workspace.call(
      "pathbound_bulk_queue_actions", ["actions": [task(["direct": true])], "dry_run": true])
    #expect(queued["would_perform"]?.arrayValue?.count == 1)
    #expect(try workspace.status(due) == "scheduled")
    #expect(try workspace.status(pending) == "pending_approval")
    #expect(try workspace.call("pathbound_list_actions")["pagination"]?["total_items"] == 2)
  }
}
