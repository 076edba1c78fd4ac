internal import JSON
internal import Platform
internal import Service

/// What `pathbound_get_event_stats` tells (Pathbound API 7.2): totals, and counts by type and by day.
///
/// The API names the members but not their form; ours are lists, so that their order says something.
struct EventStats {
  private static let dayLimit = 366
  private static let typeLimit = 100

  private var totals = EventTotals()
  private var identified = 0
  private var contacts = BitSet()

  /// Adds all events that fulfil the criteria.
  mutating func gather(
    _ criteria: EventCriteria, _ scan: EventScan, _ transaction: ReadTransaction
  ) throws(ServiceError) {
    // Typed closures can't capture a mutating self.
    var stats = self
    let kept =
      criteria.tests.isEmpty && !criteria.isNever ? try stats.totals.addKept(within: criteria.times, transaction) : []
    if !kept.isEmpty {
      // Whose an event is may change at any time.
      try scan.visit(EventCriteria(), [.contact], blocks: .grouped(kept)) { (matches) throws(ServiceError) in
        try stats.addContacts(matches)
      }
    }
    try scan.visit(criteria, EventTotals.columns.union([.contact]), blocks: .ungrouped(kept)) {
      (matches) throws(ServiceError) in
      try stats.totals.add(matches)
      try stats.addContacts(matches)
    }
    self = stats
  }

  private mutating func addContacts(_ matches: EventScan.Matches) throws(ServiceError) {
    identified += contacts.insert(matches, try matches.numbers(.contact))
  }

  /// Writes one object.
  func write(_ scan: EventScan, into payload: inout JSONWriter) throws(ServiceError) {
    payload.beginObject()
    let sums: [(StaticString, Int)] = [
      ("total_events", totals.count), ("identified_events", identified), ("unique_visitors", totals.visitors.count),
      ("unique_contacts", contacts.count),
    ]
    for (key, number) in sums {
      payload.key(key)
      payload.integer(Int64(number))
    }
    let times: [(StaticString, Int64)] = [("first_event_at", totals.first), ("last_event_at", totals.last)]
    for (key, time) in times {
      payload.key(key)
      if totals.count == 0 { payload.null() } else { payload.time(time) }
    }
    try writeTypes(scan, into: &payload)
    writeDays(into: &payload)
    payload.endObject()
  }

  private func writeTypes(_ scan: EventScan, into payload: inout JSONWriter) throws(ServiceError) {
    let types = totals.names.counts.sorted { ($1.count, $0.number) < ($0.count, $1.number) }
    payload.key("by_type")
    payload.beginArray()
    for type in types.prefix(Self.typeLimit) {
      payload.beginObject()
      payload.key("event")
      payload.string(try scan.words.text(of: type.number) ?? "")
      payload.key("count")
      payload.integer(Int64(type.count))
      payload.endObject()
    }
    payload.endArray()
    guard types.count > Self.typeLimit else { return }
    payload.key("omitted_types")
    payload.integer(Int64(types.count - Self.typeLimit))
  }

  /// In the order of time; when there are more than a year's, the last ones.
  private func writeDays(into payload: inout JSONWriter) {
    let counts = totals.days.counts
    payload.key("by_day")
    payload.beginArray()
    for day in counts.suffix(Self.dayLimit) {
      payload.beginObject()
      payload.key("day")
      payload.string(String(Timestamp(milliseconds: Int64(day.number) * TimeBucket.dayLength).iso8601.prefix(10)))
      payload.key("count")
      payload.integer(Int64(day.count))
      payload.endObject()
    }
    payload.endArray()
    guard counts.count > Self.dayLimit else { return }
    payload.key("omitted_days")
    payload.integer(Int64(counts.count - Self.dayLimit))
  }
}

/// Counts days from 1970-01-01 in UTC; events begin in 2000, so days are never negative.
///
/// Events mostly come in the order of time: for one of the same day as the last, nothing is divided.
struct DayCounter {
  private var start: Int64 = 0
  private var day: UInt32 = 0

  /// The day of a time.
  @inline(__always)
  mutating func day(of time: Int64) -> UInt32 {
    if time >= start, time &- start < TimeBucket.dayLength { return day }
    let count = time / TimeBucket.dayLength
    start = count * TimeBucket.dayLength
    day = UInt32(truncatingIfNeeded: count)
    return day
  }
}

/// How often each small number was met.
struct Tally {
  private var tally: [Int] = []

  @inline(__always)
  mutating func add(_ number: UInt32, _ times: Int = 1) {
    let index = Int(number)
    if index >= tally.count { grow(to: index) }
    tally[index] += times
  }

  /// Adds the numbers of all matches.
  mutating func add(_ matches: EventScan.Matches, _ numbers: UnsafePointer<UInt32>) {
    grow(to: Int(matches.largest(numbers)))
    tally.withUnsafeMutableBufferPointer { tally in
      for index in 0..<matches.count { tally[Int(numbers[matches.position(index)])] &+= 1 }
    }
  }

  /// How often any number was met.
  var total: Int { tally.reduce(0, +) }

  /// The numbers that were met, in their order, and how often.
  var counts: [(number: UInt32, count: Int)] {
    tally.indices.lazy.filter { tally[$0] > 0 }.map { (UInt32(truncatingIfNeeded: $0), tally[$0]) }
  }

  private mutating func grow(to index: Int) {
    guard index >= tally.count else { return }
    tally.append(contentsOf: repeatElement(0, count: max(index + 1, tally.count * 2) - tally.count))
  }
}

extension BitSet {
  /// Takes in the numbers of all matches but 0, and gives how many matches had one.
  @discardableResult
  mutating func insert(_ matches: EventScan.Matches, _ numbers: UnsafePointer<UInt32>) -> Int {
    reserve(matches.largest(numbers))
    return withMutableBits { bits in
      var known = 0
      for index in 0..<matches.count {
        let number = numbers[matches.position(index)]
        bits[Int(number >> 6)] |= 1 << UInt64(number & 63)
        known += number == 0 ? 0 : 1
      }
      // Nothing is no member; it was set so as not to ask each time.
      bits[0] &= ~1
      return known
    }
  }
}

extension EventScan.Matches {
  /// The largest number among the matches.
  fileprivate func largest(_ numbers: UnsafePointer<UInt32>) -> UInt32 {
    var largest: UInt32 = 0
    for index in 0..<count { largest = max(largest, numbers[position(index)]) }
    return largest
  }
}
