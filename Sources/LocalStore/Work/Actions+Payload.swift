internal import JSON
internal import Service

/// How an action is shown (Pathbound API 11.2); what is not set is left out.
extension Actions {
  /// What ``write(_:_:into:)`` reads.
  static let columns = """
    id, type, params, identity_id, status, direct, scheduled_time, description, require_approval, list_id, item_id, \
    contact_id, company_id, agent_id, run_id, action_index, result, error, created_at, updated_at, executed_at
    """

  /// The most log entries that are shown, the newest.
  private static let logLimit: Int64 = 12

  /// Writes the action of a row with its log, one object.
  static func writeWhole(
    _ row: Int64, _ database: Connection, _ ids: RecordIDs, into payload: inout JSONWriter
  ) throws(ServiceError) {
    let statement = try database.statement(composed: "SELECT \(columns) FROM actions WHERE id = ?1")
    statement.bind(row, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { throw .notFound("action", ids.text(.action, row)) }
    payload.beginObject()
    writeMembers(statement, ids, into: &payload)
    payload.key("logs")
    try writeLog(row, database, into: &payload)
    payload.endObject()
  }

  /// Writes `{"action": …}`.
  static func writeAlone(
    _ row: Int64, _ database: Connection, _ ids: RecordIDs, into payload: inout JSONWriter
  ) throws(ServiceError) {
    payload.beginObject()
    payload.key("action")
    try writeWhole(row, database, ids, into: &payload)
    payload.endObject()
  }

  /// Writes the action that a statement over ``columns`` stands at, one object.
  static func write(_ action: Statement, _ ids: RecordIDs, into payload: inout JSONWriter) {
    payload.beginObject()
    writeMembers(action, ids, into: &payload)
    payload.endObject()
  }

  /// The whole action as it is stored, for the audit log.
  static func serialized(_ row: Int64, in transaction: WriteTransaction) throws(ServiceError) -> [UInt8] {
    let statement = try transaction.database.statement(composed: "SELECT \(columns) FROM actions WHERE id = ?1")
    statement.bind(row, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { throw .notFound("action", transaction.ids.text(.action, row)) }
    var writer = JSONWriter(capacity: 512)
    write(statement, transaction.ids, into: &writer)
    return writer.finish()
  }

  private static func writeMembers(_ action: Statement, _ ids: RecordIDs, into payload: inout JSONWriter) {
    for key: StaticString in ["_id", "action_id"] {
      payload.key(key)
      ids.write(.action, action.integer(0), into: &payload)
    }
    payload.key("type")
    payload.text(action, 1)
    payload.key("status")
    payload.text(action, 4)
    payload.key("params")
    payload.storedJSON(action, 2)
    payload.key("identity_id")
    ids.write(.identity, action.integer(3), into: &payload)
    payload.key("direct")
    payload.bool(action.bool(5))
    payload.key("require_approval")
    payload.bool(action.bool(8))
    payload.key("scheduled_time")
    payload.time(action, 6)
    payload.optionalText("description", action, 7)
    payload.optionalText("list_id", action, 9)
    payload.optionalText("item_id", action, 10)
    payload.optionalID("contact_id", .contact, action, 11, ids)
    payload.optionalID("company_id", .company, action, 12, ids)
    payload.optionalID("agent_id", .agent, action, 13, ids)
    payload.optionalID("run_id", .run, action, 14, ids)
    if !action.isNull(15) {
      payload.key("action_index")
      payload.integer(action.integer(15))
    }
    payload.optionalJSON("result", action, 16)
    payload.optionalText("error", action, 17)
    payload.key("created_at")
    payload.time(action, 18)
    payload.key("updated_at")
    payload.time(action, 19)
    payload.optionalTime("executed_at", action, 20)
  }

  private static func writeLog(
    _ row: Int64, _ database: Connection, into payload: inout JSONWriter
  ) throws(ServiceError) {
    let statement = try database.statement(
      """
      SELECT at, event, from_status, to_status, actor, comment FROM
        (SELECT * FROM action_log WHERE action_id = ?1 ORDER BY id DESC LIMIT ?2) ORDER BY id
      """)
    statement.bind(row, at: 1)
    statement.bind(logLimit, at: 2)
    defer { statement.reset() }
    payload.beginArray()
    while try statement.step() {
      payload.beginObject()
      payload.key("at")
      payload.time(statement, 0)
      payload.key("event")
      payload.text(statement, 1)
      payload.optionalText("from", statement, 2)
      payload.key("to")
      payload.text(statement, 3)
      payload.key("by")
      payload.text(statement, 4)
      payload.optionalText("comment", statement, 5)
      payload.endObject()
    }
    payload.endArray()
  }
}

/// Members that are left out when their column is null.
extension JSONWriter {
  /// A text.
  mutating func optionalText(_ name: StaticString, _ row: Statement, _ column: Int32) {
    guard !row.isNull(column) else { return }
    key(name)
    text(row, column)
  }

  /// A moment.
  mutating func optionalTime(_ name: StaticString, _ row: Statement, _ column: Int32) {
    guard !row.isNull(column) else { return }
    key(name)
    time(row, column)
  }

  /// Stored JSON.
  mutating func optionalJSON(_ name: StaticString, _ row: Statement, _ column: Int32) {
    guard !row.isNull(column) else { return }
    key(name)
    storedJSON(row, column)
  }

  /// The id of a row.
  mutating func optionalID(
    _ name: StaticString, _ kind: RecordKind, _ row: Statement, _ column: Int32, _ ids: RecordIDs
  ) {
    guard !row.isNull(column) else { return }
    key(name)
    ids.write(kind, row.integer(column), into: &self)
  }
}
