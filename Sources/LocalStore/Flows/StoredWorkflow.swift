internal import JSON
internal import Platform
internal import Service

/// Workflows in the workspace.
extension Workflow: StoredDefinition {
  static let kind = RecordKind.workflow
  static let plural: StaticString = "workflows"
  static let singular: StaticString = "workflow"
  static let advice: StaticString =
    "\"Left out because the answer would be too long: ask for one workflow by its id.\""
  static let tables = "workflows AS d"
  static let shape = RowShape(
    .id("id", .workflow, "d.id"), .text("name", "d.name"), .flag("active", "d.active"),
    .json("triggers", "d.triggers"), .json("steps", "d.steps"), .integer("createdAt", "d.created_at"),
    .integer("updatedAt", "d.updated_at"))
  static let otherColumns = "d.listens_after"

  init(_ row: Statement) throws(ServiceError) {
    self.row = row.integer(0)
    name = row.string(1)
    isActive = row.bool(2)
    triggers = try Self.triggers(Self.list(row, 3))
    steps = Self.list(row, 4).compactMap(\.objectValue)
    listensAfter = row.integer(Self.shape.end)
  }

  private static func list(_ row: Statement, _ column: Int32) -> [JSONValue] {
    let value = try? JSONParser.parse(row.text(column))
    return value?.arrayValue ?? []
  }

  /// All that listen, in the order in which they were made.
  static func active(_ transaction: ReadTransaction) throws(ServiceError) -> [Workflow] {
    let statement = try transaction.database.statement("active workflows", flags: 0) {
      "SELECT \(shape.columns), \(otherColumns) FROM workflows AS d INDEXED BY workflows_active "
        + "WHERE d.active = 1 ORDER BY d.id"
    }
    defer { statement.reset() }
    var workflows: [Workflow] = []
    while try statement.step() { workflows.append(try Workflow(statement)) }
    return workflows
  }
}

/// A definition that has been checked and may be stored.
struct WorkflowDraft {
  /// The workflow that is changed; nil for a new one.
  let row: Int64?
  let name: String
  let isActive: Bool
  /// Serialised JSON.
  let triggers: [UInt8]
  /// Serialised JSON.
  let steps: [UInt8]
  /// Signals up to this row don't concern it.
  let listensAfter: Int64

  /// Stores it and gives its row.
  func store(in transaction: WriteTransaction) throws(ServiceError) -> Int64 {
    let statement = try transaction.database.statement(
      """
      INSERT INTO workflows (id, name, active, triggers, steps, listens_after, created_at, updated_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7) ON CONFLICT (id)
      DO UPDATE SET name = ?2, active = ?3, triggers = ?4, steps = ?5, listens_after = ?6, updated_at = ?7
      """)
    statement.bind(row, at: 1)
    statement.bind(name, at: 2)
    statement.bind(isActive, at: 3)
    statement.bind(text: triggers, at: 4)
    statement.bind(text: steps, at: 5)
    statement.bind(listensAfter, at: 6)
    statement.bind(transaction.now.milliseconds, at: 7)
    try statement.run()
    return row ?? transaction.database.lastInsertedID
  }
}

// MARK: - Showing

extension Workflow {
  /// The last twenty runs, newest first, each with the outcome of every step.
  static func writeLatest(
    of row: Int64, _ transaction: ReadTransaction, into payload: inout JSONWriter
  ) throws(ServiceError) {
    let statement = try transaction.database.statement(
      """
      SELECT r.signal_id, r.status, r.steps, r.queued_at, r.ended_at, s.type, s.contact_id
      FROM workflow_runs AS r CROSS JOIN signals AS s ON s.id = r.signal_id
      WHERE r.workflow_id = ?1 ORDER BY r.signal_id DESC LIMIT 20
      """)
    statement.bind(row, at: 1)
    var rows = RowList(limit: 16_000, keepsFirst: false)
    try rows.write("recentRuns", statement, into: &payload) { run, payload in
      payload.beginObject()
      payload.key("signalId")
      transaction.ids.write(.signal, run.integer(0), into: &payload)
      payload.key("signalType")
      payload.text(run, 5)
      payload.key("contactId")
      if run.isNull(6) { payload.null() } else { transaction.ids.write(.owlContact, run.integer(6), into: &payload) }
      payload.key("status")
      payload.text(run, 1)
      payload.key("steps")
      payload.storedJSON(run, 2)
      payload.key("queuedAt")
      payload.integer(run.integer(3))
      payload.key("endedAt")
      if run.isNull(4) { payload.null() } else { payload.integer(run.integer(4)) }
      payload.endObject()
    }
  }
}
