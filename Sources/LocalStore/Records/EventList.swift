internal import JSON
internal import Platform
internal import Service

/// A filtered list of tracked events (Pathbound API 7.2).
struct EventList: ListSource {
  private(set) var request = ListShape.Request()
  private var contact: Int64?
  private var name: String?
  private var domain: String?
  private var after: Int64?
  private var before: Int64?
  private var url: String?
  private var search: (pattern: String, trigrams: String?)?

  /// Reads filters, order and fields.
  init(_ arguments: JSONObject, _ ids: RecordIDs) throws(ServiceError) {
    if let id = arguments.text("contact_id") {
      contact = try ids.require(.contact, id)
      request.set(Condition.contact.rawValue)
    } else if arguments.flag("identified_only") {
      request.set(Condition.identified.rawValue)
    }
    name = arguments.text("event_type")
    if name != nil { request.set(Condition.name.rawValue) }
    domain = arguments.text("domain")?.trimmed.lowercased()
    if domain != nil { request.set(Condition.domain.rawValue) }
    after = try arguments.lowerBound("date_after")
    if after != nil { request.set(Condition.after.rawValue) }
    before = try arguments.upperBound("date_before")
    if before != nil { request.set(Condition.before.rawValue) }
    if let text = arguments.text("url_contains"), !text.isEmpty {
      let trigrams = try SearchText.substring(text, at: "/url_contains")
      url = trigrams ?? SearchText.pattern(text)
      request.set((trigrams == nil ? Condition.shortURL : .url).rawValue)
    }
    if let text = arguments.text("search")?.trimmed, !text.isEmpty {
      let trigrams = try SearchText.substring(text, at: "/search")
      search = (SearchText.pattern(text), trigrams)
      request.set((trigrams == nil ? Condition.shortSearch : .search).rawValue)
    }
    request.order = arguments.text("sort_by").flatMap { Self.sortKeys.firstIndex(of: $0) } ?? 0
    request.isDescending = arguments.text("sort_dir") != "asc"
    request.projection = arguments.text("fields") == "summary" ? 1 : 0
  }

  var isEmpty: Bool { false }

  /// Whether rows are written in their short form.
  var isSummary: Bool { request.projection == 1 }

  func bind(_ statement: Statement) {
    if let contact { statement.bind(contact, at: 1) }
    if let name { statement.bind(name, at: 2) }
    if let domain { statement.bind(domain, at: 3) }
    if let after { statement.bind(after, at: 4) }
    if let before { statement.bind(before, at: 5) }
    if let url { statement.bind(url, at: 6) }
    if let search {
      statement.bind(search.pattern, at: 7)
      statement.bind(search.trigrams, at: 8)
    }
  }

  func knownTotal(_ transaction: ReadTransaction) throws(ServiceError) -> Int64? {
    if request.mask == 0 { return try tableSize(transaction) }
    guard request.mask == 1 << UInt64(Condition.name.rawValue), let name else { return nil }
    let statement = try transaction.database.statement("SELECT events FROM event_names WHERE name = ?1")
    statement.bind(name, at: 1)
    defer { statement.reset() }
    return try statement.step() ? statement.integer(0) : 0
  }

  func tableSize(_ transaction: ReadTransaction) throws(ServiceError) -> Int64 { try transaction.counter("events") }

  /// Whether the list touches few rows: all events, those of a contact, or all of a kind.
  static func isQuick(_ arguments: JSONObject) -> Bool {
    guard !PageRequest(arguments).isDeep else { return false }
    if arguments.contains("url_contains") || arguments.contains("search") { return false }
    if arguments.contains("contact_id") { return true }
    let isPlain = ["domain", "date_after", "date_before"].allSatisfy { !arguments.contains($0) }
    guard isPlain, !arguments.flag("identified_only") else { return false }
    // Sorting all events of one kind by another key than time looks at each.
    return !arguments.contains("event_type") || arguments.text("sort_by") != "createdAt"
  }
}

// MARK: - SQL

extension EventList {
  /// The filters, from the rarest match to the commonest.
  private enum Condition: Int, CaseIterable {
    case contact, url, shortURL, search, shortSearch, name, domain, after, before, identified

    var sql: String {
      let pages = "SELECT rowid FROM pages_text WHERE pages_text MATCH"
      let names = "SELECT name FROM event_names WHERE name LIKE ?7 ESCAPE '\\'"
      let domains = "SELECT id FROM domains WHERE name LIKE ?7 ESCAPE '\\'"
      return switch self {
      case .contact: "e.contact_id = ?1"
      case .name: "e.name = ?2"
      case .domain: "e.domain_id = (SELECT id FROM domains WHERE name = ?3)"
      case .after: "e.occurred_at >= ?4"
      case .before: "e.occurred_at <= ?5"
      case .url: "e.page_id IN (\(pages) ?6)"
      case .shortURL: "e.page_id IN (SELECT id FROM pages WHERE url LIKE ?6 ESCAPE '\\')"
      case .search: Self.anyOf(names, "\(pages) ?8", domains)
      case .shortSearch: Self.anyOf(names, "SELECT id FROM pages WHERE url LIKE ?7 ESCAPE '\\'", domains)
      case .identified: "e.contact_id IS NOT NULL"
      }
    }

    /// Events with one of these names, pages or domains, by row number.
    private static func anyOf(_ names: String, _ pages: String, _ domains: String) -> String {
      """
      e.id IN (SELECT id FROM events INDEXED BY events_by_name WHERE name IN (\(names)) \
      UNION ALL SELECT id FROM events INDEXED BY events_by_page WHERE page_id IN (\(pages)) \
      UNION ALL SELECT id FROM events INDEXED BY events_by_domain WHERE domain_id IN (\(domains)))
      """
    }

    var access: ListShape.Access? {
      switch self {
      case .contact: .index("events_by_contact")
      case .url, .shortURL: .index("events_by_page")
      case .search, .shortSearch: .rowNumber
      case .name: .index("events_by_name")
      case .domain: .index("events_by_domain")
      case .after, .before: .index("events_by_time")
      case .identified: nil
      }
    }

    /// Rows of one name come in the order of time, which is then also the order of names; row numbers of a search come
    /// sorted.
    var orders: Set<Int> {
      switch self {
      case .url, .shortURL: []
      case .search, .shortSearch: [2]
      case .name: [0, 1]
      default: [0]
      }
    }
  }

  /// Values of `sort_by`; positions are those of the shape's orders.
  private static let sortKeys = ["timestamp", "event", "createdAt"]

  /// How the list is found in the table; row numbers are given in the order in which events come in.
  static let shape = ListShape(
    family: "events", table: "events AS e",
    conditions: Condition.allCases.map { ListShape.Condition($0.sql, $0.access, orders: $0.orders) },
    orders: [
      .init(terms: ["e.occurred_at", "e.id"], walk: .index("events_by_time")),
      .init(terms: ["e.name", "e.occurred_at", "e.id"], walk: .index("events_by_name")),
      .init(terms: ["e.id"], walk: .rowNumber),
    ],
    projections: [
      .init(columns: EventRecord.columns, joins: EventRecord.joins),
      .init(columns: EventRecord.summaryColumns, joins: EventRecord.summaryJoins),
    ])
}
