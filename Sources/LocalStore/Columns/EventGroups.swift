internal import JSON
internal import JSONSchema
internal import Operations
internal import Service

/// Events counted by a field, with the visitors and contacts behind them (Pathbound API 10).
///
/// Two walks over the columns: the first counts by number and finds the largest groups, the second gathers who is in
/// those.
struct EventGroups {
  private static let grammar = CompiledSchema(.object(PathboundBatch.eventFilters))
  private let dimension: EventDimension
  private let scan: EventScan
  private let criteria: EventCriteria
  private let transaction: ReadTransaction

  /// Events that have the same key.
  private struct Group {
    let key: GroupKey
    var count: Int
    /// What stands for the key in the column.
    var numbers: [UInt32]
  }

  /// Reads what is asked for.
  init(by name: String, _ filters: JSONObject, _ transaction: ReadTransaction) throws(ServiceError) {
    guard Dimensions.events.contains(name), let dimension = EventDimension(name) else {
      throw GroupRequest.unknown(name, "Events", Dimensions.events)
    }
    self.dimension = dimension
    self.transaction = transaction
    scan = EventScan(transaction)
    let filters = try GroupRequest.filters(filters, Self.grammar)
    var criteria = try EventList(filters, transaction.ids).criteria(scan, transaction)
    if let id = filters.text("segment_id") {
      let selection = try ContactSelection(["segment_id": .string(id)], transaction)
      criteria.tests.append(.among(.contact, try selection.members(transaction)))
    }
    self.criteria = criteria
  }

  /// Writes `groups`, the largest first, `total_groups` and `total`.
  func write(_ limit: Int, into payload: inout JSONWriter) throws(ServiceError) {
    let tally = try count()
    let keys = try EventKeys(dimension, scan, transaction)
    let (shown, all) = try dimension.isOwn ? largest(limit, tally, keys) : folded(limit, tally, keys)
    let people = try gather(shown.map(\.numbers))
    payload.key("groups")
    payload.beginArray()
    for (group, people) in zip(shown, people) {
      payload.beginObject()
      payload.key("key")
      group.key.write(into: &payload)
      payload.key("count")
      payload.integer(Int64(group.count))
      payload.key("unique_visitors")
      payload.integer(Int64(people.visitors.count))
      payload.key("unique_contacts")
      payload.integer(Int64(people.contacts.count))
      payload.endObject()
    }
    payload.endArray()
    payload.key("total_groups")
    payload.integer(Int64(all))
    payload.key("total")
    payload.integer(Int64(tally.total))
  }

  /// The largest groups where each number is one, and how many there are: only theirs are looked up.
  private func largest(
    _ limit: Int, _ tally: Tally, _ keys: EventKeys
  ) throws(ServiceError) -> (shown: [Group], all: Int) {
    let counts = tally.counts.sorted { $0.count != $1.count ? $0.count > $1.count : $0.number < $1.number }
    var shown: [Group] = []
    for (number, count) in counts.prefix(limit) {
      shown.append(Group(key: try keys.key(of: number), count: count, numbers: [number]))
    }
    return (shown, counts.count)
  }

  /// The largest groups where several numbers may mean the same, and how many there are.
  private func folded(
    _ limit: Int, _ tally: Tally, _ keys: EventKeys
  ) throws(ServiceError) -> (shown: [Group], all: Int) {
    var groups: [Group] = []
    var places: [GroupKey: Int] = [:]
    for (number, count) in tally.counts {
      let key = try keys.key(of: number)
      if let place = places[key] {
        groups[place].count += count
        groups[place].numbers.append(number)
      } else {
        places[key] = groups.count
        groups.append(Group(key: key, count: count, numbers: [number]))
      }
    }
    groups.sort { GroupKey.precedes(($0.key, $0.count), ($1.key, $1.count)) }
    return (Array(groups.prefix(limit)), groups.count)
  }

  private func count() throws(ServiceError) -> Tally {
    var tally = Tally()
    var calendar = DayCounter()
    try scan.visit(criteria, [dimension.column]) { (matches) throws(ServiceError) in
      guard dimension.column == .time else {
        return tally.add(matches, try matches.numbers(dimension.column))
      }
      let times = try matches.moments()
      for index in 0..<matches.count { tally.add(calendar.day(of: times[matches.position(index)])) }
    }
    return tally
  }

  private struct People {
    var visitors = BitSet()
    var contacts = BitSet()
  }

