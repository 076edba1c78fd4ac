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
    let actor = call.caller.client
    let stored = try StoredAction.require(call.arguments["action_id"]?.stringValue ?? "", in: transaction)
    var action = stored
    // What can't be executed is refused in these words, not in those of the approval.
    _ = try ActionTransitions.apply(.execute, to: action.status)
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

  private static func decide(
    _ event: ActionEvent, _ edit: ActionEdit, _ transaction: WriteTransaction, _ call: Call,
    _ payload: inout JSONWriter
  ) throws(ServiceError) -> ClaimedAction? {
    let action = try StoredAction.require(call.arguments["action_id"]?.stringValue ?? "", in: transaction)
    let comment = try Actions.comment(call.arguments)
    if event == .edit {
      try edit.apply(to: action, comment: comment, by: call.caller.client, in: transaction)
    } else {
      _ = try Actions.decide(action, event, by: call.caller.client, comment: comment, in: transaction)
    }
    try Actions.writeAlone(action.row, transaction.database, transaction.ids, into: &payload)
    return nil
  }
}

/// The fields of an action that can be changed while it waits (Pathbound API 11.6).
struct ActionEdit {
  /// The names of the fields that are given.
  let fields: [String]
  private let arguments: JSONObject

  init(_ arguments: JSONObject) {
    self.arguments = arguments
    fields = ["params", "scheduled_time", "identity_id", "description", "require_approval"].filter(arguments.contains)
  }

  /// Checks the fields and puts them in place of the present ones; the action still waits, and its log says so.
  func apply(
    to action: StoredAction, comment: String?, by actor: String, in transaction: WriteTransaction
  ) throws(ServiceError) {
    _ = try ActionTransitions.apply(.edit, to: action.status)
    guard !fields.isEmpty || comment != nil else {
      throw .invalid(
        "/params", "Nothing to edit: give params, scheduled_time, identity_id or description, or a comment.")
    }
    let reading = transaction.reading
    var content: ActionContent?
    if let params = arguments["params"]?.objectValue {
      content = try ActionContent.check(type: action.type, params: params, in: reading)
    }
    var identity: Int64?
    if let id = arguments["identity_id"]?.stringValue { identity = try ActionDraft.identity(id, in: reading) }
    let time = try ActionDraft.time(arguments["scheduled_time"])
    try SizeLimit.check(arguments.text("description"), SizeLimit.remark, at: "/description")
    let before = try Actions.serialized(action.row, in: transaction)
    _ = try Actions.transition(action, .edit, by: actor, comment: comment ?? changed, in: transaction)
    if let content { try store(content, in: action.row, transaction) }
    try store(identity, time, in: action.row, transaction)
    transaction.audit(.action, action.row, before: before, after: try Actions.serialized(action.row, in: transaction))
  }

  private var changed: String { "Changed \(fields.joined(separator: ", "))." }

  private func store(
    _ content: ActionContent, in row: Int64, _ transaction: WriteTransaction
  ) throws(ServiceError) {
    let statement = try transaction.database.statement(
      "UPDATE actions SET params = ?2, contact_id = ?3, company_id = ?4 WHERE id = ?1")
    statement.bind(row, at: 1)
    statement.bind(text: content.params, at: 2)
    statement.bind(content.contact, at: 3)
    statement.bind(content.company, at: 4)
    try statement.run()
  }

  private func store(
    _ identity: Int64?, _ time: Timestamp?, in row: Int64, _ transaction: WriteTransaction
  ) throws(ServiceError) {
    let statement = try transaction.database.statement(
      """
      UPDATE actions SET identity_id = coalesce(?2, identity_id), scheduled_time = coalesce(?3, scheduled_time),
        description = coalesce(?4, description), require_approval = coalesce(?5, require_approval) WHERE id = ?1
      """)
    statement.bind(row, at: 1)
    statement.bind(identity, at: 2)
    statement.bind(time?.milliseconds, at: 3)
    statement.bind(arguments["description"]?.stringValue, at: 4)
    statement.bind(arguments["require_approval"]?.boolValue.map { Int64($0 ? 1 : 0) }, at: 5)
    try statement.run()
  }
}
