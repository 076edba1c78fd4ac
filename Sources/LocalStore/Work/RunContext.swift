internal import JSON
internal import Platform
internal import Service

/// What an agent may know of one person (Pathbound API 12.1): `contact`, `events`, `unified_profile`, `recent_actions`.
///
/// All texts in it come from outside. It is bounded, since it is handed to a model: the newest events and actions, as
/// many as fit, and a word about what was left out.
struct RunContext {
  let contact: Int64
  let transaction: ReadTransaction
  /// The most bytes of it as JSON.
  var limit = RunContext.usualLimit

  /// What every model's context has room for.
  static let usualLimit = 32_000
  /// Less would tell nothing of the person.
  static let leastLimit = 6000
  private static let eventLimit: Int64 = 100
  private static let actionLimit = 50
  /// More bytes of an event's data are left out, so that one event does not hide all others.
  private static let dataLimit = 1500

  /// The person with the context; nil when the contact is gone.
  func build() throws(ServiceError) -> RunContact? {
    guard let properties = try contactMember() else { return nil }
    var context: JSONObject = ["contact": .object(properties)]
    var left = limit - Self.size(.object(properties))
    let profile = JSONValue.object(try profile())
    left -= Self.size(profile)
    let actions = Self.fitting(try actions(), into: limit / 4)
    left -= actions.size
    let events = Self.fitting(try events(), into: left)
    context["events"] = .array(events.items)
    context["unified_profile"] = profile
    context["recent_actions"] = .array(actions.items)
    let total = profile["total_events"]?.integerValue ?? 0
    if total > Int64(events.items.count) { context["events_omitted"] = .integer(total - Int64(events.items.count)) }
    if actions.omitted > 0 { context["actions_omitted"] = .integer(Int64(actions.omitted)) }
    return RunContact(id: transaction.ids.text(.contact, contact), context: context)
  }

  /// The bytes of a value as a model is given it.
  static func size(_ value: JSONValue) -> Int {
    var writer = JSONWriter(capacity: 1024, sanitizing: true)
    writer.value(value)
    return writer.count
  }

  private static func fitting(
    _ items: [JSONValue], into limit: Int
  ) -> (items: [JSONValue], size: Int, omitted: Int) {
    var size = 0
    for (position, item) in items.enumerated() {
      let next = size + self.size(item) + 1
      if next > limit { return (Array(items[..<position]), size, items.count - position) }
      size = next
    }
    return (items, size, 0)
  }

