internal import JSON
internal import Platform
internal import Service

/// An event as the tracker sends it (Pathbound API 14.2), checked and ready to be stored.
struct EventDraft {
  let name: String
  /// When it happened; nil for the moment of its arrival.
  let time: Int64?
  let visitor: String?
  let session: String?
  /// Whose event it says it is.
  private let contact: ContactName?
  /// Who filled in the form, for when it names nobody else.
  private let formContact: FormContact?
  let url: String?
  let domain: String?
  let data: JSONObject?
  private let dataBytes: [UInt8]?
  private let userAgent: String?
  private let referrer: String?
  private let envelope: [UInt8]?
  /// What ``describeClient(_:)`` has found.
  private var described: [UInt8]?

  /// How an event names its contact.
  private enum ContactName {
    /// By our id, which must be known.
    case id(String)
    /// By another system's id, which may be unknown.
    case external(String)
  }

  /// Clocks of browsers are a little off; more than this ahead is a mistake.
  private static let longestLead: Int64 = 10 * 60_000
  /// 2000-01-01: before that there were no visitors of ours.
  private static let earliest: Int64 = 946_684_800_000

  /// Checks an envelope, all but whether its contact exists.
  ///
  /// - Parameter path: JSON Pointer of the envelope.
  init(_ envelope: JSONObject, at path: @autoclosure () -> String, now: Int64) throws(ServiceError) {
    guard let name = envelope.trimmedText("event") else {
      throw .invalid(path() + "/event", "An event needs a name, such as page_view.")
    }
    try SizeLimit.check(name, SizeLimit.line, at: path() + "/event")
    self.name = name
    time = try Self.time(envelope["timestamp"], now, at: path() + "/timestamp")
    visitor = envelope.trimmedText("visitorId") ?? envelope.trimmedText("visitor_id")
    if let visitor { try Visitors.check(visitor, at: path() + "/visitorId") }
    session = envelope.trimmedText("sessionId") ?? envelope.trimmedText("session_id")
    try SizeLimit.check(session, SizeLimit.line, at: path() + "/sessionId")
    url = envelope.trimmedText("url")
    try SizeLimit.check(url, SizeLimit.url, at: path() + "/url")
    if let url, url.utf8.contains(where: { $0 < 0x20 }) {
      throw .invalid(path() + "/url", "An address can't hold control characters.")
    }
    let domain = envelope.trimmedText("domain")?.lowercased()
    try SizeLimit.check(domain, SizeLimit.line, at: path() + "/domain")
    self.domain = domain ?? url.flatMap { WebAddress.host($0) }
    data = envelope["data"]?.objectValue.flatMap { $0.isEmpty ? nil : $0 }
    dataBytes = try data.map { data throws(ServiceError) in
      try SizeLimit.serialized(data, at: path() + "/data")
    }
    userAgent = envelope.text("userAgent") ?? envelope.text("user_agent") ?? data?.text("userAgent")
    referrer = envelope.text("referrer") ?? data?.text("referrer")
    self.envelope = try Self.rest(of: envelope, at: path())
    contact =
      envelope.trimmedText("contact_id").map(ContactName.id)
      ?? envelope.trimmedText("external_contact_id").map(ContactName.external)
    formContact = FormContact(event: name, data)
  }

  /// Members that are kept as they came.
  private static let kept = [
    (name: "external_contact_id", other: "external_contact_id"), ("ga_user_id", "ga_user_id"),
    ("userAgent", "user_agent"), ("referrer", "referrer"), ("screenResolution", "screen_resolution"),
  ]

  private static func rest(of envelope: JSONObject, at path: String) throws(ServiceError) -> [UInt8]? {
    var rest: JSONObject = [:]
    for (name, other) in kept {
      guard let text = envelope.text(name) ?? envelope.text(other) else { continue }
      try SizeLimit.check(text, SizeLimit.url, at: path + "/" + name)
      rest[name] = .string(text)
    }
    return rest.isEmpty ? nil : JSONValue.object(rest).serialized()
  }

  /// ISO 8601, or milliseconds since 1970 as a number or as digits.
  private static func time(
    _ value: JSONValue?, _ now: Int64, at path: @autoclosure () -> String
  ) throws(ServiceError) -> Int64? {
    let time: Int64?
    switch value {
    case nil, .null?: return nil
    case .string(let text)?: time = Timestamp(iso8601: text)?.milliseconds ?? (text.utf8.count > 10 ? Int64(text) : nil)
    case let value?: time = value.integerValue
    }
    guard let time else {
      throw .invalid(path(), "Must be an ISO 8601 time like 2026-03-31T14:00:00Z, or milliseconds since 1970.")
    }
    guard time >= earliest, time <= now.addingReportingOverflow(longestLead).partialValue else {
      let limit = Timestamp(milliseconds: now).iso8601
      throw .invalid(path(), "Must lie between 2000-01-01 and now (\(limit)); milliseconds, not seconds, since 1970.")
    }
    return time
  }
}

// MARK: - Storing

