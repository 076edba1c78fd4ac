internal import Platform
internal import Service

/// Contacts that are deleted while events still name them.
///
/// Somebody may have hundreds of thousands of events, and each takes a while to be released. The oldest ones are
/// released with the deletion, all others in the background, some at a time, so that no write has to wait for all of
/// them. Meanwhile nobody sees whose they were: readers take such a contact for nothing.
enum DepartedContacts {
  /// So many events are released in one transaction.
  static let batch: Int64 = 500

  /// Releases the events of a contact that is just being deleted, or at least begins with it.
  static func release(_ contact: Int64, in transaction: WriteTransaction) throws(ServiceError) {
    guard try releaseBatch(of: contact, since: transaction.now.milliseconds, in: transaction) == batch else { return }
    let statement = try transaction.database.statement(
      "INSERT INTO departed_contacts (contact_id, departed_at) VALUES (?1, ?2)")
    statement.bind(contact, at: 1)
    statement.bind(transaction.now.milliseconds, at: 2)
    try statement.run()
  }

  /// Releases some more events, if any are left.
  static func releaseMore(in transaction: WriteTransaction) throws(ServiceError) {
    let next = try transaction.database.statement(
      "SELECT contact_id, departed_at FROM departed_contacts ORDER BY contact_id LIMIT 1")
    guard try next.step() else { return next.reset() }
    let (contact, time) = (next.integer(0), next.integer(1))
    next.reset()
    guard try releaseBatch(of: contact, since: time, in: transaction) < batch else { return }
    let done = try transaction.database.statement("DELETE FROM departed_contacts WHERE contact_id = ?1")
    done.bind(contact, at: 1)
    try done.run()
  }

  /// Whether events are left to be released.
  static func areLeft(_ transaction: ReadTransaction) throws(ServiceError) -> Bool {
    let statement = try transaction.database.statement("SELECT 1 FROM departed_contacts LIMIT 1")
    defer { statement.reset() }
    return try statement.step()
  }

  /// The contacts whose events are being released.
  static func rows(_ database: Connection) throws(ServiceError) -> BitSet {
    try BitSet(rows: try database.statement("SELECT contact_id FROM departed_contacts"))
  }

  /// Takes the contact from its oldest events, and gives their number.
  ///
  /// A visitor who has been attached to somebody else since then is that contact's with all that they did.
  private static func releaseBatch(
    of contact: Int64, since time: Int64, in transaction: WriteTransaction
  ) throws(ServiceError) -> Int64 {
    let statement = try transaction.database.statement(
      """
      UPDATE events SET contact_id = NULL WHERE id IN (
        SELECT id FROM events INDEXED BY events_by_contact WHERE contact_id = ?1 ORDER BY occurred_at LIMIT ?2)
      RETURNING visitor_id, id
      """)
    statement.bind(contact, at: 1)
    statement.bind(batch, at: 2)
    defer { statement.reset() }
    var released: [Int64] = []
    var visitors: Set<String> = []
    while try statement.step() {
      released.append(statement.integer(1))
      if let visitor = statement.optionalString(0) { visitors.insert(visitor) }
    }
    if !released.isEmpty { transaction.noteMovedEvents() }
    transaction.journal.noteReleased(released, of: contact)
    for visitor in visitors.sorted() {
      guard let owner = try owner(of: visitor, since: time, transaction) else { continue }
      try Visitors.attach([visitor], to: owner, in: transaction)
    }
    return Int64(released.count)
  }

  private static func owner(
    of visitor: String, since time: Int64, _ transaction: WriteTransaction
  ) throws(ServiceError) -> Int64? {
    let statement = try transaction.database.statement(
      "SELECT contact_id FROM visitors WHERE visitor_id = ?1 AND attached_at >= ?2")
    statement.bind(visitor, at: 1)
    statement.bind(time, at: 2)
    defer { statement.reset() }
    return try statement.step() ? statement.integer(0) : nil
  }
}