  /// Who is in each of the groups.
  private func gather(_ groups: [[UInt32]]) throws(ServiceError) -> [People] {
    var slots: [Int16] = []
    for (slot, numbers) in groups.enumerated() {
      for number in numbers {
        let index = Int(number)
        if index >= slots.count { slots.append(contentsOf: repeatElement(-1, count: index + 1 - slots.count)) }
        slots[index] = Int16(truncatingIfNeeded: slot)
      }
    }
    var people = [People](repeating: People(), count: groups.count)
    let slotOf = slots
    var calendar = DayCounter()
    guard !people.isEmpty else { return [] }
    try scan.visit(criteria, [dimension.column, .visitor, .contact]) { (matches) throws(ServiceError) in
      let times = dimension.column == .time ? try matches.moments() : nil
      let numbers = try matches.numbers(dimension.column == .time ? .contact : dimension.column)
      let (visitors, contacts) = (try matches.numbers(.visitor), try matches.numbers(.contact))
      for index in 0..<matches.count {
        let position = matches.position(index)
        let number = Int(times.map { calendar.day(of: $0[position]) } ?? numbers[position])
        guard number < slotOf.count, slotOf[number] >= 0 else { continue }
        let slot = Int(slotOf[number])
        if visitors[position] != 0 { people[slot].visitors.insert(visitors[position]) }
        if contacts[position] != 0 { people[slot].contacts.insert(contacts[position]) }
      }
    }
    return people
  }
}

/// A field by which events are counted, and the column that it comes from.
enum EventDimension {
  case name, domain, path, contact, company
  /// A member of what is known of the browser.
  case client(String)
  /// A parameter of the campaign.
  case campaign(String)
  case time(TimeBucket)

  init?(_ name: String) {
    switch name {
    case "event": self = .name
    case "domain": self = .domain
    case "path": self = .path
    case "contact_id": self = .contact
    case "company_id": self = .company
    case "device_type", "browser", "os", "referring_domain", "is_bot": self = .client(name)
    case "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content": self = .campaign(name)
    default:
      guard let bucket = TimeBucket(rawValue: name) else { return nil }
      self = .time(bucket)
    }
  }

  /// Whether each number of the column is a group of its own.
  var isOwn: Bool {
    switch self {
    case .name, .domain, .contact: true
    case .path, .company, .client, .campaign, .time: false
    }
  }

  var column: EventColumn {
    switch self {
    case .name: .name
    case .domain: .domain
    case .path: .page
    case .contact, .company: .contact
    case .client: .client
    case .campaign: .campaign
    case .time: .time
    }
  }
}

/// What the numbers of a column stand for.
private struct EventKeys {
  private let dimension: EventDimension
  private let scan: EventScan
  private let transaction: ReadTransaction
  /// The company of each contact, by row, where companies are asked for.
  private let companies: [Int64]

  init(_ dimension: EventDimension, _ scan: EventScan, _ transaction: ReadTransaction) throws(ServiceError) {
    self.dimension = dimension
    self.scan = scan
    self.transaction = transaction
    companies = if case .company = dimension { try Self.companies(transaction) } else { [] }
  }

  private static func companies(_ transaction: ReadTransaction) throws(ServiceError) -> [Int64] {
    let statement = try transaction.database.statement(
      """
      SELECT id, company_id FROM contacts INDEXED BY contacts_by_company
      WHERE company_id IS NOT NULL AND company_id IN (SELECT id FROM companies)
      """)
    defer { statement.reset() }
    var companies: [Int64] = []
    while try statement.step() {
      let contact = Int(statement.integer(0))
      let size = max(contact + 1, companies.count * 2)
      if contact >= companies.count { companies.append(contentsOf: repeatElement(0, count: size - companies.count)) }
      companies[contact] = statement.integer(1)
    }
    return companies
  }

  func key(of number: UInt32) throws(ServiceError) -> GroupKey {
    switch dimension {
    case .time(let bucket): return bucket.key(ofDay: Int64(number))
    case .name: return text(try scan.words.text(of: number))
    case .domain: return text(try look("SELECT name FROM domains WHERE id = ?1", number))
    case .path: return text(try look("SELECT url FROM pages WHERE id = ?1", number).map(WebAddress.path))
    case .contact: return number == 0 ? .none : .text(transaction.ids.text(.contact, Int64(number)))
    case .company: return company(of: number)
    case .client(let name): return try member(name, of: number, absent: name == "is_bot" ? .flag(false) : .none)
    case .campaign(let name): return try member(name, of: number, absent: .none)
    }
  }

  private func text(_ text: String?) -> GroupKey { text.map { .text($0) } ?? .none }

  private func look(_ sql: StaticString, _ number: UInt32) throws(ServiceError) -> String? {
    guard number != 0 else { return nil }
    let statement = try transaction.database.statement(sql)
    statement.bind(Int64(number), at: 1)
    defer { statement.reset() }
    return try statement.step() ? statement.optionalString(0) : nil
  }

  private func company(of contact: UInt32) -> GroupKey {
    let company = Int(contact) < companies.count ? companies[Int(contact)] : 0
    return company == 0 ? .none : .text(transaction.ids.text(.company, company))
  }

  /// A member of a stored object.
  private func member(_ name: String, of number: UInt32, absent: GroupKey) throws(ServiceError) -> GroupKey {
    guard number != 0, let text = try scan.words.text(of: number),
      let object = try? JSONValue(parsing: Array(text.utf8))
    else { return absent }
    switch object[name] {
    case .string(let text)?: return text.isEmpty ? absent : .text(text)
    case .bool(let flag)?: return .flag(flag)
    default: return absent
    }
  }
}
