internal import JSON
internal import Service

/// How a run is shown (Pathbound API 12.4); what is not set is left out.
enum RunRecord {
  /// What ``writeMembers(_:_:into:)`` reads.
  static let columns = """
    id, agent_id, state, created_at, started_at, completed_at, error, contacts_evaluated, actions_proposed, \
    actions_auto_approved, actions_pending_approval, errors, scheduled_for, requests, input_tokens, output_tokens
    """

  /// Writes the members of the run that a statement over ``columns`` stands at.
  ///
  /// The summary says what the run proposed, whatever was decided since.
  static func writeMembers(_ run: Statement, _ ids: RecordIDs, into payload: inout JSONWriter) {
    for key: StaticString in ["_id", "run_id"] {
      payload.key(key)
      ids.write(.run, run.integer(0), into: &payload)
    }
    payload.key("job_id")
    ids.write(.job, run.integer(0), into: &payload)
    payload.key("agent_id")
    ids.write(.agent, run.integer(1), into: &payload)
    payload.key("status")
    payload.text(run, 2)
    payload.key("created_at")
    payload.time(run, 3)
    payload.optionalTime("started_at", run, 4)
    payload.optionalTime("completed_at", run, 5)
    payload.optionalText("error", run, 6)
    payload.key("summary")
    payload.beginObject()
    let counts: [StaticString] = [
      "contacts_evaluated", "actions_proposed", "actions_auto_approved", "actions_pending_approval", "errors",
    ]
    for (position, name) in counts.enumerated() {
      payload.key(name)
      payload.integer(run.integer(Int32(7 + position)))
    }
    payload.endObject()
    payload.optionalTime("scheduled_for", run, 12)
    if run.integer(13) > 0 { writeUsage(run, into: &payload) }
  }

  /// What the run's model used, where it asked one.
  private static func writeUsage(_ run: Statement, into payload: inout JSONWriter) {
    payload.key("usage")
    payload.beginObject()
    for (position, name) in (["requests", "input_tokens", "output_tokens"] as [StaticString]).enumerated() {
      payload.key(name)
      payload.integer(run.integer(Int32(13 + position)))
    }
    payload.endObject()
  }

  /// How many proposals of a run wait for a decision now.
  static func pendingProposals(of run: Int64, _ transaction: ReadTransaction) throws(ServiceError) -> Int64 {
    let statement = try transaction.database.statement(
      """
      SELECT count(*) FROM run_proposals INDEXED BY run_proposals_pending
      WHERE run_id = ?1 AND status = 'pending_approval'
      """)
    statement.bind(run, at: 1)
    defer { statement.reset() }
    return try statement.step() ? statement.integer(0) : 0
  }
}
