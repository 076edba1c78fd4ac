internal import JSON
internal import Platform
internal import Service

/// What is known of a person whose contact is enriched, in Owlbound and in Pathbound.
struct EnrichmentSubject {
  let row: Int64
  /// The contact's own fields, by the names of the API.
  let fields: [String: String]
  private let emailKey: String?

  private static let names = [
    "firstName", "lastName", "email", "phone", "linkedInUrl", "company", "title", "location",
  ]

  /// The contact of a row.
  ///
  /// - Throws: `NOT_FOUND` when there is none.
  static func load(_ row: Int64, _ transaction: ReadTransaction) throws(ServiceError) -> EnrichmentSubject {
    let statement = try transaction.database.statement(
      """
      SELECT first_name, last_name, email, phone, linkedin_url, company, title, location, email_key
      FROM owl_contacts WHERE id = ?1
      """)
    statement.bind(row, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { throw .notFound("contact", transaction.ids.text(.owlContact, row)) }
    var fields: [String: String] = [:]
    for (position, name) in names.enumerated() { fields[name] = statement.optionalString(Int32(position)) }
    return EnrichmentSubject(row: row, fields: fields, emailKey: statement.optionalString(8))
  }

  /// What a provider is told: nothing that does not help to find the person.
  var keys: JSONObject {
    var keys: JSONObject = [:]
    for name in Self.names where name != "phone" && name != "location" {
      if let value = fields[name] { keys[name] = .string(value) }
    }
    return keys
  }

  /// The domain of the e-mail, in lower case; nil for mail services that anybody uses.
  var domain: String? {
    guard let emailKey, let at = emailKey.lastIndex(of: "@") else { return nil }
    let domain = String(emailKey[emailKey.index(after: at)...])
    return Self.publicMail.contains(domain) ? nil : domain
  }

  private static let publicMail: Set<String> = [
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "ymail.com",
    "icloud.com", "me.com", "mac.com", "aol.com", "gmx.com", "gmx.de", "gmx.net", "web.de", "mail.com", "mail.ru",
    "yandex.ru", "yandex.com", "proton.me", "protonmail.com", "pm.me", "fastmail.com", "zoho.com", "qq.com", "163.com",
    "126.com", "t-online.de", "orange.fr", "free.fr", "laposte.net", "libero.it", "hey.com",
  ]

  /// The Pathbound contact of the same person; nil when there is none.
  func pathbound(_ transaction: ReadTransaction) throws(ServiceError) -> Int64? {
    try SamePerson.onPathbound(email: emailKey, linkedIn: fields["linkedInUrl"], transaction)
  }
}

extension EnrichmentSubject {
  /// What a query over the Pathbound contact gives, by the names of Owlbound's fields.
  func pathboundProfile(_ transaction: ReadTransaction) throws(ServiceError) -> [String: String] {
    guard let contact = try pathbound(transaction) else { return [:] }
    let statement = try transaction.database.statement(
      """
      SELECT c.jobtitle, coalesce(o.name, c.company), c.linkedin_url, coalesce(c.industry, o.industry),
        json_extract(c.properties, '$.phone'), c.city, c.state, c.country
      FROM contacts AS c LEFT JOIN companies AS o ON o.id = c.company_id WHERE c.id = ?1
      """)
    statement.bind(contact, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { return [:] }
    var profile: [String: String] = [:]
    for (position, name) in ["title", "company", "linkedInUrl", "industry", "phone"].enumerated() {
      if let text = statement.optionalString(Int32(position))?.trimmed, !text.isEmpty { profile[name] = text }
    }
    let place = [5, 6, 7].compactMap { statement.optionalString($0) }.filter { !$0.isEmpty }
    if !place.isEmpty { profile["location"] = place.joined(separator: ", ") }
    return profile
  }

  /// The company that the workspace knows by the domain of the e-mail; nil when there is none.
  func companyOfDomain(_ transaction: ReadTransaction) throws(ServiceError) -> (name: String, industry: String?)? {
    guard let domain else { return nil }
    let statement = try transaction.database.statement(
      """
      SELECT * FROM (
        SELECT name, industry FROM owl_companies WHERE domain_key = ?1 AND name IS NOT NULL LIMIT 1)
      UNION ALL SELECT * FROM (SELECT name, industry FROM companies WHERE domain = ?1 AND name IS NOT NULL LIMIT 1)
      """)
    statement.bind(domain, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { return nil }
    return (statement.string(0), statement.optionalString(1))
  }

  /// What the person did in the last 30 days, and when last (epoch milliseconds); nil where nothing could be known.
  func activity(
    _ transaction: ReadTransaction
  ) throws(ServiceError) -> (events: Int64, signals: Int64, last: Int64?)? {
    let contact = try pathbound(transaction)
    let since = transaction.now.adding(milliseconds: -UnifiedProfile.recent).milliseconds
    let statement = try transaction.database.statement(
      """
      SELECT (SELECT count(*) FROM events INDEXED BY events_by_contact WHERE contact_id = ?1 AND occurred_at >= ?3),
        (SELECT max(occurred_at) FROM events INDEXED BY events_by_contact WHERE contact_id = ?1),
        (SELECT count(*) FROM signals INDEXED BY signals_by_contact WHERE contact_id = ?2 AND created_at >= ?3),
        (SELECT max(created_at) FROM signals INDEXED BY signals_by_contact WHERE contact_id = ?2)
      """)
    statement.bind(contact, at: 1)
    statement.bind(row, at: 2)
    statement.bind(since, at: 3)
    defer { statement.reset() }
    guard try statement.step() else { return nil }
    let last = [statement.optionalInteger(1), statement.optionalInteger(3)].compactMap { $0 }.max()
    guard contact != nil || last != nil else { return nil }
    return (statement.integer(0), statement.integer(2), last)
  }
}