extension EventDraft {
  /// The contact that the event names; nil when it names none, or one that another system knows and we don't.
  func namedContact(in transaction: WriteTransaction) throws(ServiceError) -> Int64? {
    switch contact {
    case nil: return nil
    case .id(let id)?:
      let row = try transaction.ids.require(.contact, id)
      try ContactChanges.requireContact(row, in: transaction)
      return row
    case .external(let id)?:
      if let row = transaction.ids.row(.contact, id) {
        return try ContactChanges.exists(row, transaction.reading) ? row : nil
      }
      let statement = try transaction.database.statement(
        "SELECT id FROM contacts INDEXED BY contacts_by_external_id WHERE external_id = ?1 LIMIT 1")
      statement.bind(id, at: 1)
      defer { statement.reset() }
      return try statement.step() ? statement.integer(0) : nil
    }
  }

  /// Stores the event and gives its row.
  ///
  /// It belongs to the contact that it names, and its visitor with it; else to who filled in its form; else to the
  /// contact of its visitor.
  func store(for named: Int64?, in transaction: WriteTransaction) throws(ServiceError) -> Int64 {
    let time = time ?? transaction.now.milliseconds
    let contact = if let named { named as Int64? } else { try formContact?.row(in: transaction) }
    var owner = contact
    var isFirst = false
    if let visitor {
      let known = try Visitors.contact(of: visitor, in: transaction)
      if let contact, known?.row != contact { try Visitors.attach([visitor], to: contact, in: transaction) }
      owner = contact ?? known?.row
      isFirst = known?.row != owner || known?.wasSeen == false
    }
    let site = try domain.map { domain throws(ServiceError) in try Self.domain(domain, transaction) }
    let row = try insert(owner: owner, at: time, site: site, in: transaction)
    if owner == nil, case .external(let id)? = self.contact { try WaitingEvents.note(row, for: id, in: transaction) }
    if let owner, isFirst {
      try FirstTouch(time: time, url: url, data: data ?? [:], referrer: referrer).store(in: owner, transaction)
    }
    transaction.countEvent(name, domain: site, at: time)
    return row
  }

  private func insert(
    owner: Int64?, at time: Int64, site: Int64?, in transaction: WriteTransaction
  ) throws(ServiceError) -> Int64 {
    let page = try url.map { url throws(ServiceError) in try Self.page(url, transaction) }
    let statement = try transaction.database.statement(
      """
      INSERT INTO events (name, occurred_at, created_at, page_id, domain_id, contact_id, visitor_id, session_id, data,
        client, envelope) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
      """)
    statement.bind(name, at: 1)
    statement.bind(time, at: 2)
    statement.bind(transaction.now.milliseconds, at: 3)
    statement.bind(page, at: 4)
    statement.bind(site, at: 5)
    statement.bind(owner, at: 6)
    statement.bind(visitor, at: 7)
    statement.bind(session, at: 8)
    statement.bind(optionalText: dataBytes, at: 9)
    statement.bind(optionalText: client(&transaction.places.agents), at: 10)
    statement.bind(optionalText: envelope, at: 11)
    try statement.run()
    return transaction.database.lastInsertedID
  }

  /// Finds out what the browser's words about itself say, which else the writer would do.
  mutating func describeClient(_ agents: inout AgentCache) { described = client(&agents) }

  /// What the server derives from the browser's words about itself; nil when there were none.
  private func client(_ agents: inout AgentCache) -> [UInt8]? {
    if let described { return described }
    guard userAgent != nil || referrer != nil else { return nil }
    var writer = JSONWriter(capacity: 128)
    writer.beginObject()
    if let userAgent { agents.agent(userAgent).write(into: &writer) }
    writer.key("referring_domain")
    writer.string(referrer.flatMap { WebAddress.host($0) } ?? "direct")
    writer.endObject()
    return writer.finish()
  }

  private static func page(_ url: String, _ transaction: WriteTransaction) throws(ServiceError) -> Int64 {
    if let known = transaction.places.pages.row(of: url) { return known }
    let find = try transaction.database.statement("SELECT id FROM pages WHERE url = ?1")
    let add = try transaction.database.statement("INSERT INTO pages (url) VALUES (?1)")
    let row = try row(of: url, find: find, add: add, transaction)
    transaction.places.pages.note(url, row)
    return row
  }

  private static func domain(_ name: String, _ transaction: WriteTransaction) throws(ServiceError) -> Int64 {
    if let known = transaction.places.domains.row(of: name) { return known }
    let find = try transaction.database.statement("SELECT id FROM domains WHERE name = ?1")
    let add = try transaction.database.statement("INSERT INTO domains (name) VALUES (?1)")
    let row = try row(of: name, find: find, add: add, transaction)
    transaction.places.domains.note(name, row)
    return row
  }

  private static func row(
    of text: String, find: Statement, add: Statement, _ transaction: WriteTransaction
  ) throws(ServiceError) -> Int64 {
    find.bind(text, at: 1)
    defer { find.reset() }
    if try find.step() { return find.integer(0) }
    add.bind(text, at: 1)
    try add.run()
    return transaction.database.lastInsertedID
  }
}
