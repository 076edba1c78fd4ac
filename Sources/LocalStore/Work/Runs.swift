internal import JSON
internal import Operations
internal import Platform
internal import Service

/// Stores runs and the people whom they look at.
enum Runs {
  /// How long a process may be silent before another takes its run, in milliseconds; one that waits for a model renews
  /// its claim meanwhile.
  static let lease: Int64 = 60_000

  /// Queues a run and gives its row; one whose model is the connected agent waits for that at once.
  static func insert(
    agent: Int64, contacts: [Int64], scheduledFor due: Timestamp? = nil, in transaction: WriteTransaction
  ) throws(ServiceError) -> Int64 {
    let statement = try transaction.database.statement(
      """
      INSERT INTO runs (agent_id, status, awaits_client, scheduled_for, created_at)
      SELECT id, CASE WHEN json_extract(llm_config, '$.provider') = 'client' THEN 'running' ELSE 'queued' END,
        coalesce(json_extract(llm_config, '$.provider') = 'client', 0), ?2, ?3 FROM agents WHERE id = ?1
      """)
    statement.bind(agent, at: 1)
    statement.bind(due?.milliseconds, at: 2)
    statement.bind(transaction.now.milliseconds, at: 3)
    try statement.run()
    let run = transaction.database.lastInsertedID
    let row = try transaction.database.statement(
      "INSERT INTO run_contacts (run_id, contact_id, position) VALUES (?1, ?2, ?3)")
    for (position, contact) in contacts.enumerated() {
      row.bind(run, at: 1)
      row.bind(contact, at: 2)
      row.bind(Int64(position), at: 3)
      try row.run()
    }
    if contacts.isEmpty { try completeAwaiting(run, in: transaction) }
    return run
  }

  /// Ends a run: `completed`, or `failed` with the reason.
  static func end(_ run: Int64, failure: String?, in transaction: WriteTransaction) throws(ServiceError) {
    let statement = try transaction.database.statement(
      "UPDATE runs SET status = ?2, error = ?3, completed_at = ?4, lease_until = NULL WHERE id = ?1")
    statement.bind(run, at: 1)
    statement.bind(failure == nil ? "completed" : "failed", at: 2)
    statement.bind(failure, at: 3)
    statement.bind(transaction.now.milliseconds, at: 4)
    try statement.run()
  }

  /// Ends a run that waits for the connected agent once nobody is left to look at; true when it has ended.
  @discardableResult
  static func completeAwaiting(_ run: Int64, in transaction: WriteTransaction) throws(ServiceError) -> Bool {
    let statement = try transaction.database.statement(
      """
      SELECT 1 FROM runs WHERE id = ?1 AND awaits_client = 1 AND status = 'running'
        AND NOT EXISTS (SELECT 1 FROM run_contacts INDEXED BY run_contacts_open WHERE run_id = ?1 AND is_done = 0)
      """)
    statement.bind(run, at: 1)
    let isOver = try statement.step()
    statement.reset()
    if isOver { try end(run, failure: nil, in: transaction) }
    return isOver
  }

  /// A run whose process has been silent for too long, else the one that has waited longest; nil when there is none.
  static func firstWaiting(_ database: Connection, at now: Timestamp) throws(ServiceError) -> Int64? {
    let statement = try database.statement(
      """
      SELECT
        (SELECT id FROM runs INDEXED BY runs_running WHERE status = 'running' AND lease_until <= ?1
          ORDER BY lease_until LIMIT 1),
        (SELECT id FROM runs INDEXED BY runs_queued WHERE status = 'queued' ORDER BY id LIMIT 1)
      """)
    statement.bind(now.milliseconds, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { return nil }
    return statement.optionalInteger(0) ?? statement.optionalInteger(1)
  }

  /// The row of a run whose claim still holds.
  ///
  /// - Throws: `CONFLICT` when another process has taken it, or it has ended.
  static func require(_ run: ClaimedRun, in transaction: WriteTransaction) throws(ServiceError) -> Int64 {
    let row = try transaction.ids.require(.run, run.id)
    let statement = try transaction.database.statement(
      "SELECT 1 FROM runs WHERE id = ?1 AND claim = ?2 AND status = 'running'")
    statement.bind(row, at: 1)
    statement.bind(run.claim, at: 2)
    defer { statement.reset() }
    guard try statement.step() else {
      throw ServiceError(.conflict, "The claim on the run \(run.id) has ended; its results are no longer kept.")
    }
    return row
  }
}

/// Whom a run looks at (Pathbound API 12.3).
enum RunTargets {
  /// Without `max_contacts_per_run`, a filter gives no more than these: the newest.
  static let defaultLimit: Int64 = 100

  /// The contacts of a list, or those of the agent's filter where there is none.
  static func rows(
    of agent: Int64, _ ids: [JSONValue]?, _ transaction: ReadTransaction
  ) throws(ServiceError) -> [Int64] {
    if let ids { try explicit(ids, transaction) } else { try monitored(by: agent, transaction) }
  }

  /// The contacts of a list, each once; unknown ones are named.
  private static func explicit(_ ids: [JSONValue], _ transaction: ReadTransaction) throws(ServiceError) -> [Int64] {
    guard !ids.isEmpty else {
      throw .invalid("/contact_ids", "contact_ids is empty. Leave it out to let the agent's filter decide.")
    }
    var rows: [Int64] = []
    var seen: Set<Int64> = []
    var unknown: [ServiceError.Detail] = []
    for (position, id) in ids.enumerated() {
      let id = id.stringValue ?? ""
      guard let row = try transaction.existing(.contact, id) else {
        unknown.append(.init(path: "/contact_ids/\(position)", message: "No contact has the id \"\(id.prefix(64))\"."))
        continue
      }
      if seen.insert(row).inserted { rows.append(row) }
    }
    guard unknown.isEmpty else {
      throw ServiceError(
        .validation, "\(unknown.count) of \(ids.count) contact_ids are unknown, the first: \(unknown[0].message)",
        details: Array(unknown.prefix(20)))
    }
    return rows
  }

  /// The newest contacts that the agent's filter gives.
  static func monitored(by agent: Int64, _ transaction: ReadTransaction) throws(ServiceError) -> [Int64] {
    let statement = try transaction.database.statement("SELECT monitoring FROM agents WHERE id = ?1")
    statement.bind(agent, at: 1)
    let isFound = try statement.step()
    let monitoring = isFound && !statement.isNull(0) ? try? JSONParser.parse(statement.text(0)) : nil
    statement.reset()
    let limit = monitoring?["max_contacts_per_run"]?.integerValue ?? defaultLimit
    let selection = try ContactSelection(monitoring?["filter"]?.objectValue ?? [:], transaction)
    return try selection.newest(limit, transaction)
  }
}
