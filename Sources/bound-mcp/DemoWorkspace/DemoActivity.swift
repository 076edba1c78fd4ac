internal import JSON
internal import Platform

/// What people did on the website of the demo workspace.
struct DemoActivity {
  /// The website's address.
  static let site = "https://www.tidemark.example"

  private var random: DemoRandom
  /// Events that are to be tracked, oldest first within a week.
  private var events: [JSONValue] = []
  private(set) var count = 0

  init(_ random: DemoRandom) { self.random = random }

  private static let pages: [((path: String, title: String), Int)] = [
    (("/", "Tidemark: pipeline analytics"), 22), (("/product", "Product"), 14), (("/pricing", "Pricing"), 7),
    (("/product/forecasting", "Forecasting"), 9), (("/product/attribution", "Attribution"), 7),
    (("/integrations", "Integrations"), 8), (("/customers", "Customers"), 7),
    (("/customers/halden-robotics", "How Halden Robotics forecasts"), 4), (("/blog", "Blog"), 8),
    (("/blog/pipeline-coverage", "What pipeline coverage tells you"), 6),
    (("/blog/forecast-accuracy", "Forecast accuracy, measured"), 5), (("/docs", "Documentation"), 9),
    (("/docs/api", "API reference"), 6), (("/security", "Security"), 4), (("/careers", "Careers"), 2),
  ]

  private static let browsers = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
  ]

  /// Visits of a week, so many events: on working days, in working hours, by some far more often than by others.
  mutating func visit(_ everyone: DemoPeople, week: Int, from start: Timestamp, events wanted: Int) {
    let known = everyone.indices(by: week)
    let visitors = known.map { ($0, everyone.people[$0].heat) }
    // By weekday, from Monday; the epoch began on a Thursday.
    let first = CalendarTime(start).daysSinceEpoch + 3
    let days = (0..<7).map { (Int64($0), [9, 10, 10, 9, 7, 1, 1][(first + $0) % 7]) }
    let end = count + wanted
    while count < end {
      let hour = Int64(
        random.pick(weighted: [(8, 2), (9, 5), (10, 6), (11, 5), (13, 4), (14, 6), (15, 5), (16, 4), (20, 1)]))
      let day = random.pick(weighted: days)
      var time = start.adding(milliseconds: (day * 24 + hour) * 3_600_000 + Int64(random.number(0...3_599_000)))
      // Of ten visitors one is nobody that we know.
      let person = random.chance(10) ? nil : everyone.people[random.pick(weighted: visitors)]
      let visitor = person.map { "v-\($0.email)" } ?? "v-\(random.number(1...900))"
      let browser = random.pick(Self.browsers)
      let referrer = random.chance(30) ? random.pick(["https://www.google.com/", "https://www.linkedin.com/"]) : nil
      for _ in 0..<min(random.number(1...6), end - count) {
        add("page_view", random.pick(weighted: Self.pages), person, visitor, browser, referrer, at: time)
        time = time.adding(milliseconds: Int64(random.number(9_000...160_000)))
      }
      if count < end, let person, random.chance(8) {
        let event = random.pick(weighted: [
          ("content_downloaded", 4), ("demo_requested", 2), ("webinar_registered", 3), ("email_opened", 8),
          ("email_clicked", 4),
        ])
        add(
          event, (path: "/resources/forecast-guide", title: "The forecast guide"), person, visitor, browser, nil,
          at: time)
      }
    }
  }

  /// Visits of one person to the pricing page, hours before a moment.
  mutating func price(_ person: DemoPerson, hoursBefore hours: [Int], _ moment: Timestamp) {
    for hour in hours {
      add(
        "page_view", (path: "/pricing", title: "Pricing"), person, "v-\(person.email)", Self.browsers[0], nil,
        at: moment.adding(milliseconds: -Int64(hour) * 3_600_000 + Int64(random.number(0...1_500_000))))
    }
  }

  private mutating func add(
    _ name: String, _ page: (path: String, title: String), _ person: DemoPerson?, _ visitor: String, _ browser: String,
    _ referrer: String?, at time: Timestamp
  ) {
    var event: JSONObject = [
      "event": .string(name), "timestamp": .string(time.iso8601), "url": .string(Self.site + page.path),
      "visitorId": .string(visitor), "userAgent": .string(browser),
      "data": ["path": .string(page.path), "title": .string(page.title)],
    ]
    if let person { event["contact_id"] = .string(person.contact) }
    if let referrer { event["referrer"] = .string(referrer) }
    events.append(.object(event))
    count += 1
  }

  /// The calls that track what was gathered; it is gathered no more.
  mutating func takeCalls() -> [DemoDesk.ToolCall] {
    defer { events = [] }
    return stride(from: 0, to: events.count, by: 100).map { start in
      ("pathbound_track_events", ["events": .array(Array(events[start..<min(start + 100, events.count)]))])
    }
  }
}
