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

  /// So many events are given to a contact in one transaction.
  private static let batch = 500

  /// Gives a contact that now has this id the events which name it, with all that their visitors did: the newest at
  /// once, and if there are many, the older ones in the background.
  static func attach(
    _ externalID: String, to contact: Int64, in transaction: WriteTransaction
  ) throws(ServiceError) {
    guard try attachBatch(externalID, to: contact, in: transaction) == batch else { return }
    let rest = try transaction.database.statement(
      """
      INSERT INTO external_ids_to_attach (external_id, contact_id) VALUES (?1, ?2)
      ON CONFLICT (external_id) DO UPDATE SET contact_id = ?2
      """)
    rest.bind(externalID, at: 1)
    rest.bind(contact, at: 2)
    try rest.run()
    transaction.noteUpkeep()
  }

  /// Whether older events are left to be given to their contact.
  static func areLeft(_ transaction: ReadTransaction) throws(ServiceError) -> Bool {
    let statement = try transaction.database.statement("SELECT 1 FROM external_ids_to_attach LIMIT 1")
    defer { statement.reset() }
    return try statement.step()
  }

  /// Gives some more events to their contact, if any are left; when that one is gone, they wait on.
  static func attachMore(in transaction: WriteTransaction) throws(ServiceError) {
    let next = try transaction.database.statement(
      """
      SELECT e.external_id, e.contact_id, c.id IS NULL FROM external_ids_to_attach AS e
        LEFT JOIN contacts AS c ON c.id = e.contact_id ORDER BY e.external_id LIMIT 1
      """)
    guard try next.step() else { return next.reset() }
    let (externalID, contact, isGone) = (next.string(0), next.integer(1), next.bool(2))
    next.reset()
    let given = isGone ? 0 : try attachBatch(externalID, to: contact, in: transaction)
    guard given < batch else { return }
    let done = try transaction.database.statement("DELETE FROM external_ids_to_attach WHERE external_id = ?1")
    done.bind(externalID, at: 1)
    try done.run()
  }

  /// Gives a contact the newest of the events that wait, and says how many.
  private static func attachBatch(
    _ externalID: String, to contact: Int64, in transaction: WriteTransaction
  ) throws(ServiceError) -> Int {
    let (events, visitors) = try newest(naming: externalID, transaction)
    guard !events.isEmpty else { return 0 }
    try Visitors.attach(visitors, to: contact, in: transaction)
    for event in events {
      let link = try transaction.database.statement(
        "UPDATE events SET contact_id = ?2 WHERE id = ?1 AND contact_id IS NULL")
      link.bind(event, at: 1)
      link.bind(contact, at: 2)
      try link.run()
      let done = try transaction.database.statement(
        "DELETE FROM waiting_events WHERE external_id = ?1 AND event_id = ?2")
      done.bind(externalID, at: 1)
      done.bind(event, at: 2)
      try done.run()
    }
    transaction.noteMovedEvents()
    return events.count
  }

  /// The newest events that name it, and the visitors of those that belong to nobody.
  private static func newest(
    naming externalID: String, _ transaction: WriteTransaction
  ) throws(ServiceError) -> (events: [Int64], visitors: [String]) {
    let statement = try transaction.database.statement(
      """
      SELECT w.event_id, iif(e.contact_id IS NULL, e.visitor_id, NULL) FROM waiting_events AS w
        LEFT JOIN events AS e ON e.id = w.event_id
      WHERE w.external_id = ?1 ORDER BY w.event_id DESC LIMIT ?2
      """)
    statement.bind(externalID, at: 1)
    statement.bind(Int64(batch), at: 2)
    defer { statement.reset() }
    var events: [Int64] = []
    var visitors: Set<String> = []
    while try statement.step() {
      events.append(statement.integer(0))
      if let visitor = statement.optionalString(1) { visitors.insert(visitor) }
    }
    return (events, visitors.sorted())
  }
}
