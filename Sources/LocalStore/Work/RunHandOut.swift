internal import JSON
internal import JSONSchema
internal import Operations
internal import Platform
internal import Service

/// The next person of a run whose model is the connected agent, kept for who asked until the lease ends.
struct RunHandOut {
  let run: ClaimedRun
  let row: Int64
  let contact: RunContact

  /// How long the connected agent may think before the person goes back to the queue, in milliseconds.
  static let lease: Int64 = 600_000

  /// What was found.
  enum Outcome {
    case contact(RunHandOut)
    /// All that are left are with others, the first of them until this time.
    case allHandedOut(until: Int64)
    case ended
  }

  /// Takes the next person; who was deleted since the run was queued is passed over and noted.
  static func next(of row: Int64, in transaction: WriteTransaction) throws(ServiceError) -> Outcome {
    guard let run = try Runs.claimed(row, in: transaction) else { return .ended }
    let room = room(besides: run)
    while let (contact, until) = try open(row, transaction) {
      guard until <= transaction.now.milliseconds else { return .allHandedOut(until: until) }
      let context = RunContext(contact: contact, transaction: transaction.reading, limit: room)
      if let found = try context.build() {
        try lend(contact, of: row, in: transaction)
        return .contact(RunHandOut(run: run, row: row, contact: found))
      }
      try RunProgress(run: row, contact: contact, transaction: transaction)
        .end(reasoning: nil, error: RunProgress.deleted, counts: .init())
    }
    try Runs.completeAwaiting(row, in: transaction)
    return .ended
  }

  /// What a context may take where playbook and types of actions stand beside it.
  private static func room(besides run: ClaimedRun) -> Int {
    var types = JSONWriter(capacity: 8192)
    for type in run.actionTypes { type.writeForModel(into: &types) }
    let room = RowList.byteLimit - 3000 - types.count - RunContext.size(.object(run.playbook))
    return max(RunContext.leastLimit, min(room, RunContext.usualLimit))
  }

  /// The first person without a result whose lease ends first, with that time.
  private static func open(
    _ run: Int64, _ transaction: WriteTransaction
  ) throws(ServiceError) -> (contact: Int64, until: Int64)? {
    let statement = try transaction.database.statement(
      """
      SELECT contact_id, lease_until FROM run_contacts INDEXED BY run_contacts_open
      WHERE run_id = ?1 AND is_done = 0 ORDER BY max(lease_until, ?2), position LIMIT 1
      """)
    statement.bind(run, at: 1)
    statement.bind(transaction.now.milliseconds, at: 2)
    defer { statement.reset() }
    return try statement.step() ? (statement.integer(0), statement.integer(1)) : nil
  }

  private static func lend(_ contact: Int64, of run: Int64, in transaction: WriteTransaction) throws(ServiceError) {
    let statement = try transaction.database.statement(
      "UPDATE run_contacts SET lease_until = ?3 WHERE run_id = ?1 AND contact_id = ?2")
    statement.bind(run, at: 1)
    statement.bind(contact, at: 2)
    statement.bind(transaction.now.adding(milliseconds: lease).milliseconds, at: 3)
    try statement.run()
    let start = try transaction.database.statement(
      "UPDATE runs SET started_at = coalesce(started_at, ?2) WHERE id = ?1")
    start.bind(run, at: 1)
    start.bind(transaction.now.milliseconds, at: 2)
    try start.run()
  }
}

extension ClaimedRun {
  /// The types of action that the agent may propose.
  var actionTypes: [ActionType] { ActionType.all.filter { allows($0) } }
}

extension Runs {
  /// Whether a run waits for the connected agent.
  static func isAwaiting(_ run: Int64, _ transaction: ReadTransaction) throws(ServiceError) -> Bool {
    try state(of: run, transaction) == "awaiting_proposals"
  }

  /// A run's status as it is shown; nil when there is no such run.
  static func state(of run: Int64, _ transaction: ReadTransaction) throws(ServiceError) -> String? {
    let statement = try transaction.database.statement("SELECT state FROM runs WHERE id = ?1")
    statement.bind(run, at: 1)
    defer { statement.reset() }
    return try statement.step() ? statement.string(0) : nil
  }

  /// The run that has waited longest for the connected agent; nil when none does.
  static func firstAwaiting(_ transaction: ReadTransaction) throws(ServiceError) -> Int64? {
    let statement = try transaction.database.statement(
      """
      SELECT id FROM runs INDEXED BY runs_awaiting WHERE awaits_client = 1 AND status = 'running' ORDER BY id LIMIT 1
      """)
    defer { statement.reset() }
    return try statement.step() ? statement.integer(0) : nil
  }

  /// How many of a run's people have no result yet.
  static func openContacts(_ run: Int64, _ transaction: ReadTransaction) throws(ServiceError) -> Int64 {
    let statement = try transaction.database.statement(
      "SELECT count(*) FROM run_contacts INDEXED BY run_contacts_open WHERE run_id = ?1 AND is_done = 0")
    statement.bind(run, at: 1)
    defer { statement.reset() }
    return try statement.step() ? statement.integer(0) : 0
  }
}

extension ActionType {
  /// Writes name, purpose and the schema of the parameters.
  func writeForModel(into payload: inout JSONWriter) {
    payload.beginObject()
    payload.key("type")
    payload.string(name)
    payload.key("purpose")
    payload.string(purpose)
    payload.key("params")
    parameters.write(into: &payload)
    payload.endObject()
  }
}
