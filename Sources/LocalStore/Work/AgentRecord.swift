internal import JSON
internal import JSONSchema
internal import Operations
internal import Platform
internal import Service

/// How an agent is shown (Pathbound API 12.1); what is not set is left out.
enum AgentRecord {
  /// What ``write(_:_:into:)`` reads.
  static let columns = """
    id, name, description, playbook_template, playbook, capabilities, identity_id, monitoring, llm_config, enabled, \
    created_at, updated_at
    """

  /// Writes the agent that a statement over ``columns`` stands at, one object.
  static func write(_ agent: Statement, _ ids: RecordIDs, into payload: inout JSONWriter) {
    payload.beginObject()
    writeMembers(agent, ids, into: &payload)
    payload.endObject()
  }

  private static func writeMembers(_ agent: Statement, _ ids: RecordIDs, into payload: inout JSONWriter) {
    for key: StaticString in ["_id", "agent_id"] {
      payload.key(key)
      ids.write(.agent, agent.integer(0), into: &payload)
    }
    payload.key("name")
    payload.text(agent, 1)
    payload.optionalText("description", agent, 2)
    payload.optionalText("playbook_template", agent, 3)
    payload.optionalJSON("playbook", agent, 4)
    payload.optionalJSON("capabilities", agent, 5)
    payload.optionalID("identity_id", .identity, agent, 6, ids)
    payload.optionalJSON("monitoring", agent, 7)
    payload.optionalJSON("llm_config", agent, 8)
    payload.key("enabled")
    payload.bool(agent.bool(9))
    payload.key("created_at")
    payload.time(agent, 10)
    payload.key("updated_at")
    payload.time(agent, 11)
  }

  /// How much is told of an agent.
  enum Detail {
    /// What was set.
    case plain
    /// Also when it runs next, and which keys tune its template.
    case whole
  }

  /// Writes `{"agent": …}`.
  ///
  /// - Throws: `NOT_FOUND` when there is no such row.
  static func writeAlone(
    _ row: Int64, _ transaction: ReadTransaction, _ detail: Detail = .plain, into payload: inout JSONWriter
  ) throws(ServiceError) {
    let statement = try find(row, transaction)
    defer { statement.reset() }
    payload.beginObject()
    payload.key("agent")
    payload.beginObject()
    writeMembers(statement, transaction.ids, into: &payload)
    if detail == .whole {
      if statement.bool(9), let schedule = schedule(statement.text(7)) {
        payload.key("next_runs")
        payload.beginArray()
        for time in schedule.times(3, after: transaction.now) { payload.time(time.milliseconds) }
        payload.endArray()
      }
      if let template = statement.optionalString(3).flatMap({ PlaybookGuide.named($0) }) {
        payload.key("template")
        template.write(into: &payload)
      }
    }
    payload.endObject()
    payload.endObject()
  }

  /// The schedule in stored `monitoring`; nil when it has none.
  static func schedule(_ monitoring: UnsafeRawBufferPointer) -> CronExpression? {
    guard !monitoring.isEmpty, let value = try? JSONParser.parse(monitoring) else { return nil }
    return value["schedule_cron"]?.stringValue.flatMap { CronExpression($0) }
  }

  /// The agent as it is stored, for the audit log.
  static func serialized(_ row: Int64, _ transaction: ReadTransaction) throws(ServiceError) -> [UInt8] {
    let statement = try find(row, transaction)
    defer { statement.reset() }
    var writer = JSONWriter(capacity: 512)
    write(statement, transaction.ids, into: &writer)
    return writer.finish()
  }

  private static func find(_ row: Int64, _ transaction: ReadTransaction) throws(ServiceError) -> Statement {
    let statement = try transaction.database.statement(composed: "SELECT \(columns) FROM agents WHERE id = ?1")
    statement.bind(row, at: 1)
    guard try statement.step() else {
      statement.reset()
      throw .notFound("agent", transaction.ids.text(.agent, row))
    }
    return statement
  }
}

extension PlaybookGuide {
  /// Writes what the template does and the keys that tune it.
  func write(into payload: inout JSONWriter) {
    payload.beginObject()
    payload.key("rule")
    payload.string(rule)
    payload.key("playbook_keys")
    payload.beginObject()
    for key in keys {
      payload.key(key.name)
      payload.string(key.meaning)
    }
    payload.endObject()
    payload.endObject()
  }
}
