internal import JSON
internal import Service

/// What a claim finds, and what becomes of runs that nobody finishes.
extension Runs {
  /// So many claims in a row may end without a result before the person is passed over.
  private static let stallLimit: Int64 = 3

  /// The run with what its agent is made of; nil when it is gone.
  static func claimed(_ row: Int64, in transaction: WriteTransaction) throws(ServiceError) -> ClaimedRun? {
    try claimed(row, transaction.reading)
  }

  /// The run with what its agent is made of; nil when it is gone.
  static func claimed(_ row: Int64, _ transaction: ReadTransaction) throws(ServiceError) -> ClaimedRun? {
    let statement = try transaction.database.statement(
      """
      SELECT a.id, a.playbook_template, a.playbook, a.capabilities, a.identity_id, a.llm_config, r.claim
      FROM runs AS r JOIN agents AS a ON a.id = r.agent_id WHERE r.id = ?1
      """)
    statement.bind(row, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { return nil }
    return run(from: statement, id: transaction.ids.text(.run, row), transaction.ids)
  }

  /// Reads agent, template, playbook, capabilities, identity, model and claim.
  static func run(from row: Statement, id: String, _ ids: RecordIDs) -> ClaimedRun {
    func json(_ column: Int32) -> JSONValue? {
      row.isNull(column) ? nil : try? JSONParser.parse(row.text(column))
    }
    return ClaimedRun(
      id: id, agentID: ids.text(.agent, row.integer(0)), template: row.optionalString(1),
      playbook: json(2)?.objectValue ?? [:], capabilities: (json(3)?.arrayValue ?? []).compactMap(\.stringValue),
      identityID: row.optionalInteger(4).map { ids.text(.identity, $0) }, model: json(5)?.objectValue ?? [:],
      claim: row.integer(6))
  }

  /// The first of a run's people who has no result; nil when all have one.
  static func nextContact(_ run: Int64, _ transaction: ReadTransaction) throws(ServiceError) -> Int64? {
    let statement = try transaction.database.statement(
      "SELECT contact_id FROM run_contacts WHERE run_id = ?1 AND is_done = 0 ORDER BY position LIMIT 1")
    statement.bind(run, at: 1)
    defer { statement.reset() }
    return try statement.step() ? statement.integer(0) : nil
  }

  /// Lets a run wait for the connected agent, where that is its model; true when it does.
  static func handOverToClient(_ run: Int64, in transaction: WriteTransaction) throws(ServiceError) -> Bool {
    let statement = try transaction.database.statement(
      """
      UPDATE runs SET status = 'running', awaits_client = 1, claim = claim + 1, lease_until = NULL WHERE id = ?1
        AND (SELECT json_extract(llm_config, '$.provider') FROM agents WHERE id = agent_id) = 'client'
      """)
    statement.bind(run, at: 1)
    let before = transaction.database.totalChanges
    try statement.run()
    guard transaction.database.totalChanges > before else { return false }
    try completeAwaiting(run, in: transaction)
    return true
  }

  /// Gives the person an error at whom process after process ended, so that the others have their turn.
  static func passOverStalled(_ run: Int64, in transaction: WriteTransaction) throws(ServiceError) {
    let statement = try transaction.database.statement("SELECT stalls FROM runs WHERE id = ?1")
    statement.bind(run, at: 1)
    let stalls = try statement.step() ? statement.integer(0) : 0
    statement.reset()
    guard stalls >= stallLimit, let contact = try nextContact(run, transaction.reading) else { return }
    try RunProgress(run: run, contact: contact, transaction: transaction).end(
      reasoning: nil, error: "The process that looked at this contact ended \(stalls) times; it is passed over.",
      counts: .init())
  }

  /// Adds what a model used.
  static func add(_ usage: ModelUsage, to run: Int64, in transaction: WriteTransaction) throws(ServiceError) {
    guard usage != ModelUsage() else { return }
    let statement = try transaction.database.statement(
      """
      UPDATE runs SET requests = requests + ?2, input_tokens = input_tokens + ?3, output_tokens = output_tokens + ?4
      WHERE id = ?1
      """)
    statement.bind(run, at: 1)
    statement.bind(usage.requests, at: 2)
    statement.bind(usage.inputTokens, at: 3)
    statement.bind(usage.outputTokens, at: 4)
    try statement.run()
  }
}
