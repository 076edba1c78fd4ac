internal import Platform
internal import Service

/// Takes signals, in the order in which they came in, to the workflows that listen to them.
///
/// How far it has come is stored with what that set off, in one transaction: whichever process routes, and however often
/// one dies over it, each workflow hears of each signal once.
enum SignalRouter {
  /// So many signals are routed in one transaction.
  static let batch: Int64 = 512

  /// Whether signals wait that a workflow may listen to.
  static func hasWork(_ transaction: ReadTransaction) throws(ServiceError) -> Bool {
    let statement = try transaction.database.statement(
      """
      SELECT EXISTS (SELECT 1 FROM workflows INDEXED BY workflows_active WHERE active = 1)
        AND (SELECT max(id) FROM signals) > (SELECT routed_through FROM signal_router)
      """)
    defer { statement.reset() }
    return try statement.step() && statement.bool(0)
  }

  /// Routes the next signals.
  static func route(in transaction: WriteTransaction) throws(ServiceError) {
    let workflows = try Workflow.active(transaction.reading)
    guard !workflows.isEmpty else { return }
    let signals = try transaction.database.statement("signals to route", flags: 0) {
      """
      SELECT \(RoutedSignal.columns), actioned_at IS NOT NULL FROM signals
      WHERE id > (SELECT routed_through FROM signal_router) ORDER BY id LIMIT ?1
      """
    }
    signals.bind(batch, at: 1)
    var last: Int64?
    var hits: [(signal: Int64, workflows: [Int64])] = []
    do {
      defer { signals.reset() }
      while try signals.step() {
        last = signals.integer(0)
        // What was made for one workflow is none of the others' business.
        if signals.bool(7) { continue }
        let signal = RoutedSignal(signals, transaction.reading)
        var listeners: [Int64] = []
        for workflow in workflows where try workflow.listens(to: signal) { listeners.append(workflow.row) }
        if !listeners.isEmpty { hits.append((signal.row, listeners)) }
      }
    }
    guard let last else { return }
    for hit in hits { try hand(hit.signal, to: hit.workflows, in: transaction) }
    try advance(to: last, in: transaction)
  }

  /// Routes everything that waits.
  static func catchUp(in transaction: WriteTransaction) throws(ServiceError) {
    while try hasWork(transaction.reading) { try route(in: transaction) }
  }

  /// Leaves out what came in since the router was last at the end.
  static func passOver(in transaction: WriteTransaction) throws(ServiceError) {
    let statement = try transaction.database.statement("SELECT max(id) FROM signals")
    defer { statement.reset() }
    if try statement.step(), let last = statement.optionalInteger(0) { try advance(to: last, in: transaction) }
  }

  /// Queues a run of each workflow for the signal, and marks the signal actioned.
  static func hand(
    _ signal: Int64, to workflows: [Int64], in transaction: WriteTransaction
  ) throws(ServiceError) {
    let mark = try transaction.database.statement("UPDATE signals SET actioned_at = ?2 WHERE id = ?1")
    mark.bind(signal, at: 1)
    mark.bind(transaction.now.milliseconds, at: 2)
    try mark.run()
    let run = try transaction.database.statement(
      "INSERT INTO workflow_runs (workflow_id, signal_id, status, queued_at) VALUES (?1, ?2, 'queued', ?3)")
    run.bind(signal, at: 2)
    run.bind(transaction.now.milliseconds, at: 3)
    for workflow in workflows {
      run.bind(workflow, at: 1)
      try run.run()
    }
  }

  /// Signals up to a row need not be looked at any more.
  static func advance(to row: Int64, in transaction: WriteTransaction) throws(ServiceError) {
    let statement = try transaction.database.statement("UPDATE signal_router SET routed_through = ?1")
    statement.bind(row, at: 1)
    try statement.run()
  }

  /// The row of the newest signal; 0 when there is none.
  static func newest(_ transaction: ReadTransaction) throws(ServiceError) -> Int64 {
    let statement = try transaction.database.statement("SELECT coalesce(max(id), 0) FROM signals")
    defer { statement.reset() }
    return try statement.step() ? statement.integer(0) : 0
  }
}
