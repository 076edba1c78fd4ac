internal import JSON
internal import Platform
internal import Service

/// Who is in which sequence (Owlbound API 13).
enum Enrollments {
  /// Why somebody can't be enrolled; the names are the API's.
  enum Rule: String {
    case sequenceInactive = "sequence_inactive"
    case sequenceHasNoSteps = "sequence_has_no_steps"
    case contactArchived = "contact_archived"
    case contactExcluded = "contact_excluded"
    case alreadyEnrolled = "already_enrolled"
  }

  /// Enrolls a contact and gives the enrollment's row; the checks are the documented ones, in their order.
  ///
  /// - Throws: `NOT_FOUND`, or `VALIDATION_ERROR` with a detail that names the rule.
  static func enroll(
    _ contact: Int64, in sequence: Int64, source: String, transaction: WriteTransaction
  ) throws(ServiceError) -> Int64 {
    let reading = transaction.reading
    guard let sequence = try Sequence.find(sequence, reading) else {
      throw .notFound("sequence", transaction.ids.text(.sequence, sequence))
    }
    let person = try FlowPerson.load(contact, reading)
    guard sequence.isActive else {
      throw refusal(.sequenceInactive, "/id", "The sequence is not active. owlbound_save_sequence can activate it.")
    }
    let steps = try Sequence.steps(of: sequence.row, version: sequence.version, reading)
    guard let first = steps.first else {
      throw refusal(.sequenceHasNoSteps, "/id", "The sequence has no steps. Give it some with owlbound_save_sequence.")
    }
    guard !person.isArchived else {
      throw refusal(.contactArchived, "/contactId", "The contact is archived, so that nobody writes to it.")
    }
    for exclusion in sequence.exclusions {
      let isExcluded = try exclusion.holds { path in JSONValue.object(person.fields).member(at: path[...]) }
      if isExcluded {
        throw refusal(.contactExcluded, "/contactId", "The sequence excludes contacts whose \(exclusion).")
      }
    }
    if let other = try active(contact, in: sequence.row, reading) {
      let id = transaction.ids.text(.enrollment, other)
      throw refusal(.alreadyEnrolled, "/contactId", "The contact is in this sequence already: enrollment \(id).")
    }
    return try insert(person, sequence, first, source, transaction)
  }

  private static func refusal(_ rule: Rule, _ path: String, _ message: String) -> ServiceError {
    ServiceError(.validation, message, details: [.init(path: path, message: "\(rule.rawValue): \(message)")])
  }

  private static func active(
    _ contact: Int64, in sequence: Int64, _ transaction: ReadTransaction
  ) throws(ServiceError) -> Int64? {
    let statement = try transaction.database.statement(
      """
      SELECT id FROM enrollments INDEXED BY enrollments_active
      WHERE contact_id = ?1 AND sequence_id = ?2 AND status = 'active'
      """)
    statement.bind(contact, at: 1)
    statement.bind(sequence, at: 2)
    defer { statement.reset() }
    return try statement.step() ? statement.integer(0) : nil
  }

  private static func insert(
    _ person: FlowPerson, _ sequence: Sequence, _ first: JSONObject, _ source: String, _ transaction: WriteTransaction
  ) throws(ServiceError) -> Int64 {
    let isCustomer = try PathboundState.load(of: person, transaction.reading)?.isCustomer ?? false
    let statement = try transaction.database.statement(
      """
      INSERT INTO enrollments (sequence_id, version, contact_id, status, source, due_at, was_customer, entered_as,
        created_at)
      VALUES (?1, ?2, ?3, 'active', ?4, ?5, ?6, ?7, ?8)
      """)
    statement.bind(sequence.row, at: 1)
    statement.bind(sequence.version, at: 2)
    statement.bind(person.row, at: 3)
    statement.bind(source, at: 4)
    statement.bind(transaction.now.adding(milliseconds: Sequence.delay(of: first)).milliseconds, at: 5)
    statement.bind(isCustomer, at: 6)
    statement.bind(person.fields.text("status") ?? "", at: 7)
    statement.bind(transaction.now.milliseconds, at: 8)
    try statement.run()
    let row = transaction.database.lastInsertedID
    transaction.audit(.enrollment, row, after: JSONValue.object(["status": "active"]).serialized())
    return row
  }

