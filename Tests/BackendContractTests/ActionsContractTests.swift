import JSON
import Service
import StoreSupport
import TestSupport
import Testing

/// What a caller may rely on whoever serves the platform: the actions page of the API, example by example.
@Suite("Contract: actions", .serialized)
struct ActionsContractTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func workspace(_ place: Place) -> TestWorkspace {
    place.workspace(folder, performer: Performer { _ in .completed(result: ["done": true], changes: []) })
  }

  private func contact(_ workspace: TestWorkspace) throws -> JSONValue {
    let created = try workspace.call(
      "pathbound_create_contact", ["email": "ada@example.com", "properties": ["firstname": "Ada"]])
    return try #require(created["contact"]?["contact_id"])
  }

  private func task(_ workspace: TestWorkspace, _ more: JSONObject = [:]) throws -> JSONValue {
    var arguments: JSONObject = ["type": "create_task", "params": ["title": "Call"], "identity_id": "id_default"]
    for (key, value) in more { arguments[key] = value }
    return try #require(try workspace.call("pathbound_queue_action", arguments)["action_id"])
  }

  private func status(_ id: JSONValue, _ workspace: TestWorkspace) throws -> JSONValue? {
    try workspace.call("pathbound_get_action", ["action_id": id])["action"]?["status"]
  }

  @Test("the documented e-mail is queued for approval and answered with its id", arguments: Place.allCases)
  func documentedEmail(place: Place) throws {
    let workspace = workspace(place)
    let contact = try contact(workspace)
    let queued = try workspace.call(
      "pathbound_queue_action",
      [
        "type": "email_message",
        "params": [
          "email": "ada@example.com", "subject": "Following up", "message": "Hi — circling back on yesterday's demo.",
          "contact_id": contact,
        ],
        "identity_id": "id_default", "require_approval": true,
      ])
    let id = try #require(queued["action_id"])
    let action = try workspace.call("pathbound_get_action", ["action_id": id])["action"]
    #expect(action?["status"] == "pending_approval")
    #expect(action?["params"]?["message"] == "Hi — circling back on yesterday's demo.")
    #expect(action?["contact_id"] == contact && action?["type"] == "email_message")
    #expect(action?["logs"]?.arrayValue?.count == 1)
    for key in ["_id", "action_id", "identity_id", "direct", "scheduled_time", "created_at", "updated_at"] {
      #expect(action?[key] != nil, "\(key)")
    }
  }

  @Test(
    "the quickstart's e-mail names a contact alone, and waits until somebody approves it", arguments: Place.allCases)
  func quickstartEmail(place: Place) throws {
    let workspace = workspace(place)
    let contact = try contact(workspace)
    let text = "Hi Ada — saw you were back on the pricing page yesterday. Worth a quick call?"
    let queued = try workspace.call(
      "pathbound_queue_action",
      [
        "type": "email_message",
        "params": ["contact_id": contact, "subject": "Following up", "message": .string(text)],
        "identity_id": "id_default", "require_approval": true,
      ])
    let id = try #require(queued["action_id"])
    let action = try workspace.call("pathbound_get_action", ["action_id": id])["action"]
    #expect(action?["status"] == "pending_approval" && action?["params"]?["message"] == .string(text))
    #expect(action?["params"]?["email"] != nil, "the address is filled in, for the reviewer to see")
    _ = try workspace.call("pathbound_approve_action", ["action_id": id, "action": "approve"])
    #expect(try status(id, workspace) == "approved")
  }

  @Test("the documented params of each type are accepted", arguments: Place.allCases)
  func documentedParams(place: Place) throws {
    let workspace = workspace(place)
    let contact = try contact(workspace)
    let types: [(String, JSONObject)] = [
      (
        "email_message",
        [
          "email": "ada@example.com", "subject": "Hi", "message": "Hello", "html": "<p>Hello</p>",
          "cc": ["bob@example.com"], "bcc": ["eve@example.com"], "contact_id": contact,
        ]
      ),
      ("email_message", ["contact_id": contact, "message": "Hello"]),
      (
        "linkedin_connection",
        ["linkedin_url": "https://www.linkedin.com/in/ada", "message": "Hi", "contact_id": contact]
      ),
      ("create_note", ["content": "Likes tea", "contact_id": contact]),
      (
        "create_task",
        ["title": "Call", "description": "Ask", "due_date": "2026-12-01", "contact_id": contact]
      ),
      ("update_contact", ["contact_id": contact, "properties": ["plan": "pro"]]),
      ("update_lifecycle_stage", ["contact_id": contact, "lifecycle_stage": "mql"]),
      ("escalate_to_human", ["reason": "Angry", "contact_id": contact]),
      ("send_slack_message", ["channel": "#sales", "message": "New lead"]),
      ("sync_to_crm", ["contact_id": contact]),
      (
        "resend_send_email",
        ["to": "ada@example.com", "from": "Team <team@example.com>", "subject": "Hi", "text": "Hello"]
      ),
      ("resend_create_contact", ["audience_id": "aud_1", "email": "ada@example.com", "first_name": "Ada"]),
      (
        "resend_create_broadcast",
        ["audience_id": "aud_1", "from": "team@example.com", "subject": "News", "html": "<p>News</p>"]
      ),
      ("mcp_tool_call", ["server": "calendar", "tool": "find_slot", "arguments": ["days": 3]]),
    ]
    for (type, params) in types {
      let queued = try workspace.call(
        "pathbound_queue_action",
        ["type": .string(type), "params": .object(params), "identity_id": "id_default", "require_approval": true])
      #expect(queued["status"] == "pending_approval", "\(type)")
    }
  }

  @Test("flags decide where an action begins", arguments: Place.allCases)
  func beginnings(place: Place) throws {
    let workspace = workspace(place)
    let rows: [(JSONObject, JSONValue)] = [
      (["require_approval": true], "pending_approval"),
      (["require_approval": true, "direct": true], "pending_approval"),
      (["require_approval": true, "direct": true, "scheduled_time": "2030-01-01T00:00:00Z"], "pending_approval"),
      (["direct": true], "completed"),
      (["scheduled_time": "2030-01-01T00:00:00Z"], "scheduled"),
      ([:], "scheduled"),
    ]
    for (position, row) in rows.enumerated() {
      var arguments = row.0
      arguments["item_id"] = .string("\(position)")
      #expect(try status(task(workspace, arguments), workspace) == row.1, "\(row.0)")
    }
    let error = try #require(throws: ServiceError.self) {
      try task(workspace, ["direct": true, "scheduled_time": "2030-01-01T00:00:00Z"])
    }
    #expect(error.code == .validation)
  }

  @Test("list filters, sorts and pages by skip and limit", arguments: Place.allCases)
  func list(place: Place) throws {
    let workspace = workspace(place)
    let contact = try contact(workspace)
    let first = try task(workspace, ["list_id": "l", "item_id": "1"])
    workspace.clock.advance(seconds: 1)
    let second = try task(
      workspace, ["item_id": "2", "params": ["title": "x", "contact_id": contact], "require_approval": true])
    func ids(_ filter: JSONObject) throws -> [JSONValue] {
      try #require(try workspace.call("pathbound_list_actions", filter)["actions"]?.arrayValue).compactMap {
        $0["action_id"]
      }
    }
    #expect(try ids([:]) == [second, first])
    #expect(try ids(["sort_dir": "asc"]) == [first, second])
    #expect(try ids(["status": "pending_approval"]) == [second])
    #expect(try ids(["type": "email_message"]) == [])
    #expect(try ids(["list_id": "l"]) == [first])
    #expect(try ids(["item_id": "2"]) == [second])
    #expect(try ids(["contact_id": contact]) == [second])
    #expect(try ids(["identity_id": "id_default", "limit": 1, "skip": 1]) == [first])
    for key in ["created_at", "updated_at", "scheduled_time", "status", "type"] {
      #expect(try ids(["sort_by": .string(key)]).count == 2)
    }
    #expect(
      try workspace.call("pathbound_list_actions", ["limit": 1])["pagination"] == [
        "total_items": 2, "limit": 1, "skip": 0,
      ])
    for bad: JSONObject in [["limit": 0], ["limit": 101], ["status": "done"], ["sort_by": "params"]] {
      #expect(try #require(throws: ServiceError.self) { try ids(bad) }.code == .validation)
    }
  }

  @Test("decisions, changes and withdrawals lead where they should", arguments: Place.allCases)
  func decisions(place: Place) throws {
    let workspace = workspace(place)
    func decide(_ tool: String, _ id: JSONValue, _ more: JSONObject = [:]) throws -> JSONValue? {
      var arguments = more
      arguments["action_id"] = id
      return try workspace.call(tool, arguments)["action"]?["status"]
    }
    let later: JSONObject = ["scheduled_time": "2030-01-01T00:00:00Z", "require_approval": true]
    let approved = try task(workspace, later)
    #expect(
      try decide("pathbound_approve_action", approved, ["action": "edit", "comment": "Shorter"]) == "pending_approval")
    #expect(try decide("pathbound_approve_action", approved, ["action": "approve", "comment": "Fine"]) == "approved")
    #expect(try decide("pathbound_update_action", approved, ["description": "Why"]) == "approved")
    #expect(try decide("pathbound_cancel_action", approved) == "cancelled")
    #expect(
      try #require(throws: ServiceError.self) { try decide("pathbound_execute_action", approved) }.code == .conflict)
    let rejected = try task(workspace, ["require_approval": true, "item_id": "2"])
    #expect(try decide("pathbound_reject_action", rejected, ["comment": "No"]) == "rejected")
    let executed = try task(workspace, ["require_approval": true, "item_id": "3"])
    #expect(try decide("pathbound_execute_action", executed) == "completed")
    let action = try workspace.call("pathbound_get_action", ["action_id": executed])["action"]
    #expect(action?["result"]?["done"] == true && action?["executed_at"] != nil)
  }

  @Test("many are queued, reviewed and processed with one result for each", arguments: Place.allCases)
  func bulk(place: Place) throws {
    let workspace = workspace(place)
    let item: JSONValue = [
      "type": "create_task", "params": ["title": "Call"], "identity_id": "id_default", "require_approval": true,
    ]
    let queued = try workspace.call("pathbound_bulk_queue_actions", ["actions": [item, ["type": "none"], item]])
    #expect(queued["processed"] == 2 && queued["failed"]?.arrayValue?.count == 1)
    let ids = queued["results"]?.arrayValue?.compactMap { $0["action_id"] } ?? []
    let reviewed = try workspace.call(
      "pathbound_bulk_review_actions", ["action": "approve", "action_ids": .array(ids + ["act_none"])])
    #expect(reviewed["processed"] == 2)
    #expect(reviewed["results"]?.arrayValue?.count == 3)
    let processed = try workspace.call("pathbound_process_actions", ["limit": 20])
    #expect(processed["processed"] == 2 && processed["failed"] == [])
    #expect(try ids.allSatisfy { try status($0, workspace) == "completed" })
  }

  @Test("a retried call is answered with the first receipt", arguments: Place.allCases)
  func repeats(place: Place) throws {
    let workspace = workspace(place)
    let arguments: JSONObject = ["type": "create_task", "params": ["title": "Call"], "identity_id": "id_default"]
    let first = try workspace.answer("pathbound_queue_action", arguments)
    let second = try workspace.answer("pathbound_queue_action", arguments)
    #expect(second.receipt.replayed && first.payload == second.payload)
    workspace.clock.advance(seconds: 61)
    #expect(try !workspace.answer("pathbound_queue_action", arguments).receipt.replayed)
    var keyed = arguments
    keyed["idempotency_key"] = "once"
    _ = try workspace.answer("pathbound_queue_action", keyed)
    workspace.clock.advance(seconds: 864_000)
    #expect(try workspace.answer("pathbound_queue_action", keyed).receipt.replayed)
    let id = try task(workspace, ["item_id": "execute"])
    let executed = try workspace.answer("pathbound_execute_action", ["action_id": id])
    let again = try workspace.answer("pathbound_execute_action", ["action_id": id])
    #expect(again.receipt.replayed && again.payload == executed.payload)
  }

  @Test("what waits is shown with the calls that decide", arguments: Place.allCases)
  func review(place: Place) throws {
    let workspace = workspace(place)
    let id = try task(workspace, ["require_approval": true, "description": "Asked for a call"])
    let entry = try workspace.call("pathbound_review_pending_actions")["pending"]?[0]
    #expect(entry?["action_id"] == id && entry?["reason"] == "Asked for a call")
    #expect(entry?["decide"]?["approve"]?["tool"] == "pathbound_approve_action")
  }

  @Test("rules for outreach are kept", arguments: Place.allCases)
  func rules(place: Place) throws {
    let workspace = workspace(place)
    _ = try workspace.call("pathbound_save_outreach_rules", ["suppress": ["ada@example.com"]])
    let payload = try workspace.call("pathbound_get_outreach_rules")
    #expect(payload["suppressions"]?[0]?["value"] == "ada@example.com")
  }
}
