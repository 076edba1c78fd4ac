internal import JSON
internal import Platform
internal import Service

/// A filtered list of Owlbound contacts, page by page (Owlbound API 8.2).
///
/// Contacts without the value that the list is sorted by come last in both directions: where those with one end, the
/// page goes on with those without.
struct OwlContactList {
  private let list: Cursor.List
  private let start: Cursor?
  private let status: String?
  private let source: String?
  /// In lower case, and as trigrams where it is long enough to have some.
  private let company: (key: String, trigrams: String?)?
  private let includesArchived: Bool
  private let order: Order
  private let isDescending: Bool
  private let limit: Int64

  /// What the list is sorted by.
  private enum Order: String {
    case created = "createdAt"
    case score
    case activity = "activityScore"

    /// The column, its place in ``OwlContactRecord/columns``, and the index in its order.
    var facts: (column: String, place: Int32, index: String) {
      switch self {
      case .created: ("created_at", 15, "owl_contacts_by_created")
      case .score: ("score", 13, "owl_contacts_by_score")
      case .activity: ("activity_score", 14, "owl_contacts_by_activity")
      }
    }
  }

  /// How rows are found.
  enum Way: UInt64, CaseIterable {
    /// Along the order, looking at each row.
    case walk
    /// By the status or the source: in the order of time as they are, else sorted.
    case status, source
    /// By the trigrams of the company's name, sorted.
    case company
  }

  /// A part of the list: those with the value that it is sorted by, and those without.
  enum Part: UInt64, CaseIterable {
    case with, without
  }

  /// Reads filters, order and cursor.
  init(_ arguments: JSONObject, _ ids: RecordIDs) throws(ServiceError) {
    list = Cursor.List("owlbound_list_contacts", arguments)
    start = try Cursor(arguments, for: list, ids)
    status = arguments.text("status")
    source = arguments.trimmedText("source")
    if let text = arguments.trimmedText("company") {
      try SizeLimit.check(text, SizeLimit.line, at: "/company")
      let key = OwlContactKeys.company(text)
      company = (key, try SearchText.substring(key, at: "/company"))
    } else {
      company = nil
    }
    includesArchived = arguments.flag("include_archived")
    order = arguments.text("sort_by").flatMap { Order(rawValue: $0) } ?? .created
    isDescending = arguments.text("sort_direction") != "asc"
    limit = min(max(1, arguments["limit"]?.integerValue ?? 50), 100)
  }

  /// Whether one index gives the rows in their order, so that few are looked at.
  static func isQuick(_ arguments: JSONObject) -> Bool {
    if arguments.contains("company") { return false }
    let filters = ["status", "source"].count { arguments.contains($0) }
    return filters == 0 || filters == 1 && arguments.text("sort_by") ?? "createdAt" == "createdAt"
  }
}

// MARK: - Answering

extension OwlContactList {
  /// Writes `contacts`, `hasMore` and `nextCursor`.
  func write(_ transaction: ReadTransaction, into payload: inout JSONWriter) throws(ServiceError) {
    let way = try way(transaction)
    let bytes = limit <= 50 ? RowList.defaultByteLimit : RowList.byteLimit
    var rows = RowList(most: Int(limit))
    var places: [Cursor] = []
    payload.beginObject()
    payload.key("contacts")
    payload.beginArray()
    let end = payload.count + bytes
    for part in parts where rows.met <= Int(limit) {
      let statement = try statement(way, part, transaction)
      // One more than the page holds tells whether there is a next one.
      statement.bind(limit + 1 - Int64(rows.met), at: 6)
      try rows.append(statement, end: end, into: &payload) { contact, payload in
        places.append(place(of: contact))
        payload.beginObject()
        OwlContactRecord.writeMembers(contact, transaction.ids, into: &payload)
        payload.endObject()
      }
    }
    payload.endArray()
    let last = rows.written > 0 ? places[rows.written - 1] : nil
    Cursor.write(last, hasMore: rows.omitted > 0, for: list, transaction.ids, into: &payload)
    payload.endObject()
  }

  private var parts: [Part] {
    if order == .created { return [.with] }
    if let start, start.value == nil { return [.without] }
    return [.with, .without]
  }

  private func place(of contact: Statement) -> Cursor {
    let column = order.facts.place
    let value: UInt64? =
      if contact.isNull(column) {
        nil
      } else if order == .activity {
        contact.double(column).bitPattern
      } else {
        UInt64(bitPattern: contact.integer(column))
      }
    return Cursor(value: value, row: contact.integer(0))
  }

