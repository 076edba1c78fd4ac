internal import JSON
internal import Operations
internal import Platform
internal import Service

/// An outreach sequence: what is done for who is enrolled, one step after the other.
struct Sequence {
  let row: Int64
  let name: String
  let isActive: Bool
  /// Whether a person decides about each of its actions.
  let requiresApproval: Bool
  /// The sender's row.
  let identity: Int64
  /// Whom any of these describes must not enter.
  let exclusions: [Condition]
  /// The steps that new enrollments get.
  let version: Int64

  /// What ``init(_:)`` and ``writeMembers(_:_:into:)`` read, in this order.
  private static let columns = """
    q.id, q.name, q.active, q.require_approval, q.identity_id, q.exclusions, q.version, q.created_at, q.updated_at, \
    v.steps
    """
  private static let tables =
    "sequences AS q CROSS JOIN sequence_versions AS v ON v.sequence_id = q.id AND v.version = q.version"

  private init(_ row: Statement) throws(ServiceError) {
    self.row = row.integer(0)
    name = row.string(1)
    isActive = row.bool(2)
    requiresApproval = row.bool(3)
    identity = row.integer(4)
    exclusions = try Condition.list(
      try? JSONParser.parse(row.text(5)), at: "/exclude", roots: FlowPerson.fieldNames)
    version = row.integer(6)
  }

  /// The sequence of a row; nil when there is none.
  static func find(_ row: Int64, _ transaction: ReadTransaction) throws(ServiceError) -> Sequence? {
    let statement = try transaction.database.statement("a sequence", flags: 0) {
      "SELECT \(columns) FROM \(tables) WHERE q.id = ?1"
    }
    statement.bind(row, at: 1)
    defer { statement.reset() }
    return try statement.step() ? try Sequence(statement) : nil
  }

  /// The sequence of that name; nil when there is none.
  static func find(named name: String, _ transaction: ReadTransaction) throws(ServiceError) -> Sequence? {
    let statement = try transaction.database.statement("a sequence by name", flags: 0) {
      "SELECT \(columns) FROM \(tables) WHERE q.name = ?1"
    }
    statement.bind(name, at: 1)
    defer { statement.reset() }
    return try statement.step() ? try Sequence(statement) : nil
  }

  /// The steps of one of a sequence's versions.
  static func steps(
    of row: Int64, version: Int64, _ transaction: ReadTransaction
  ) throws(ServiceError) -> [JSONObject] {
    let statement = try transaction.database.statement(
      "SELECT steps FROM sequence_versions WHERE sequence_id = ?1 AND version = ?2")
    statement.bind(row, at: 1)
    statement.bind(version, at: 2)
    defer { statement.reset() }
    guard try statement.step() else { return [] }
    let steps = try? JSONParser.parse(statement.text(0))
    return (steps?.arrayValue ?? []).compactMap(\.objectValue)
  }

  /// How long after the end of what came before it a step is due, in milliseconds.
  static func delay(of step: JSONObject) -> Int64 { (step["delayDays"]?.integerValue ?? 0) * 86_400_000 }
}

// MARK: - Definitions

extension Sequence {
  /// Built at first use.
  private static let stepTypes = StepDefinitions(StepType.ofSequences)

  /// Checks steps.
  ///
  /// - Throws: `VALIDATION_ERROR` below `/steps`.
  static func steps(_ list: [JSONValue]) throws(ServiceError) -> [JSONObject] {
    let steps = try stepTypes.checked(list)
    for (position, step) in steps.enumerated() {
      for key in ["subject", "message", "title"] {
        if let text = step.text(key) { _ = try PersonText.checked(text, at: "/steps/\(position)/\(key)") }
      }
    }
    return steps
  }
}

/// A definition that has been checked and may be stored.
struct SequenceDraft {
  /// The sequence that is changed; nil for a new one.
  let old: Sequence?
  let name: String
  let isActive: Bool
  let requiresApproval: Bool
  let identity: Int64
  /// Serialised JSON.
  let exclusions: [UInt8]
  /// Serialised JSON; nil where they stay.
  let steps: [UInt8]?

