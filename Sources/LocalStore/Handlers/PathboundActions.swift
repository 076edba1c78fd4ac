internal import JSON
internal import Platform
internal import Service

extension Handlers {
  static let pathboundActions: [String: Handler] = [
    "pathbound_queue_action": .write(queueAction),
    "pathbound_bulk_queue_actions": .write(bulkQueueActions),
    "pathbound_list_actions": .read(listActions, isQuick: ActionList.isQuick),
    "pathbound_get_action": .quickRead(getAction),
    "pathbound_update_action": .write(updateAction),
    "pathbound_execute_action": .write(executeAction),
    "pathbound_cancel_action": .write(cancelAction),
    "pathbound_approve_action": .write(approveAction),
    "pathbound_reject_action": .write(rejectAction),
    "pathbound_bulk_review_actions": .write(bulkReviewActions),
    "pathbound_process_actions": .write(processActions),
    "pathbound_review_pending_actions": .slowRead(reviewPendingActions),
  ]

  /// Stores an action, or has it done at once (Pathbound API 11.5, rows 1 to 5).
  private static func queueAction(
    _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
  ) throws(ServiceError) -> ClaimedAction? {
    let actor = call.actor
    let queued = try QueuedAction(call.arguments, by: actor, in: transaction)
    var action = queued.action
    var claimed: ClaimedAction?
    if queued.isDirect {
      claimed = try Actions.claim(action, .execute, by: actor, in: transaction)
      action.status = .running
      transaction.audit(.action, action.row, after: try Actions.serialized(action.row, in: transaction))
    }
    payload.beginObject()
    payload.key("action_id")
    transaction.ids.write(.action, action.row, into: &payload)
    payload.key("status")
    payload.string(action.status.rawValue)
    if !queued.resolved.isEmpty {
      // What the caller left to us and a person should see before it is sent.
      payload.key("resolved")
      payload.value(.object(queued.resolved))
    }
    payload.obstacles(queued.obstacles)
    payload.endObject()
    return claimed
  }

  /// One action with its log (API 11.2).
  private static func getAction(
    _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
  ) throws(ServiceError) {
    let id = arguments["action_id"]?.stringValue ?? ""
    let row = try transaction.ids.require(.action, id)
    try transaction.onOneState { () throws(ServiceError) in
      try Actions.writeAlone(row, transaction.database, transaction.ids, into: &payload)
    }
  }

  /// Newest first, unless asked otherwise (API 11.11).
  private static func listActions(
    _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
  ) throws(ServiceError) {
    let page = PageRequest(arguments, skipping: "skip")
    let list = ActionList(arguments, transaction.ids)
    var rows = RowList(limit: page.byteLimit)
    payload.beginObject()
    let total = try transaction.onOneState { () throws(ServiceError) in
      try ActionList.shape.answer(list, page, transaction) { statement throws(ServiceError) in
        try rows.write("actions", statement, into: &payload) { row, payload throws(ServiceError) in
          Actions.write(row, transaction.ids, into: &payload)
        }
        return rows.met
      }
    }
    payload.key("pagination")
    payload.beginObject()
    payload.key("total_items")
    payload.integer(total)
    payload.key("limit")
    payload.integer(page.limit)
    payload.key("skip")
    payload.integer(page.offset)
    payload.endObject()
    rows.writeOmission(
      advice: "\"Left out because the answer would be too long: use a smaller limit, skip or a filter.\"",
      into: &payload)
    payload.endObject()
  }
}
