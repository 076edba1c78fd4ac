public import JSON
internal import Operations
public import Platform
public import Service

extension LocalStore: EnrichmentQueue {
  /// Takes the most urgent job, or one whose process has been silent for too long; nil when none waits.
  ///
  /// A job that several processes have died of is failed.
  public func claimEnrichment() throws(ServiceError) -> ClaimedEnrichment? {
    while true {
      let isAny = try read { reading throws(ServiceError) in
        try EnrichmentJobs.firstWaiting(reading.database, at: reading.now) != nil
      }
      guard isAny else { return nil }
      let claimed = try writer.change { transaction throws(ServiceError) -> (found: Bool, job: ClaimedEnrichment?) in
        guard let row = try EnrichmentJobs.firstWaiting(transaction.database, at: transaction.now) else {
          return (false, nil)
        }
        return (true, try EnrichmentJobs.claim(row, transaction))
      }
      if !claimed.found { return nil }
      if let job = claimed.job { return job }
    }
  }

  /// Notes that a phase begins, keeps the claim, and gives what is known of the person.
  public func begin(_ phase: EnrichmentPhase, of job: ClaimedEnrichment) throws(ServiceError) -> JSONObject {
    try writer.change { transaction throws(ServiceError) in
      let contact = try EnrichmentJobs.require(job, transaction)
      let statement = try transaction.database.statement(
        "UPDATE enrichment_jobs SET phase = ?2, lease_until = ?3 WHERE id = ?1")
      statement.bind(job.job, at: 1)
      statement.bind(phase.rawValue, at: 2)
      statement.bind(transaction.now.adding(milliseconds: EnrichmentJobs.lease).milliseconds, at: 3)
      try statement.run()
      return try EnrichmentSubject.load(contact.row, transaction.reading).keys
    }
  }

  /// Ends a phase with what providers answered and what the workspace itself knows.
  public func record(
    _ answers: [EnrichmentAnswer], _ phase: EnrichmentPhase, of job: ClaimedEnrichment
  ) throws(ServiceError) {
    try writer.change { transaction throws(ServiceError) in
      let contact = try EnrichmentJobs.require(job, transaction)
      let findings = EnrichmentFindings(
        phase: phase, contact: contact.row, isForced: contact.isForced, transaction: transaction)
      let outcome = try findings.apply(answers)
      try EnrichmentJobs.add(outcome, to: job.job, transaction)
      guard outcome.kind == .completed else { return }
      transaction.audit(.owlContact, contact.row, after: outcome.json.serialized())
      try AuditLog.record(client: "bound-mcp", tool: "enrichment", digest: [], transaction)
    }
  }

  /// Ends the job: `completed` when any phase was, else `failed`.
  public func finish(_ job: ClaimedEnrichment) throws(ServiceError) {
    try writer.change { transaction throws(ServiceError) in
      _ = try EnrichmentJobs.require(job, transaction)
      try EnrichmentJobs.end(job.job, transaction)
    }
  }

  /// Gives back a job that has not ended, so that another process need not wait for the end of its lease.
  public func release(_ job: ClaimedEnrichment) throws(ServiceError) {
    try writer.change { transaction throws(ServiceError) in
      let statement = try transaction.database.statement(
        """
        UPDATE enrichment_jobs SET status = 'queued', phase = NULL, lease_until = NULL, attempts = max(0, attempts - 1)
        WHERE id = ?1 AND claim = ?2 AND status = 'in_progress'
        """)
      statement.bind(job.job, at: 1)
      statement.bind(job.claim, at: 2)
      try statement.run()
    }
  }

  /// When the lease of a job ends next; nil when no job is worked on.
  public func nextEnrichmentTime() throws(ServiceError) -> Timestamp? {
    try read { reading throws(ServiceError) in
      let statement = try reading.database.statement(
        """
        SELECT lease_until FROM enrichment_jobs INDEXED BY enrichment_jobs_running WHERE status = 'in_progress'
        ORDER BY lease_until LIMIT 1
        """)
      defer { statement.reset() }
      guard try statement.step(), let time = statement.optionalInteger(0) else { return nil }
      return Timestamp(milliseconds: time)
    }
  }
}
