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

  /// Attaches visitors, already checked, with all their events that have no contact yet.
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
      guard let touch = try earliestTouch(of: visitor, in: transaction) else { continue }
      if first.map({ touch.time < $0.time }) ?? true { first = touch }
      let link = try transaction.database.statement(
        """
        UPDATE events INDEXED BY events_of_strangers SET contact_id = ?2 WHERE visitor_id = ?1 AND contact_id IS NULL
        """)
      link.bind(visitor, at: 1)
      link.bind(contact, at: 2)
      try link.run()
      transaction.noteMovedEvents()
    }
    if let first { try first.store(in: contact, transaction) }
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
    let bytes = address.utf8
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    let rest = bytes[bytes.index(after: colon)...]
    guard rest.starts(with: "//".utf8) else { return nil }
    var host = rest.dropFirst(2).prefix { byte in
      byte != UInt8(ascii: "/") && byte != UInt8(ascii: "?") && byte != UInt8(ascii: "#")
        && byte != UInt8(ascii: "\\")
    }
    if let at = host.lastIndex(of: UInt8(ascii: "@")) { host = host[host.index(after: at)...] }
    if host.first != UInt8(ascii: "["), let port = host.firstIndex(of: UInt8(ascii: ":")) { host = host[..<port] }
    return host.isEmpty ? nil : Substring(host).lowercased()
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
