internal import JSON
internal import Operations
internal import Platform
internal import Service

extension Handlers {
  static let history: [String: Handler] = [
    "pathbound_list_changes": .slowRead(listChanges),
    "pathbound_undo_change": .write(undoChange),
  ]
}

/// `changes`, newest first, each with what it did and whether it can be taken back.
private func listChanges(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  try transaction.onOneState { () throws(ServiceError) in
    try ChangeList(arguments, transaction.ids).write(transaction, into: &payload)
  }
}

/// Takes a change back: `undo_id` is the change that this is itself.
private func undoChange(
  _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
) throws(ServiceError) -> ClaimedAction? {
  let change = try LoggedChange.require(call.arguments.text("change_id") ?? "", transaction.reading)
  let plan: UndoPlan
  switch try UndoPlan.make(change, transaction.reading) {
  case .success(let made): plan = made
  case .failure(let obstacle): throw obstacle.error
  }
  let notes = try Undo(plan: plan, actor: call.actor, transaction: transaction).perform()
  payload.beginObject()
  payload.key("undone")
  transaction.ids.write(.change, change.row, into: &payload)
  payload.key("undo_id")
  // The row of this call in the log is the next one.
  let next = try (transaction.database.integer("SELECT max(id) FROM audit_log") ?? 0) + 1
  transaction.ids.write(.change, next, into: &payload)
  payload.key("tool")
  payload.string(change.tool)
  if let record = change.record {
    payload.key("record")
    payload.string(record)
  }
  if !change.summary.isEmpty {
    payload.key("summary")
    payload.string(change.summary)
  }
  payload.key("rows")
  payload.integer(Int64(plan.steps.count))
  if !notes.isEmpty {
    payload.key("notes")
    payload.value(.array(notes.map { .string($0) }))
  }
  payload.endObject()
  return nil
}
