internal import JSON
internal import Operations
internal import Platform
internal import Service

/// An action that a caller has queued (Pathbound API 11.5, rows 1 to 5).
struct QueuedAction {
  /// As it was stored.
  let action: StoredAction
  /// What the server filled in.
  let resolved: JSONObject
  /// What stands against performing it now.
  let obstacles: [OutreachObstacle]
  /// To be performed at once.
  let isDirect: Bool

  /// Checks and stores an action as `pathbound_queue_action` takes it.
  ///
  /// - Throws: `VALIDATION_ERROR`; `FORBIDDEN` when it is to be done at once and a rule stands against it.
  init(_ arguments: JSONObject, by actor: String, in transaction: WriteTransaction) throws(ServiceError) {
    let draft = try ActionDraft(arguments: arguments, in: transaction.reading)
    let content = draft.content
    let params = (try? JSONValue(parsing: content.params))?.objectValue ?? [:]
    let check = OutreachCheck(
      type: content.type.name, params: params, contact: content.contact, in: transaction.reading)
    isDirect = draft.isDirect && !draft.requiresApproval
    if isDirect { try check.requireFree(in: transaction) }
    obstacles = try check.obstacles()
    resolved = content.resolved
    action = try Actions.insert(
      draft, draft.requiresApproval ? .pendingApproval : .scheduled, by: actor, in: transaction)
    transaction.audit(.action, action.row, after: try Actions.serialized(action.row, in: transaction))
  }
}

extension JSONWriter {
  /// Writes `blocked_by` with rule, reason and end of each obstacle; nothing when there are none.
  mutating func obstacles(_ obstacles: [OutreachObstacle]) {
    guard !obstacles.isEmpty else { return }
    key("blocked_by")
    value(.array(obstacles.map { .object($0.json) }))
  }
}
