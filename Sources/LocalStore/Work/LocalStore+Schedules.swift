internal import JSON
internal import JSONSchema
internal import Operations
public import Platform
public import Service

extension LocalStore: ScheduleQueue {
  /// Queues a run of the agent that has been due longest; false when none is due.
  ///
  /// The due time moves on in the same transaction, so that of all processes one starts the run. Times that passed while
  /// nobody looked are made up for by this one run.
  public func startDueAgent() throws(ServiceError) -> Bool {
    let isAny = try read { reading throws(ServiceError) in
      try DueAgent.first(reading.database, at: reading.now) != nil
    }
    guard isAny else { return false }
    return try writer.change { transaction throws(ServiceError) in
      guard let agent = try DueAgent.first(transaction.database, at: transaction.now) else { return false }
      try agent.start(in: transaction)
      return true
    }
  }

  /// When the next agent is due; nil when no enabled one has a schedule.
  public func nextScheduledTime() throws(ServiceError) -> Timestamp? {
    try read { reading throws(ServiceError) in
      let statement = try reading.database.statement(
        """
        SELECT next_run_at FROM agents INDEXED BY agents_by_next_run WHERE next_run_at IS NOT NULL
        ORDER BY next_run_at LIMIT 1
        """)
      defer { statement.reset() }
      return try statement.step() ? Timestamp(milliseconds: statement.integer(0)) : nil
    }
  }
}

/// An agent whose time has come.
private struct DueAgent {
  let row: Int64
  let due: Timestamp
  let schedule: CronExpression?

  /// The one that has been due longest.
  static func first(_ database: Connection, at now: Timestamp) throws(ServiceError) -> DueAgent? {
    let statement = try database.statement(
      """
      SELECT id, next_run_at, monitoring FROM agents INDEXED BY agents_by_next_run
      WHERE next_run_at IS NOT NULL AND next_run_at <= ?1 ORDER BY next_run_at LIMIT 1
      """)
    statement.bind(now.milliseconds, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { return nil }
    return DueAgent(
      row: statement.integer(0), due: Timestamp(milliseconds: statement.integer(1)),
      schedule: AgentRecord.schedule(statement.text(2)))
  }

  /// Sets the next time and queues the run, unless the last one by schedule has not ended: runs must not pile up where
  /// nobody works on them.
  func start(in transaction: WriteTransaction) throws(ServiceError) {
    let statement = try transaction.database.statement("UPDATE agents SET next_run_at = ?2 WHERE id = ?1")
    statement.bind(row, at: 1)
    statement.bind(schedule?.next(after: transaction.now)?.milliseconds, at: 2)
    try statement.run()
    // 0 stands for a time that was not reckoned yet.
    guard due.milliseconds > 0, try !isUnderWay(transaction) else { return }
    var failure: String?
    var contacts: [Int64] = []
    do throws(ServiceError) {
      contacts = try RunTargets.monitored(by: row, transaction.reading)
    } catch {
      guard error.code == .validation || error.code == .notFound else { throw error }
      failure = "The agent's monitoring.filter can't be followed: \(error.message)"
    }
    let run = try Runs.insert(agent: row, contacts: contacts, scheduledFor: due, in: transaction)
    if let failure { try Runs.end(run, failure: failure, in: transaction) }
    transaction.audit(.run, run)
    try AuditLog.record(
      client: "schedule", tool: PathboundAgents.triggerAgent.name,
      digest: SHA256.digest(Array(transaction.ids.text(.agent, row).utf8)), transaction)
  }

  private func isUnderWay(_ transaction: WriteTransaction) throws(ServiceError) -> Bool {
    let statement = try transaction.database.statement(
      """
      SELECT 1 FROM runs INDEXED BY runs_by_agent_state
      WHERE agent_id = ?1 AND state IN ('queued', 'running', 'awaiting_proposals') AND scheduled_for IS NOT NULL LIMIT 1
      """)
    statement.bind(row, at: 1)
    defer { statement.reset() }
    return try statement.step()
  }
}
