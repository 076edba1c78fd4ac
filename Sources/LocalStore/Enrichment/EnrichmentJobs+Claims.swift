internal import JSON
internal import Platform
internal import Service

extension EnrichmentJobs {
  /// Makes a waiting job this process's; nil when it had to be failed instead, since processes die of it.
  static func claim(_ row: Int64, _ transaction: WriteTransaction) throws(ServiceError) -> ClaimedEnrichment? {
    let statement = try transaction.database.statement(
      """
      UPDATE enrichment_jobs SET status = 'in_progress', claim = claim + 1, attempts = attempts + 1, lease_until = ?2,
        started_at = coalesce(started_at, ?3) WHERE id = ?1 RETURNING claim, attempts, phases, phase
      """)
    statement.bind(row, at: 1)
    statement.bind(transaction.now.adding(milliseconds: lease).milliseconds, at: 2)
    statement.bind(transaction.now.milliseconds, at: 3)
    guard try statement.step() else {
      statement.reset()
      return nil
    }
    let (claim, attempts) = (statement.integer(0), statement.integer(1))
    let done = Set(outcomes(statement, 2).map(\.phase))
    let phase = statement.optionalString(3).flatMap { EnrichmentPhase(rawValue: $0) } ?? .linkedInProfile
    statement.reset()
    guard attempts <= Self.attempts else {
      let reason = "\(Self.attempts) processes ended while they worked on this job, so it was given up."
      try add(PhaseOutcome(phase, .failed, failures: [reason]), to: row, transaction)
      try end(row, transaction)
      return nil
    }
    return ClaimedEnrichment(
      job: row, phases: EnrichmentPhase.allCases.filter { !done.contains($0.rawValue) }, claim: claim)
  }

  /// The contact of a job that is still this process's.
  ///
  /// - Throws: `CONFLICT` when another process has taken it.
  static func require(
    _ job: ClaimedEnrichment, _ transaction: WriteTransaction
  ) throws(ServiceError) -> (row: Int64, isForced: Bool) {
    let statement = try transaction.database.statement(
      """
      SELECT contact_id, is_forced FROM enrichment_jobs WHERE id = ?1 AND claim = ?2 AND status = 'in_progress'
      """)
    statement.bind(job.job, at: 1)
    statement.bind(job.claim, at: 2)
    defer { statement.reset() }
    guard try statement.step() else {
      throw ServiceError(.conflict, "Another process has taken over this enrichment.")
    }
    return (statement.integer(0), statement.bool(1))
  }

  /// Notes what became of a phase.
  static func add(_ outcome: PhaseOutcome, to job: Int64, _ transaction: WriteTransaction) throws(ServiceError) {
    let statement = try transaction.database.statement(
      "UPDATE enrichment_jobs SET phases = json_insert(phases, '$[#]', json(?2)), phase = NULL WHERE id = ?1")
    statement.bind(job, at: 1)
    statement.bind(text: outcome.json.serialized(), at: 2)
    try statement.run()
  }

  /// Ends a job as its phases went.
  static func end(_ job: Int64, _ transaction: WriteTransaction) throws(ServiceError) {
    let statement = try transaction.database.statement(
      """
      UPDATE enrichment_jobs SET phase = NULL, lease_until = NULL, completed_at = ?2, status = iif(EXISTS (
        SELECT 1 FROM json_each(phases) WHERE json_extract(value, '$.outcome') = 'completed'), 'completed', 'failed')
      WHERE id = ?1
      """)
    statement.bind(job, at: 1)
    statement.bind(transaction.now.milliseconds, at: 2)
    try statement.run()
  }
}
