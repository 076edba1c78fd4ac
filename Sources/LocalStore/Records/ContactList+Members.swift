internal import Service

/// Lists of contacts that several filters select, found by joining the sets of rows that their indexes give.
///
/// An index tells whom one filter selects without a look at a single contact; looking at each of those for the other
/// filters would cost twenty times as much. Later contacts have larger rows, so that a set is in the order of time.
extension ContactList {
  /// Whether it takes more than one index to find the contacts, or a search.
  var isJoined: Bool { request.has(Condition.search.rawValue) || finders.count > 1 }

  /// The filters that are set but for those of time, which every index answers along with its own.
  private var finders: [Condition] {
    Condition.allCases.filter { request.has($0.rawValue) && !Self.times.contains($0) }
  }

  private static let times: [Condition] = [.after, .before]

  /// The rows of all contacts that the list selects.
  func members(_ transaction: ReadTransaction) throws(ServiceError) -> BitSet {
    guard !isEmpty else { return BitSet() }
    let finders = finders
    guard let first = finders.first else { return try rows([], transaction) }
    var members = try rows([first], transaction)
    for finder in finders.dropFirst() where !members.isEmpty {
      // What is everybody but a few is told by the few.
      if let opposite = finder.opposite {
        members.subtract(try rows([opposite], transaction))
      } else {
        members.formIntersection(try rows([finder], transaction))
      }
    }
    return members
  }

  /// The rows that one filter selects, within the times.
  private func rows(_ finder: [Condition], _ transaction: ReadTransaction) throws(ServiceError) -> BitSet {
    var mask = finder.reduce(UInt64(0)) { $0 | 1 << UInt64($1.rawValue) }
    for time in Self.times where request.has(time.rawValue) { mask |= 1 << UInt64(time.rawValue) }
    let statement = try transaction.database.statement("selected contacts, all", flags: mask) {
      Self.shape.matches("c.id", ListShape.Request(mask: mask))
    }
    bind(statement)
    return try BitSet(rows: statement)
  }
}

// MARK: - Pages

extension ContactList {
  /// The rows of one page, in the list's order, and the number of all.
  func joinedPage(
    _ page: PageRequest, _ transaction: ReadTransaction
  ) throws(ServiceError) -> (total: Int64, rows: [Int64]) {
    if let found = try searchedPage(page, transaction) { return found }
    let members = try members(transaction)
    let total = Int64(members.count)
    guard page.offset < total else { return (total, []) }
    guard request.order != 0 else {
      return (total, members.rows(page.limit, skipping: page.offset, isDescending: request.isDescending))
    }
    let isFew = !ListShape.pays(matches: total, page, of: try tableSize(transaction))
    return (total, try isFew ? sorted(members, page, transaction) : walked(members, page, transaction))
  }

  /// A page of what a search alone finds, in the order of time: the text index gives both it and the number of all.
  private func searchedPage(
    _ page: PageRequest, _ transaction: ReadTransaction
  ) throws(ServiceError) -> (total: Int64, rows: [Int64])? {
    guard request.mask == 1 << UInt64(Condition.search.rawValue), request.order == 0 else { return nil }
    let total = try searchedTotal(transaction)
    guard page.offset < total else { return (total, []) }
    let statement = try transaction.database.statement("searched contacts", flags: request.isDescending ? 1 : 0) {
      "SELECT rowid FROM contacts_text WHERE contacts_text MATCH ?1 ORDER BY rowid "
        + "\(request.isDescending ? "DESC" : "ASC") LIMIT ?2 OFFSET ?3"
    }
    bind(statement)
    statement.bind(page.limit, at: 2)
    statement.bind(page.offset, at: 3)
    return (total, try statement.integers())
  }

  /// How many contacts the search alone finds.
  private func searchedTotal(_ transaction: ReadTransaction) throws(ServiceError) -> Int64 {
    let statement = try transaction.database.statement(
      "SELECT count(*) FROM contacts_text WHERE contacts_text MATCH ?1")
    bind(statement)
    defer { statement.reset() }
    return try statement.step() ? statement.integer(0) : 0
  }

  /// The number of all.
  func joinedTotal(_ transaction: ReadTransaction) throws(ServiceError) -> Int64 {
    if request.mask == 1 << UInt64(Condition.search.rawValue) { return try searchedTotal(transaction) }
    return Int64(try members(transaction).count)
  }

  /// Few members, each looked at and sorted.
  private func sorted(
    _ members: BitSet, _ page: PageRequest, _ transaction: ReadTransaction
  ) throws(ServiceError) -> [Int64] {
    let statement = try transaction.database.statement(
      "sorted contacts", flags: UInt64(request.order) << 1 | (request.isDescending ? 1 : 0)
    ) {
      "SELECT c.id FROM json_each(?1) AS j CROSS JOIN contacts AS c ON c.id = j.value "
        + "ORDER BY \(Self.shape.terms(request)) LIMIT ?2 OFFSET ?3"
    }
    statement.bind(rows: members.rows(.max, skipping: 0, isDescending: false), at: 1)
    statement.bind(page.limit, at: 2)
    statement.bind(page.offset, at: 3)
    return try statement.integers()
  }

  /// Many members: the first ones that the order's index meets.
  private func walked(
    _ members: BitSet, _ page: PageRequest, _ transaction: ReadTransaction
  ) throws(ServiceError) -> [Int64] {
    let statement = try transaction.database.statement(
      "contacts in order", flags: UInt64(request.order) << 1 | (request.isDescending ? 1 : 0)
    ) {
      "SELECT c.id FROM contacts AS c \(Self.shape.orders[request.order].walk.sql) ORDER BY \(Self.shape.terms(request))"
    }
    defer { statement.reset() }
    var rows: [Int64] = []
    var skipped: Int64 = 0
    while Int64(rows.count) < page.limit, try statement.step() {
      guard members.contains(UInt32(truncatingIfNeeded: statement.integer(0))) else { continue }
      if skipped < page.offset { skipped += 1 } else { rows.append(statement.integer(0)) }
    }
    return rows
  }
}
