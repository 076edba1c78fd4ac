import JSON
import LocalStore
import Service
import StoreSupport
import Testing

/// Every operation on an action meets every status (Pathbound API 11.5); what is expected is written down here again, so
/// that a slip in the program's own table shows.
@Suite("Operations and statuses")
struct ActionMatrixTests {
  /// A call that may move an action.
  enum Step: String, CaseIterable {
    case approve, reject, edit, rejectTool, bulkApprove, bulkReject, bulkEdit, execute, cancel, process
    case describe, postpone, requireApproval, waiveApproval, newParams, sameParams, newIdentity
  }

  private let workspace: TestWorkspace
  private let other: String

  init() throws {
    workspace = TestWorkspace(performer: Performer { _ in .completed(result: [:], changes: []) })
    other = "id_other"
  }

  /// What becomes of it; nil when the call must be refused.
  private static func expected(_ status: ActionStatus, _ step: Step) -> ActionStatus? {
    switch step {
    case .approve, .bulkApprove: status == .pendingApproval ? .approved : nil
    case .reject, .rejectTool, .bulkReject: status == .pendingApproval ? .rejected : nil
    case .edit, .bulkEdit: status == .pendingApproval ? status : nil
    case .execute: [.scheduled, .pendingApproval, .approved, .autoApproved].contains(status) ? .completed : nil
    case .cancel: [.scheduled, .approved, .autoApproved].contains(status) ? .cancelled : nil
    // Takes what is due and refuses nothing.
    case .process: [.scheduled, .approved, .autoApproved].contains(status) ? .completed : status
    case .describe, .postpone, .waiveApproval, .sameParams: isEditable(status) ? status : nil
    case .requireApproval: isEditable(status) ? .pendingApproval : nil
    // What was released is not what would run any more.
    case .newParams:
      isEditable(status) ? (status == .scheduled ? .scheduled : .pendingApproval) : nil
    case .newIdentity: nil
    }
  }

  private static func isEditable(_ status: ActionStatus) -> Bool {
    switch status {
    case .scheduled, .pendingApproval, .approved, .autoApproved: true
    case .running, .completed, .failed, .rejected, .cancelled: false
    }
  }

  /// A new action with that status.
  private func action(_ status: ActionStatus) throws -> String {
    switch status {
    case .scheduled: return try workspace.queue()
    case .pendingApproval: return try workspace.queue(["require_approval": true])
    case .approved:
      let id = try action(.pendingApproval)
      _ = try workspace.call("pathbound_approve_action", ["action_id": .string(id), "action": "approve"])
      return id
    case .autoApproved:
      let fixture = try RunFixture(workspace)
      _ = try fixture.trigger([try workspace.contact("ada@example.com")])
      try fixture.work { _ in [.task("Call back", needsApproval: false)] }
      let list = try workspace.call("pathbound_list_actions", ["status": "auto_approved"])
      return try #require(list["actions"]?[0]?["action_id"]?.stringValue)
    case .rejected:
      let id = try action(.pendingApproval)
      _ = try workspace.call("pathbound_reject_action", ["action_id": .string(id)])
      return id
    case .cancelled:
      let id = try action(.scheduled)
      _ = try workspace.call("pathbound_cancel_action", ["action_id": .string(id)])
      return id
    case .running:
      let id = try action(.scheduled)
      #expect(try workspace.store.claimDueAction()?.id == id)
      return id
    case .completed, .failed:
      let id = try action(.scheduled)
      try workspace.work(status == .failed ? .failed("No line.") : .completed(result: [:], changes: []))
      return id
    }
  }

  private func take(_ step: Step, _ id: String) throws {
    let one: JSONObject = ["action_id": .string(id)]
    func with(_ more: JSONObject) -> JSONObject { one.adding(more) }
    func bulk(_ word: String) throws {
      let payload = try workspace.call(
        "pathbound_bulk_review_actions",
        ["action": .string(word), "action_ids": [.string(id)], "comment": "Seen"])
      #expect(payload["results"]?.arrayValue?.count == 1)
      if let error = payload["failed"]?[0]?["error"]?.stringValue { throw ServiceError(.conflict, error) }
    }
    switch step {
    case .approve: _ = try workspace.call("pathbound_approve_action", with(["action": "approve"]))
    case .reject: _ = try workspace.call("pathbound_approve_action", with(["action": "reject"]))
    case .edit: _ = try workspace.call("pathbound_approve_action", with(["action": "edit", "comment": "Shorter"]))
    case .rejectTool: _ = try workspace.call("pathbound_reject_action", one)
    case .bulkApprove: try bulk("approve")
    case .bulkReject: try bulk("reject")
    case .bulkEdit: try bulk("edit")
    case .execute: _ = try workspace.call("pathbound_execute_action", one)
    case .cancel: _ = try workspace.call("pathbound_cancel_action", one)
    case .process: _ = try workspace.call("pathbound_process_actions")
    case .describe: _ = try workspace.call("pathbound_update_action", with(["description": "Why"]))
    case .postpone:
      _ = try workspace.call("pathbound_update_action", with(["scheduled_time": "2030-01-01T00:00:00Z"]))
    case .requireApproval: _ = try workspace.call("pathbound_update_action", with(["require_approval": true]))
    case .waiveApproval: _ = try workspace.call("pathbound_update_action", with(["require_approval": false]))
    case .newParams: _ = try workspace.call("pathbound_update_action", with(["params": ["title": "Other"]]))
    case .sameParams: _ = try workspace.call("pathbound_update_action", with(["params": ["title": "Call back"]]))
    case .newIdentity: _ = try workspace.call("pathbound_update_action", with(["identity_id": .string(other)]))
    }
  }

  @Test("do together what the API's table says, and nothing else", arguments: ActionStatus.allCases, Step.allCases)
  func matrix(_ status: ActionStatus, _ step: Step) throws {
    let id = try action(status)
    #expect(try workspace.status(id) == status.rawValue)
    let before = try workspace.action(id)
    if let expected = Self.expected(status, step) {
      try take(step, id)
      #expect(try workspace.status(id) == expected.rawValue)
      return
    }
    let refusal = try #require(throws: ServiceError.self) { try take(step, id) }
    if step != .newIdentity {
      #expect(refusal.code == .conflict)
      #expect(refusal.message.contains(status.rawValue))
    }
    #expect(try workspace.action(id) == before)
  }
}

extension JSONObject {
  /// With the members of another object in place of those of the same name.
  func adding(_ more: JSONObject) -> JSONObject {
    var whole = self
    for (key, value) in more { whole[key] = value }
    return whole
  }
}
