internal import JSON
internal import Platform
internal import Service

/// What a handler that reads has at hand.
struct ReadTransaction {
  /// The connection, for this handler alone.
  let database: Connection
  /// Ids from and to rows.
  let ids: RecordIDs
  /// The time of the call.
  let now: Timestamp
  /// Whose workspace it is, and what was used of it.
  let books: UsageBooks

  /// Runs the body on one state of the data, whatever others write meanwhile; for more than one statement.
  func onOneState<Result>(_ body: () throws(ServiceError) -> Result) throws(ServiceError) -> Result {
    if database.isInTransaction { return try body() }
    try database.statement("BEGIN").run()
    let result = try body()
    try database.statement("COMMIT").run()
    return result
  }
}

/// What a handler that writes has at hand: the group's transaction.
///
/// A handler that throws must not have changed anything, if it can help it: check first, then write. (If it has, the
/// group is taken back and run again without it.)
final class WriteTransaction {
  /// The writer's connection.
  let database: Connection
  /// Ids from and to rows.
  let ids: RecordIDs
  /// The time of the call.
  let now: Timestamp
  /// What the writer need not look up again.
  let places: PlaceCache
  /// Whose workspace it is, and what was used of it.
  let books: UsageBooks
  /// What the running call does to rows.
  let journal: ChangeJournal
  /// What a rehearsal has touched so far; nil while the transaction is in earnest.
  private(set) var rehearsed: Rehearsed?
  private var gathered = Gathered()

  /// What was gathered over the whole group and is written at its end.
  private struct Gathered {
    var counts: [String: Int64] = [:]
    var events: Int64 = 0
    /// Of the name that came last: events often come in runs of one kind.
    var latest: (name: ByteKey, sighting: Sighting)?
    var sightings: [ByteKey: Sighting] = [:]
    var domainEvents: [Int64: Int64] = [:]
    var change: RecordedChange?
    var movesEvents = false
    var leavesUpkeep = false
    var bulkWork: BulkWork?
  }

  /// What a rehearsed call did to records and actions.
  struct Rehearsed {
    var changes: [RecordedChange] = []
    /// Rows of actions that were stored or moved, each once, in order.
    var actions: [Int64] = []
  }

  /// What a write did to its record, for the audit log.
  struct RecordedChange {
    /// What was changed.
    enum Subject {
      /// A record with an id.
      case row(RecordKind, Int64)
      /// Something of which there is one.
      case named(StaticString)
      /// What an earlier audit row names.
      case recorded(String)
    }

    let subject: Subject
    let before: [UInt8]?
    let after: [UInt8]?
  }

  /// How often a kind of event was stored, and the latest time of one.
  private struct Sighting {
    var events: Int64 = 0
    var lastSeen = Int64.min

    mutating func add(_ time: Int64) {
      events += 1
      lastSeen = max(lastSeen, time)
    }

    mutating func add(_ other: Sighting) {
      events += other.events
      lastSeen = max(lastSeen, other.lastSeen)
    }
  }

  init(
    database: Connection, ids: RecordIDs, places: PlaceCache, books: UsageBooks, journal: ChangeJournal,
    now: Timestamp
  ) {
    self.database = database
    self.ids = ids
    self.places = places
    self.books = books
    self.journal = journal
    self.now = now
  }

  /// The same data, as a reader sees it inside this transaction.
  var reading: ReadTransaction { ReadTransaction(database: database, ids: ids, now: now, books: books) }

  /// Keeps the number of rows of a kind up to date, so that counting everything is one look-up.
  func count(_ name: String, by delta: Int64) { gathered.counts[name, default: 0] += delta }

  /// Keeps the number of events of a kind and of a site up to date, and when the last one of the kind happened.
  func countEvent(_ name: String, domain: Int64?, at time: Int64) {
    gathered.events += 1
    if let domain { gathered.domainEvents[domain, default: 0] += 1 }
    let name = ByteKey(text: name)
    if gathered.latest?.name != name {
      keepLatestSighting()
      gathered.latest = (name, Sighting())
    }
    gathered.latest?.sighting.add(time)
  }

  private func keepLatestSighting() {
    guard let latest = gathered.latest else { return }
    gathered.sightings[latest.name, default: Sighting()].add(latest.sighting)
    gathered.latest = nil
  }

  /// Notes that events have got another contact.
  func noteMovedEvents() { gathered.movesEvents = true }

  /// Notes that a call leaves rows to be changed in the background.
  func noteUpkeep() { gathered.leavesUpkeep = true }

  /// Whether the call leaves such rows; forgotten afterwards.
  func takeUpkeep() -> Bool {
    defer { gathered.leavesUpkeep = false }
    return gathered.leavesUpkeep
  }

  /// Notes for the audit log which record this call changed, and what it was before and after (serialised JSON).
  ///
  /// The last note of a call counts.
  func audit(_ kind: RecordKind, _ row: Int64, before: [UInt8]? = nil, after: [UInt8]? = nil) {
    note(RecordedChange(subject: .row(kind, row), before: before, after: after))
    if journal.isOn, before == nil { noteNew(kind, row) }
  }

  /// Without the image the change just can't be taken back.
  private func noteNew(_ kind: RecordKind, _ row: Int64) {
    guard let table = JournaledTable.allCases.first(where: { $0.kind == kind }), !table.notesInserts else { return }
    try? journal.noteNew(table, row)
  }

