internal import JSON
internal import Platform
internal import Scoring
internal import Service

/// An ideal customer profile of the workspace.
struct StoredProfile {
  let row: Int64
  let name: String
  /// As `Scoring.Profile` reads them, without the name.
  let criteria: JSONObject

  /// The profile as it scores.
  func profile() throws(ServiceError) -> Profile {
    var profile = try Self.parsed(criteria)
    profile.name = name
    return profile
  }

  /// The profile with other weights for some categories; the others keep theirs.
  func weighing(_ weights: JSONObject) throws(ServiceError) -> StoredProfile {
    var merged = criteria["weights"]?.objectValue ?? [:]
    for (category, weight) in weights { merged[category] = weight }
    var changed = criteria
    changed["weights"] = .object(merged)
    try Self.check(changed)
    return StoredProfile(row: row, name: name, criteria: changed)
  }

  /// Refuses criteria that can't score anybody.
  static func check(_ criteria: JSONObject) throws(ServiceError) {
    guard !(try parsed(criteria)).categories.isEmpty else {
      throw ServiceError(
        .validation, "A profile needs at least one criterion with a weight above 0, such as titles or keywords.")
    }
  }

  private static func parsed(_ criteria: JSONObject) throws(ServiceError) -> Profile {
    do {
      return try Profile(criteria)
    } catch {
      throw .invalid(error.path, error.message)
    }
  }
}

// MARK: - Storing

extension StoredProfile {
  /// The profile of a row.
  ///
  /// - Throws: `NOT_FOUND` when there is none.
  static func load(_ row: Int64, _ transaction: ReadTransaction) throws(ServiceError) -> StoredProfile {
    let statement = try transaction.database.statement("SELECT id, name, criteria FROM icp_profiles WHERE id = ?1")
    statement.bind(row, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { throw .notFound("ICP profile", transaction.ids.text(.profile, row)) }
    return StoredProfile(statement)
  }

  /// The profile of that name; nil when there is none.
  static func find(_ name: String, _ transaction: ReadTransaction) throws(ServiceError) -> StoredProfile? {
    let statement = try transaction.database.statement("SELECT id, name, criteria FROM icp_profiles WHERE name = ?1")
    statement.bind(name, at: 1)
    defer { statement.reset() }
    return try statement.step() ? StoredProfile(statement) : nil
  }

  private init(_ row: Statement) {
    self.row = row.integer(0)
    name = row.string(1)
    let value = try? JSONParser.parse(row.text(2))
    criteria = value?.objectValue ?? [:]
  }

  /// Adds a profile, or changes the one of a row; gives its row.
  static func store(
    _ name: String, _ criteria: [UInt8], in row: Int64?, _ transaction: WriteTransaction
  ) throws(ServiceError) -> Int64 {
    let statement = try transaction.database.statement(
      """
      INSERT INTO icp_profiles (id, name, criteria, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?4)
      ON CONFLICT (id) DO UPDATE SET name = ?2, criteria = ?3, updated_at = ?4
      """)
    statement.bind(row, at: 1)
    statement.bind(name, at: 2)
    statement.bind(text: criteria, at: 3)
    statement.bind(transaction.now.milliseconds, at: 4)
    try statement.run()
    return row ?? transaction.database.lastInsertedID
  }
}

// MARK: - Showing

extension StoredProfile {
  /// Writes the profile that a statement over id, name, criteria, created_at, updated_at stands at, one object.
  static func write(_ profile: Statement, _ ids: RecordIDs, into payload: inout JSONWriter) {
    payload.beginObject()
    payload.key("id")
    ids.write(.profile, profile.integer(0), into: &payload)
    payload.key("name")
    payload.text(profile, 1)
    payload.storedMembers(profile, 2)
    payload.key("createdAt")
    payload.integer(profile.integer(3))
    payload.key("updatedAt")
    payload.integer(profile.integer(4))
    payload.endObject()
  }

  /// Writes the profile of a row, one object.
  static func write(
    row: Int64, _ transaction: ReadTransaction, into payload: inout JSONWriter
  ) throws(ServiceError) {
    let statement = try transaction.database.statement(
      "SELECT id, name, criteria, created_at, updated_at FROM icp_profiles WHERE id = ?1")
    statement.bind(row, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { throw .notFound("ICP profile", transaction.ids.text(.profile, row)) }
    write(statement, transaction.ids, into: &payload)
  }
}
