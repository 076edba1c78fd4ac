internal import JSON
internal import Platform
internal import Service

/// A filtered list of tracked events (Pathbound API 7.2).
///
/// Where an index leaves few rows to look at, SQLite finds them (``shape``); everything else is found in the columns
/// beside the table, which takes some milliseconds for a million events whatever is asked for.
struct EventList: ListSource {
  /// A text that is looked for inside others.
  struct Part {
    /// For `LIKE`.
    let pattern: String
    /// For the text index; nil when the text is too short for it.
    let trigrams: String?
    /// Whether every letter of the text is known to `LIKE`.
    let isASCII: Bool

    init(_ text: String, at path: String) throws(ServiceError) {
      trigrams = try SearchText.substring(text, at: path)
      pattern = SearchText.pattern(text)
      isASCII = text.utf8.allSatisfy { $0 < 0x80 }
    }
  }

  private(set) var request = ListShape.Request()
  private(set) var contact: Int64?
  private(set) var name: String?
  private(set) var domain: String?
  private(set) var after: Int64?
  private(set) var before: Int64?
  private(set) var url: Part?
  private(set) var search: Part?

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
      url = try Part(text, at: "/url_contains")
      request.set(Condition.url.rawValue)
    }
    if let text = arguments.text("search")?.trimmed, !text.isEmpty {
      search = try Part(text, at: "/search")
      request.set(Condition.search.rawValue)
    }
    request.order = arguments.text("sort_by").flatMap { Self.sortKeys.firstIndex(of: $0) } ?? 0
    request.isDescending = arguments.text("sort_dir") != "asc"
    request.projection = arguments.text("fields") == "summary" ? 1 : 0
  }

  /// The list is one of a contact that is not there.
  private(set) var isEmpty = false

  /// The same list for one contact alone.
  func narrowed(to contact: Int64) -> EventList {
    var list = self
    list.contact = contact
    list.request.set(Condition.contact.rawValue)
    return list
  }

  /// The same list, empty when it is one of a contact that is not there: events of a deleted one may still name it.
  func checked(_ transaction: ReadTransaction) throws(ServiceError) -> EventList {
    var list = self
    guard let contact else { return list }
    list.isEmpty = try !ContactChanges.exists(contact, transaction)
    list.isGrowing = try Visitors.beingAttached(transaction.database).contains { $0.contact == contact }
    // Whose events they are is known: no row needs to look.
    if isSummary && !list.isGrowing { list.request.projection = 2 }
    return list
  }

  /// Older events of the contact are still to be given to it: the index does not know them yet.
  private var isGrowing = false

  /// Whether rows are written in their short form.
  var isSummary: Bool { request.projection != 0 }

  func bind(_ statement: Statement) {
    if let contact { statement.bind(contact, at: 1) }
    if let name { statement.bind(name, at: 2) }
    if let domain { statement.bind(domain, at: 3) }
    if let after { statement.bind(after, at: 4) }
    if let before { statement.bind(before, at: 5) }
    if let url { statement.bind(url.pattern, at: 6) }
    if let search { statement.bind(search.pattern, at: 7) }
  }

  func knownTotal(_ transaction: ReadTransaction) throws(ServiceError) -> Int64? {
    switch request.mask {
    case 0: return try tableSize(transaction)
    case Condition.name.bit: return try look(name, "SELECT events FROM event_names WHERE name = ?1", transaction)
    case Condition.domain.bit: return try look(domain, "SELECT events FROM domains WHERE name = ?1", transaction)
    default: return nil
    }
  }

  private func look(
    _ key: String?, _ sql: StaticString, _ transaction: ReadTransaction
  ) throws(ServiceError) -> Int64 {
    let statement = try transaction.database.statement(sql)
    statement.bind(key, at: 1)
    defer { statement.reset() }
    return try statement.step() ? statement.integer(0) : 0
  }

  func tableSize(_ transaction: ReadTransaction) throws(ServiceError) -> Int64 { try transaction.counter("events") }

  /// Only events with a contact are wanted.
  var isIdentified: Bool { request.has(Condition.identified.rawValue) }

  /// Whether an index finds the rows in their order, or leaves those of one contact.
  var isIndexed: Bool {
    if request.has(Condition.contact.rawValue) { return !isGrowing }
    if request.mask == 0 { return true }
    return request.mask == Condition.name.bit && Condition.name.orders.contains(request.order)
  }

  /// Whether the list touches few rows: all events, those of a contact, or all of a kind.
  static func isQuick(_ arguments: JSONObject) -> Bool {
    guard !PageRequest(arguments).isDeep else { return false }
    if arguments.contains("url_contains") || arguments.contains("search") { return false }
    if arguments.contains("contact_id") { return true }
    guard !arguments.contains("date_after"), !arguments.contains("date_before"), !arguments.contains("domain"),
      !arguments.flag("identified_only")
    else {
      return false
    }
    // In another order than theirs, the events of one kind must all be looked at.
    return !arguments.contains("event_type") || arguments.text("sort_by") != "createdAt"
  }
}

