internal import Service

/// What is summed up of events without a look at their contacts: how many, when, of which kind, of how many visitors.
///
/// All of it stays as it is once an event is stored, so that the totals of older events can be kept.
struct EventTotals {
  private(set) var count = 0
  private(set) var visitors = BitSet()
  /// By name.
  private(set) var names = Tally()
  /// By day since 1970.
  private(set) var days = Tally()
  private(set) var first = Int64.max
  private(set) var last = Int64.min
  private var calendar = DayCounter()

  /// What ``add(_:)-matches`` reads.
  static let columns: Set<EventColumn> = [.time, .name, .visitor]

  /// Nothing yet.
  init() {}

  /// Adds what the criteria found in a block.
  mutating func add(_ matches: EventScan.Matches) throws(ServiceError) {
    let times = try matches.moments()
    count += matches.count
    for index in 0..<matches.count {
      let time = times[matches.position(index)]
      if time < first { first = time }
      if time > last { last = time }
      days.add(calendar.day(of: time))
    }
    names.add(matches, try matches.numbers(.name))
    visitors.insert(matches, try matches.numbers(.visitor))
  }
}

// MARK: - Kept totals

/// Totals of groups of closed chunks, some 65,000 events each: a question about all events adds up a few of these and
/// looks at the newest events only.
extension EventTotals {
  /// So many chunks are one group.
  private static let groupSize: Int64 = 16
  /// So many groups are summed up by one commit at most: a file that has none yet gets them little by little.
  private static let burst = 4
  /// What ``add(_:)-row`` reads.
  private static let storedColumns = "events, first_time, last_time, names, days, visitors"

  /// The group of a chunk.
  static func group(ofChunk chunk: Int64) -> Int64 { (chunk - 1) / groupSize }

  /// Keeps the totals of what has become a whole group.
  static func keep(_ transaction: WriteTransaction) throws(ServiceError) {
    let database = transaction.database
    for group in try missing(database).prefix(burst) {
      var totals = EventTotals()
      try EventScan(transaction.reading).visit(EventCriteria(), columns, blocks: .grouped([group])) {
        (matches) throws(ServiceError) in try totals.add(matches)
      }
      try totals.store(group, database)
    }
  }

  /// Whether a file that was filled before there were totals lacks some.
  static func areMissing(_ transaction: ReadTransaction) throws(ServiceError) -> Bool {
    try !missing(transaction.database).isEmpty
  }

  /// The whole groups without totals.
  private static func missing(_ database: Connection) throws(ServiceError) -> Range<Int64> {
    let next = try database.integer("SELECT ifnull(max(id), -1) + 1 FROM event_totals") ?? 0
    let chunks = try database.integer("SELECT ifnull(max(id), 0) FROM event_chunks") ?? 0
    return next..<max(next, chunks / groupSize)
  }

  private func store(_ group: Int64, _ database: Connection) throws(ServiceError) {
    let statement = try database.statement(
      """
      INSERT INTO event_totals (id, events, first_time, last_time, names, days, visitors)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
      """)
    statement.bind(group, at: 1)
    statement.bind(Int64(count), at: 2)
    statement.bind(first, at: 3)
    statement.bind(last, at: 4)
    statement.bind(blob: names.bytes, at: 5)
    statement.bind(blob: days.bytes, at: 6)
    statement.bind(blob: visitors.bytes, at: 7)
    try statement.run()
  }

  /// Adds the kept totals of all groups that lie within the times, and gives those groups.
  mutating func addKept(
    within times: ClosedRange<Int64>, _ transaction: ReadTransaction
  ) throws(ServiceError) -> Set<Int64> {
    let statement = try transaction.database.statement("kept totals of events", flags: 0) {
      "SELECT id, \(Self.storedColumns) FROM event_totals WHERE first_time >= ?1 AND last_time <= ?2"
    }
    statement.bind(times.lowerBound, at: 1)
    statement.bind(times.upperBound, at: 2)
    defer { statement.reset() }
    var groups: Set<Int64> = []
    while try statement.step() {
      groups.insert(statement.integer(0))
      count += Int(truncatingIfNeeded: statement.integer(1))
      first = min(first, statement.integer(2))
      last = max(last, statement.integer(3))
      names.add(statement.bytes(4))
      days.add(statement.bytes(5))
      visitors.formUnion(statement.bytes(6))
    }
    return groups
  }
}

extension Tally {
  /// Pairs of number and count, 4 bytes each.
  fileprivate var bytes: [UInt8] {
    let pairs = counts.flatMap { [$0.number, UInt32(truncatingIfNeeded: $0.count)] }
    return pairs.withUnsafeBytes { Array($0) }
  }

  /// Adds ``bytes`` of another.
  fileprivate mutating func add(_ bytes: UnsafeRawBufferPointer) {
    for start in stride(from: 0, to: bytes.count - 7, by: 8) {
      let number = bytes.loadUnaligned(fromByteOffset: start, as: UInt32.self)
      add(number, Int(bytes.loadUnaligned(fromByteOffset: start + 4, as: UInt32.self)))
    }
  }
}
