internal import JSON
internal import JSONSchema
internal import Operations
internal import Platform
internal import Service

extension Handlers {
  static let pathboundAgents: [String: Handler] = [
    "pathbound_list_agents": .quickRead(listAgents),
    "pathbound_create_agent": .write(createAgent),
    "pathbound_get_agent": .quickRead(getAgent),
    "pathbound_update_agent": .write(updateAgent),
    "pathbound_delete_agent": .write(deleteAgent),
    "pathbound_trigger_agent": .write(triggerAgent),
    "pathbound_list_agent_runs": .quickRead(listAgentRuns),
    "pathbound_get_agent_run": .read(getAgentRun, isQuick: { ($0["wait_seconds"]?.integerValue ?? 0) == 0 }),
    "pathbound_approve_run_action": .write(approveRunAction),
    "pathbound_reject_run_action": .write(rejectRunAction),
    "pathbound_get_run_work": .write(getRunWork),
    "pathbound_propose_run_actions": .write(proposeRunActions),
  ]

  /// Newest first, by reading all, as there are few (Pathbound API 12.2).
  private static func listAgents(
    _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
  ) throws(ServiceError) {
    let page = PageRequest(arguments, skipping: "offset")
    func bind(_ statement: Statement) {
      statement.bind(arguments["enabled"]?.boolValue.map { Int64($0 ? 1 : 0) }, at: 1)
      statement.bind(arguments["playbook_template"]?.stringValue, at: 2)
    }
    try transaction.onOneState { () throws(ServiceError) in
      let condition = "(?1 IS NULL OR enabled = ?1) AND (?2 IS NULL OR playbook_template = ?2)"
      let total = try transaction.database.statement(composed: "SELECT count(*) FROM agents WHERE \(condition)")
      bind(total)
      let rows = try transaction.database.statement(
        composed: "SELECT \(AgentRecord.columns) FROM agents WHERE \(condition) ORDER BY id DESC LIMIT ?3 OFFSET ?4")
      bind(rows)
      try page.write("agents", rows, total: total, into: &payload) { row, payload throws(ServiceError) in
        AgentRecord.write(row, transaction.ids, into: &payload)
      }
    }
  }

  private static func getAgent(
    _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
  ) throws(ServiceError) {
    let row = try transaction.ids.require(.agent, arguments["id"]?.stringValue ?? "")
    try AgentRecord.writeAlone(row, transaction, .whole, into: &payload)
  }

  /// Stores an agent (API 12.1).
  private static func createAgent(
    _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
  ) throws(ServiceError) -> ClaimedAction? {
    let agent = try AgentDraft(call.arguments, transaction.reading)
    let statement = try transaction.database.statement(
      """
      INSERT INTO agents (name, description, playbook_template, playbook, capabilities, identity_id, monitoring,
        llm_config, enabled, next_run_at, updated_at, created_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11)
      """)
    agent.bind(to: statement, now: transaction.now)
    try statement.run()
    let row = transaction.database.lastInsertedID
    transaction.audit(.agent, row, after: try AgentRecord.serialized(row, transaction.reading))
    try AgentRecord.writeAlone(row, transaction.reading, .whole, into: &payload)
    return nil
  }

  /// Changes some of an agent (API 12.1); runs that are under way go on as they began.
  private static func updateAgent(
    _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
  ) throws(ServiceError) -> ClaimedAction? {
    let row = try transaction.reading.require(.agent, call.arguments.text("id") ?? "")
    var changes = call.arguments
    for key in ["id", "dry_run"] { changes[key] = nil }
    guard !changes.isEmpty else {
      throw ServiceError(.validation, "Nothing to change: give name, playbook, monitoring, enabled or another field.")
    }
    let before = try AgentRecord.serialized(row, transaction.reading)
    let stored = (try? JSONValue(parsing: before))?.objectValue ?? [:]
    let agent = try AgentDraft(try AgentDraft.merged(stored, changes), changes: changes, transaction.reading)
    let statement = try transaction.database.statement(
      """
      UPDATE agents SET name = ?1, description = ?2, playbook_template = ?3, playbook = ?4, capabilities = ?5,
        identity_id = ?6, monitoring = ?7, llm_config = ?8, enabled = ?9, next_run_at = ?10, updated_at = ?11
      WHERE id = ?12
      """)
    agent.bind(to: statement, now: transaction.now)
    statement.bind(row, at: 12)
    try statement.run()
    transaction.audit(.agent, row, before: before, after: try AgentRecord.serialized(row, transaction.reading))
    try AgentRecord.writeAlone(row, transaction.reading, into: &payload)
    return nil
  }

  /// Removes an agent with its runs (API 12.1); who works on one of them finds its claim gone and stops.
  private static func deleteAgent(
    _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
  ) throws(ServiceError) -> ClaimedAction? {
    let row = try transaction.reading.require(.agent, call.arguments.text("id") ?? "")
    let before = try AgentRecord.serialized(row, transaction.reading)
    let runs = try transaction.database.statement("SELECT count(*) FROM runs WHERE agent_id = ?1")
    runs.bind(row, at: 1)
    let count = try runs.step() ? runs.integer(0) : 0
    runs.reset()
    let statement = try transaction.database.statement("DELETE FROM agents WHERE id = ?1")
    statement.bind(row, at: 1)
    try statement.run()
    transaction.audit(.agent, row, before: before)
    payload.beginObject()
    payload.key("agent_id")
    transaction.ids.write(.agent, row, into: &payload)
    payload.key("deleted")
    payload.bool(true)
    payload.key("runs_deleted")
    payload.integer(count)
    payload.endObject()
    return nil
  }
}

extension AgentDraft {
  /// Binds what both statements that store an agent take as parameters 1 to 11.
  fileprivate func bind(to statement: Statement, now: Timestamp) {
    statement.bind(name, at: 1)
    statement.bind(summary, at: 2)
    statement.bind(template, at: 3)
    statement.bind(json: playbook, at: 4)
    statement.bind(json: capabilities, at: 5)
    statement.bind(identity, at: 6)
    statement.bind(json: monitoring, at: 7)
    statement.bind(json: model, at: 8)
    statement.bind(isEnabled, at: 9)
    statement.bind(nextRun?.milliseconds, at: 10)
    statement.bind(now.milliseconds, at: 11)
  }
}

extension Statement {
  /// Binds serialised JSON, or null.
  fileprivate func bind(json value: JSONValue?, at index: Int32) {
    if let value { bind(text: value.serialized(), at: index) } else { bindNull(at: index) }
  }
}
