import JSON
import Operations
import Service
import StoreSupport
import Testing

@Suite("Counts by group")
struct AggregateTests {
  let workspace = TestWorkspace()

  private static let chrome =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"

  private func fill() throws -> [String] {
    let people = [
      try workspace.contact("ada@b.example", ["lifecyclestage": "lead", "country": "UK"]),
      try workspace.contact("bob@b.example", ["lifecyclestage": "lead"]),
      try workspace.contact("cy@c.example", ["lifecyclestage": "customer", "country": "UK", "linkedin_url": "x"]),
    ]
    try workspace.track(
      [
        "event": "page_view", "contact_id": .string(people[0]), "timestamp": "2026-11-02T10:00:00Z",
        "url": "https://shop.example/pricing?a=1", "userAgent": .string(Self.chrome),
        "referrer": "https://news.example/x", "data": ["utmParams": ["utm_source": "news", "utm_medium": "mail"]],
      ],
      [
        "event": "page_view", "contact_id": .string(people[0]), "timestamp": "2026-11-02T11:00:00Z",
        "url": "https://shop.example/pricing#top", "userAgent": .string(Self.chrome),
      ],
      [
        "event": "page_view", "contact_id": .string(people[1]), "timestamp": "2026-11-08T23:59:59Z",
        "url": "https://shop.example",
      ],
      ["event": "signup", "visitorId": "v1", "timestamp": "2026-11-09T00:00:00Z", "userAgent": "Googlebot/2.1"],
      ["event": "signup", "visitorId": "v1", "timestamp": "2026-10-31T00:00:00Z"])
    return people
  }

  private func groups(
    _ entity: String, _ dimension: String, _ filters: JSONObject = [:], limit: Int64 = 20
  ) throws -> [(JSONValue, Int64)] {
    let answer = try workspace.call(
      "pathbound_aggregate",
      [
        "entity": .string(entity), "group_by": .string(dimension), "filters": .object(filters),
        "limit": .integer(limit),
      ])
    #expect(answer["group_by"] == .string(dimension))
    let groups = try #require(answer["groups"]?.arrayValue)
    let counts = groups.compactMap { group in group["key"].map { ($0, group["count"]?.integerValue ?? -1) } }
    if groups.count == answer["total_groups"]?.integerValue.map({ Int($0) }) {
      #expect(answer["total"]?.integerValue == counts.reduce(0) { $0 + $1.1 })
    }
    return counts
  }

  private func expect(_ found: [(JSONValue, Int64)], _ wanted: [(JSONValue, Int64)]) {
    #expect(found.map(\.0) == wanted.map(\.0))
    #expect(found.map(\.1) == wanted.map(\.1))
  }

  @Test("events are counted by each of their fields, the largest group first")
  func events() throws {
    let people = try fill()
    expect(try groups("events", "event"), [("page_view", 3), ("signup", 2)])
    expect(try groups("events", "path"), [(.null, 2), ("/pricing", 2), ("/", 1)])
    expect(try groups("events", "domain"), [("shop.example", 3), (.null, 2)])
    expect(try groups("events", "browser"), [(.null, 3), ("Chrome", 2)])
    expect(try groups("events", "os"), [(.null, 3), ("Windows", 2)])
    expect(try groups("events", "device_type"), [("Desktop", 3), (.null, 2)])
    expect(try groups("events", "is_bot"), [(false, 4), (true, 1)])
    expect(try groups("events", "referring_domain"), [(.null, 2), ("direct", 2), ("news.example", 1)])
    expect(try groups("events", "utm_source"), [(.null, 4), ("news", 1)])
    expect(try groups("events", "utm_medium"), [(.null, 4), ("mail", 1)])
    expect(try groups("events", "utm_campaign"), [(.null, 5)])
    expect(
      try groups("events", "contact_id"), [(.null, 2), (.string(people[0]), 2), (.string(people[1]), 1)])
    expect(try groups("events", "company_id"), [(.null, 5)])
  }

  @Test("buckets of time come newest first, weeks from Monday")
  func times() throws {
    _ = try fill()
    expect(
      try groups("events", "day"),
      [("2026-11-09", 1), ("2026-11-08", 1), ("2026-11-02", 2), ("2026-10-31", 1)])
    expect(try groups("events", "week"), [("2026-11-09", 1), ("2026-11-02", 3), ("2026-10-26", 1)])
    expect(try groups("events", "month"), [("2026-11", 4), ("2026-10", 1)])
    expect(try groups("events", "month", limit: 1), [("2026-11", 4)])
    expect(try groups("contacts", "day"), [("2026-11-21", 3)])
  }

