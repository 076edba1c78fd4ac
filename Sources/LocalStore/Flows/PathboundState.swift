internal import Service

/// What Pathbound says about a person that matters to whoever writes to them.
struct PathboundState {
  let contact: Int64
  let isCustomer: Bool

  /// Reads the Pathbound contact of the same person; nil when there is none.
  static func load(of person: FlowPerson, _ transaction: ReadTransaction) throws(ServiceError) -> PathboundState? {
    guard let row = try person.pathboundRow(transaction) else { return nil }
    let statement = try transaction.database.statement(
      "SELECT lifecyclestage FROM contacts WHERE id = ?1")
    statement.bind(row, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { return nil }
    return PathboundState(contact: row, isCustomer: statement.optionalString(0)?.lowercased() == "customer")
  }

  /// Events that end a sequence, by what they mean.
  private static let endings = [
    "email_reply": "replied", "email_replied": "replied", "unsubscribe": "unsubscribed",
    "unsubscribed": "unsubscribed", "email_unsubscribe": "unsubscribed", "email_unsubscribed": "unsubscribed",
    "conversion": "converted", "converted": "converted",
  ]

  /// What the person has done since a moment that ends a sequence; nil when it is nothing of the kind.
  func ending(since time: Int64, _ transaction: ReadTransaction) throws(ServiceError) -> String? {
    let statement = try transaction.database.statement(
      """
      SELECT name FROM events INDEXED BY events_by_contact WHERE contact_id = ?1 AND occurred_at >= ?2
        AND name IN ('email_reply', 'email_replied', 'unsubscribe', 'unsubscribed', 'email_unsubscribe',
          'email_unsubscribed', 'conversion', 'converted') LIMIT 1
      """)
    statement.bind(contact, at: 1)
    statement.bind(time, at: 2)
    defer { statement.reset() }
    return try statement.step() ? Self.endings[statement.string(0)] : nil
  }
}
