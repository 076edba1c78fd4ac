public import JSON
internal import Platform
public import Service

extension LocalStore {
  /// What people have defined in this workspace, whole, as it is listed but for what lists leave out.
  ///
  /// Members are the sections of a file of definitions. Setups of connectors name environment variables where they need
  /// secrets: none is stored, so that none is here.
  public func definitions() throws(ServiceError) -> JSONObject {
    try read { transaction throws(ServiceError) in
      try transaction.onOneState { () throws(ServiceError) in
        var sections: JSONObject = [:]
        for (name, table) in Self.definitionTables {
          sections[name] = .array(try Self.list(table, transaction))
        }
        let suppressions = RowShape(.text("value", "value"), .text("reason", "reason"))
        sections["outreach_rules"] = .object(try OutreachSettings.rules(transaction).json)
        sections["suppressions"] = .array(
          try Self.list(
            DefinitionTable(columns: suppressions.columns, source: "suppressions ORDER BY id") { row, ids, writer in
              suppressions.write(row, ids, into: &writer)
            }, transaction))
        return sections
      }
    }
  }

  private struct DefinitionTable: Sendable {
    let columns: String
    let source: String
    let write: @Sendable (Statement, RecordIDs, inout JSONWriter) -> Void

    init(
      columns: String, source: String, write: @escaping @Sendable (Statement, RecordIDs, inout JSONWriter) -> Void
    ) {
      self.columns = columns
      self.source = source
      self.write = write
    }

    init(_ shape: RowShape, _ source: String) {
      self.init(columns: shape.columns, source: source) { row, ids, writer in shape.write(row, ids, into: &writer) }
    }
  }

  private static let definitionTables: [(name: String, table: DefinitionTable)] = [
    ("identities", DefinitionTable(Identities.shape, "identities WHERE deleted_at IS NULL ORDER BY id")),
    (
      "icp_profiles",
      DefinitionTable(columns: "id, name, criteria, created_at, updated_at", source: "icp_profiles ORDER BY id") {
        StoredProfile.write($0, $1, into: &$2)
      }
    ),
    (
      "segments",
      DefinitionTable(columns: Segment.columns, source: "segments ORDER BY id") {
        Segment($0).write(count: nil, $1, into: &$2)
      }
    ),
    (
      "connectors",
      DefinitionTable(
        RowShape(
          .id("id", .connector, "id"), .text("integrationSlug", "slug"), .text("name", "name"),
          .json("config", "config"), .flag("archived", "archived_at IS NOT NULL")),
        "connectors ORDER BY id")
    ),
    ("sequences", DefinitionTable(Sequence.shape, "\(Sequence.tables) ORDER BY d.id")),
    ("workflows", DefinitionTable(Workflow.shape, "\(Workflow.tables) ORDER BY d.id")),
    (
      "agents",
      DefinitionTable(columns: AgentRecord.columns, source: "agents ORDER BY id") {
        AgentRecord.write($0, $1, into: &$2)
      }
    ),
  ]

  private static func list(
    _ table: DefinitionTable, _ transaction: ReadTransaction
  ) throws(ServiceError) -> [JSONValue] {
    let statement = try transaction.database.statement(composed: "SELECT \(table.columns) FROM \(table.source)")
    defer { statement.reset() }
    var records: [JSONValue] = []
    while try statement.step() {
      var writer = JSONWriter(capacity: 1024)
      table.write(statement, transaction.ids, &writer)
      let bytes = writer.finish()
      if let record = try? JSONValue(parsing: bytes) { records.append(record) }
    }
    return records
  }
}
