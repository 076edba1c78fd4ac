internal import JSON
internal import Service

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

  /// About how many rows the table has.
  func tableSize(_ transaction: ReadTransaction) throws(ServiceError) -> Int64
}

extension ListShape {
  /// The number of matches.
  func total(_ source: some ListSource, _ transaction: ReadTransaction) throws(ServiceError) -> Int64 {
    if let known = try source.knownTotal(transaction) { return known }
    let request = source.request
    let statement = try transaction.database.statement(family, flags: request.countFlags) { count(request) }
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
      if let second, Self.pays(matches: matches, page, of: try source.tableSize(transaction)) { way = second }
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
  static func pays(matches: Int64, _ page: PageRequest, of tableSize: Int64) -> Bool {
    let wanted = Double(page.offset) + Double(page.limit)
    return Double(matches) * Double(matches) > wanted * Double(tableSize)
  }
}

/// Writes a filtered list, its page and what was left out; or `count` alone where that is asked for.
func writeList<List: ListSource>(
  _ name: StaticString, _ shape: ListShape, _ list: List, _ arguments: JSONObject, _ transaction: ReadTransaction,
  into payload: inout JSONWriter, advice: StaticString,
  row: (Statement, inout JSONWriter) throws(ServiceError) -> Void
) throws(ServiceError) {
  let page = PageRequest(arguments)
  payload.beginObject()
  if arguments.flag("count_only") {
    payload.key("count")
    payload.integer(list.isEmpty ? 0 : try shape.total(list, transaction))
  } else if list.isEmpty {
    payload.key(name)
    payload.raw("[]")
    page.write(total: 0, into: &payload)
  } else {
    var rows = RowList(limit: page.byteLimit)
    let total = try transaction.onOneState { () throws(ServiceError) in
      try shape.answer(list, page, transaction) { statement throws(ServiceError) in
        try rows.write(name, statement, into: &payload, row: row)
        return rows.met
      }
    }
    page.write(total: total, into: &payload)
    rows.writeOmission(advice: advice, into: &payload)
  }
  payload.endObject()
}

/// What finds the rows of a list by other means than one statement.
struct RowFinder {
  /// The number of all.
  let total: () throws(ServiceError) -> Int64
  /// The rows of one page in their order, and the number of all.
  let page: (PageRequest) throws(ServiceError) -> (total: Int64, rows: [Int64])
  /// Reads rows in the order in which they are given.
  let read: ([Int64]) throws(ServiceError) -> Statement
}

/// Writes a list whose rows are found first and read afterwards, on one state of the data.
func writeFound(
  _ name: StaticString, _ finder: RowFinder, _ arguments: JSONObject, into payload: inout JSONWriter,
  advice: StaticString, row: (Statement, inout JSONWriter) throws(ServiceError) -> Void
) throws(ServiceError) {
  let page = PageRequest(arguments)
  payload.beginObject()
  if arguments.flag("count_only") {
    payload.key("count")
    payload.integer(try finder.total())
  } else {
    let (total, found) = try finder.page(page)
    var rows = RowList(limit: page.byteLimit)
    try rows.write(name, try finder.read(found), into: &payload, row: row)
    page.write(total: total, into: &payload)
    rows.writeOmission(advice: advice, into: &payload)
  }
  payload.endObject()
}
