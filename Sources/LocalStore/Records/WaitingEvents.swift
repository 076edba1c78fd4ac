internal import Service

/// Events that name their contact by another system's id before any contact has it (Pathbound API 14.2 and 14.4).
///
/// They wait in a table of their own, so that all other events pay nothing for it.
enum WaitingEvents {
  /// Notes that an event without a contact names one.
  static func note(_ event: Int64, for externalID: String, in transaction: WriteTransaction) throws(ServiceError) {
    let statement = try transaction.database.statement(
      "INSERT INTO waiting_events (external_id, event_id) VALUES (?1, ?2)")
    statement.bind(externalID, at: 1)
    statement.bind(event, at: 2)
    try statement.run()
  }

  /// Gives a contact that now has this id the events which name it, with all that their visitors did.
  static func attach(
    _ externalID: String, to contact: Int64, in transaction: WriteTransaction
  ) throws(ServiceError) {
    guard try isNamed(externalID, transaction) else { return }
    let visitors = try visitors(naming: externalID, transaction)
    try Visitors.attach(visitors, to: contact, in: transaction)
    let events = try transaction.database.statement(
      """
      UPDATE events SET contact_id = ?2 WHERE contact_id IS NULL
        AND id IN (SELECT event_id FROM waiting_events WHERE external_id = ?1)
      """)
    events.bind(externalID, at: 1)
    events.bind(contact, at: 2)
    try events.run()
    let done = try transaction.database.statement("DELETE FROM waiting_events WHERE external_id = ?1")
    done.bind(externalID, at: 1)
    try done.run()
    transaction.noteMovedEvents()
  }

  private static func isNamed(_ externalID: String, _ transaction: WriteTransaction) throws(ServiceError) -> Bool {
    let statement = try transaction.database.statement("SELECT 1 FROM waiting_events WHERE external_id = ?1 LIMIT 1")
    statement.bind(externalID, at: 1)
    defer { statement.reset() }
    return try statement.step()
  }

  private static func visitors(
    naming externalID: String, _ transaction: WriteTransaction
  ) throws(ServiceError) -> [String] {
    let statement = try transaction.database.statement(
      """
      SELECT DISTINCT e.visitor_id FROM waiting_events AS w CROSS JOIN events AS e ON e.id = w.event_id
      WHERE w.external_id = ?1 AND e.contact_id IS NULL AND e.visitor_id IS NOT NULL
      """)
    statement.bind(externalID, at: 1)
    defer { statement.reset() }
    var visitors: [String] = []
    while try statement.step() { visitors.append(statement.string(0)) }
    return visitors
  }
}
