internal import JSON
internal import Service

/// Runs of agents (Pathbound API 12.3, 12.4).
extension Handlers {
  /// Queues a run; its row and those of its contacts are there when this returns.
  static func triggerAgent(
    _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
  ) throws(ServiceError) -> ClaimedAction? {
    let reading = transaction.reading
    let agent = try reading.require(.agent, call.arguments["id"]?.stringValue ?? "")
    let contacts = try RunTargets.rows(of: agent, call.arguments["contact_ids"]?.arrayValue, reading)
    let run = try Runs.insert(agent: agent, contacts: contacts, in: transaction)
    transaction.audit(.run, run)
    payload.beginObject()
    payload.key("job_id")
    transaction.ids.write(.job, run, into: &payload)
    payload.key("run_id")
    transaction.ids.write(.run, run, into: &payload)
    payload.key("contacts")
    payload.integer(Int64(contacts.count))
    if try Runs.isAwaiting(run, reading) {
      payload.key("status")
      payload.string("awaiting_proposals")
      payload.key("next")
      payload.string("You are this agent's model: call pathbound_get_run_work with this runId.")
    }
    payload.endObject()
    return nil
  }

  /// Newest first.
  static func listAgentRuns(
    _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
  ) throws(ServiceError) {
    let page = PageRequest(arguments, skipping: "offset")
    try transaction.onOneState { () throws(ServiceError) in
      let agent = try transaction.require(.agent, arguments["id"]?.stringValue ?? "")
      let status = arguments["status"]?.stringValue
      // Two statements, so that each runs on its own index.
      let condition = status == nil ? "agent_id = ?1" : "agent_id = ?1 AND state = ?2"
      let total = try transaction.database.statement(composed: "SELECT count(*) FROM runs WHERE \(condition)")
      let rows = try transaction.database.statement(
        composed: "SELECT \(RunRecord.columns) FROM runs WHERE \(condition) ORDER BY id DESC LIMIT ?3 OFFSET ?4")
      for statement in [total, rows] {
        statement.bind(agent, at: 1)
        if let status { statement.bind(status, at: 2) }
      }
      try page.write("runs", rows, total: total, into: &payload) { row, payload throws(ServiceError) in
        payload.beginObject()
        RunRecord.writeMembers(row, transaction.ids, into: &payload)
        payload.endObject()
      }
    }
  }

  /// One run; with `mode` full also what it found for at most 25 contacts.
  static func getAgentRun(
    _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
  ) throws(ServiceError) {
    let id = arguments["runId"]?.stringValue ?? ""
    let run = try transaction.ids.require(.run, id)
    try transaction.onOneState { () throws(ServiceError) in
      let statement = try transaction.database.statement(
        composed: "SELECT \(RunRecord.columns) FROM runs WHERE id = ?1")
      statement.bind(run, at: 1)
      defer { statement.reset() }
      guard try statement.step() else { throw .notFound("run", id) }
      payload.beginObject()
      payload.key("run")
      payload.beginObject()
      RunRecord.writeMembers(statement, transaction.ids, into: &payload)
      payload.key("awaiting_decision")
      payload.integer(try RunRecord.pendingProposals(of: run, transaction))
      if arguments["mode"]?.stringValue != "summary" {
        try RunResults(run: run, transaction: transaction).write(into: &payload)
      }
      payload.endObject()
      payload.endObject()
    }
  }
}