  private func statement(
    _ way: Way, _ part: Part, _ transaction: ReadTransaction
  ) throws(ServiceError) -> Statement {
    let isBehind = start.map { ($0.value == nil) == (part == .without) } ?? false
    let flags =
      (status == nil ? 0 : 1) | (source == nil ? 0 : 2) | (company == nil ? 0 : 4) | (includesArchived ? 8 : 0)
      | (isDescending ? 16 : 0) | (isBehind ? 32 : 0) | part.rawValue << 6 | way.rawValue << 7
      | (order == .created ? 0 : order == .score ? 1 : 2) << 9 as UInt64
    let statement = try transaction.database.statement("owl contacts", flags: flags) { sql(way, part, isBehind) }
    if let status { statement.bind(status, at: 1) }
    if let source { statement.bind(source, at: 2) }
    if let company { statement.bind(way == .company ? company.trigrams : company.key, at: 3) }
    if isBehind, let start {
      statement.bind(start.row, at: 5)
      guard let value = start.value else { return statement }
      if order == .activity {
        statement.bind(Double(bitPattern: value), at: 4)
      } else {
        statement.bind(Int64(bitPattern: value), at: 4)
      }
    }
    return statement
  }

  /// The rows of a part; values: 1 status, 2 source, 3 company, 4 and 5 the place behind which they are, 6 their number.
  func sql(_ way: Way, _ part: Part, _ isBehind: Bool) -> String {
    let (column, _, index) = order.facts
    var conditions: [String] = []
    if status != nil { conditions.append("c.status = ?1") }
    if source != nil { conditions.append("c.source = ?2") }
    if company != nil {
      conditions.append(
        way == .company
          ? "c.id IN (SELECT rowid FROM owl_contacts_companies WHERE owl_contacts_companies MATCH ?3)"
          : "instr(c.company_key, ?3) > 0")
    }
    if !includesArchived { conditions.append("c.archived_at IS NULL") }
    if order != .created { conditions.append("c.\(column) IS \(part == .with ? "NOT NULL" : "NULL")") }
    let direction = isDescending ? "<" : ">"
    if isBehind {
      conditions.append(part == .with ? "(c.\(column), c.id) \(direction) (?4, ?5)" : "c.id \(direction) ?5")
    }
    let access =
      switch way {
      case .walk: "INDEXED BY \(index)"
      case .status: "INDEXED BY owl_contacts_by_status"
      case .source: "INDEXED BY owl_contacts_by_source"
      case .company: "NOT INDEXED"
      }
    let condition = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
    let sort = isDescending ? "DESC" : "ASC"
    return "SELECT \(OwlContactRecord.columns) FROM owl_contacts AS c \(access) \(condition) "
      + "ORDER BY c.\(column) \(sort), c.id \(sort) LIMIT ?6"
  }
}

// MARK: - Finding

extension OwlContactList {
  /// The way that looks at the fewest rows: by a filter with few matches, which are sorted, or else along an order.
  private func way(_ transaction: ReadTransaction) throws(ServiceError) -> Way {
    if company == nil, order == .created {
      if status != nil, source == nil { return .status }
      if source != nil, status == nil { return .source }
    }
    guard status != nil || source != nil || company?.trigrams != nil else { return .walk }
    // Walking until a page is full looks at table ÷ matches rows for each row of the page.
    let size = Double(try transaction.counter("owl_contacts"))
    let few = Int64(max(500, (Double(limit) * size).squareRoot()))
    if let trigrams = company?.trigrams, try isAtMost(few, trigrams, Self.countByCompany, transaction) {
      return .company
    }
    if let status, try isAtMost(few, status, Self.countByStatus, transaction) { return .status }
    if let source, try isAtMost(few, source, Self.countBySource, transaction) { return .source }
    guard order == .created else { return .walk }
    return status != nil ? .status : source != nil ? .source : .walk
  }

  private static let countByCompany: StaticString =
    """
    SELECT count(*) FROM
      (SELECT 1 FROM owl_contacts_companies WHERE owl_contacts_companies MATCH ?1 LIMIT ?2)
    """
  private static let countByStatus: StaticString =
    """
    SELECT count(*) FROM (SELECT 1 FROM owl_contacts INDEXED BY owl_contacts_by_status WHERE status = ?1 LIMIT ?2)
    """
  private static let countBySource: StaticString =
    """
    SELECT count(*) FROM (SELECT 1 FROM owl_contacts INDEXED BY owl_contacts_by_source WHERE source = ?1 LIMIT ?2)
    """

  private func isAtMost(
    _ number: Int64, _ value: String, _ count: StaticString, _ transaction: ReadTransaction
  ) throws(ServiceError) -> Bool {
    let statement = try transaction.database.statement(count)
    statement.bind(value, at: 1)
    statement.bind(number + 1, at: 2)
    defer { statement.reset() }
    return try statement.step() && statement.integer(0) <= number
  }
}