  private func contactMember() throws(ServiceError) -> JSONObject? {
    let statement = try transaction.database.statement("SELECT properties FROM contacts WHERE id = ?1")
    statement.bind(contact, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { return nil }
    let properties = (try? JSONParser.parse(statement.text(0)))?.objectValue ?? [:]
    var member: JSONObject = ["id": .string(transaction.ids.text(.contact, contact))]
    for name in ["email", "firstname", "lastname", "company", "jobtitle", "lifecyclestage"] {
      member[name] = properties[name]?.stringValue.map { .string(Self.cut($0)) } ?? properties[name]
    }
    if Self.size(.object(properties)) <= limit / 3 {
      member["properties"] = .object(properties)
    } else {
      member["properties_omitted"] = true
    }
    return member
  }

  /// Newest first.
  private func events() throws(ServiceError) -> [JSONValue] {
    let statement = try transaction.database.statement(
      """
      SELECT e.id, e.name, e.occurred_at, p.url, e.data
      FROM events AS e INDEXED BY events_by_contact LEFT JOIN pages AS p ON p.id = e.page_id
      WHERE e.contact_id = ?1 ORDER BY e.occurred_at DESC, e.id DESC LIMIT ?2
      """)
    statement.bind(contact, at: 1)
    statement.bind(Self.eventLimit, at: 2)
    defer { statement.reset() }
    var events: [JSONValue] = []
    while try statement.step() {
      var event: JSONObject = [
        "id": .string(transaction.ids.text(.event, statement.integer(0))), "event": .string(statement.string(1)),
        "timestamp": .time(statement.integer(2)),
      ]
      if let url = statement.optionalString(3) { event["url"] = .string(Self.cut(url)) }
      if let data = statement.isNull(4) ? nil : try? JSONParser.parse(statement.text(4)) {
        for name in ["path", "title"] {
          if let text = data[name]?.stringValue { event[name] = .string(Self.cut(text)) }
        }
        if statement.text(4).count <= Self.dataLimit {
          event["data"] = data
        } else {
          event["data_omitted"] = true
        }
      }
      events.append(.object(event))
    }
    return events
  }

  /// The profile that a contact is shown with, and how its visits went.
  private func profile() throws(ServiceError) -> JSONObject {
    var writer = JSONWriter(capacity: 512)
    try UnifiedProfile.write(contact, transaction, into: &writer)
    var profile = (try? JSONValue(parsing: writer.finish()))?.objectValue ?? [:]
    if let touch = profile["first_touch"], Self.size(touch) > Self.dataLimit { profile["first_touch"] = nil }
    profile["first_seen_at"] = profile["first_event_at"]
    profile["last_seen_at"] = profile["last_event_at"]
    let statement = try transaction.database.statement(
      """
      SELECT count(*) FILTER (WHERE name = 'page_view'), count(DISTINCT session_id)
      FROM events INDEXED BY events_by_contact WHERE contact_id = ?1
      """)
    statement.bind(contact, at: 1)
    defer { statement.reset() }
    if try statement.step() {
      profile["page_views"] = .integer(statement.integer(0))
      profile["sessions"] = .integer(statement.integer(1))
    }
    profile["top_pages"] = .array(try topPages())
    return profile
  }

  /// The pages that were viewed most.
  private func topPages() throws(ServiceError) -> [JSONValue] {
    let statement = try transaction.database.statement(
      """
      SELECT p.url, v.views FROM (
        SELECT page_id, count(*) AS views FROM events INDEXED BY events_by_contact
        WHERE contact_id = ?1 AND name = 'page_view' AND page_id IS NOT NULL
        GROUP BY page_id ORDER BY views DESC, page_id LIMIT 5) AS v
      JOIN pages AS p ON p.id = v.page_id ORDER BY v.views DESC, v.page_id
      """)
    statement.bind(contact, at: 1)
    defer { statement.reset() }
    var pages: [JSONValue] = []
    while try statement.step() {
      pages.append(["url": .string(Self.cut(statement.string(0))), "count": .integer(statement.integer(1))])
    }
    return pages
  }

  /// An address or a line as far as it helps.
  private static func cut(_ text: String) -> String { text.utf8.count <= 400 ? text : text.prefix(200) + "…" }
}

// MARK: - What was done

extension RunContext {
  /// Newest first; what other runs proposed counts too, as long as nobody has decided and when it was rejected.
  private func actions() throws(ServiceError) -> [JSONValue] {
    var actions = try proposals(.pendingApproval) + proposals(.rejected)
    let statement = try transaction.database.statement(
      """
      SELECT id, type, status, created_at, executed_at, json_extract(params, '$.subject')
      FROM actions INDEXED BY actions_by_contact WHERE contact_id = ?1 ORDER BY id DESC LIMIT ?2
      """)
    statement.bind(contact, at: 1)
    statement.bind(Int64(Self.actionLimit), at: 2)
    defer { statement.reset() }
    while try statement.step() {
      let id = transaction.ids.text(.action, statement.integer(0))
      actions.append((statement.integer(3), member(statement, first: ["action_id": .string(id)])))
    }
    // All kinds come newest first; the order of those made in the same moment stays.
    let sorted = actions.enumerated().sorted {
      ($1.element.createdAt, $0.offset) < ($0.element.createdAt, $1.offset)
    }
    return sorted.prefix(Self.actionLimit).map { .object($0.element.member) }
  }

  private func proposals(
    _ status: ActionStatus
  ) throws(ServiceError) -> [(createdAt: Int64, member: JSONObject)] {
    let index = status == .rejected ? "run_proposals_rejected" : "run_proposals_by_contact"
    let statement = try transaction.database.statement(
      composed: """
        SELECT run_id, type, status, created_at, NULL, json_extract(params, '$.subject'), decided_at, comment
        FROM run_proposals INDEXED BY \(index)
        WHERE contact_id = ?1 AND status = '\(status.rawValue)' ORDER BY run_id DESC, action_index LIMIT ?2
        """)
    statement.bind(contact, at: 1)
    statement.bind(Int64(Self.actionLimit), at: 2)
    defer { statement.reset() }
    var proposals: [(Int64, JSONObject)] = []
    while try statement.step() {
      let run = transaction.ids.text(.run, statement.integer(0))
      var proposal = member(statement, first: ["run_id": .string(run)])
      if status == .rejected {
        if let time = statement.optionalInteger(6) { proposal["decided_at"] = .time(time) }
        if let comment = statement.optionalString(7) { proposal["comment"] = .string(comment) }
      }
      proposals.append((statement.integer(3), proposal))
    }
    return proposals
  }

  /// Reads columns 1 to 5: type, status, creation, execution, subject.
  private func member(_ row: Statement, first: JSONObject) -> JSONObject {
    var member = first
    member["type"] = .string(row.string(1))
    member["status"] = .string(row.string(2))
    member["created_at"] = .time(row.integer(3))
    if let time = row.optionalInteger(4) { member["executed_at"] = .time(time) }
    if let subject = row.optionalString(5) { member["subject"] = .string(subject) }
    return member
  }
}

extension JSONValue {
  /// A moment in Pathbound's form.
  fileprivate static func time(_ milliseconds: Int64) -> JSONValue {
    .string(Timestamp(milliseconds: milliseconds).iso8601)
  }
}
