internal import JSON
internal import Platform
internal import Service

extension Handlers {
  static let pathboundActions: [String: Handler] = [
    "pathbound_queue_action": .write(queueAction),
    "pathbound_list_actions": .read(listActions, isQuick: ActionList.isQuick),
    "pathbound_get_action": .quickRead(getAction),
    "pathbound_execute_action": .write(executeAction),
    "pathbound_approve_action": .write(approveAction),
    "pathbound_reject_action": .write(rejectAction),
  ]

  /// Stores an action, or has it done at once (Pathbound API 11.5, rows 1 to 5).
  private static func queueAction(
    _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
  ) throws(ServiceError) -> ClaimedAction? {
    let draft = try ActionDraft(arguments: call.arguments, in: transaction.reading)
    let actor = call.caller.client
    let status: ActionStatus = draft.requiresApproval ? .pendingApproval : .scheduled
    var action = try Actions.insert(draft, status, by: actor, in: transaction)
    var claimed: ClaimedAction?
    if draft.isDirect && !draft.requiresApproval {
      claimed = try Actions.claim(action, .execute, by: actor, in: transaction)
      action.status = .running
    }
    transaction.audit(.action, action.row, after: try Actions.serialized(action.row, in: transaction))
    payload.beginObject()
    payload.key("action_id")
    transaction.ids.write(.action, action.row, into: &payload)
    payload.key("status")
    payload.string(action.status.rawValue)
    if !draft.content.resolved.isEmpty {
      // What the caller left to us and a person should see before it is sent.
      payload.key("resolved")
      payload.value(.object(draft.content.resolved))
    }
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
