import JSON
import Service
import StoreSupport
import Testing

@testable import LocalStore

/// More events than one block holds, so that most are found in columns and some in the table.
@Suite("Event columns", .serialized)
struct EventColumnTests {
  /// What was tracked, to compare with.
  private struct Known {
    let number: Int
    let name: String
    let site: String
    let minute: Int
    var contact: String?
  }

  private let workspace = TestWorkspace()
  private static let count = 9_300

  /// Three chunks' worth of events over 31 days, not in the order of time; every eleventh visitor is known.
  private func fill() throws -> [Known] {
    let contacts = try (0..<3).map { try workspace.contact("person\($0)@b.example") }
    var known: [Known] = []
    for start in stride(from: 0, to: Self.count, by: 100) {
      var events: [JSONValue] = []
      for number in start..<(start + 100) {
        let event = Known(
          number: number, name: ["page_view", "click", "signup"][number % 7 % 3], site: "s\(number % 5).example",
          minute: number * 7919 % 44_640, contact: number % 11 == 0 ? contacts[number % 3] : nil)
        known.append(event)
        events.append(try envelope(event))
      }
      _ = try workspace.call("pathbound_track_events", ["events": .array(events)])
    }
    return known
  }

  private func envelope(_ event: Known) throws -> JSONValue {
    let (day, minute) = (event.minute / 1440, event.minute % 1440)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let time = "2026-10-\(two(day + 1))T\(two(minute / 60)):\(two(minute % 60)):00Z"
    var members: JSONObject = [
      "event": .string(event.name), "timestamp": .string(time), "data": ["n": .integer(Int64(event.number))],
      "url": .string("https://\(event.site)/p\(event.number % 40)"), "visitorId": .string("v\(event.number % 100)"),
    ]
    if let contact = event.contact {
      members["contact_id"] = .string(contact)
      members["visitorId"] = nil
    }
    return .object(members)
  }

  private func list(_ arguments: JSONObject) throws -> (numbers: [Int], total: Int64?) {
    let answer = try workspace.call("pathbound_list_events", arguments)
    let numbers = answer["events"]?.arrayValue?.compactMap { $0["data"]?["n"]?.integerValue.map { Int($0) } }
    return (numbers ?? [], answer.totalItems)
  }

  /// The list's first page and total are those of the events that fulfil the condition.
  private func expect(
    _ arguments: JSONObject, _ known: [Known], by order: (Known) -> (String, Int, Int) = { ("", $0.minute, $0.number) },
    where condition: (Known) -> Bool
  ) throws {
    let wanted = known.filter(condition).sorted { order($0) < order($1) }
    for direction in ["asc", "desc"] {
      var arguments = arguments
      arguments["sort_dir"] = .string(direction)
      arguments["limit"] = 7
      arguments["page"] = 2
      let ordered = direction == "asc" ? wanted : wanted.reversed()
      let found = try list(arguments)
      #expect(found.numbers == ordered.dropFirst(7).prefix(7).map(\.number), "\(arguments)")
      #expect(found.total == Int64(wanted.count), "\(arguments)")
    }
    var counted = arguments
    counted["count_only"] = true
    #expect(try workspace.call("pathbound_list_events", counted) == ["count": .integer(Int64(wanted.count))])
  }

  @Test("lists find in columns what a look at every event finds")
  func lists() throws {
    let known = try fill()
    try expect(["domain": "s3.example"], known) { $0.site == "s3.example" }
    try expect(["identified_only": true], known) { $0.contact != nil }
    try expect(["url_contains": "/p17"], known) { $0.number % 40 == 17 }
    try expect(["url_contains": "7"], known) { $0.number % 10 == 7 }
    try expect(["search": "ign"], known) { $0.name == "signup" }
    try expect(["search": "s4.ex", "event_type": "click"], known) { $0.site == "s4.example" && $0.name == "click" }
    try expect(["date_after": "2026-10-30", "date_before": "2026-10-30"], known) { $0.minute / 1440 == 29 }
    try expect(["date_before": "2026-10-01T00:10:00Z", "identified_only": true], known) {
      $0.minute <= 10 && $0.contact != nil
    }
    try expect(["date_after": "2027-01-01"], known) { _ in false }
    try expect(["date_after": "2026-10-05", "date_before": "2026-10-04"], known) { _ in false }
    try expect(["domain": "s1.example", "sort_by": "event"], known, by: { ($0.name, $0.minute, $0.number) }) {
      $0.site == "s1.example"
    }
    try expect(["domain": "s1.example", "sort_by": "createdAt"], known, by: { ("", 0, $0.number) }) {
      $0.site == "s1.example"
    }
    #expect(try list(["domain": "s1.example", "page": 10_000_000]).numbers == [])
    #expect(try list(["domain": "s1.example", "page": 10_000_000]).total == Int64(Self.count / 5))
  }

