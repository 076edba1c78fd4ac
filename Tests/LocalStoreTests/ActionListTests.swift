import JSON
import Service
import StoreSupport
import TestSupport
import Testing

@Suite("Action list")
struct ActionListTests {
  let workspace = TestWorkspace()

  private func list(_ arguments: JSONObject = [:]) throws -> (ids: [String], total: Int64?) {
    let payload = try workspace.call("pathbound_list_actions", arguments)
    return (payload.texts("action_id", of: "actions"), payload["pagination"]?["total_items"]?.integerValue)
  }

  @Test("without filter all actions come newest first, page by page")
  func pages() throws {
    let ids = try (0..<25).map { try workspace.queue(["item_id": .string("\($0)")]) }
    let first = try list()
    #expect(first.ids == Array(ids.reversed().prefix(20)))
    #expect(first.total == 25)
    #expect(try list(["skip": 20, "limit": 100]).ids == Array(ids.prefix(5).reversed()))
    let payload = try workspace.call("pathbound_list_actions", ["skip": 30, "limit": 7])
    #expect(payload["pagination"] == ["total_items": 25, "limit": 7, "skip": 30])
    #expect(payload["actions"] == [])
    #expect(try list(["sort_dir": "asc", "limit": 3]).ids == Array(ids.prefix(3)))
  }

  @Test("each filter finds its actions, alone and together")
  func filters() throws {
    let contact = try workspace.contact("ada@example.com")
    let note = try workspace.queue([
      "type": "create_note", "params": ["content": "x", "contact_id": .string(contact)], "list_id": "l1",
    ])
    let pending = try workspace.queue([
      "params": ["title": "x", "contact_id": .string(contact)], "require_approval": true, "item_id": "i1",
    ])
    let other = try workspace.queue()
    let expected: [(JSONObject, [String])] = [
      (["type": "create_note"], [note]), (["type": "create_task"], [other, pending]),
      (["status": "pending_approval"], [pending]), (["status": "failed"], []),
      (["contact_id": .string(contact)], [pending, note]), (["list_id": "l1"], [note]), (["item_id": "i1"], [pending]),
      (["identity_id": "id_default"], [other, pending, note]), (["contact_id": "ct_nobody"], []),
      (["agent_id": "ag_none"], []), (["company_id": "co_none"], []),
      (["contact_id": .string(contact), "status": "scheduled"], [note]),
      (["contact_id": .string(contact), "type": "create_task", "identity_id": "id_default"], [pending]),
    ]
    for (filter, ids) in expected {
      let found = try list(filter)
      #expect(found.ids == ids)
      #expect(found.total == Int64(ids.count))
    }
  }

  @Test("every field sorts, in both directions")
  func sorting() throws {
    let late = try workspace.queue(["scheduled_time": "2028-01-01", "item_id": "a"])
    workspace.clock.advance(seconds: 1)
    let pending = try workspace.queue(["require_approval": true, "scheduled_time": "2027-01-01"])
    workspace.clock.advance(seconds: 1)
    let escalation = try workspace.queue([
      "type": "escalate_to_human", "params": ["reason": "x"], "scheduled_time": "2029-01-01",
    ])
    workspace.clock.advance(seconds: 1)
    _ = try workspace.call("pathbound_approve_action", ["action_id": .string(pending), "action": "approve"])
    let ascending: [(String, [String])] = [
      ("created_at", [late, pending, escalation]), ("updated_at", [late, escalation, pending]),
      ("scheduled_time", [pending, late, escalation]), ("status", [pending, late, escalation]),
      ("type", [late, pending, escalation]),
    ]
    for (field, ids) in ascending {
      #expect(try list(["sort_by": .string(field), "sort_dir": "asc"]).ids == ids)
      #expect(try list(["sort_by": .string(field)]).ids == ids.reversed())
      #expect(try list(["sort_by": .string(field), "identity_id": "id_default"]).ids == ids.reversed())
    }
  }

  @Test("totals follow every transition")
  func totals() throws {
    let ids = try (0..<4).map { try workspace.queue(["item_id": .string("\($0)"), "require_approval": true]) }
    for id in ids.prefix(2) {
      _ = try workspace.call("pathbound_approve_action", ["action_id": .string(id), "action": "approve"])
    }
    _ = try workspace.call("pathbound_reject_action", ["action_id": .string(ids[2])])
    #expect(try workspace.work().count == 2)
    for (status, total) in [("pending_approval", 1), ("rejected", 1), ("completed", 2), ("approved", 0)] {
      #expect(try list(["status": .string(status)]).total == Int64(total))
    }
    #expect(try list().total == 4)
  }

  @Test("a list that would be too long for a model is cut at a whole row and says so")
  func cut() throws {
    for number in 0..<6 {
      let text = String(repeating: "\(number)", count: 15_000)
      try workspace.queue(["params": ["title": "x", "description": .string(text)]])
    }
    let payload = try workspace.call("pathbound_list_actions", ["limit": 100])
    let shown = try #require(payload["actions"]?.arrayValue?.count)
    #expect(shown > 0)
    #expect(payload["omitted"]?.integerValue == Int64(6 - shown))
    #expect(payload["advice"] != nil)
    #expect(payload["pagination"]?["total_items"] == 6)
  }
}
