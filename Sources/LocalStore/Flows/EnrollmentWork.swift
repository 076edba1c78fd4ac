internal import JSON
internal import Operations
internal import Platform
internal import Service

/// Takes enrollments on: starts the step whose day has come, and moves on when its action has ended.
///
/// A step's action is stored in the transaction that records the step as begun, so that there is exactly one.
enum EnrollmentWork {
  /// So many enrollments are looked at in one transaction.
  private static let batch: Int64 = 64

  /// An enrollment that is looked at.
  struct Enrollment {
    let row: Int64
    let sequence: Int64
    let version: Int64
    let contact: Int64
    let position: Int64
    let action: Int64?
    let wasCustomer: Bool
    /// The contact's status then.
    let enteredAs: String
    let createdAt: Int64
  }

  /// When the next enrollment is due; nil when none is.
  static func nextTime(_ transaction: ReadTransaction) throws(ServiceError) -> Timestamp? {
    let statement = try transaction.database.statement(
      "SELECT due_at FROM enrollments INDEXED BY enrollments_due WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1")
    defer { statement.reset() }
    return try statement.step() ? Timestamp(milliseconds: statement.integer(0)) : nil
  }

  /// Looks at the enrollments that have been due longest.
  static func work(in transaction: WriteTransaction) throws(ServiceError) {
    let statement = try transaction.database.statement("due enrollments", flags: 0) {
      """
      SELECT \(columns) FROM enrollments INDEXED BY enrollments_due WHERE due_at <= ?1 ORDER BY due_at LIMIT ?2
      """
    }
    statement.bind(transaction.now.milliseconds, at: 1)
    statement.bind(batch, at: 2)
    var due: [Enrollment] = []
    do {
      defer { statement.reset() }
      while try statement.step() { due.append(Enrollment(statement)) }
    }
    for enrollment in due { try look(at: enrollment, in: transaction) }
  }

  private static let columns = """
    id, sequence_id, version, contact_id, position, action_id, was_customer, created_at, entered_as
    """

  private static func look(at enrollment: Enrollment, in transaction: WriteTransaction) throws(ServiceError) {
    let person = try FlowPerson.load(enrollment.contact, transaction.reading)
    if let reason = try exit(person, enrollment, transaction.reading) {
      try end(enrollment, "stopped", reason: reason, in: transaction)
      if let action = enrollment.action { try withdraw(action, enrollment, reason, in: transaction) }
      return
    }
    guard let sequence = try Sequence.find(enrollment.sequence, transaction.reading), sequence.isActive,
      enrollment.action == nil
    else { return try wait(enrollment, in: transaction) }
    let steps = try Sequence.steps(of: enrollment.sequence, version: enrollment.version, transaction.reading)
    guard enrollment.position < steps.count else {
      return try end(enrollment, "completed", reason: nil, in: transaction)
    }
    let step = SequenceStep(
      enrollment: enrollment, sequence: sequence, step: steps[Int(enrollment.position)], person: person,
      transaction: transaction)
    do throws(ServiceError) {
      let action = try transaction.attempt { () throws(ServiceError) in try step.begin() }
      try begin(enrollment, action: action, in: transaction)
    } catch {
      // After a full disk there is no transaction left to record anything in.
      guard transaction.database.isInTransaction else { throw error }
      try fail(enrollment, error.message, in: transaction)
    }
  }

  /// Why somebody leaves a sequence before its end; nil when there is no reason.
  private static func exit(
    _ person: FlowPerson, _ enrollment: Enrollment, _ transaction: ReadTransaction
  ) throws(ServiceError) -> String? {
    if person.isArchived { return "archived" }
    let status = person.fields.text("status") ?? ""
    if ["replied", "converted", "lost"].contains(status), status != enrollment.enteredAs { return status }
    let state = try PathboundState.load(of: person, transaction)
    let addresses = person.emailKey.map { [$0] } ?? []
    if let reason = try Suppressions.reason(against: addresses, state?.contact, transaction) {
      return "unsubscribed: \(reason)"
    }
    guard let state else { return nil }
    if state.isCustomer && !enrollment.wasCustomer { return "converted" }
    return try state.ending(since: enrollment.createdAt, transaction)
  }

  /// What has not been sent yet is not sent any more.
  private static func withdraw(
    _ action: Int64, _ enrollment: Enrollment, _ reason: String, in transaction: WriteTransaction
  ) throws(ServiceError) {
    guard let action = try StoredAction.find(action, in: transaction.database), action.status.isOpen else { return }
    let event: ActionEvent = action.status == .pendingApproval ? .reject : .cancel
    _ = try Actions.decide(
      action, event, by: FlowActor.sequence, comment: "The contact has left the sequence: \(reason).", in: transaction)
    try AuditLog.record(
      client: FlowActor.sequence, tool: action.type, digest: action.paramsDigest, transaction)
  }
}

extension EnrollmentWork {
  /// Takes somebody out of a sequence whose enrollment is taken back; what was sent by then stays sent.
  ///
  /// - Returns: whether a step had begun.
  static func leave(
    _ row: Int64, by actor: String, in transaction: WriteTransaction
  ) throws(ServiceError) -> Bool {
    let statement = try transaction.database.statement("an enrollment", flags: 0) {
      "SELECT \(columns) FROM enrollments WHERE id = ?1 AND status = 'active'"
    }
    statement.bind(row, at: 1)
    let found = try statement.step() ? Enrollment(statement) : nil
    statement.reset()
    guard let enrollment = found else { return true }
    let reason = "The enrollment was undone."
    try end(enrollment, "stopped", reason: reason, in: transaction)
    guard let row = enrollment.action, let action = try StoredAction.find(row, in: transaction.database),
      action.status.isOpen
    else { return enrollment.position > 0 || enrollment.action != nil }
    let event: ActionEvent = action.status == .pendingApproval ? .reject : .cancel
    _ = try Actions.transition(action, event, by: actor, comment: reason, in: transaction)
    return enrollment.position > 0
  }
}