  @Test("statistics count what lists count")
  func stats() throws {
    let known = try fill()
    let stats = try #require(
      try workspace.call("pathbound_get_event_stats", ["date_after": "2026-10-02", "date_before": "2026-10-11"])[
        "stats"])
    let wanted = known.filter { (1...10).contains($0.minute / 1440) }
    #expect(stats["total_events"] == .integer(Int64(wanted.count)))
    #expect(stats["identified_events"] == .integer(Int64(wanted.count { $0.contact != nil })))
    #expect(stats["unique_contacts"] == 3)
    #expect(stats["unique_visitors"] == 100)
    let days = try #require(stats["by_day"]?.arrayValue)
    #expect(days.compactMap { $0["day"]?.stringValue }.first == "2026-10-02")
    #expect(days.count == 10)
    #expect(days.compactMap { $0["count"]?.integerValue }.reduce(0, +) == Int64(wanted.count))
    let clicks = Int64(wanted.count { $0.name == "click" })
    #expect(stats["by_type"]?.arrayValue?.contains(["event": "click", "count": .integer(clicks)]) == true)
  }

  @Test("events that get a contact later, or lose it, are found as they are now")
  func moves() throws {
    let known = try fill()
    let before = Int64(known.count { $0.contact != nil })
    #expect(try list(["identified_only": true]).total == before)
    let created = try workspace.call(
      "pathbound_create_contact", ["email": "late@b.example", "visitor_id": ["v1", "v2"]])
    #expect(created["contact"]?["_id"] != nil)
    let moved = Int64(known.count { $0.contact == nil && [1, 2].contains($0.number % 100) })
    #expect(moved > 100)
    #expect(try list(["identified_only": true]).total == before + moved)
    let stats = try workspace.call("pathbound_get_event_stats")["stats"]
    #expect(stats?["identified_events"] == .integer(before + moved))
    #expect(stats?["unique_contacts"] == 4)
  }

  @Test("many moves are worked into the columns")
  func manyMoves() throws {
    _ = try fill()
    let visitors = (0..<100).map { JSONValue.string("v\($0)") }
    for number in 0..<2 {
      let half = Array(visitors[(number * 50)..<(number * 50 + 50)])
      _ = try workspace.call(
        "pathbound_create_contact", ["email": .string("all\(number)@b.example"), "visitor_id": .array(half)])
    }
    #expect(try list(["identified_only": true]).total == Int64(Self.count))
    try workspace.store.read { (transaction) throws(ServiceError) in
      let left = try transaction.database.integer("SELECT count(*) FROM event_moves") ?? -1
      #expect((0..<4000).contains(left))
      #expect(try transaction.database.integer("SELECT count(*) FROM event_chunks") == 2)
    }
  }

  /// Stores rows as if they had been tracked, quicker than by tracking them.
  private func store(_ count: Int) throws {
    try workspace.store.writer.change { (transaction) throws(ServiceError) in
      try transaction.database.execute(
        """
        WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < \(count))
        INSERT INTO events (name, occurred_at, created_at, visitor_id, contact_id)
        SELECT CASE n % 3 WHEN 0 THEN 'click' ELSE 'page_view' END, 1760000000000 + n * 60000, 1760000000000,
          'v' || (n % 700), CASE WHEN n % 50 = 0 THEN 1 END FROM numbers
        """)
    }
  }

  @Test("statistics of many events add up kept totals, and count what a look at every event counts")
  func keptTotals() throws {
    _ = try workspace.contact("known@b.example")
    try store(72_000)
    // Chunks are closed and summed up when events come in.
    for number in 0..<6 {
      try workspace.track(["event": "last", "timestamp": .string("2025-10-09T08:53:0\(number)Z")])
    }
    try workspace.store.read { (transaction) throws(ServiceError) in
      #expect(try transaction.database.integer("SELECT count(*) FROM event_totals") == 1)
      #expect(try transaction.database.integer("SELECT sum(events) FROM event_totals") == 65_536)
    }
    func check(_ arguments: JSONObject, _ condition: String) throws {
      let stats = try #require(try workspace.call("pathbound_get_event_stats", arguments)["stats"])
      let wanted = try workspace.store.read { (transaction) throws(ServiceError) in
        let statement = try transaction.database.statement(
          composed: """
            SELECT count(*), count(contact_id), count(DISTINCT visitor_id), count(DISTINCT contact_id),
              sum(name = 'click'), count(DISTINCT occurred_at / 86400000) FROM events WHERE \(condition)
            """)
        defer { statement.reset() }
        return try statement.step() ? (0..<6).map { statement.integer($0) } : []
      }
      let clicks = stats["by_type"]?.arrayValue?.first { $0["event"] == "click" }?["count"]?.integerValue
      let found = ["total_events", "identified_events", "unique_visitors", "unique_contacts"].map {
        stats[$0]?.integerValue
      }
      #expect(found + [clicks, stats["by_day"]?.arrayValue.map { Int64($0.count) }] == wanted, "\(arguments)")
    }
    try check([:], "true")
    try check(["date_before": "2025-11-24"], "occurred_at < 1764028800000")
    try check(["date_after": "2025-10-20"], "occurred_at >= 1760918400000")
    _ = try workspace.call("pathbound_create_contact", ["email": "late@b.example", "visitor_id": ["v1", "v2"]])
    try check([:], "true")
    // A file that an earlier program has filled gets its totals in the background.
    try workspace.store.writer.change { (transaction) throws(ServiceError) in
      try transaction.database.execute("DELETE FROM event_totals")
    }
    try check([:], "true")
    for kind in workspace.store.upkeep { while try kind.doNext(shouldStop: { false }) {} }
    try workspace.store.read { (transaction) throws(ServiceError) in
      #expect(try transaction.database.integer("SELECT count(*) FROM event_totals") == 1)
    }
    try check([:], "true")
  }
}
