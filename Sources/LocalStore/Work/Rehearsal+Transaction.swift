internal import JSON
internal import Platform
internal import Service

extension Rehearsal {
  /// Does the call, gathers what it did, and takes everything back.
  init(_ call: Call, _ handler: WriteHandler, _ transaction: WriteTransaction) throws(ServiceError) {
    self = try transaction.rehearse { () throws(ServiceError) in
      var payload = JSONWriter(capacity: 256, sanitizing: true)
      _ = try handler(transaction, call, &payload)
      let rehearsed = transaction.rehearsed ?? .init()
      return Rehearsal(
        payload: payload.finish(), changes: rehearsed.changes.map { Change($0, transaction.ids) },
        actions: try Self.planned(rehearsed.actions, in: transaction))
    }
  }

  /// The actions that could still be performed after the call.
  private static func planned(
    _ rows: [Int64], in transaction: WriteTransaction
  ) throws(ServiceError) -> [PlannedAction] {
    var planned: [PlannedAction] = []
    for row in rows {
      guard let action = try StoredAction.find(row, in: transaction.database),
        action.status.isOpen || action.status == .running
      else { continue }
      let claimed = try Actions.claimed(action, in: transaction)
      planned.append(
        PlannedAction(
          action: claimed, status: action.status,
          scheduledTime: action.status == .running ? nil : try scheduledTime(of: row, transaction),
          obstacles: try OutreachCheck(action, in: transaction.reading).obstacles(),
          person: try person(of: row, transaction), reasoning: try reasoning(of: row, transaction),
          effect: try ActionEffect.of(action.type, claimed.params, contact: action.contact, transaction.reading)))
    }
    return planned
  }

  private static func person(of row: Int64, _ transaction: WriteTransaction) throws(ServiceError) -> String? {
    let statement = try transaction.database.statement(
      """
      SELECT trim(coalesce(c.firstname, '') || ' ' || coalesce(c.lastname, '')), c.email
      FROM actions AS a JOIN contacts AS c ON c.id = a.contact_id WHERE a.id = ?1
      """)
    statement.bind(row, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { return nil }
    let (name, email) = (statement.string(0), statement.optionalString(1))
    guard let email else { return name }
    return name.isEmpty ? email : "\(name) <\(email)>"
  }

  private static func reasoning(of row: Int64, _ transaction: WriteTransaction) throws(ServiceError) -> String? {
    let statement = try transaction.database.statement(
      """
      SELECT r.reasoning FROM actions AS a JOIN run_contacts AS r ON r.run_id = a.run_id AND r.contact_id = a.contact_id
      WHERE a.id = ?1
      """)
    statement.bind(row, at: 1)
    defer { statement.reset() }
    return try statement.step() ? statement.optionalString(0) : nil
  }

  private static func scheduledTime(
    of row: Int64, _ transaction: WriteTransaction
  ) throws(ServiceError) -> Timestamp? {
    let statement = try transaction.database.statement("SELECT scheduled_time FROM actions WHERE id = ?1")
    statement.bind(row, at: 1)
    defer { statement.reset() }
    return try statement.step() ? statement.optionalInteger(0).map { Timestamp(milliseconds: $0) } : nil
  }
}

extension Rehearsal.Change {
  fileprivate init(_ change: WriteTransaction.RecordedChange, _ ids: RecordIDs) {
    self.init(record: change.subject.text(ids), before: change.before, after: change.after)
  }
}