// MARK: - Records

extension EnrollmentWork.Enrollment {
  fileprivate init(_ row: Statement) {
    self.row = row.integer(0)
    sequence = row.integer(1)
    version = row.integer(2)
    contact = row.integer(3)
    position = row.integer(4)
    action = row.optionalInteger(5)
    wasCustomer = row.bool(6)
    createdAt = row.integer(7)
    enteredAs = row.string(8)
  }
}

extension EnrollmentWork {
  private static func begin(
    _ enrollment: Enrollment, action: Int64, in transaction: WriteTransaction
  ) throws(ServiceError) {
    try record(enrollment, "started", action: action, error: nil, in: transaction)
    let statement = try transaction.database.statement(
      "UPDATE enrollments SET action_id = ?2, due_at = NULL WHERE id = ?1")
    statement.bind(enrollment.row, at: 1)
    statement.bind(action, at: 2)
    try statement.run()
  }

  private static func fail(
    _ enrollment: Enrollment, _ problem: String, in transaction: WriteTransaction
  ) throws(ServiceError) {
    try record(enrollment, "failed", action: nil, error: problem, in: transaction)
    try end(
      enrollment, "failed", reason: "Step \(enrollment.position + 1): \(problem.cut(500))", in: transaction)
  }

  /// Nothing to do before its action ends or its sequence is active again.
  private static func wait(_ enrollment: Enrollment, in transaction: WriteTransaction) throws(ServiceError) {
    let statement = try transaction.database.statement("UPDATE enrollments SET due_at = NULL WHERE id = ?1")
    statement.bind(enrollment.row, at: 1)
    try statement.run()
  }

  private static func end(
    _ enrollment: Enrollment, _ status: String, reason: String?, in transaction: WriteTransaction
  ) throws(ServiceError) {
    let statement = try transaction.database.statement(
      """
      UPDATE enrollments SET status = ?2, reason = ?3, ended_at = ?4, due_at = NULL, action_id = NULL WHERE id = ?1
      """)
    statement.bind(enrollment.row, at: 1)
    statement.bind(status, at: 2)
    statement.bind(reason, at: 3)
    statement.bind(transaction.now.milliseconds, at: 4)
    try statement.run()
  }

  /// Notes a step as begun; a second one of the same position breaks a rule of the data.
  private static func record(
    _ enrollment: Enrollment, _ status: String, action: Int64?, error: String?, in transaction: WriteTransaction
  ) throws(ServiceError) {
    let statement = try transaction.database.statement(
      """
      INSERT INTO enrollment_steps (enrollment_id, position, status, action_id, error, started_at, ended_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
      """)
    statement.bind(enrollment.row, at: 1)
    statement.bind(enrollment.position, at: 2)
    statement.bind(status, at: 3)
    statement.bind(action, at: 4)
    statement.bind(error, at: 5)
    statement.bind(transaction.now.milliseconds, at: 6)
    statement.bind(error == nil ? nil : transaction.now.milliseconds, at: 7)
    try statement.run()
  }
}

// MARK: - The end of an action

extension EnrollmentWork {
  /// Takes the enrollment on whose step an action is: to the day of its next step, or to its end.
  static func actionEnded(
    _ action: Int64, _ status: ActionStatus, in transaction: WriteTransaction
  ) throws(ServiceError) {
    guard let enrollment = try waiting(for: action, transaction.reading) else { return }
    try endStep(enrollment, status.rawValue, in: transaction)
    guard status == .completed else {
      let id = transaction.ids.text(.action, action)
      let reason = "Step \(enrollment.position + 1): its action \(id) is \(status.rawValue)."
      return try end(enrollment, status == .failed ? "failed" : "stopped", reason: reason, in: transaction)
    }
    let steps = try Sequence.steps(of: enrollment.sequence, version: enrollment.version, transaction.reading)
    let next = Int(enrollment.position) + 1
    guard next < steps.count else { return try end(enrollment, "completed", reason: nil, in: transaction) }
    let statement = try transaction.database.statement(
      "UPDATE enrollments SET position = ?2, due_at = ?3, action_id = NULL WHERE id = ?1")
    statement.bind(enrollment.row, at: 1)
    statement.bind(Int64(next), at: 2)
    statement.bind(transaction.now.adding(milliseconds: Sequence.delay(of: steps[next])).milliseconds, at: 3)
    try statement.run()
  }

  private static func waiting(
    for action: Int64, _ transaction: ReadTransaction
  ) throws(ServiceError) -> Enrollment? {
    let statement = try transaction.database.statement("the enrollment of an action", flags: 0) {
      "SELECT \(columns) FROM enrollments INDEXED BY enrollments_by_action WHERE action_id = ?1"
    }
    statement.bind(action, at: 1)
    defer { statement.reset() }
    return try statement.step() ? Enrollment(statement) : nil
  }

  private static func endStep(
    _ enrollment: Enrollment, _ status: String, in transaction: WriteTransaction
  ) throws(ServiceError) {
    let statement = try transaction.database.statement(
      "UPDATE enrollment_steps SET status = ?3, ended_at = ?4 WHERE enrollment_id = ?1 AND position = ?2")
    statement.bind(enrollment.row, at: 1)
    statement.bind(enrollment.position, at: 2)
    statement.bind(status, at: 3)
    statement.bind(transaction.now.milliseconds, at: 4)
    try statement.run()
  }
}
