internal import JSON
internal import Platform
internal import Service

/// Senders (Pathbound API 9); `role` and `jobTitle` are one attribute.
///
/// Finished actions keep the name of who did them, so the row of a deleted identity stays and is not shown any more.
enum Identities {
  /// How an identity is shown; there are no credentials to leave out.
  static let shape = RowShape(
    .record("_id", "identity_id", .identity, "id"), .text("firstName", "first_name"), .text("lastName", "last_name"),
    .text("role", "job_title"), .text("jobTitle", "job_title"), .text("email", "email"),
    .text("linkedin_url", "linkedin_url"), .time("created_at", "created_at"), .time("updated_at", "updated_at"))

  /// Writes `{"identity": …}`.
  static func writeAlone(
    _ row: Int64, _ transaction: ReadTransaction, into payload: inout JSONWriter
  ) throws(ServiceError) {
    payload.beginObject()
    payload.key("identity")
    try write(row, transaction, into: &payload)
    payload.endObject()
  }

  private static func write(
    _ row: Int64, _ transaction: ReadTransaction, into payload: inout JSONWriter
  ) throws(ServiceError) {
    let statement = try transaction.database.statement("identity", flags: 0) {
      "SELECT \(shape.columns) FROM identities WHERE id = ?1"
    }
    statement.bind(row, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { throw .notFound("identity", transaction.ids.text(.identity, row)) }
    shape.write(statement, transaction.ids, into: &payload)
  }

  /// The identity as it is stored, for the audit log.
  private static func serialized(_ row: Int64, in transaction: WriteTransaction) throws(ServiceError) -> [UInt8] {
    var writer = JSONWriter(capacity: 256)
    try write(row, transaction.reading, into: &writer)
    return writer.finish()
  }
}

// MARK: - Changes

extension Identities {
  /// Adds a sender and gives its row.
  static func create(_ arguments: JSONObject, in transaction: WriteTransaction) throws(ServiceError) -> Int64 {
    try checkLengths(arguments)
    let statement = try transaction.database.statement(
      """
      INSERT INTO identities (first_name, last_name, job_title, email, linkedin_url, created_at, updated_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
      """)
    for (index, name) in ["firstName", "lastName", "role"].enumerated() {
      statement.bind(arguments.trimmedText(name) ?? "", at: Int32(index) + 1)
    }
    statement.bind(arguments.trimmedText("email"), at: 4)
    statement.bind(arguments.trimmedText("linkedin_url"), at: 5)
    statement.bind(transaction.now.milliseconds, at: 6)
    try statement.run()
    let row = transaction.database.lastInsertedID
    transaction.audit(.identity, row, after: try serialized(row, in: transaction))
    return row
  }

  /// Changes what is given; the same again leaves the time of the last change.
  static func update(_ row: Int64, _ arguments: JSONObject, in transaction: WriteTransaction) throws(ServiceError) {
    let names = ["firstName", "lastName", "jobTitle", "email", "linkedin_url"]
    guard names.contains(where: { arguments.contains($0) }) else {
      throw ServiceError(.validation, "Nothing to change: give one of \(names.joined(separator: ", ")).")
    }
    try checkLengths(arguments)
    let before = try serialized(row, in: transaction)
    let statement = try transaction.database.statement(
      """
      UPDATE identities SET first_name = coalesce(?2, first_name), last_name = coalesce(?3, last_name),
        job_title = coalesce(?4, job_title), email = coalesce(?5, email),
        linkedin_url = coalesce(?6, linkedin_url), updated_at = ?7
      WHERE id = ?1 AND (first_name, last_name, job_title, email, linkedin_url) IS NOT (coalesce(?2, first_name),
        coalesce(?3, last_name), coalesce(?4, job_title), coalesce(?5, email), coalesce(?6, linkedin_url))
      """)
    statement.bind(row, at: 1)
    for (index, name) in names.enumerated() { statement.bind(arguments.trimmedText(name), at: Int32(index) + 2) }
    statement.bind(transaction.now.milliseconds, at: 7)
    try statement.run()
    transaction.audit(.identity, row, before: before, after: try serialized(row, in: transaction))
  }

  /// Removes a sender that nothing is to be done as any more.
  ///
  /// - Throws: `CONFLICT` naming what still needs it.
  static func delete(_ row: Int64, in transaction: WriteTransaction) throws(ServiceError) {
    try checkUnused(row, in: transaction)
    let before = try serialized(row, in: transaction)
    let statement = try transaction.database.statement("UPDATE identities SET deleted_at = ?2 WHERE id = ?1")
    statement.bind(row, at: 1)
    statement.bind(transaction.now.milliseconds, at: 2)
    try statement.run()
    transaction.audit(.identity, row, before: before)
  }

  private static func checkLengths(_ arguments: JSONObject) throws(ServiceError) {
    for name in ["firstName", "lastName", "role", "jobTitle"] {
      try SizeLimit.check(arguments.text(name), SizeLimit.line, at: "/" + name)
    }
    try SizeLimit.check(arguments.text("linkedin_url"), SizeLimit.url, at: "/linkedin_url")
  }

  private static func checkUnused(_ row: Int64, in transaction: WriteTransaction) throws(ServiceError) {
    let id = transaction.ids.text(.identity, row)
    guard row != FlowActions.defaultIdentity else {
      throw ServiceError(
        .conflict, "\(id) is the identity that every workspace has. Change it with pathbound_update_identity instead.")
    }
    let statement = try transaction.database.statement(
      """
      SELECT (SELECT id FROM agents INDEXED BY agents_by_identity WHERE identity_id = ?1 LIMIT 1),
        (SELECT name FROM sequences WHERE identity_id = ?1 LIMIT 1),
        (SELECT id FROM actions INDEXED BY actions_by_status WHERE identity_id = ?1 AND status IN
          ('scheduled', 'pending_approval', 'approved', 'auto_approved', 'running') LIMIT 1)
      """)
    statement.bind(row, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { return }
    if let agent = statement.optionalInteger(0) {
      let agentID = transaction.ids.text(.agent, agent)
      throw ServiceError(
        .conflict, "The agent \(agentID) acts as \(id). Give it another identity_id, or delete it first.")
    }
    if let sequence = statement.optionalString(1) {
      throw ServiceError(
        .conflict, "The sequence \"\(sequence.prefix(64))\" writes as \(id). Give it another identityId first.")
    }
    if let action = statement.optionalInteger(2) {
      let actionID = transaction.ids.text(.action, action)
      throw ServiceError(
        .conflict,
        "The action \(actionID) is open and to be done as \(id). Cancel or reject it, or wait for it, first.")
    }
  }
}
