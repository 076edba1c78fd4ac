internal import Operations
internal import Platform
internal import Service

/// Every successful write: when, which client, which tool, the arguments' digest, the record before and after.
enum AuditLog {
  /// Adds a row for the call whose change the transaction noted.
  static func record(
    _ call: Call, _ ticket: WriteTicket, _ transaction: WriteTransaction
  ) throws(ServiceError) {
    try record(client: call.actor, tool: call.operation.name, digest: ticket.digest, transaction)
  }

  /// Adds a row for one of the changes of a call over many records.
  static func record(_ call: Call, _ transaction: WriteTransaction) throws(ServiceError) {
    guard let ticket = call.ticket else { return }
    try record(call, ticket, transaction)
  }

  /// Adds a row for the change that the transaction noted; work in the background has an action's type for the tool.
  static func record(
    client: String, tool: String, digest: [UInt8], _ transaction: WriteTransaction
  ) throws(ServiceError) {
    let statement = try transaction.database.statement(
      """
      INSERT INTO audit_log (at, client, tool, arguments_digest, outcome, record, before, after)
      VALUES (?1, ?2, ?3, ?4, 'done', ?5, ?6, ?7)
      """)
    statement.bind(transaction.now.milliseconds, at: 1)
    statement.bind(client, at: 2)
    statement.bind(tool, at: 3)
    statement.bind(blob: digest, at: 4)
    if let change = transaction.takeChange() {
      statement.bind(change.subject.text(transaction.ids), at: 5)
      if let before = change.before { statement.bind(text: before, at: 6) } else { statement.bindNull(at: 6) }
      if let after = change.after { statement.bind(text: after, at: 7) } else { statement.bindNull(at: 7) }
    } else {
      for index: Int32 in 5...7 { statement.bindNull(at: index) }
    }
    try statement.run()
    let journal = transaction.journal
    if journal.isOn, journal.isWritten { try journal.store(as: transaction.database.lastInsertedID) }
  }
}

extension WriteTransaction.RecordedChange.Subject {
  /// The id, or the name.
  func text(_ ids: RecordIDs) -> String {
    switch self {
    case .row(let kind, let row): ids.text(kind, row)
    case .named(let name): name.description
    case .recorded(let name): name
    }
  }
}
