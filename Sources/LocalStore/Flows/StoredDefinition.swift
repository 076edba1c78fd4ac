internal import JSON
internal import Service

/// What sequences and workflows are to the workspace: definitions that have a name of their own, are found by row or
/// name, listed, shown and saved.
protocol StoredDefinition {
  /// The kind of record.
  static var kind: RecordKind { get }
  /// The member that lists of them are under, which also tells their statements from others'.
  static var plural: StaticString { get }
  /// The member that one is answered under.
  static var singular: StaticString { get }
  /// What to do when a list was too long.
  static var advice: StaticString { get }
  /// SQL for where they lie, the definition itself as `d`.
  static var tables: String { get }
  /// How they are shown.
  static var shape: RowShape { get }
  /// Columns behind those of the shape that ``init(_:)`` reads.
  static var otherColumns: String { get }

  /// Reads the columns of the shape and the others.
  init(_ row: Statement) throws(ServiceError)

  /// Its row.
  var row: Int64 { get }

  /// Writes what one that is shown alone comes with, into its object.
  static func writeLatest(
    of row: Int64, _ transaction: ReadTransaction, into payload: inout JSONWriter
  ) throws(ServiceError)
}

// MARK: - Finding

/// Which definitions a statement reads.
private enum Selection: UInt64 {
  case all, byRow, byName

  var condition: String {
    switch self {
    case .all: ""
    case .byRow: "WHERE d.id = ?1 "
    case .byName: "WHERE d.name = ?1 "
    }
  }
}

extension StoredDefinition {
  private static func statement(
    _ selection: Selection, _ transaction: ReadTransaction
  ) throws(ServiceError) -> Statement {
    try transaction.database.statement(plural, flags: selection.rawValue) { sql(selection) }
  }

  private static func sql(_ selection: Selection) -> String {
    "SELECT \(shape.columns), \(otherColumns) FROM \(tables) \(selection.condition)ORDER BY d.id"
  }

  /// SQL of all of them, and of the one with a name.
  static var queries: [String] { [sql(.all), sql(.byName)] }

  /// The one of a row; nil when there is none.
  static func find(_ row: Int64, _ transaction: ReadTransaction) throws(ServiceError) -> Self? {
    let statement = try statement(.byRow, transaction)
    statement.bind(row, at: 1)
    defer { statement.reset() }
    return try statement.step() ? try Self(statement) : nil
  }

  /// The one of that name; nil when there is none.
  static func find(named name: String, _ transaction: ReadTransaction) throws(ServiceError) -> Self? {
    let statement = try statement(.byName, transaction)
    statement.bind(name, at: 1)
    defer { statement.reset() }
    return try statement.step() ? try Self(statement) : nil
  }
}

// MARK: - Showing

extension StoredDefinition {
  /// Writes all of them in the order in which they were made, or the one of a row with its latest.
  static func writeList(
    _ row: Int64?, _ transaction: ReadTransaction, into payload: inout JSONWriter
  ) throws(ServiceError) {
    let statement = try statement(row == nil ? .all : .byRow, transaction)
    if let row { statement.bind(row, at: 1) }
    var rows = RowList()
    try rows.write(plural, statement, into: &payload) { (definition, payload) throws(ServiceError) in
      payload.beginObject()
      shape.writeMembers(definition, transaction.ids, into: &payload)
      if let row { try writeLatest(of: row, transaction, into: &payload) }
      payload.endObject()
    }
    rows.writeOmission(advice: advice, into: &payload)
  }

  /// The one of a row as it is shown, one object.
  static func serialized(row: Int64, _ transaction: ReadTransaction) throws(ServiceError) -> [UInt8] {
    let statement = try statement(.byRow, transaction)
    statement.bind(row, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { throw .notFound(kind.noun, transaction.ids.text(kind, row)) }
    var payload = JSONWriter(capacity: 1024, sanitizing: true)
    shape.write(statement, transaction.ids, into: &payload)
    return payload.finish()
  }
}
