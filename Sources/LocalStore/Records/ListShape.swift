internal import JSON
internal import Service

/// The SQL of a list, put together from fixed parts: which rows, found by which index, in which order.
///
/// The index is always named, never left to SQLite's planner, which knows nothing of how rare a value is. Conditions are
/// written down from the rarest to the commonest: the first one that is set finds the rows. Where its index does not
/// give the wanted order too, the number of matches decides between sorting them all and walking along the order.
struct ListShape: Sendable {
  /// One thing that rows can be asked to fulfil; its bit in a mask is its position in the shape.
  struct Condition: Sendable {
    /// What a row is checked by; its values are parameters of fixed numbers.
    let check: String
    /// What rows are found by.
    let find: String
    /// How rows that fulfil it are found; nil when it is only checked.
    let access: Access?
    /// The orders, by position in the shape, that rows found this way come in.
    let orders: Set<Int>

    init(_ check: String, find: String? = nil, _ access: Access? = nil, orders: Set<Int> = []) {
      self.check = check
      self.find = find ?? check
      self.access = access
      self.orders = orders
    }
  }

  /// How rows are found.
  enum Access: Sendable {
    case index(String)
    /// By row number, from a subquery or one after the other.
    case rowNumber

    var sql: String {
      switch self {
      case .index(let name): "INDEXED BY \(name)"
      case .rowNumber: "NOT INDEXED"
      }
    }
  }

  /// One order of the whole list.
  struct Order: Sendable {
    /// Terms that each take a direction.
    let terms: [String]
    /// What gives the whole table in this order.
    let walk: Access
  }

  /// What is asked for; also names the prepared statement.
  struct Request: Sendable {
    /// One bit for each condition that is set.
    var mask: UInt64 = 0
    /// Position in ``ListShape/orders``.
    var order = 0
    var isDescending = true
    /// Position in ``ListShape/projections``.
    var projection = 0

    mutating func set(_ condition: Int) { mask |= 1 << UInt64(condition) }

    func has(_ condition: Int) -> Bool { mask & 1 << UInt64(condition) != 0 }

    /// Tells the statement of the rows from others of its family.
    func flags(isFirst: Bool) -> UInt64 {
      mask << 8 | UInt64(order) << 4 | UInt64(projection) << 2 | (isDescending ? 2 : 0) | (isFirst ? 0 : 1)
    }

    /// Tells the statement of the count from others of its family.
    func countFlags(isFirst: Bool) -> UInt64 { mask << 8 | (isFirst ? 0xFF : 0xFE) }
  }

  /// Which way rows are found.
  enum Way: Sendable, Equatable {
    /// By a condition's access.
    case seek(Int)
    /// Along the order.
    case walk
  }

  /// Columns, and the joins that they need.
  struct Projection: Sendable {
    let columns: String
    let joins: String
  }

  /// Numbers of the parameters that every list has.
  enum Parameter {
    static let limit: Int32 = 30
    static let offset: Int32 = 31
  }

  /// Tells this shape's statements from others'.
  let family: StaticString
  /// With its alias.
  let table: String
  let conditions: [Condition]
  let orders: [Order]
  let projections: [Projection]

  /// How the rows of a request may be found: the second way, if any, is for when there are many matches.
  func ways(_ request: Request) -> (first: Way, second: Way?) {
    var finders = conditions.indices.lazy.filter { request.has($0) && conditions[$0].access != nil }.makeIterator()
    guard let first = finders.next() else { return (.walk, nil) }
    if conditions[first].orders.contains(request.order) { return (.seek(first), nil) }
    while let next = finders.next() {
      if conditions[next].orders.contains(request.order) { return (.seek(first), .seek(next)) }
    }
    return (.seek(first), .walk)
  }

  /// The rows of one page.
  func rows(_ request: Request, _ way: Way) -> String {
    let order = orders[request.order]
    let direction = request.isDescending ? "DESC" : "ASC"
    let terms = order.terms.map { "\($0) \(direction)" }.joined(separator: ", ")
    let projection = projections[request.projection]
    return "SELECT \(projection.columns) FROM \(table) \(access(way, order).sql) \(projection.joins)"
      + "\(condition(request, way)) ORDER BY \(terms) LIMIT ?\(Parameter.limit) OFFSET ?\(Parameter.offset)"
  }

  /// The number of rows; where most rows match, the whole table is looked through rather than an index and the table.
  func count(_ request: Request, _ way: Way) -> String {
    let isWhole = way == .walk && ways(request).first != .walk
    let access = isWhole ? Access.rowNumber : access(way, orders[0])
    return "SELECT count(*) FROM \(table) \(access.sql)\(condition(request, way))"
  }

  private func access(_ way: Way, _ order: Order) -> Access {
    switch way {
    case .walk: order.walk
    case .seek(let condition): conditions[condition].access ?? order.walk
    }
  }

  private func condition(_ request: Request, _ way: Way) -> String {
    let set = conditions.indices.filter { request.has($0) }.map { position in
      way == .seek(position) ? conditions[position].find : conditions[position].check
    }
    return set.isEmpty ? "" : " WHERE " + set.joined(separator: " AND ")
  }
}

