internal import JSON
internal import Operations
public import Platform
public import Service

extension LocalStore: RunQueue {
  /// Takes the run that has waited longest, or one whose process has been silent for too long; nil when none waits.
  public func claimRun() throws(ServiceError) -> ClaimedRun? {
    let isAny = try read { reading throws(ServiceError) in
      try Runs.firstWaiting(reading.database, at: reading.now) != nil
    }
    guard isAny else { return nil }
    return try writer.change { transaction throws(ServiceError) -> ClaimedRun? in
      while let row = try Runs.firstWaiting(transaction.database, at: transaction.now) {
        // The agent may have been changed since the run was queued.
        if try Runs.handOverToClient(row, in: transaction) { continue }
        return try Self.claim(row, in: transaction)
      }
      return nil
    }
  }

  private static func claim(_ row: Int64, in transaction: WriteTransaction) throws(ServiceError) -> ClaimedRun? {
    let statement = try transaction.database.statement(
      """
      UPDATE runs SET status = 'running', claim = claim + 1, lease_until = ?2, started_at = coalesce(started_at, ?3),
        stalls = stalls + (status = 'running') WHERE id = ?1
      """)
    statement.bind(row, at: 1)
    statement.bind(transaction.now.adding(milliseconds: Runs.lease).milliseconds, at: 2)
    statement.bind(transaction.now.milliseconds, at: 3)
    try statement.run()
    try Runs.passOverStalled(row, in: transaction)
    return try Runs.claimed(row, in: transaction)
  }

  /// The next person of the run who has no result yet; nil when all have one.
  ///
  /// Who was deleted since the run was queued is passed over and noted.
  public func nextContact(of run: ClaimedRun) throws(ServiceError) -> RunContact? {
    while true {
      let next = try read { reading throws(ServiceError) -> (row: Int64, contact: RunContact?)? in
        try reading.onOneState { () throws(ServiceError) in
          guard let row = try Runs.nextContact(try reading.ids.require(.run, run.id), reading) else { return nil }
          return (row, try RunContext(contact: row, transaction: reading).build())
        }
      }
      guard let next else { return nil }
      if let contact = next.contact { return contact }
      try writer.change { [id = next.row] transaction throws(ServiceError) in
        let row = try Runs.require(run, in: transaction)
        try RunProgress(run: row, contact: id, transaction: transaction)
          .end(reasoning: nil, error: RunProgress.deleted, counts: .init())
      }
    }
  }

  /// Stores a person's result and keeps the claim; auto-approved proposals become queued actions.
  ///
  /// - Throws: `CONFLICT` when another process has taken the run, or the person has a result already.
  public func record(_ result: ContactResult, of run: ClaimedRun) throws(ServiceError) {
    let isDue = try writer.change { transaction throws(ServiceError) -> Bool in
      let row = try Runs.require(run, in: transaction)
      let contact = try transaction.ids.require(.contact, result.contactID)
      let progress = RunProgress(run: row, contact: contact, transaction: transaction)
      try progress.requireOpen()
      guard try ContactChanges.exists(contact, transaction.reading) else {
        try progress.end(reasoning: nil, error: RunProgress.deleted, counts: .init())
        return false
      }
      var proposals = RunProposals(run: run, row: row, contact: contact, transaction: transaction)
      for proposal in result.proposals { try proposals.add(proposal) }
      let errors = [result.error].compactMap { $0 } + proposals.refusals
      try progress.end(
        reasoning: result.reasoning, error: errors.isEmpty ? nil : errors.joined(separator: " "),
        counts: proposals.counts)
      try Runs.add(result.usage, to: row, in: transaction)
      return proposals.counts.autoApproved > 0
    }
    if isDue { tellDueWork() }
  }

  /// Ends the run: `completed`, or `failed` with the reason.
  public func finish(_ run: ClaimedRun, failure: String?) throws(ServiceError) {
    try writer.change { transaction throws(ServiceError) in
      try Runs.end(try Runs.require(run, in: transaction), failure: failure, in: transaction)
    }
  }

  /// Begins the lease anew, and adds what a model used.
  ///
  /// - Throws: `CONFLICT` when the claim has ended meanwhile.
  public func renew(_ run: ClaimedRun, usage: ModelUsage) throws(ServiceError) {
    try writer.change { transaction throws(ServiceError) in
      let row = try Runs.require(run, in: transaction)
      try Runs.add(usage, to: row, in: transaction)
      let statement = try transaction.database.statement("UPDATE runs SET lease_until = ?2 WHERE id = ?1")
      statement.bind(row, at: 1)
      statement.bind(transaction.now.adding(milliseconds: Runs.lease).milliseconds, at: 2)
      try statement.run()
    }
  }

  /// Gives a run back that has not ended, so that another process need not wait for the end of its lease.
  public func release(_ run: ClaimedRun) throws(ServiceError) {
    let row = try read { reading throws(ServiceError) in
      let statement = try reading.database.statement(
        "SELECT id FROM runs WHERE id = ?1 AND claim = ?2 AND status = 'running'")
      statement.bind(reading.ids.row(.run, run.id), at: 1)
      statement.bind(run.claim, at: 2)
      defer { statement.reset() }
      return try statement.step() ? statement.integer(0) : nil as Int64?
    }
    guard let row else { return }
    try writer.change { transaction throws(ServiceError) in
      let statement = try transaction.database.statement(
        "UPDATE runs SET status = 'queued', lease_until = NULL WHERE id = ?1 AND claim = ?2 AND status = 'running'")
      statement.bind(row, at: 1)
      statement.bind(run.claim, at: 2)
      try statement.run()
    }
  }

  /// When the lease of a run ends next; nil when no run is worked on.
  public func nextRunTime() throws(ServiceError) -> Timestamp? {
    try read { reading throws(ServiceError) in
      let statement = try reading.database.statement(
        """
        SELECT lease_until FROM runs INDEXED BY runs_running WHERE status = 'running' ORDER BY lease_until LIMIT 1
        """)
      defer { statement.reset() }
      guard try statement.step(), let time = statement.optionalInteger(0) else { return nil }
      return Timestamp(milliseconds: time)
    }
  }
}
