internal import JSON
internal import Service

/// Lists of events that are found in columns.
extension EventList {
  /// What the list asks of events.
  func criteria(_ scan: EventScan, _ transaction: ReadTransaction) throws(ServiceError) -> EventCriteria {
    var criteria = EventCriteria()
    let (low, high) = (after ?? .min, before ?? .max)
    criteria.isNever = low > high
    if low <= high { criteria.times = low...high }
    if let name { criteria.tests.append(.equals(.name, try scan.words.number(of: name))) }
    if let contact { criteria.tests.append(.equals(.contact, UInt32(truncatingIfNeeded: contact))) }
    if let domain {
      let domains = try Places.rows("SELECT id FROM domains WHERE name = ?1", domain, transaction)
      criteria.addAny([(.domain, domains)])
    }
    if isIdentified { criteria.tests.append(.present(.contact)) }
    if let url { criteria.addAny([(.page, try Places.pages(url, transaction))]) }
    if let search {
      let (names, domains) = (try Self.names(like: search, scan, transaction), try Places.domains(search, transaction))
      criteria.addAny([(.name, names), (.domain, domains), (.page, try Places.pages(search, transaction))])
    }
    return criteria
  }

  private static func names(
    like part: Part, _ scan: EventScan, _ transaction: ReadTransaction
  ) throws(ServiceError) -> BitSet {
    let statement = try transaction.database.statement(
      "SELECT name FROM event_names WHERE name LIKE ?1 ESCAPE '\\'")
    statement.bind(part.pattern, at: 1)
    defer { statement.reset() }
    var numbers = BitSet()
    while try statement.step() { numbers.insert(try scan.words.number(of: statement.string(0))) }
    return numbers
  }

  /// The number of all matches.
  func scannedTotal(_ transaction: ReadTransaction) throws(ServiceError) -> Int64 {
    if let known = try knownTotal(transaction) { return known }
    let scan = EventScan(transaction)
    var total = 0
    try scan.visit(try criteria(scan, transaction)) { matches in total += matches.count }
    return Int64(total)
  }

  /// The number of all matches, and the rows of those on the page.
  func scannedPage(
    _ page: PageRequest, _ transaction: ReadTransaction
  ) throws(ServiceError) -> (total: Int64, rows: [Int64]) {
    let scan = EventScan(transaction)
    let criteria = try criteria(scan, transaction)
    // A page behind the end is counted to the end all the same, but need not be sorted.
    let size = try tableSize(transaction)
    let wanted = page.offset >= size ? 0 : Int(page.offset + page.limit)
    var ranking = EventRanking(wanted, isDescending: request.isDescending)
    var total = 0
    let order = request.order
    let ranks = order == 1 ? try Self.ranks(scan, transaction) : []
    let columns: Set<EventColumn> = order == 1 ? [.name, .time] : order == 0 ? [.time] : []
    try scan.visit(criteria, columns, newestFirst: request.isDescending) { (matches) throws(ServiceError) in
      total += matches.count
      guard wanted > 0 else { return }
      switch order {
      case 0: try Self.rankByTime(matches, &ranking)
      case 1: try Self.rankByName(matches, ranks, &ranking)
      default:
        for index in 0..<matches.count { ranking.add(.init(event: matches.event(at: matches.position(index)))) }
      }
      ranking.settle()
    }
    return (Int64(total), ranking.events(from: wanted > 0 ? Int(page.offset) : 0))
  }

  private static func rankByTime(
    _ matches: EventScan.Matches, _ ranking: inout EventRanking
  ) throws(ServiceError) {
    guard !ranking.isBeyond(matches.span) else { return }
    let times = try matches.moments()
    for index in 0..<matches.count {
      let position = matches.position(index)
      ranking.add(.init(time: times[position], event: matches.event(at: position)))
    }
  }

  private static func rankByName(
    _ matches: EventScan.Matches, _ ranks: [Int32], _ ranking: inout EventRanking
  ) throws(ServiceError) {
    let names = try matches.numbers(.name)
    var candidates: [(rank: Int32, position: Int)] = []
    for index in 0..<matches.count {
      let position = matches.position(index)
      let name = Int(names[position])
      let rank = name < ranks.count ? ranks[name] : .max
      if !ranking.isBeyond(rank: rank, matches.span) { candidates.append((rank, position)) }
    }
    guard !candidates.isEmpty else { return }
    let times = try matches.moments()
    for (rank, position) in candidates {
      ranking.add(.init(rank: rank, time: times[position], event: matches.event(at: position)))
    }
  }

  /// The place of each name among all names, by its number.
  private static func ranks(_ scan: EventScan, _ transaction: ReadTransaction) throws(ServiceError) -> [Int32] {
    let statement = try transaction.database.statement("SELECT name FROM event_names ORDER BY name")
    defer { statement.reset() }
    var ranks: [Int32] = []
    var rank: Int32 = 0
    while try statement.step() {
      let number = Int(try scan.words.number(of: statement.string(0)))
      if number >= ranks.count { ranks.append(contentsOf: repeatElement(.max, count: number + 1 - ranks.count)) }
      ranks[number] = rank
      rank += 1
    }
    return ranks
  }
}

/// Pages and sites by their text.
enum Places {
  /// The rows of sites whose name contains the text.
  static func domains(_ part: EventList.Part, _ transaction: ReadTransaction) throws(ServiceError) -> BitSet {
    try rows("SELECT id FROM domains WHERE name LIKE ?1 ESCAPE '\\'", part.pattern, transaction)
  }

  /// So many pages are taken from the text index, which is quick to find a few, but slower than a look at all pages
  /// when many match.
  private static let indexedLimit: Int64 = 1000

  /// The rows of pages whose address contains the text.
  static func pages(_ part: EventList.Part, _ transaction: ReadTransaction) throws(ServiceError) -> BitSet {
    if let trigrams = part.trigrams {
      let statement = try transaction.database.statement(
        "SELECT rowid FROM pages_text WHERE pages_text MATCH ?1 LIMIT ?2")
      statement.bind(trigrams, at: 1)
      // `LIKE` knows small and capital letters of ASCII alone.
      let limit = part.isASCII ? indexedLimit : .max
      statement.bind(limit, at: 2)
      let found = try statement.integers()
      if Int64(found.count) < limit { return BitSet(found) }
    }
    return try rows("SELECT id FROM pages WHERE url LIKE ?1 ESCAPE '\\'", part.pattern, transaction)
  }

  /// The rows that a statement with one value gives.
  static func rows(
    _ sql: StaticString, _ value: String, _ transaction: ReadTransaction
  ) throws(ServiceError) -> BitSet {
    let statement = try transaction.database.statement(sql)
    statement.bind(value, at: 1)
    defer { statement.reset() }
    var rows = BitSet()
    while try statement.step() { rows.insert(UInt32(truncatingIfNeeded: statement.integer(0))) }
    return rows
  }
}