// MARK: - SQL

extension EventList {
  /// The filters, from the rarest match to the commonest.
  private enum Condition: Int, CaseIterable {
    case contact, url, search, name, domain, after, before, identified

    /// The bit of this filter in a mask.
    var bit: UInt64 { 1 << UInt64(rawValue) }

    var shape: ListShape.Condition { ListShape.Condition(check, access, orders: orders) }

    private var check: String {
      switch self {
      case .contact: "e.contact_id = ?1"
      case .name: "e.name = ?2"
      case .domain: "e.domain_id = (SELECT id FROM domains WHERE name = ?3)"
      case .after: "e.occurred_at >= ?4"
      case .before: "e.occurred_at <= ?5"
      case .url: "\(Self.pageText) LIKE ?6 ESCAPE '\\'"
      case .search:
        "(e.name LIKE ?7 ESCAPE '\\' OR \(Self.pageText) LIKE ?7 ESCAPE '\\' OR \(Self.siteText) LIKE ?7 ESCAPE '\\')"
      case .identified: "e.contact_id IS NOT NULL"
      }
    }

    // Of the few events of one contact: their own pages are looked at, not all that match.
    private static let pageText = "(SELECT url FROM pages WHERE id = e.page_id)"
    private static let siteText = "(SELECT name FROM domains WHERE id = e.domain_id)"

    var access: ListShape.Access? {
      switch self {
      case .contact: .index("events_by_contact")
      case .name: .index("events_by_name")
      case .after, .before: .index("events_by_time")
      case .url, .search, .domain, .identified: nil
      }
    }

    /// Rows of one name come in the order of time, which is then also the order of names.
    var orders: Set<Int> { self == .name ? [0, 1] : [0] }
  }

  /// Events whose rows are given as a JSON array, in its order.
  static func byRow(isSummary: Bool) -> String {
    let projection = shape.projections[isSummary ? 1 : 0]
    let columns = isSummary ? EventRecord.summaryColumns(contact: EventRecord.contactToBe) : projection.columns
    return "SELECT \(columns) FROM json_each(?1) AS j CROSS JOIN events AS e ON e.id = j.value "
      + "\(projection.joins) ORDER BY j.key"
  }

  /// Values of `sort_by`; positions are those of the shape's orders.
  private static let sortKeys = ["timestamp", "event", "createdAt"]

  /// How the list is found in the table; row numbers are given in the order in which events come in.
  static let shape = ListShape(
    family: "events", table: "events AS e",
    conditions: Condition.allCases.map(\.shape),
    orders: [
      .init(terms: ["e.occurred_at", "e.id"], walk: .index("events_by_time")),
      .init(terms: ["e.name", "e.occurred_at", "e.id"], walk: .index("events_by_name")),
      .init(terms: ["e.id"], walk: .rowNumber),
    ],
    projections: [
      .init(columns: EventRecord.columns, joins: EventRecord.joins),
      .init(columns: EventRecord.summaryColumns(contact: EventRecord.contact), joins: EventRecord.summaryJoins),
      .init(columns: EventRecord.summaryColumns(contact: "e.contact_id"), joins: EventRecord.summaryJoins),
    ])
}
