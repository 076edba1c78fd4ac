internal import JSON
internal import Platform
internal import Service

/// The contacts that a filter selects (``Operations/ContactFilters``): of a segment, of an agent, of a count.
///
/// What contacts are is asked of their indexes, what they did of the events' columns; sets of rows join the two.
struct ContactSelection {
  private static let day: Int64 = 86_400_000
  private let list: ContactList
  private let behaviours: [Behaviour]
  private let notMailedSince: Int64?
  /// The selections of segments that the filter names.
  private let segments: [ContactSelection]

  /// Something that people did, or did not do.
  fileprivate struct Behaviour {
    let events: EventList
    let least: Int
    let isAbsent: Bool

    init(_ condition: JSONObject, _ transaction: ReadTransaction) throws(ServiceError) {
      var arguments: JSONObject = [:]
      for name in ["event_type", "url_contains", "domain"] { arguments[name] = condition[name] }
      if let days = condition["within_days"]?.integerValue {
        let since = transaction.now.adding(milliseconds: -days * ContactSelection.day)
        arguments["date_after"] = .string(since.iso8601)
      }
      events = try EventList(arguments, transaction.ids)
      least = Int(condition["min_count"]?.integerValue ?? 1)
      isAbsent = condition.flag("none")
    }
  }

  /// Reads a filter that the grammar has accepted.
  ///
  /// - Throws: `NOT_FOUND` for a segment or company that is not there.
  init(_ filter: JSONObject, _ transaction: ReadTransaction) throws(ServiceError) {
    list = try ContactList(filter, transaction, projection: .rows)
    var behaviours: [Behaviour] = []
    for condition in filter["events"]?.arrayValue ?? [] {
      behaviours.append(try Behaviour(condition.objectValue ?? [:], transaction))
    }
    self.behaviours = behaviours
    notMailedSince = filter["not_emailed_days"]?.integerValue.map { days in
      transaction.now.adding(milliseconds: -days * Self.day).milliseconds
    }
    segments =
      if let id = filter.text("segment_id") {
        [try ContactSelection(try Segment.load(id, transaction).filter, transaction)]
      } else {
        []
      }
  }

  /// Whether the contacts' own indexes find all.
  private var isPlain: Bool { behaviours.isEmpty && notMailedSince == nil && segments.isEmpty }

  /// Whether every contact is selected.
  var isEverybody: Bool { isPlain && list.request.mask == 0 && !list.isEmpty }
}

// MARK: - Many

extension ContactSelection {
  /// The number of selected contacts.
  func count(_ transaction: ReadTransaction) throws(ServiceError) -> Int64 {
    guard isPlain else { return Int64(try members(transaction).count) }
    guard !list.isEmpty else { return 0 }
    return try list.isJoined ? list.joinedTotal(transaction) : ContactList.shape.total(list, transaction)
  }

  /// The rows of one page of selected contacts, newest first, and the number of all.
  func page(_ page: PageRequest, _ transaction: ReadTransaction) throws(ServiceError) -> (total: Int64, rows: [Int64]) {
    guard !isPlain else {
      return (try count(transaction), try newest(page.limit, skipping: page.offset, transaction))
    }
    let members = try members(transaction)
    return (Int64(members.count), members.rows(page.limit, skipping: page.offset, isDescending: true))
  }

  /// The rows of selected contacts, newest first.
  func newest(
    _ limit: Int64, skipping offset: Int64 = 0, _ transaction: ReadTransaction
  ) throws(ServiceError) -> [Int64] {
    guard !list.isEmpty else { return [] }
    guard isPlain, !list.isJoined else {
      return try members(transaction).rows(limit, skipping: offset, isDescending: true)
    }
    let request = list.request
    let way = ContactList.shape.ways(request).first
    let statement = try transaction.database.statement("selected contacts", flags: request.flags(isFirst: true)) {
      ContactList.shape.rows(request, way)
    }
    list.bind(statement)
    statement.bind(limit, at: ListShape.Parameter.limit)
    statement.bind(offset, at: ListShape.Parameter.offset)
    defer { statement.reset() }
    var rows: [Int64] = []
    while try statement.step() { rows.append(statement.integer(0)) }
    return rows
  }

