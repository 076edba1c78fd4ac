internal import JSON
internal import Operations
public import Platform
public import Service

extension LocalStore: ActionQueue {
  /// Takes the action that has been due longest and that no rule holds back; nil when none is due.
  public func claimDueAction(by actor: String) throws(ServiceError) -> ClaimedAction? {
    while true {
      let isDue = try read { reading throws(ServiceError) in
        try Actions.firstDue(reading.database, at: reading.now) != nil
      }
      // Whoever has nothing to do must not take the write lock from those who have.
      guard isDue else { return nil }
      let (action, isMore) = try writer.change { transaction throws(ServiceError) in
        // Another process may have been faster.
        try Actions.claimFirstDue(by: actor, in: transaction)
      }
      if action != nil || !isMore { return action }
    }
  }

  /// Takes this action, whatever its time.
  ///
  /// - Throws: `CONFLICT` when it can't run from where it is, `FORBIDDEN` when a rule stands against it.
  public func claimAction(_ id: String, by actor: String) throws(ServiceError) -> ClaimedAction {
    try writer.change { transaction throws(ServiceError) in
      let action = try StoredAction.require(id, in: transaction)
      _ = try ActionTransitions.apply(.execute, to: action.status)
      try OutreachCheck(action, in: transaction.reading).requireFree(in: transaction)
      return try Actions.claim(action, .execute, by: actor, in: transaction)
    }
  }

  /// Calls off an action that nobody has begun.
  ///
  /// - Throws: `CONFLICT` when it has been begun, or is over.
  public func cancelAction(_ id: String, by actor: String) throws(ServiceError) {
    try writer.change { transaction throws(ServiceError) in
      let action = try StoredAction.require(id, in: transaction)
      _ = try Actions.decide(
        action, .cancel, by: actor, comment: "The call that asked for it was cancelled.", in: transaction)
    }
  }

  /// Records the outcome and applies its changes in one transaction; the answer is the action as it now is.
  ///
  /// - Throws: `CONFLICT` when the claim has ended meanwhile.
  public func finish(_ action: ClaimedAction, _ outcome: ActionOutcome) throws(ServiceError) -> Answer {
    try writer.change { transaction throws(ServiceError) in
      let stored = try Actions.require(action, in: transaction)
      let actor = try Actions.claimant(of: stored, in: transaction)
      var result = Result<JSONObject, ActionFailure>.failure(ActionFailure(reason: ""))
      switch outcome {
      case .completed(let given, let changes):
        result = try OutcomeChanges(action: action, row: stored.row, actor: actor, transaction: transaction)
          .apply(changes, result: given)
      case .failed(let reason):
        result = .failure(ActionFailure(reason: reason))
        // A message that did not go out counts towards no cap.
        try OutreachSends.remove(stored.row, in: transaction)
      }
      try Actions.end(stored, result, by: actor, in: transaction)
      try AuditLog.record(client: actor, tool: action.type, digest: stored.paramsDigest, transaction)
      let payload = try Self.outcomePayload(of: stored.row, in: transaction)
      try Receipts.complete(stored.row, payload: payload, in: transaction)
      return Answer(payload: payload)
    }
  }

  /// Begins the lease anew.
  ///
  /// - Throws: `CONFLICT` when the claim has ended meanwhile.
  public func renew(_ action: ClaimedAction) throws(ServiceError) {
    try writer.change { transaction throws(ServiceError) in
      let stored = try Actions.require(action, in: transaction)
      let statement = try transaction.database.statement("UPDATE actions SET lease_until = ?2 WHERE id = ?1")
      statement.bind(stored.row, at: 1)
      statement.bind(
        transaction.now.adding(milliseconds: Actions.lease).milliseconds, at: 2)
      try statement.run()
    }
  }

  /// Marks `failed` what was `running` when its process died; the number of such actions.
  public func failAbandonedActions() throws(ServiceError) -> Int {
    let isAny = try read { reading throws(ServiceError) in
      try Self.firstAbandoned(reading.database, at: reading.now) != nil
    }
    guard isAny else { return 0 }
    return try writer.change { transaction throws(ServiceError) in
      var count = 0
      while let row = try Self.firstAbandoned(transaction.database, at: transaction.now),
        let action = try StoredAction.find(row, in: transaction.database)
      {
        let failure = ActionFailure(reason: Self.unknownOutcome(ofType: action.type))
        try Actions.end(action, .failure(failure), by: Actions.worker, in: transaction)
        try AuditLog.record(client: Actions.worker, tool: action.type, digest: action.paramsDigest, transaction)
        try Receipts.complete(row, payload: try Self.outcomePayload(of: row, in: transaction), in: transaction)
        count += 1
      }
      return count
    }
  }

  /// When there is work next: an action becomes due, or a lease ends; nil when neither will.
  public func nextDueTime() throws(ServiceError) -> Timestamp? {
    try read { reading throws(ServiceError) in
      let statement = try reading.database.statement(
        """
        SELECT
          (SELECT scheduled_time FROM actions INDEXED BY actions_due
            WHERE status IN ('scheduled', 'approved', 'auto_approved') ORDER BY scheduled_time LIMIT 1),
          (SELECT lease_until FROM actions INDEXED BY actions_running
            WHERE status = 'running' ORDER BY lease_until LIMIT 1)
        """)
      defer { statement.reset() }
      guard try statement.step() else { return nil }
      let times = [statement.optionalInteger(0), statement.optionalInteger(1)].compactMap { $0 }
      return times.min().map { Timestamp(milliseconds: $0) }
    }
  }

  private static func firstAbandoned(_ database: Connection, at now: Timestamp) throws(ServiceError) -> Int64? {
    let statement = try database.statement(
      """
      SELECT id FROM actions INDEXED BY actions_running WHERE status = 'running' AND lease_until <= ?1
      ORDER BY lease_until LIMIT 1
      """)
    statement.bind(now.milliseconds, at: 1)
    defer { statement.reset() }
    return try statement.step() ? statement.integer(0) : nil
  }

  private static func unknownOutcome(ofType type: String) -> String {
    if ActionType.named(type)?.reach == .workspace {
      return "The process that ran it ended before it was done. Nothing was changed; queue it again."
    }
    return "Outcome unknown: the process that ran it ended; check whether it was done before queueing it again."
  }

  /// What a caller gets who had the action run at once: enough for a queued and for an executed one.
  private static func outcomePayload(
    of row: Int64, in transaction: WriteTransaction
  ) throws(ServiceError) -> [UInt8] {
    var payload = JSONWriter(capacity: 1024, sanitizing: true)
    payload.beginObject()
    payload.key("action_id")
    transaction.ids.write(.action, row, into: &payload)
    payload.key("action")
    try Actions.writeWhole(row, transaction.database, transaction.ids, into: &payload)
    payload.endObject()
    return payload.finish()
  }
}