// MARK: - Answering

/// What a list needs to know of its domain while it is answered.
protocol ListSource {
  /// What is asked for.
  var request: ListShape.Request { get }

  /// Whether it is known, without a look, that nothing matches.
  var isEmpty: Bool { get }

  /// Sets the values of the conditions.
  func bind(_ statement: Statement)

  /// The number of matches where a look-up tells it; nil where they must be counted.
  func knownTotal(_ transaction: ReadTransaction) throws(ServiceError) -> Int64?

  /// A number that the matches are known not to fall below; 0 where that takes a count.
  func leastMatches(_ transaction: ReadTransaction) throws(ServiceError) -> Int64

  /// About how many rows the table has.
  func tableSize(_ transaction: ReadTransaction) throws(ServiceError) -> Int64
}

extension ListSource {
  /// Nothing is known.
  func leastMatches(_ transaction: ReadTransaction) throws(ServiceError) -> Int64 { 0 }
}

extension ListShape {
  /// The number of matches.
  func total(_ source: some ListSource, _ transaction: ReadTransaction) throws(ServiceError) -> Int64 {
    if let known = try source.knownTotal(transaction) { return known }
    let request = source.request
    let (first, second) = ways(request)
    var way = first
    if second != nil, try source.leastMatches(transaction) > source.tableSize(transaction) / 16 { way = .walk }
    let chosen = way
    let flags = request.countFlags(isFirst: chosen == first)
    let statement = try transaction.database.statement(family, flags: flags) { count(request, chosen) }
    source.bind(statement)
    defer { statement.reset() }
    return try statement.step() ? statement.integer(0) : 0
  }

  /// Finds the rows of one page and gives the number of all matches.
  ///
  /// - Parameter write: writes the statement's rows and gives their number.
  func answer(
    _ source: some ListSource, _ page: PageRequest, _ transaction: ReadTransaction,
    write: (Statement) throws(ServiceError) -> Int
  ) throws(ServiceError) -> Int64 {
    let request = source.request
    let (first, second) = ways(request)
    var total: Int64?
    var way = first
    if second != nil || page.isDeep {
      let matches: Int64 = try self.total(source, transaction)
      total = matches
      if let second, try pays(second, matches, page, source.tableSize(transaction)) { way = second }
    }
    let chosen = way
    let statement = try transaction.database.statement(family, flags: request.flags(isFirst: chosen == first)) {
      self.rows(request, chosen)
    }
    source.bind(statement)
    // A page behind the end must not walk to the end.
    let isBehind = total.map { page.offset >= $0 } ?? false
    statement.bind(isBehind ? 0 : page.limit, at: Parameter.limit)
    statement.bind(page.offset, at: Parameter.offset)
    let rows = Int64(try write(statement))
    if let total { return total }
    if rows < page.limit && (rows > 0 || page.offset == 0) { return page.offset + rows }
    return try self.total(source, transaction)
  }

  /// Whether walking along the order until the page is full looks at fewer rows than sorting all matches.
  private func pays(_ way: Way, _ matches: Int64, _ page: PageRequest, _ tableSize: Int64) -> Bool {
    let wanted = Double(page.offset) + Double(page.limit)
    return Double(matches) * Double(matches) > wanted * Double(tableSize)
  }
}

/// Which part of a list is asked for, by page number (Pathbound API 2.4).
struct PageRequest {
  /// From 1.
  let page: Int64
  /// From 1 to 100.
  let limit: Int64
  /// Rows before the page; held at the end of the range.
  let offset: Int64
  /// Pages of this size get the shorter budget of a default result.
  static let defaultLimit: Int64 = 20

  /// Reads `page` and `limit`.
  init(_ arguments: JSONObject) {
    page = max(1, arguments["page"]?.integerValue ?? 1)
    limit = Self.limit(arguments)
    let (product, isOver) = (page - 1).multipliedReportingOverflow(by: limit)
    offset = isOver ? .max : product
  }

  /// Reads `limit` and the number of rows to skip, where a list has that instead of pages.
  init(_ arguments: JSONObject, skipping name: String) {
    limit = Self.limit(arguments)
    offset = max(0, arguments[name]?.integerValue ?? 0)
    page = offset / limit + 1
  }

  private static func limit(_ arguments: JSONObject) -> Int64 {
    min(max(1, arguments["limit"]?.integerValue ?? defaultLimit), 100)
  }

  /// So many rows to skip that the request may take long.
  var isDeep: Bool { offset > 2000 }

  /// How many bytes of rows a model can be given.
  var byteLimit: Int { limit <= Self.defaultLimit ? RowList.defaultByteLimit : RowList.byteLimit }

  /// Writes `pagination`.
  func write(total: Int64, into payload: inout JSONWriter) {
    payload.key("pagination")
    payload.beginObject()
    payload.key("page")
    payload.integer(page)
    payload.key("limit")
    payload.integer(limit)
    payload.key("total_pages")
    payload.integer((total + limit - 1) / limit)
    payload.key("total_items")
    payload.integer(total)
    payload.endObject()
  }
}