  /// Stores it, new steps as a version of their own, and gives its row.
  func store(in transaction: WriteTransaction) throws(ServiceError) -> Int64 {
    let version = (old?.version ?? 0) + (steps == nil && old != nil ? 0 : 1)
    let statement = try transaction.database.statement(
      """
      INSERT INTO sequences (id, name, active, require_approval, identity_id, exclusions, version, created_at, updated_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8) ON CONFLICT (id) DO UPDATE SET name = ?2, active = ?3,
        require_approval = ?4, identity_id = ?5, exclusions = ?6, version = ?7, updated_at = ?8
      """)
    statement.bind(old?.row, at: 1)
    statement.bind(name, at: 2)
    statement.bind(isActive, at: 3)
    statement.bind(requiresApproval, at: 4)
    statement.bind(identity, at: 5)
    statement.bind(text: exclusions, at: 6)
    statement.bind(version, at: 7)
    statement.bind(transaction.now.milliseconds, at: 8)
    try statement.run()
    let row = old?.row ?? transaction.database.lastInsertedID
    if version != old?.version {
      let insert = try transaction.database.statement(
        "INSERT INTO sequence_versions (sequence_id, version, steps) VALUES (?1, ?2, ?3)")
      insert.bind(row, at: 1)
      insert.bind(version, at: 2)
      insert.bind(text: steps ?? Array("[]".utf8), at: 3)
      try insert.run()
    }
    if isActive, old?.isActive == false { try Enrollments.resume(sequence: row, in: transaction) }
    return row
  }
}

// MARK: - Showing

extension Sequence {
  /// Writes `sequences`: all of them, or the one of a row with its latest enrollments.
  static func writeList(
    _ row: Int64?, _ transaction: ReadTransaction, into payload: inout JSONWriter
  ) throws(ServiceError) {
    let statement = try transaction.database.statement("sequences", flags: row == nil ? 0 : 1) {
      "SELECT \(columns) FROM \(tables) \(row == nil ? "" : "WHERE q.id = ?1") ORDER BY q.id"
    }
    if let row { statement.bind(row, at: 1) }
    var rows = RowList()
    try rows.write("sequences", statement, into: &payload) { (sequence, payload) throws(ServiceError) in
      payload.beginObject()
      writeMembers(sequence, transaction.ids, into: &payload)
      if let row { try Enrollments.writeList(ofSequence: row, transaction, into: &payload) }
      payload.endObject()
    }
    rows.writeOmission(
      advice: "\"Left out because the answer would be too long: ask for one sequence by its id.\"", into: &payload)
  }

  /// The sequence of a row as it is shown, one object.
  static func serialized(row: Int64, _ transaction: ReadTransaction) throws(ServiceError) -> [UInt8] {
    let statement = try transaction.database.statement("sequences", flags: 1) {
      "SELECT \(columns) FROM \(tables) WHERE q.id = ?1 ORDER BY q.id"
    }
    statement.bind(row, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { throw .notFound("sequence", transaction.ids.text(.sequence, row)) }
    var payload = JSONWriter(capacity: 1024, sanitizing: true)
    payload.beginObject()
    writeMembers(statement, transaction.ids, into: &payload)
    payload.endObject()
    return payload.finish()
  }

  private static func writeMembers(_ sequence: Statement, _ ids: RecordIDs, into payload: inout JSONWriter) {
    payload.key("id")
    ids.write(.sequence, sequence.integer(0), into: &payload)
    payload.key("name")
    payload.text(sequence, 1)
    payload.key("active")
    payload.bool(sequence.bool(2))
    payload.key("requireApproval")
    payload.bool(sequence.bool(3))
    payload.key("identityId")
    ids.write(.identity, sequence.integer(4), into: &payload)
    payload.key("exclude")
    payload.storedJSON(sequence, 5)
    payload.key("steps")
    payload.storedJSON(sequence, 9)
    payload.key("createdAt")
    payload.integer(sequence.integer(7))
    payload.key("updatedAt")
    payload.integer(sequence.integer(8))
  }
}
