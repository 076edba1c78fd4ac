internal import Service

/// What becomes of actions whose contact or company is deleted.
extension Actions {
  /// Cancels what has not begun for a contact; the number of such actions.
  static func cancelOpen(
    ofContact contact: Int64, by actor: String, in transaction: WriteTransaction
  ) throws(ServiceError) -> Int {
    let statement = try transaction.database.statement(
      """
      SELECT id FROM actions INDEXED BY actions_by_contact
      WHERE contact_id = ?1 AND status IN ('scheduled', 'pending_approval', 'approved', 'auto_approved') ORDER BY id
      """)
    statement.bind(contact, at: 1)
    return try cancel(statement, .contactDeleted, by: actor, comment: "The contact was deleted.", in: transaction)
  }

  /// Cancels what has not begun for a company; the number of such actions.
  static func cancelOpen(
    ofCompany company: Int64, by actor: String, in transaction: WriteTransaction
  ) throws(ServiceError) -> Int {
    let statement = try transaction.database.statement(
      """
      SELECT id FROM actions INDEXED BY actions_by_company
      WHERE company_id = ?1 AND status IN ('scheduled', 'pending_approval', 'approved', 'auto_approved') ORDER BY id
      """)
    statement.bind(company, at: 1)
    return try cancel(statement, .companyDeleted, by: actor, comment: "The company was deleted.", in: transaction)
  }

  private static func cancel(
    _ open: Statement, _ event: ActionEvent, by actor: String, comment: String, in transaction: WriteTransaction
  ) throws(ServiceError) -> Int {
    var rows: [Int64] = []
    while try open.step() { rows.append(open.integer(0)) }
    open.reset()
    for row in rows {
      guard let action = try StoredAction.find(row, in: transaction.database) else { continue }
      _ = try transition(action, event, by: actor, comment: comment, in: transaction)
    }
    return rows.count
  }
}
