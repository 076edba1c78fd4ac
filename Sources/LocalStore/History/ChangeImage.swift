internal import JSON
internal import Platform
internal import Service

/// What a change did to one row.
struct ChangeImage {
  /// The table's name, or one of ``Source``.
  let source: String
  /// The values of the row's key, as JSON.
  let key: String
  /// The columns that were changed, or all of a row that was removed, as they were; nil for a new row.
  let before: JSONObject?
  /// Stands for the same columns afterwards, or for all of a new row; nil for a row that was removed.
  let after: Int64?

  /// What is noted beside rows of tables.
  enum Source {
    /// Events that a deletion has taken from their contact; the key is the contact's.
    static let events = "events"
    /// The receipt that would answer the same call again.
    static let receipts = "receipts"
    /// More was changed than is kept.
    static let overflow = ""
  }

  /// The key's values.
  static func values(ofKey key: String) -> [JSONValue] { (try? JSONValue(parsing: key))?.arrayValue ?? [] }

  /// The number of a row with this key; nil where it is none.
  static func row(ofKey key: String) -> Int64? { values(ofKey: key).first?.integerValue }

  /// The key of a row with this number.
  static func key(ofRow row: Int64) -> String { "[\(row)]" }

  /// Stands for values.
  static func digest(_ values: [JSONValue]) -> Int64 {
    let bytes = SHA256.digest(JSONValue.array(values).serialized())
    return Int64(bitPattern: bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
  }

  /// Stands for these columns of a row, but for what is restless.
  static func digest(of columns: some Swift.Sequence<String>, _ row: JSONObject, _ table: JournaledTable) -> Int64 {
    digest(columns.filter { !table.restless.contains($0) }.map { row[$0] ?? .null })
  }
}

// MARK: - Storing

extension ChangeImage {
  /// The images of a change, in order.
  static func load(_ change: Int64, _ database: Connection) throws(ServiceError) -> [ChangeImage] {
    let statement = try database.statement(
      "SELECT source, row_key, before, after FROM change_images WHERE change_id = ?1 ORDER BY position")
    statement.bind(change, at: 1)
    defer { statement.reset() }
    var images: [ChangeImage] = []
    while try statement.step() {
      let before = statement.isNull(2) ? nil : try? JSONParser.parse(statement.text(2))
      images.append(
        ChangeImage(
          source: statement.string(0), key: statement.string(1), before: before?.objectValue,
          after: statement.optionalInteger(3)))
    }
    return images
  }

  /// How many images a change has.
  static func count(of change: Int64, _ database: Connection) throws(ServiceError) -> Int64 {
    let statement = try database.statement("SELECT count(*) FROM change_images WHERE change_id = ?1")
    statement.bind(change, at: 1)
    defer { statement.reset() }
    return try statement.step() ? statement.integer(0) : 0
  }

  /// Keeps images under their change.
  static func store(_ images: [ChangeImage], of change: Int64, _ database: Connection) throws(ServiceError) {
    for (position, image) in images.enumerated() {
      let statement = try database.statement(
        """
        INSERT INTO change_images (change_id, position, source, row_key, before, after)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        """)
      statement.bind(change, at: 1)
      statement.bind(Int64(position), at: 2)
      statement.bind(image.source, at: 3)
      statement.bind(image.key, at: 4)
      statement.bind(optionalText: image.before.map { JSONValue.object($0).serialized() }, at: 5)
      statement.bind(image.after, at: 6)
      try statement.run()
    }
  }

  /// The newest change of a row after that one; nil when there is none.
  static func latest(
    of source: String, _ key: String, after change: Int64, _ database: Connection
  ) throws(ServiceError) -> Int64? {
    let statement = try database.statement(
      """
      SELECT change_id FROM change_images INDEXED BY change_images_by_row
      WHERE source = ?1 AND row_key = ?2 AND change_id > ?3 ORDER BY change_id DESC LIMIT 1
      """)
    statement.bind(source, at: 1)
    statement.bind(key, at: 2)
    statement.bind(change, at: 3)
    defer { statement.reset() }
    return try statement.step() ? statement.integer(0) : nil
  }
}

// MARK: - Keeping no longer than needed

extension ChangeImage {
  /// The images of so many changes are dropped in one transaction.
  private static let batch: Int64 = 200

  /// Whether the oldest images are older than any undo needs.
  static func areOld(_ database: Connection, at now: Timestamp) throws(ServiceError) -> Bool {
    let statement = try database.statement(
      "SELECT at < ?1 FROM audit_log WHERE id = (SELECT min(change_id) FROM change_images)")
    statement.bind(now.milliseconds - UndoObstacle.keptDays * 86_400_000, at: 1)
    defer { statement.reset() }
    return try statement.step() && statement.bool(0)
  }

  /// Drops the oldest that are too old; the changes themselves stay in the log.
  static func dropOldest(_ database: Connection, at now: Timestamp) throws(ServiceError) {
    let statement = try database.statement(
      """
      DELETE FROM change_images WHERE change_id IN (
        SELECT id FROM audit_log WHERE id BETWEEN (SELECT min(change_id) FROM change_images)
          AND (SELECT min(change_id) FROM change_images) + ?2 AND at < ?1)
      """)
    statement.bind(now.milliseconds - UndoObstacle.keptDays * 86_400_000, at: 1)
    statement.bind(batch, at: 2)
    try statement.run()
  }
}
