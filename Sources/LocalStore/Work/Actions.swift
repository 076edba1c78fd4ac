internal import JSON
internal import Operations
internal import Platform
internal import Service

/// Stores actions and moves them from status to status; every step is a row of the action's log.
enum Actions {
  /// Where an action comes from when an agent proposed it.
  struct Origin {
    let agent: Int64
    let run: Int64
    let contact: Int64
    let index: Int64
  }

  /// Stores a checked action with its first status and gives it back.
  static func insert(
    _ draft: ActionDraft, _ status: ActionStatus, origin: Origin? = nil, by actor: String,
    in transaction: WriteTransaction
  ) throws(ServiceError) -> StoredAction {
    let statement = try transaction.database.statement(
      """
      INSERT INTO actions (type, params, identity_id, status, direct, require_approval, scheduled_time, description,
        list_id, item_id, contact_id, company_id, agent_id, run_id, action_index, created_at, updated_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?16)
      """)
    let now = transaction.now.milliseconds
    statement.bind(draft.content.type.name, at: 1)
    statement.bind(text: draft.content.params, at: 2)
    statement.bind(draft.identity, at: 3)
    statement.bind(status.rawValue, at: 4)
    statement.bind(draft.isDirect, at: 5)
    statement.bind(draft.requiresApproval, at: 6)
    statement.bind(draft.scheduledTime?.milliseconds ?? now, at: 7)
    statement.bind(draft.summary, at: 8)
    statement.bind(draft.listID, at: 9)
    statement.bind(draft.itemID, at: 10)
    let contact = origin?.contact ?? draft.content.contact
    statement.bind(contact, at: 11)
    statement.bind(draft.content.company, at: 12)
    statement.bind(origin?.agent, at: 13)
    statement.bind(origin?.run, at: 14)
    statement.bind(origin?.index, at: 15)
    statement.bind(now, at: 16)
    try statement.run()
    let row = transaction.database.lastInsertedID
    transaction.touched(action: row)
    transaction.count(counter(of: status.rawValue), by: 1)
    try log(row, "create", from: nil, to: status, by: actor, comment: nil, in: transaction)
    return StoredAction(
      row: row, type: draft.content.type.name, status: status, params: draft.content.params,
      identity: draft.identity, contact: contact, summary: draft.summary, claim: 0)
  }

  /// Moves an action along an event: the only place where a status changes, but for undoing such a change.
  ///
  /// - Throws: `CONFLICT` when the event is not possible from where the action is; nothing has changed then.
  static func transition(
    _ action: StoredAction, _ event: ActionEvent, by actor: String, comment: String? = nil,
    in transaction: WriteTransaction
  ) throws(ServiceError) -> StoredAction {
    let status = try ActionTransitions.apply(event, to: action.status)
    let statement = try transaction.database.statement(
      "UPDATE actions SET status = ?2, updated_at = ?3 WHERE id = ?1")
    statement.bind(action.row, at: 1)
    statement.bind(status.rawValue, at: 2)
    statement.bind(transaction.now.milliseconds, at: 3)
    try statement.run()
    transaction.touched(action: action.row)
    transaction.count(counter(of: action.status.rawValue), by: -1)
    transaction.count(counter(of: status.rawValue), by: 1)
    try log(action.row, event.rawValue, from: action.status, to: status, by: actor, comment: comment, in: transaction)
    if status.isFinal { try EnrollmentWork.actionEnded(action.row, status, in: transaction) }
    var moved = action
    moved.status = status
    return moved
  }

  /// Moves an action along an event that a caller asked for, and notes it for the audit log.
  static func decide(
    _ action: StoredAction, _ event: ActionEvent, by actor: String, comment: String?, in transaction: WriteTransaction
  ) throws(ServiceError) -> StoredAction {
    let moved = try transition(action, event, by: actor, comment: comment, in: transaction)
    transaction.audit(.action, action.row, before: statusText(action.status), after: statusText(moved.status))
    return moved
  }

  /// Puts an action back to where it was before a change that is taken back.
  ///
  /// - Throws: `CONFLICT` when it was performed, or is being performed.
  static func revert(
    _ action: StoredAction, to status: ActionStatus, by actor: String, comment: String,
    in transaction: WriteTransaction
  ) throws(ServiceError) {
    try ActionTransitions.checkReversal(from: action.status, to: status)
    let statement = try transaction.database.statement("UPDATE actions SET status = ?2 WHERE id = ?1")
    statement.bind(action.row, at: 1)
    statement.bind(status.rawValue, at: 2)
    try statement.run()
    transaction.touched(action: action.row)
    transaction.count(counter(of: action.status.rawValue), by: -1)
    transaction.count(counter(of: status.rawValue), by: 1)
    try log(action.row, "undo", from: action.status, to: status, by: actor, comment: comment, in: transaction)
  }

  /// What a reviewer says, for the log; nil when nothing was said.
  static func comment(_ arguments: JSONObject) throws(ServiceError) -> String? {
    let comment = arguments.text("comment")
    try SizeLimit.check(comment, SizeLimit.remark, at: "/comment")
    return comment
  }

  /// The name under which the number of actions with a status is kept.
  static func counter(of status: String) -> String { "actions/" + status }

  /// A status as the audit log shows it.
  static func statusText(_ status: ActionStatus) -> [UInt8] { Array("{\"status\":\"\(status.rawValue)\"}".utf8) }

  /// Adds a row to an action's log.
  static func log(
    _ row: Int64, _ event: String, from: ActionStatus?, to: ActionStatus, by actor: String, comment: String?,
    in transaction: WriteTransaction
  ) throws(ServiceError) {
    let statement = try transaction.database.statement(
      """
      INSERT INTO action_log (action_id, at, event, from_status, to_status, actor, comment, contact_id)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, (SELECT contact_id FROM actions WHERE id = ?1))
      """)
    statement.bind(row, at: 1)
    statement.bind(transaction.now.milliseconds, at: 2)
    statement.bind(event, at: 3)
    statement.bind(from?.rawValue, at: 4)
    statement.bind(to.rawValue, at: 5)
    statement.bind(actor, at: 6)
    statement.bind(comment, at: 7)
    try statement.run()
  }
}
