internal import JSON
internal import Service

/// A row with all its columns, as it is stored.
enum StoredRow {
  /// The row with this key; nil when there is none.
  static func load(
    _ table: JournaledTable, _ key: String, _ database: Connection
  ) throws(ServiceError) -> JSONObject? {
    let shape = try table.shape(database)
    let statement = try database.statement(
      composed: "SELECT \(shape.columns.joined(separator: ", ")) FROM \(table.rawValue) WHERE \(condition(shape, 1))")
    bind(key, to: statement, from: 1)
    defer { statement.reset() }
    guard try statement.step() else { return nil }
    return JSONObject(shape.columns.indices.map { (shape.columns[$0], statement.value(Int32($0))) })
  }

  /// Adds a row; columns that it does not name get their defaults.
  static func insert(
    _ row: JSONObject, into table: JournaledTable, _ database: Connection
  ) throws(ServiceError) {
    let columns = try table.shape(database).columns.filter { row.contains($0) }
    let values = columns.indices.map { "?\($0 + 1)" }.joined(separator: ", ")
    let statement = try database.statement(
      composed: "INSERT INTO \(table.rawValue) (\(columns.joined(separator: ", "))) VALUES (\(values))")
    for (index, column) in columns.enumerated() { statement.bind(stored: row[column] ?? .null, at: Int32(index + 1)) }
    try statement.run()
  }

  /// Sets columns of a row.
  static func update(
    _ columns: JSONObject, of table: JournaledTable, _ key: String, _ database: Connection
  ) throws(ServiceError) {
    let shape = try table.shape(database)
    let names = shape.columns.filter { columns.contains($0) }
    guard !names.isEmpty else { return }
    let assignments = names.enumerated().map { "\($1) = ?\($0 + 1)" }.joined(separator: ", ")
    let statement = try database.statement(
      composed: "UPDATE \(table.rawValue) SET \(assignments) WHERE \(condition(shape, names.count + 1))")
    for (index, name) in names.enumerated() { statement.bind(stored: columns[name] ?? .null, at: Int32(index + 1)) }
    bind(key, to: statement, from: names.count + 1)
    try statement.run()
  }

  /// Removes a row, with what depends on it.
  static func delete(_ table: JournaledTable, _ key: String, _ database: Connection) throws(ServiceError) {
    let shape = try table.shape(database)
    let statement = try database.statement(
      composed: "DELETE FROM \(table.rawValue) WHERE \(condition(shape, 1))")
    bind(key, to: statement, from: 1)
    try statement.run()
  }

  private static func condition(_ shape: JournaledTable.Shape, _ first: Int) -> String {
    shape.key.enumerated().map { "\($1) = ?\($0 + first)" }.joined(separator: " AND ")
  }

  private static func bind(_ key: String, to statement: Statement, from first: Int) {
    for (index, value) in ChangeImage.values(ofKey: key).enumerated() {
      statement.bind(stored: value, at: Int32(index + first))
    }
  }
}
