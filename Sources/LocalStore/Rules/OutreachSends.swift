internal import JSON
internal import Platform
internal import Service

/// The messages that went out, one row for each person and each domain, as the caps count them.
enum OutreachSends {
  /// Who is protected by a cap.
  enum Target {
    /// A contact's row.
    case contact(Int64)
    /// A mail domain.
    case domain(String)
  }

  /// Notes the recipients of an action that is about to be performed: a message whose outcome stays unknown counts.
  static func note(_ action: StoredAction, in transaction: WriteTransaction) throws(ServiceError) {
    let params = (try? JSONValue(parsing: action.params))?.objectValue ?? [:]
    let outreach = Outreach(type: action.type, params: params)
    guard outreach.isMessage else { return }
    var contacts = action.contact.map { [$0] } ?? []
    for address in outreach.addresses {
      if let contact = try ContactChanges.row(email: address, transaction.reading), !contacts.contains(contact) {
        contacts.append(contact)
      }
    }
    for contact in contacts { try insert(action.row, contact, nil, in: transaction) }
    for domain in outreach.domains { try insert(action.row, nil, domain, in: transaction) }
  }

  private static func insert(
    _ action: Int64, _ contact: Int64?, _ domain: String?, in transaction: WriteTransaction
  ) throws(ServiceError) {
    let statement = try transaction.database.statement(
      "INSERT INTO outreach_sends (action_id, contact_id, domain, at) VALUES (?1, ?2, ?3, ?4)")
    statement.bind(action, at: 1)
    statement.bind(contact, at: 2)
    statement.bind(domain, at: 3)
    statement.bind(transaction.now.milliseconds, at: 4)
    try statement.run()
  }

  /// An action that failed sent nothing.
  static func remove(_ action: Int64, in transaction: WriteTransaction) throws(ServiceError) {
    let statement = try transaction.database.statement("DELETE FROM outreach_sends WHERE action_id = ?1")
    statement.bind(action, at: 1)
    try statement.run()
  }

  /// When one more message fits under the cap; nil when it fits now.
  static func capEnd(
    _ target: Target, _ cap: Int64, _ transaction: ReadTransaction
  ) throws(ServiceError) -> Timestamp? {
    let statement: Statement
    switch target {
    case .contact(let row):
      statement = try transaction.database.statement(
        "SELECT at FROM outreach_sends WHERE contact_id = ?1 AND at > ?2 ORDER BY at DESC LIMIT 1 OFFSET ?3")
      statement.bind(row, at: 1)
    case .domain(let name):
      statement = try transaction.database.statement(
        "SELECT at FROM outreach_sends WHERE domain = ?1 AND at > ?2 ORDER BY at DESC LIMIT 1 OFFSET ?3")
      statement.bind(name, at: 1)
    }
    statement.bind(transaction.now.adding(milliseconds: -OutreachRules.capWindow).milliseconds, at: 2)
    statement.bind(max(0, cap - 1), at: 3)
    defer { statement.reset() }
    guard try statement.step() else { return nil }
    return Timestamp(milliseconds: statement.integer(0)).adding(milliseconds: OutreachRules.capWindow + 1)
  }
}
