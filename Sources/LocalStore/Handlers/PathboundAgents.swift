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
    "pathbound_trigger_agent": .write(triggerAgent),
    "pathbound_list_agent_runs": .quickRead(listAgentRuns),
    "pathbound_get_agent_run": .quickRead(getAgentRun),
    "pathbound_approve_run_action": .write(approveRunAction),
    "pathbound_reject_run_action": .write(rejectRunAction),
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
    try AgentRecord.writeAlone(row, transaction, into: &payload)
  }

  /// Stores an agent (API 12.1).
  private static func createAgent(
    _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
  ) throws(ServiceError) -> ClaimedAction? {
    let agent = try AgentDraft(call.arguments, transaction.reading)
    let statement = try transaction.database.statement(
      """
      INSERT INTO agents (name, description, playbook_template, playbook, capabilities, identity_id, monitoring,
        llm_config, enabled, created_at, updated_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)
      """)
    statement.bind(agent.name, at: 1)
    statement.bind(agent.summary, at: 2)
    statement.bind(agent.template, at: 3)
    statement.bind(json: agent.playbook, at: 4)
    statement.bind(json: agent.capabilities, at: 5)
    statement.bind(agent.identity, at: 6)
    statement.bind(json: agent.monitoring, at: 7)
    statement.bind(json: agent.model, at: 8)
    statement.bind(agent.isEnabled, at: 9)
    statement.bind(transaction.now.milliseconds, at: 10)
    try statement.run()
    let row = transaction.database.lastInsertedID
    transaction.audit(.agent, row, after: try AgentRecord.serialized(row, transaction.reading))
    try AgentRecord.writeAlone(row, transaction.reading, into: &payload)
    return nil
  }
}

extension Statement {
  /// Binds serialised JSON, or null.
  fileprivate func bind(json value: JSONValue?, at index: Int32) {
    if let value { bind(text: value.serialized(), at: index) } else { bindNull(at: index) }
  }
}