  /// The same for something that is no record, such as the workspace's rules.
  func audit(_ name: StaticString, before: [UInt8]?, after: [UInt8]?) {
    note(RecordedChange(subject: .named(name), before: before, after: after))
  }

  /// The same for what an earlier row of the log names; nil where it names nothing.
  func audit(recorded name: String?, before: [UInt8]?, after: [UInt8]?) {
    if let name {
      note(RecordedChange(subject: .recorded(name), before: before, after: after))
    } else {
      gathered.change = nil
    }
  }

  private func note(_ change: RecordedChange) {
    gathered.change = change
    rehearsed?.changes.append(change)
  }

  /// Notes for a rehearsal that an action was stored or moved.
  func touched(action row: Int64) {
    guard let rehearsed, !rehearsed.actions.contains(row) else { return }
    self.rehearsed?.actions.append(row)
  }

  /// Whether a change was noted that is not taken yet.
  var hasChange: Bool { gathered.change != nil }

  /// The noted change; forgotten afterwards.
  func takeChange() -> RecordedChange? {
    defer { gathered.change = nil }
    return gathered.change
  }

  /// Leaves actions to be performed once the call's changes are durable; its answer is what becomes of them.
  func leave(_ work: BulkWork) { gathered.bulkWork = work }

  /// What the call left to be performed; forgotten afterwards.
  func takeBulkWork() -> BulkWork? {
    defer { gathered.bulkWork = nil }
    return gathered.bulkWork
  }

  /// Runs the body so that, when it throws, none of its changes stay while those before it do.
  ///
  /// Not for bodies that store events: what the writer remembers of their places would outlive them.
  func attempt<Result>(_ body: () throws(ServiceError) -> Result) throws(ServiceError) -> Result {
    let (gathered, rehearsed) = (gathered, rehearsed)
    let mark = journal.mark
    try database.statement("SAVEPOINT attempt").run()
    do throws(ServiceError) {
      let result = try body()
      try database.statement("RELEASE attempt").run()
      return result
    } catch {
      // After some failures (a full disk) SQLite has taken back the whole transaction itself.
      if database.isInTransaction {
        try database.statement("ROLLBACK TO attempt").run()
        try database.statement("RELEASE attempt").run()
      }
      (self.gathered, self.rehearsed) = (gathered, rehearsed)
      journal.rewind(to: mark)
      throw error
    }
  }

  /// Runs the body and takes back all that it did, here and in what the writer remembers; gives what it touched.
  func rehearse<Result>(_ body: () throws(ServiceError) -> Result) throws(ServiceError) -> Result {
    let gathered = gathered
    let mark = journal.mark
    // What earlier calls of the group found is looked up again: it must not be mixed with what this one makes.
    places.rollBack()
    try database.statement("SAVEPOINT rehearsal").run()
    rehearsed = Rehearsed()
    defer {
      self.gathered = gathered
      rehearsed = nil
      places.rollBack()
      journal.rewind(to: mark)
    }
    let result: Swift.Result<Result, ServiceError>
    do throws(ServiceError) {
      try useOtherIDs()
      result = .success(try body())
    } catch {
      result = .failure(error)
    }
    if database.isInTransaction {
      try database.statement("ROLLBACK TO rehearsal").run()
      try database.statement("RELEASE rehearsal").run()
    }
    return try result.get()
  }

  /// Records of a rehearsal get ids that no record will have, so that a caller who uses one finds nothing.
  private func useOtherIDs() throws(ServiceError) {
    try database.statement(
      """
      INSERT INTO sqlite_sequence (name, seq) SELECT name, 0 FROM sqlite_master
      WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%' AND name NOT IN (SELECT name FROM sqlite_sequence)
      """
    ).run()
    try database.statement("UPDATE sqlite_sequence SET seq = seq + 17179869184").run()
  }

  /// Writes what was gathered over the whole group.
  func flush() throws(ServiceError) {
    if gathered.events != 0 { count("events", by: gathered.events) }
    gathered.events = 0
    keepLatestSighting()
    for (name, delta) in gathered.counts where delta != 0 {
      let statement = try database.statement(
        "INSERT INTO counters (name, rows) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET rows = rows + ?2")
      statement.bind(name, at: 1)
      statement.bind(delta, at: 2)
      try statement.run()
    }
    gathered.counts = [:]
    try flushEvents()
  }

  private func flushEvents() throws(ServiceError) {
    if !gathered.sightings.isEmpty { try EventChunks.close(self) }
    if gathered.movesEvents { try EventChunks.workInMoves(self) }
    gathered.movesEvents = false
    for (name, sighting) in gathered.sightings {
      let statement = try database.statement(
        """
        INSERT INTO event_names (name, events, last_seen_at) VALUES (?1, ?2, ?3) ON CONFLICT (name)
        DO UPDATE SET events = events + ?2, last_seen_at = max(last_seen_at, ?3)
        """)
      statement.bind(name.text, at: 1)
      statement.bind(sighting.events, at: 2)
      statement.bind(sighting.lastSeen, at: 3)
      try statement.run()
    }
    gathered.sightings = [:]
    for (domain, events) in gathered.domainEvents {
      let statement = try database.statement("UPDATE domains SET events = events + ?2 WHERE id = ?1")
      statement.bind(domain, at: 1)
      statement.bind(events, at: 2)
      try statement.run()
    }
    gathered.domainEvents = [:]
  }
}