  /// Lets those go on who waited while their sequence was not active.
  static func resume(sequence: Int64, in transaction: WriteTransaction) throws(ServiceError) {
    let statement = try transaction.database.statement(
      """
      UPDATE enrollments INDEXED BY enrollments_by_sequence SET due_at = ?2
      WHERE sequence_id = ?1 AND status = 'active' AND due_at IS NULL AND action_id IS NULL
      """)
    statement.bind(sequence, at: 1)
    statement.bind(transaction.now.milliseconds, at: 2)
    try statement.run()
  }
}

// MARK: - Showing

extension Enrollments {
  /// Writes `enrollments` of a sequence: the latest twenty, newest first.
  static func writeList(
    ofSequence row: Int64, _ transaction: ReadTransaction, into payload: inout JSONWriter
  ) throws(ServiceError) {
    let statement = try transaction.database.statement("enrollments of a sequence", flags: 0) {
      """
      SELECT \(columns) FROM enrollments AS e INDEXED BY enrollments_by_sequence
        CROSS JOIN sequences AS q ON q.id = e.sequence_id
      WHERE e.sequence_id = ?1 ORDER BY e.id DESC LIMIT 20
      """
    }
    statement.bind(row, at: 1)
    try write(statement, 12_000, transaction, into: &payload)
  }

  /// Writes `enrollments` of a contact: the latest ten, newest first.
  static func writeList(
    ofContact row: Int64, limit: Int = 6000, _ transaction: ReadTransaction, into payload: inout JSONWriter
  ) throws(ServiceError) {
    let statement = try transaction.database.statement("enrollments of a contact", flags: 0) {
      """
      SELECT \(columns) FROM enrollments AS e INDEXED BY enrollments_by_contact
        CROSS JOIN sequences AS q ON q.id = e.sequence_id
      WHERE e.contact_id = ?1 ORDER BY e.id DESC LIMIT 10
      """
    }
    statement.bind(row, at: 1)
    try write(statement, limit, transaction, into: &payload)
  }

  private static let columns = """
    e.id, e.sequence_id, q.name, e.contact_id, e.status, e.source, e.position, e.due_at, e.action_id, e.reason, \
    e.created_at, e.ended_at, (SELECT json_array_length(v.steps) FROM sequence_versions AS v \
    WHERE v.sequence_id = e.sequence_id AND v.version = e.version)
    """

  private static func write(
    _ statement: Statement, _ limit: Int, _ transaction: ReadTransaction, into payload: inout JSONWriter
  ) throws(ServiceError) {
    let ids = transaction.ids
    var rows = RowList(limit: limit, keepsFirst: false)
    try rows.write("enrollments", statement, into: &payload) { (enrollment, payload) throws(ServiceError) in
      payload.beginObject()
      payload.key("enrollmentId")
      ids.write(.enrollment, enrollment.integer(0), into: &payload)
      payload.key("sequenceId")
      ids.write(.sequence, enrollment.integer(1), into: &payload)
      payload.key("sequenceName")
      payload.text(enrollment, 2)
      payload.key("contactId")
      ids.write(.owlContact, enrollment.integer(3), into: &payload)
      for (key, column) in [("status", 4), ("source", 5)] as [(StaticString, Int32)] {
        payload.key(key)
        payload.text(enrollment, column)
      }
      payload.key("step")
      payload.integer(min(enrollment.integer(6) + 1, enrollment.integer(12)))
      payload.key("steps")
      payload.integer(enrollment.integer(12))
      payload.epoch("dueAt", enrollment, 7)
      if !enrollment.isNull(8) {
        payload.key("actionId")
        ids.write(.action, enrollment.integer(8), into: &payload)
      }
      payload.short("reason", enrollment, 9, 240)
      payload.epoch("createdAt", enrollment, 10)
      payload.epoch("endedAt", enrollment, 11)
      payload.endObject()
    }
  }
}

extension JSONWriter {
  /// A member that holds a moment in Owlbound's form, epoch milliseconds; left out when the column is null.
  mutating func epoch(_ name: StaticString, _ row: Statement, _ column: Int32) {
    guard !row.isNull(column) else { return }
    key(name)
    integer(row.integer(column))
  }
}
