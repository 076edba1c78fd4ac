internal import JSON
internal import Operations
internal import Platform
internal import Service

/// Decisions on single actions (Pathbound API 11.5, 11.7).
extension Handlers {
  /// Approves, rejects or edits.
  static func approveAction(
    _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
  ) throws(ServiceError) -> ClaimedAction? {
    let event: ActionEvent
    switch call.arguments["action"]?.stringValue {
    case "approve": event = .approve
    case "reject": event = .reject
    default: event = .edit
    }
    let edit = ActionEdit(call.arguments)
    if event != .edit, let field = edit.fields.first {
      throw .invalid(
        "/" + field, "\(field) can be given only with action \"edit\". Edit first, then \(event.rawValue).")
    }
    return try decide(event, edit, transaction, call, &payload)
  }

  /// Rejects; the same as `approveAction` with `reject`.
  static func rejectAction(
    _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
  ) throws(ServiceError) -> ClaimedAction? {
    try decide(.reject, ActionEdit([:]), transaction, call, &payload)
  }

  /// Claims an action for the caller; on one that waits for a decision this is the approval and is logged as one.
  static func executeAction(
    _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
  ) throws(ServiceError) -> ClaimedAction? {
    let actor = call.actor
    let stored = try StoredAction.require(call.arguments["action_id"]?.stringValue ?? "", in: transaction)
    var action = stored
    // What can't be executed is refused in these words, not in those of the approval.
    _ = try ActionTransitions.apply(.execute, to: action.status)
    try OutreachCheck(action, in: transaction.reading).requireFree(in: transaction)
    if action.status == .pendingApproval {
      action = try Actions.transition(
        action, .approve, by: actor, comment: "Approved by executing it.", in: transaction)
    }
    let claimed = try Actions.claim(action, .execute, by: actor, in: transaction)
    transaction.audit(
      .action, action.row, before: Actions.statusText(stored.status), after: Actions.statusText(.running))
    try Actions.writeAlone(action.row, transaction.database, transaction.ids, into: &payload)
    return claimed
  }

  /// Withdraws an action that waits for its time or for the worker.
  static func cancelAction(
    _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
  ) throws(ServiceError) -> ClaimedAction? {
    try decide(.cancel, ActionEdit([:]), transaction, call, &payload)
  }

  /// Changes fields of an action that waits (Pathbound API 11.6).
  static func updateAction(
    _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
  ) throws(ServiceError) -> ClaimedAction? {
    let action = try StoredAction.require(call.arguments.text("action_id") ?? "", in: transaction)
    try ActionEdit(call.arguments).update(action, by: call.actor, in: transaction)
    try write(action.row, transaction, &payload)
    return nil
  }

  private static func decide(
    _ event: ActionEvent, _ edit: ActionEdit, _ transaction: WriteTransaction, _ call: Call,
    _ payload: inout JSONWriter
  ) throws(ServiceError) -> ClaimedAction? {
    let action = try StoredAction.require(call.arguments["action_id"]?.stringValue ?? "", in: transaction)
    let comment = try Actions.comment(call.arguments)
    if event == .edit {
      try edit.apply(to: action, comment: comment, by: call.actor, in: transaction)
    } else {
      _ = try Actions.decide(action, event, by: call.actor, comment: comment, in: transaction)
    }
    try write(action.row, transaction, &payload)
    return nil
  }

  /// Writes the action as it now is, and what would keep it from being performed.
  private static func write(
    _ row: Int64, _ transaction: WriteTransaction, _ payload: inout JSONWriter
  ) throws(ServiceError) {
    payload.beginObject()
    payload.key("action")
    try Actions.writeWhole(row, transaction.database, transaction.ids, into: &payload)
    if let action = try StoredAction.find(row, in: transaction.database), action.status.isOpen {
      payload.obstacles(try OutreachCheck(action, in: transaction.reading).obstacles())
    }
    payload.endObject()
  }
}
