internal import JSON
internal import Operations
internal import Platform
internal import Service

/// An outreach sequence: what is done for who is enrolled, one step after the other.
struct Sequence: StoredDefinition {
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

// MARK: - In the workspace

extension Sequence {
  static let kind = RecordKind.sequence
  static let plural: StaticString = "sequences"
  static let singular: StaticString = "sequence"
  static let advice: StaticString =
    "\"Left out because the answer would be too long: ask for one sequence by its id.\""
  static let tables =
    "sequences AS d CROSS JOIN sequence_versions AS v ON v.sequence_id = d.id AND v.version = d.version"
  static let shape = RowShape(
    .id("id", .sequence, "d.id"), .text("name", "d.name"), .flag("active", "d.active"),
    .flag("requireApproval", "d.require_approval"), .id("identityId", .identity, "d.identity_id"),
    .json("exclude", "d.exclusions"), .json("steps", "v.steps"), .integer("createdAt", "d.created_at"),
    .integer("updatedAt", "d.updated_at"))
  static let otherColumns = "d.version"

  init(_ row: Statement) throws(ServiceError) {
    self.row = row.integer(0)
    name = row.string(1)
    isActive = row.bool(2)
    requiresApproval = row.bool(3)
    identity = row.integer(4)
    exclusions = try Condition.list(
      try? JSONParser.parse(row.text(5)), at: "/exclude", roots: FlowPerson.fieldNames)
    version = row.integer(Self.shape.end)
  }

  /// Its latest enrollments.
  static func writeLatest(
    of row: Int64, _ transaction: ReadTransaction, into payload: inout JSONWriter
  ) throws(ServiceError) {
    try Enrollments.writeList(ofSequence: row, transaction, into: &payload)
  }
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
