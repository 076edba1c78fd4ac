internal import JSON
internal import Platform
internal import Service

/// Browsers that the tracker knows, and the contacts they turned out to be (Pathbound API 14.4).
///
/// A visitor is one contact at a time. Who it is attached to last gets its later events; events that have a contact
/// already keep it.
enum Visitors {
  /// Refuses ids that can't be told apart.
  static func check(_ visitor: String, at path: @autoclosure () -> String) throws(ServiceError) {
    guard !visitor.trimmed.isEmpty else { throw .invalid(path(), "A visitor's id can't be blank.") }
    guard visitor.utf8.count <= SizeLimit.line, !visitor.utf8.contains(0) else {
      throw .invalid(path(), "A visitor's id must have 1 to \(SizeLimit.line) bytes, none of them zero.")
    }
  }

  /// The contact that a visitor is attached to, and whether anybody has seen it before; nil when nobody knows it.
  static func contact(
    of visitor: String, in transaction: WriteTransaction
  ) throws(ServiceError) -> (row: Int64, wasSeen: Bool)? {
    let statement = try transaction.database.statement(
      """
      SELECT v.contact_id, c.first_touch IS NOT NULL FROM visitors AS v CROSS JOIN contacts AS c ON c.id = v.contact_id
      WHERE v.visitor_id = ?1
      """)
    statement.bind(visitor, at: 1)
    defer { statement.reset() }
    return try statement.step() ? (statement.integer(0), statement.bool(1)) : nil
  }

  /// So many events are given to a contact in one transaction.
  private static let batch: Int64 = 500

  /// Attaches visitors, already checked, with all their events that have no contact yet: the newest at once, and if
  /// there are many, the older ones in the background, so that no write has to wait for all of them.
  static func attach(
    _ visitors: [String], to contact: Int64, in transaction: WriteTransaction
  ) throws(ServiceError) {
    var first: FirstTouch?
    for visitor in visitors {
      let statement = try transaction.database.statement(
        """
        INSERT INTO visitors (visitor_id, contact_id, attached_at) VALUES (?1, ?2, ?3)
        ON CONFLICT (visitor_id) DO UPDATE SET contact_id = ?2, attached_at = ?3 WHERE contact_id <> ?2
        """)
      statement.bind(visitor, at: 1)
      statement.bind(contact, at: 2)
      statement.bind(transaction.now.milliseconds, at: 3)
      try statement.run()
      // Who had this visitor before gets the events of that time, even if it has not got them all yet.
      guard try !isBeingAttached(visitor, transaction),
        let touch = try earliestTouch(of: visitor, in: transaction)
      else { continue }
      if first.map({ touch.time < $0.time }) ?? true { first = touch }
      guard try attachBatch(of: visitor, to: contact, in: transaction) == batch else { continue }
      let rest = try transaction.database.statement(
        "INSERT INTO visitors_to_attach (visitor_id, contact_id) VALUES (?1, ?2)")
      rest.bind(visitor, at: 1)
      rest.bind(contact, at: 2)
      try rest.run()
      transaction.noteUpkeep()
    }
    if let first { try first.store(in: contact, transaction) }
  }

  /// Whether older events are left to be given to their contact.
  static func areLeft(_ transaction: ReadTransaction) throws(ServiceError) -> Bool {
    let statement = try transaction.database.statement("SELECT 1 FROM visitors_to_attach LIMIT 1")
    defer { statement.reset() }
    return try statement.step()
  }

  /// Visitors with older events that are left to be given to their contact, and that contact.
  static func beingAttached(_ database: Connection) throws(ServiceError) -> [(visitor: String, contact: Int64)] {
    let statement = try database.statement(
      """
      SELECT v.visitor_id, v.contact_id FROM visitors_to_attach AS v CROSS JOIN contacts AS c ON c.id = v.contact_id
      """)
    defer { statement.reset() }
    var found: [(visitor: String, contact: Int64)] = []
    while try statement.step() { found.append((statement.string(0), statement.integer(1))) }
    return found
  }

  /// Gives some more events to their contact, if any are left; to nobody, when that one is gone.
  static func attachMore(in transaction: WriteTransaction) throws(ServiceError) {
    let next = try transaction.database.statement(
      """
      SELECT v.visitor_id, v.contact_id, c.id IS NULL FROM visitors_to_attach AS v
        LEFT JOIN contacts AS c ON c.id = v.contact_id ORDER BY v.visitor_id LIMIT 1
      """)
    guard try next.step() else { return next.reset() }
    let (visitor, contact, isGone) = (next.string(0), next.integer(1), next.bool(2))
    next.reset()
    let given = isGone ? 0 : try attachBatch(of: visitor, to: contact, in: transaction)
    guard given < batch else { return }
    let done = try transaction.database.statement("DELETE FROM visitors_to_attach WHERE visitor_id = ?1")
    done.bind(visitor, at: 1)
    try done.run()
    // Whoever it belongs to by now gets what is left.
    if isGone, let owner = try Self.contact(of: visitor, in: transaction)?.row {
      try attach([visitor], to: owner, in: transaction)
    }
  }

  private static func isBeingAttached(
    _ visitor: String, _ transaction: WriteTransaction
  ) throws(ServiceError) -> Bool {
    let statement = try transaction.database.statement("SELECT 1 FROM visitors_to_attach WHERE visitor_id = ?1")
    statement.bind(visitor, at: 1)
    defer { statement.reset() }
    return try statement.step()
  }

