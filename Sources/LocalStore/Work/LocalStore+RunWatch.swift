public import Platform
public import Service

extension LocalStore: RunWatcher {
  /// How long what another process does may go unnoticed, in milliseconds; what this one does is seen at once.
  private static let longestSilence: UInt64 = 500

  /// Waits until the run has ended, waits for the connected agent, or the deadline has passed.
  public func waitForRun(_ id: String, until deadline: Deadline, control: (any CallControl)?) throws(ServiceError) {
    while true {
      let commits = writer.commits
      let run = try read { reading throws(ServiceError) in try WatchedRun(id, reading) }
      control?.progress(Double(run.done), total: Double(run.contacts), message: run.message)
      guard run.isUnderWay, !deadline.hasPassed, control?.isCancelled != true else { return }
      writer.waitForCommit(after: commits, until: min(deadline, .after(milliseconds: Self.longestSilence)))
    }
  }
}

/// How far a run is.
private struct WatchedRun {
  let isUnderWay: Bool
  let contacts: Int64
  let done: Int64
  private let proposals: Int64

  /// Looks at a run.
  ///
  /// - Throws: `NOT_FOUND` when there is none, or it was deleted with its agent.
  init(_ id: String, _ transaction: ReadTransaction) throws(ServiceError) {
    let statement = try transaction.database.statement(
      """
      SELECT state IN ('queued', 'running'), contacts_evaluated, actions_proposed,
        (SELECT count(*) FROM run_contacts WHERE run_id = runs.id) FROM runs WHERE id = ?1
      """)
    statement.bind(try transaction.ids.require(.run, id), at: 1)
    defer { statement.reset() }
    guard try statement.step() else { throw .notFound("run", id) }
    isUnderWay = statement.bool(0)
    done = statement.integer(1)
    proposals = statement.integer(2)
    contacts = statement.integer(3)
  }

  var message: String {
    "\(done) of \(contacts) contacts, \(proposals) \(proposals == 1 ? "action" : "actions") proposed"
  }
}
