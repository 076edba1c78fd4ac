internal import JSON
internal import Operations
internal import Platform
internal import Service

/// Claims: an action is `running` for one process, until its lease ends.
extension Actions {
  /// Who acts when no caller does.
  static let worker = "worker"

  /// How long a process may be silent before it is taken for dead, in milliseconds.
  ///
  /// Work in the workspace alone takes milliseconds. What reaches outside renews its claim several times in this while.
  static let lease: Int64 = 60_000

  /// The action that has been due longest; nil when none is.
  static func firstDue(_ database: Connection, at now: Timestamp) throws(ServiceError) -> Int64? {
    let statement = try database.statement(
      """
      SELECT id FROM actions INDEXED BY actions_due
      WHERE status IN ('scheduled', 'approved', 'auto_approved') AND scheduled_time <= ?1
      ORDER BY scheduled_time, id LIMIT 1
      """)
    statement.bind(now.milliseconds, at: 1)
    defer { statement.reset() }
    return try statement.step() ? statement.integer(0) : nil
  }

  /// Takes the action that has been due longest and that no rule holds back.
  ///
  /// One that is held back is put off until the rule allows it; what a rule forbids for good is taken with its refusal.
  ///
  /// - Returns: `isMore` when none was taken but there may be more that are due.
  static func claimFirstDue(
    by actor: String, in transaction: WriteTransaction
  ) throws(ServiceError) -> (action: ClaimedAction?, isMore: Bool) {
    // Others must be able to write in between.
    for _ in 0..<100 {
      guard let row = try firstDue(transaction.database, at: transaction.now),
        let action = try StoredAction.find(row, in: transaction.database)
      else { return (nil, false) }
      let obstacles = try OutreachCheck(action, in: transaction.reading).obstacles()
      let ends = obstacles.compactMap(\.until)
      if let end = ends.max(), ends.count == obstacles.count {
        try putOff(action, until: end, because: obstacles, in: transaction)
      } else {
        let refusal = obstacles.isEmpty ? nil : ServiceError(obstacles, at: transaction.now).message
        return (try claim(action, .process, by: actor, refusal: refusal, in: transaction), false)
      }
    }
    return (nil, true)
  }

  /// Leaves an action as it is but for its time.
  private static func putOff(
    _ action: StoredAction, until end: Timestamp, because obstacles: [OutreachObstacle],
    in transaction: WriteTransaction
  ) throws(ServiceError) {
    let statement = try transaction.database.statement(
      "UPDATE actions SET scheduled_time = ?2, updated_at = ?3 WHERE id = ?1")
    statement.bind(action.row, at: 1)
    statement.bind(end.milliseconds, at: 2)
    statement.bind(transaction.now.milliseconds, at: 3)
    try statement.run()
    transaction.touched(action: action.row)
    let reasons = obstacles.map { "\($0.rule.rawValue): \($0.reason)" }.joined(separator: " ")
    try log(
      action.row, "put_off", from: action.status, to: action.status, by: worker, comment: reasons, in: transaction)
  }

  /// Moves an action to `running` for this process; `event` is `process` or `execute`.
  ///
  /// With a refusal it is not to be performed, but to end as failed.
  ///
  /// - Throws: `CONFLICT` when it can't run from where it is.
  static func claim(
    _ action: StoredAction, _ event: ActionEvent, by actor: String, refusal: String? = nil,
    in transaction: WriteTransaction
  ) throws(ServiceError) -> ClaimedAction {
    let running = try transition(action, event, by: actor, in: transaction)
    let claim = running.claim &+ 1
    let statement = try transaction.database.statement("UPDATE actions SET claim = ?2, lease_until = ?3 WHERE id = ?1")
    statement.bind(running.row, at: 1)
    statement.bind(claim, at: 2)
    statement.bind(transaction.now.adding(milliseconds: lease).milliseconds, at: 3)
    try statement.run()
    if refusal == nil { try OutreachSends.note(running, in: transaction) }
    var taken = running
    taken.claim = claim
    var claimed = try claimed(taken, in: transaction)
    claimed.refusal = refusal
    return claimed
  }

  /// The action as an executor gets it.
  static func claimed(_ action: StoredAction, in transaction: WriteTransaction) throws(ServiceError) -> ClaimedAction {
    let params = (try? JSONValue(parsing: action.params))?.objectValue ?? [:]
    return ClaimedAction(
      id: transaction.ids.text(.action, action.row), type: action.type, params: params,
      identity: try sender(action.identity, in: transaction),
      contactID: action.contact.map { transaction.ids.text(.contact, $0) }, summary: action.summary,
      claim: action.claim)
  }

  private static func sender(
    _ row: Int64, in transaction: WriteTransaction
  ) throws(ServiceError) -> ClaimedAction.Sender {
    let statement = try transaction.database.statement(
      "SELECT first_name || ' ' || last_name, email FROM identities WHERE id = ?1")
    statement.bind(row, at: 1)
    defer { statement.reset() }
    let isKnown = try statement.step()
    return ClaimedAction.Sender(
      id: transaction.ids.text(.identity, row), name: isKnown ? statement.string(0) : "",
      email: isKnown ? statement.optionalString(1) : nil)
  }
}

/// Outcomes.
extension Actions {
  /// The action of a claim that still holds.
  ///
  /// - Throws: `CONFLICT` when the action has ended otherwise meanwhile: what it is now must not be overwritten.
  static func require(
    _ claimed: ClaimedAction, in transaction: WriteTransaction
  ) throws(ServiceError) -> StoredAction {
    let action = try StoredAction.require(claimed.id, in: transaction)
    guard action.status == .running, action.claim == claimed.claim else {
      throw ServiceError(
        .conflict,
        "The claim on the action \(claimed.id) has ended: it is \(action.status.rawValue) now. This outcome is not kept."
      )
    }
    return action
  }

  /// Ends a running action: `completed` with a result, or `failed` with the reason.
  static func end(
    _ action: StoredAction, _ result: Result<JSONObject, ActionFailure>, by actor: String,
    in transaction: WriteTransaction
  ) throws(ServiceError) {
    let statement: Statement
    switch result {
    case .success(let result):
      _ = try decide(action, .succeed, by: actor, comment: nil, in: transaction)
      statement = try ending(transaction)
      statement.bind(text: JSONValue.object(result).serialized(), at: 2)
      statement.bindNull(at: 3)
    case .failure(let failure):
      _ = try decide(action, .fail, by: actor, comment: nil, in: transaction)
      statement = try ending(transaction)
      statement.bindNull(at: 2)
      statement.bind(failure.reason, at: 3)
    }
    statement.bind(action.row, at: 1)
    statement.bind(transaction.now.milliseconds, at: 4)
    try statement.run()
  }

  private static func ending(_ transaction: WriteTransaction) throws(ServiceError) -> Statement {
    try transaction.database.statement(
      "UPDATE actions SET result = ?2, error = ?3, executed_at = ?4, lease_until = NULL WHERE id = ?1")
  }

  /// Who claimed a running action: its outcome is theirs.
  static func claimant(of action: StoredAction, in transaction: WriteTransaction) throws(ServiceError) -> String {
    let statement = try transaction.database.statement(
      "SELECT actor FROM action_log WHERE action_id = ?1 ORDER BY id DESC LIMIT 1")
    statement.bind(action.row, at: 1)
    defer { statement.reset() }
    return try statement.step() ? statement.string(0) : worker
  }
}

/// Why an action failed, in a sentence.
struct ActionFailure: Error {
  let reason: String
}
