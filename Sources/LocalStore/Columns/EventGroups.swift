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
    var count = 0
    /// What stands for the key in the column.
    var numbers: [UInt32] = []
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
    var groups: [GroupKey: Group] = [:]
    var keys = EventKeys(dimension, scan, transaction)
    for (number, count) in tally.counts {
      let key = try keys.key(of: number)
      groups[key, default: Group()].count += count
      groups[key, default: Group()].numbers.append(number)
    }
    let sorted = groups.map { (key: $0.key, count: $0.value.count) }.sorted(by: GroupKey.precedes)
    let shown = sorted.prefix(limit)
    let people = try gather(shown.map { groups[$0.key]?.numbers ?? [] })
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
    payload.integer(Int64(sorted.count))
    payload.key("total")
    payload.integer(Int64(sorted.reduce(0) { $0 + $1.count }))
  }

  private func count() throws(ServiceError) -> Tally {
    var tally = Tally()
    try scan.visit(criteria, [dimension.column]) { (matches) throws(ServiceError) in
      if dimension.column == .time {
        let times = try matches.moments()
        for index in 0..<matches.count { tally.add(Self.day(times[matches.position(index)])) }
      } else {
        let numbers = try matches.numbers(dimension.column)
        for index in 0..<matches.count { tally.add(numbers[matches.position(index)]) }
      }
    }
    return tally
  }

  /// Events begin in 2000, so days are never negative.
  @inline(__always)
  private static func day(_ time: Int64) -> UInt32 { UInt32(truncatingIfNeeded: time / TimeBucket.dayLength) }

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
    try scan.visit(criteria, [dimension.column, .visitor, .contact]) { (matches) throws(ServiceError) in
      let times = dimension.column == .time ? try matches.moments() : nil
      let numbers = try matches.numbers(dimension.column == .time ? .contact : dimension.column)
      let (visitors, contacts) = (try matches.numbers(.visitor), try matches.numbers(.contact))
      for index in 0..<matches.count {
        let position = matches.position(index)
        let number = Int(times.map { Self.day($0[position]) } ?? numbers[position])
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

  init(_ dimension: EventDimension, _ scan: EventScan, _ transaction: ReadTransaction) {
    self.dimension = dimension
    self.scan = scan
    self.transaction = transaction
  }

  mutating func key(of number: UInt32) throws(ServiceError) -> GroupKey {
    switch dimension {
    case .time(let bucket): return bucket.key(ofDay: Int64(number))
    case .name: return text(try scan.words.text(of: number))
    case .domain: return text(try look("SELECT name FROM domains WHERE id = ?1", number))
    case .path: return text(try look("SELECT url FROM pages WHERE id = ?1", number).map(WebAddress.path))
    case .contact: return number == 0 ? .none : .text(transaction.ids.text(.contact, Int64(number)))
    case .company: return try company(of: number)
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

  private func company(of contact: UInt32) throws(ServiceError) -> GroupKey {
    guard contact != 0 else { return .none }
    let statement = try transaction.database.statement("SELECT company_id FROM contacts WHERE id = ?1")
    statement.bind(Int64(contact), at: 1)
    defer { statement.reset() }
    guard try statement.step(), let company = statement.optionalInteger(0) else { return .none }
    return .text(transaction.ids.text(.company, company))
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