  @Test("groups of events tell how many visitors and contacts are behind them")
  func people() throws {
    _ = try fill()
    let answer = try workspace.call("pathbound_aggregate", ["entity": "events", "group_by": "event"])
    #expect(
      answer["groups"] == [
        ["key": "page_view", "count": 3, "unique_visitors": 0, "unique_contacts": 2],
        ["key": "signup", "count": 2, "unique_visitors": 1, "unique_contacts": 0],
      ])
    let days = try workspace.call("pathbound_aggregate", ["entity": "events", "group_by": "week"])
    #expect(days["groups"]?[1]?["unique_contacts"] == 2)
  }

  @Test("filters narrow what is counted, a segment too")
  func filters() throws {
    _ = try fill()
    let segment =
      try workspace.call(
        "pathbound_save_segment", ["name": "UK", "filter": ["country": "UK"]])["segment"]?["_id"] ?? .null
    expect(try groups("events", "event", ["segment_id": segment]), [("page_view", 2)])
    expect(try groups("events", "event", ["identified_only": true, "date_after": "2026-11-03"]), [("page_view", 1)])
    expect(try groups("events", "event", ["url_contains": "pricing"]), [("page_view", 2)])
    expect(try groups("contacts", "lifecycle_stage", ["segment_id": segment]), [("customer", 1), ("lead", 1)])
    expect(try groups("contacts", "country", ["lifecycle_stage": "lead"]), [(.null, 1), ("UK", 1)])
    expect(try groups("contacts", "country", ["events": [["event_type": "page_view"]]]), [(.null, 1), ("UK", 1)])
    expect(try groups("contacts", "status", ["created_after": "2027-01-01"]), [])
  }

  @Test("contacts are counted by each of their fields")
  func contacts() throws {
    _ = try fill()
    expect(try groups("contacts", "lifecycle_stage"), [("lead", 2), ("customer", 1)])
    expect(try groups("contacts", "has_linkedin"), [(false, 2), (true, 1)])
    expect(try groups("contacts", "status"), [("not_enriched", 3)])
    expect(try groups("contacts", "creation_source"), [("api", 3)])
    for dimension in Dimensions.contacts { #expect(!(try groups("contacts", dimension).isEmpty), "\(dimension)") }
    for dimension in Dimensions.events { #expect(!(try groups("events", dimension).isEmpty), "\(dimension)") }
    for dimension in Dimensions.companies { _ = try groups("companies", dimension) }
  }

  @Test(
    "what can't be counted is refused with the nearest word",
    arguments: [
      (["entity": "events", "group_by": "brouser"], "/group_by", "browser"),
      (["entity": "contacts", "group_by": "browser"], "/group_by", "Known are"),
      (["entity": "companies", "group_by": "city"], "/group_by", "industry"),
      (["entity": "events", "group_by": "event", "filters": ["event": "x"]], "/filters/event", "event_type"),
      (["entity": "contacts", "group_by": "city", "filters": ["cuntry": "x"]], "/filters/cuntry", "country"),
    ] as [(JSONObject, String, String)])
  func refused(arguments: JSONObject, path: String, word: String) throws {
    let error = try workspace.refusal("pathbound_aggregate", arguments)
    #expect(error.code == .validation)
    #expect(error.details.first?.path == path)
    #expect(error.details.first?.message.contains(word) == true, "\(error.details)")
    let unknown = try workspace.refusal(
      "pathbound_aggregate", ["entity": "events", "group_by": "event", "filters": ["segment_id": "seg_nobody"]])
    #expect(unknown.code == .notFound)
  }
}

@Suite("Batch reads")
struct BatchReadTests {
  let workspace = TestWorkspace()

  @Test("details come in the order of ids, unknown ones are dropped, repeated ones given once")
  func details() throws {
    let (first, second) = (try workspace.contact("a@b.example"), try workspace.contact("b@b.example"))
    let batch = try workspace.call(
      "pathbound_batch_get_details",
      ["entity_type": "contacts", "ids": [.string(second), "ct_nobody", .string(first), .string(second)]])
    #expect(batch.texts("_id", of: "contacts") == [second, first])
    #expect(batch["contacts"]?[1]?["properties"]?["email"] == "a@b.example")
    let none = try workspace.call(
      "pathbound_batch_get_details", ["entity_type": "companies", "ids": [.string(first)]])
    #expect(none["companies"] == [])
    let many = JSONValue.array((0..<26).map { .string("ct_\($0)") })
    for ids in [many, []] {
      #expect(
        try workspace.refusal("pathbound_batch_get_details", ["entity_type": "contacts", "ids": ids]).code
          == .validation)
    }
  }

  @Test("each contact has its own share of events, whatever the others have")
  func activity() throws {
    let (busy, calm) = (try workspace.contact("a@b.example"), try workspace.contact("b@b.example"))
    for hour in 0..<10 {
      try workspace.track([
        "event": "page_view", "contact_id": .string(busy), "timestamp": .string("2026-11-20T0\(hour):00:00Z"),
        "url": "https://b.example/\(hour)", "data": ["title": .string("Page \(hour)")],
      ])
    }
    try workspace.track(["event": "signup", "contact_id": .string(calm), "timestamp": "2026-11-01T00:00:00Z"])
    let batch = try workspace.call(
      "pathbound_batch_get_activity", ["contact_ids": [.string(busy), "ct_nobody", .string(calm)]])
    #expect(batch["contact_count"] == 2)
    #expect(batch["activity"]?.objectValue?.count == 2)
    let events = try #require(batch["activity"]?[busy]?["events"]?.arrayValue)
    #expect(events.compactMap { $0["title"]?.stringValue } == ["Page 9", "Page 8", "Page 7", "Page 6", "Page 5"])
    #expect(events[0]["url"] == "https://b.example/9")
    #expect(events[0]["timestamp"] == "2026-11-20T09:00:00.000Z")
    #expect(batch["activity"]?[busy]?["total_events"] == 10)
    #expect(batch["activity"]?[calm]?["events"]?[0]?["event"] == "signup")
    #expect(batch["activity"]?[calm]?["events"]?[0]?["url"] == .null)
    let bounded = try workspace.call(
      "pathbound_batch_get_activity",
      ["contact_ids": [.string(busy)], "events_limit": 20, "date_before": "2026-11-20T03:00:00Z"])
    #expect(bounded["activity"]?[busy]?["total_events"] == 4)
    #expect(bounded["activity"]?[busy]?["events"]?.arrayValue?.count == 4)
  }
}