  /// The rows of all selected contacts; call it on one state of the data.
  func members(_ transaction: ReadTransaction) throws(ServiceError) -> BitSet {
    guard !list.isEmpty else { return BitSet() }
    var members: BitSet?
    func keep(_ others: BitSet) {
      if members == nil { members = others } else { members?.formIntersection(others) }
    }
    for behaviour in behaviours where !behaviour.isAbsent { keep(try behaviour.contacts(transaction)) }
    for segment in segments { keep(try segment.members(transaction)) }
    if members == nil || list.request.mask != 0 { keep(try list.members(transaction)) }
    var rest = members ?? BitSet()
    for behaviour in behaviours where behaviour.isAbsent { rest.subtract(try behaviour.contacts(transaction)) }
    if let notMailedSince { rest.subtract(try Self.mailed(since: notMailedSince, transaction)) }
    return rest
  }

  private static func mailed(since time: Int64, _ transaction: ReadTransaction) throws(ServiceError) -> BitSet {
    let statement = try transaction.database.statement(
      "SELECT contact_id FROM mails INDEXED BY mails_by_contact WHERE contact_id IS NOT NULL AND sent_at >= ?1")
    statement.bind(time, at: 1)
    return try BitSet(rows: statement)
  }
}

extension ContactSelection.Behaviour {
  /// Who did it often enough.
  fileprivate func contacts(_ transaction: ReadTransaction) throws(ServiceError) -> BitSet {
    let scan = EventScan(transaction)
    var criteria = try events.criteria(scan, transaction)
    criteria.tests.append(.present(.contact))
    var found = BitSet()
    var tally = Tally()
    try scan.visit(criteria) { (matches) throws(ServiceError) in
      let contacts = try matches.numbers(.contact)
      if least == 1 { found.insert(matches, contacts) } else { tally.add(matches, contacts) }
    }
    if least > 1 { for (contact, count) in tally.counts where count >= least { found.insert(contact) } }
    return found
  }
}

extension BitSet {
  /// The row numbers that a statement gives; resets it.
  init(rows statement: Statement) throws(ServiceError) {
    self.init()
    defer { statement.reset() }
    while try statement.step() { insert(UInt32(truncatingIfNeeded: statement.integer(0))) }
  }
}

// MARK: - One

extension ContactSelection {
  /// Whether a contact is selected; looks at its own rows alone.
  func contains(_ contact: Int64, _ transaction: ReadTransaction) throws(ServiceError) -> Bool {
    guard try isListed(contact, transaction) else { return false }
    for segment in segments where !(try segment.contains(contact, transaction)) { return false }
    for behaviour in behaviours {
      let count = try EventList.shape.total(behaviour.events.narrowed(to: contact), transaction)
      guard (count >= behaviour.least) != behaviour.isAbsent else { return false }
    }
    guard let notMailedSince else { return true }
    let mails = try transaction.database.statement(
      "SELECT 1 FROM mails INDEXED BY mails_by_contact WHERE contact_id = ?1 AND sent_at >= ?2 LIMIT 1")
    mails.bind(contact, at: 1)
    mails.bind(notMailedSince, at: 2)
    defer { mails.reset() }
    return try !mails.step()
  }

  private func isListed(_ contact: Int64, _ transaction: ReadTransaction) throws(ServiceError) -> Bool {
    guard !list.isEmpty else { return false }
    let request = list.request
    guard request.mask != 0 else { return true }
    let statement = try transaction.database.statement("selected contact", flags: request.mask) {
      ContactList.shape.check(request)
    }
    list.bind(statement)
    statement.bind(contact, at: ListShape.Parameter.row)
    defer { statement.reset() }
    return try statement.step()
  }
}
