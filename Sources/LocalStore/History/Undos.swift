internal import Service

/// Which change takes back which; a change whose undo was itself undone holds again.
enum Undos {
  /// The change that took this one back; nil while it holds.
  static func undo(of change: Int64, _ database: Connection) throws(ServiceError) -> Int64? {
    try integer(
      "SELECT undo_id FROM undos INDEXED BY undos_by_change WHERE change_id = ?1 AND is_undone = 0", change, database)
  }

  /// The change that this one took back; nil when it took none back.
  static func undone(by undo: Int64, _ database: Connection) throws(ServiceError) -> Int64? {
    try integer("SELECT change_id FROM undos WHERE undo_id = ?1", undo, database)
  }

  /// Notes that one change took back another.
  static func note(undo: Int64, of change: Int64, _ database: Connection) throws(ServiceError) {
    let again = try database.statement("UPDATE undos SET is_undone = 1 WHERE undo_id = ?1")
    again.bind(change, at: 1)
    try again.run()
    let statement = try database.statement("INSERT INTO undos (undo_id, change_id) VALUES (?1, ?2)")
    statement.bind(undo, at: 1)
    statement.bind(change, at: 2)
    try statement.run()
  }

  private static func integer(
    _ sql: StaticString, _ value: Int64, _ database: Connection
  ) throws(ServiceError) -> Int64? {
    let statement = try database.statement(sql)
    statement.bind(value, at: 1)
    defer { statement.reset() }
    return try statement.step() ? statement.integer(0) : nil
  }
}