  /// Gives a contact the newest of the visitor's events that have none, and says how many.
  private static func attachBatch(
    of visitor: String, to contact: Int64, in transaction: WriteTransaction
  ) throws(ServiceError) -> Int64 {
    let statement = try transaction.database.statement(
      """
      UPDATE events SET contact_id = ?2 WHERE id IN (
        SELECT id FROM events INDEXED BY events_of_strangers WHERE visitor_id = ?1 AND contact_id IS NULL
        ORDER BY occurred_at DESC LIMIT ?3)
      RETURNING 1
      """)
    statement.bind(visitor, at: 1)
    statement.bind(contact, at: 2)
    statement.bind(batch, at: 3)
    defer { statement.reset() }
    var count: Int64 = 0
    while try statement.step() { count += 1 }
    if count > 0 { transaction.noteMovedEvents() }
    return count
  }

  private static func earliestTouch(
    of visitor: String, in transaction: WriteTransaction
  ) throws(ServiceError) -> FirstTouch? {
    let statement = try transaction.database.statement(
      """
      SELECT e.occurred_at, p.url, e.data, e.envelope FROM events AS e INDEXED BY events_of_strangers
        LEFT JOIN pages AS p ON p.id = e.page_id
      WHERE e.visitor_id = ?1 AND e.contact_id IS NULL ORDER BY e.occurred_at, e.id LIMIT 1
      """)
    statement.bind(visitor, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { return nil }
    return FirstTouch(
      time: statement.integer(0), url: statement.optionalString(1), data: object(statement, 2),
      referrer: object(statement, 3).text("referrer"))
  }

  private static func object(_ row: Statement, _ column: Int32) -> JSONObject {
    guard case .object(let members)? = try? JSONParser.parse(row.text(column)) else { return [:] }
    return members
  }
}

/// Where a person came from when they were first seen; written to the contact once, never again (API 14.4).
struct FirstTouch {
  private static let longestText = 2048
  let time: Int64
  private let members: JSONObject

  /// Reads it from an event of a browser.
  init(time: Int64, url: String?, data: JSONObject, referrer: String?) {
    self.time = time
    let referrer = (data.text("initialReferrer") ?? data.text("referrer") ?? referrer).flatMap(Self.fitting)
    var members: JSONObject = [:]
    if let referrer, !referrer.isEmpty { members["creation_referrer"] = .string(referrer) }
    members["creation_referring_domain"] = .string(referrer.flatMap { WebAddress.host($0) } ?? "direct")
    if let page = (data.text("landingPage") ?? url).flatMap(Self.fitting) {
      members["creation_landing_page"] = .string(page)
    }
    if let campaign = data["utmParams"]?.objectValue, !campaign.isEmpty,
      JSONValue.object(campaign).serialized().count <= Self.longestText
    {
      members["creation_utms"] = .object(campaign)
    }
    self.members = members
  }

  /// Stores it, unless the contact has one.
  func store(in contact: Int64, _ transaction: WriteTransaction) throws(ServiceError) {
    let statement = try transaction.database.statement(
      "UPDATE contacts SET first_touch = ?2, first_seen_at = ?3 WHERE id = ?1 AND first_touch IS NULL")
    statement.bind(contact, at: 1)
    statement.bind(text: JSONValue.object(members).serialized(), at: 2)
    statement.bind(time, at: 3)
    try statement.run()
  }

  private static func fitting(_ text: String) -> String? { text.utf8.count <= longestText ? text : nil }
}

/// Addresses as the tracker sends them.
enum WebAddress {
  /// The host in lower case, without user and port; nil when the text has none.
  static func host(_ address: String) -> String? {
    address.withUTF8Bytes { bytes in
      guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes.count >= colon + 3,
        bytes[colon + 1] == UInt8(ascii: "/"), bytes[colon + 2] == UInt8(ascii: "/")
      else { return nil }
      var host = bytes[(colon + 3)...].prefix { byte in
        byte != UInt8(ascii: "/") && byte != UInt8(ascii: "?") && byte != UInt8(ascii: "#")
          && byte != UInt8(ascii: "\\")
      }
      if let at = host.lastIndex(of: UInt8(ascii: "@")) { host = host[(at + 1)...] }
      if host.first != UInt8(ascii: "["), let port = host.firstIndex(of: UInt8(ascii: ":")) { host = host[..<port] }
      guard !host.isEmpty else { return nil }
      let text = String(decoding: host, as: UTF8.self)
      let isLower = host.allSatisfy { $0 < 0x80 && !(0x41...0x5A ~= $0) }
      return isLower ? text : text.lowercased()
    }
  }

  /// What stands behind the host, without query and fragment; `/` when that is nothing.
  static func path(_ address: String) -> String {
    var rest = address.utf8[...]
    if let colon = rest.firstIndex(of: UInt8(ascii: ":")), rest[colon...].starts(with: "://".utf8) {
      rest = rest[rest.index(colon, offsetBy: 3)...]
      rest =
        rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }
        .map { rest[$0...] } ?? rest.suffix(0)
    }
    let path = rest.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
    return path.isEmpty ? "/" : String(Substring(path))
  }
}
