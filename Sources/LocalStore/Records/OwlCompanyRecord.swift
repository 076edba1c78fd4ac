internal import JSON
internal import Platform
internal import Service

/// An Owlbound company as it is shown (Owlbound API 12); times are epoch milliseconds.
enum OwlCompanyRecord {
  /// What ``writeMembers(_:_:into:)`` reads, in this order.
  static let columns = """
    c.id, c.linkedin_url, c.name, c.domain, c.industry, c.website, c.size, c.location, c.description, c.created_at, \
    c.updated_at
    """

  /// The number of ``columns``.
  static let columnCount: Int32 = 11

  private static let texts: [(key: StaticString, column: Int32)] = [
    ("linkedInUrl", 1), ("name", 2), ("domain", 3), ("industry", 4), ("website", 5), ("size", 6), ("location", 7),
    ("description", 8),
  ]

  /// Writes the members of the company that the statement stands at.
  static func writeMembers(_ company: Statement, _ ids: RecordIDs, into payload: inout JSONWriter) {
    payload.key("id")
    ids.write(.owlCompany, company.integer(0), into: &payload)
    for (key, column) in texts {
      payload.key(key)
      payload.text(company, column)
    }
    payload.key("createdAt")
    payload.integer(company.integer(9))
    payload.key("updatedAt")
    payload.integer(company.integer(10))
  }

  /// Newest first; values: 1 the industry's key, 2 the row that the page before ended with, 3 the number of rows.
  static func list(hasIndustry: Bool, isBehind: Bool) -> String {
    var conditions: [String] = []
    if hasIndustry { conditions.append("c.industry_key = ?1") }
    if isBehind { conditions.append("c.id < ?2") }
    let condition = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
    let index = hasIndustry ? "INDEXED BY owl_companies_by_industry" : "NOT INDEXED"
    return "SELECT \(columns) FROM owl_companies AS c \(index) \(condition) ORDER BY c.id DESC LIMIT ?3"
  }
}

/// What a caller, or an enrichment, knows of a company: it fills what is empty and overwrites nothing (API 12).
struct OwlCompanyChange {
  private let linkedIn: (url: String, key: String)
  private let values: [String?]

  /// Fields but for the URL: as callers name them and as columns.
  private static let fields = ["name", "domain", "industry", "website", "size", "location", "description"]
  /// Fields that are looked for, in lower case.
  private static let keyed = ["name", "domain", "industry"]

  /// Reads the arguments.
  ///
  /// - Throws: `VALIDATION_ERROR` for an address that is not a company's on LinkedIn, or too long a text.
  init(_ arguments: JSONObject) throws(ServiceError) {
    let url = arguments.trimmedText("linkedInUrl") ?? ""
    try SizeLimit.check(url, 2048, at: "/linkedInUrl")
    guard let key = OwlContactKeys.linkedIn(url), Self.isCompany(key) else {
      throw .invalid(
        "/linkedInUrl", "linkedInUrl must point to a company, like https://www.linkedin.com/company/acme.")
    }
    linkedIn = (url, key)
    var values: [String?] = []
    for field in Self.fields {
      let limit = field == "description" ? SizeLimit.note : SizeLimit.line
      try SizeLimit.check(arguments.text(field), limit, at: "/\(field)")
      values.append(arguments.trimmedText(field))
    }
    self.values = values
  }

  private static func isCompany(_ key: String) -> Bool {
    let parts = key.split(separator: "/", omittingEmptySubsequences: false)
    // Countries have hosts of their own, as de.linkedin.com.
    return parts.count == 3 && (parts[0] == "linkedin.com" || parts[0].hasSuffix(".linkedin.com"))
      && parts[1] == "company" && !parts[2].isEmpty
  }

  /// What is given, for the audit log.
  var record: [UInt8] {
    var record: JSONObject = ["linkedInUrl": .string(linkedIn.url)]
    for (field, value) in zip(Self.fields, values) { if let value { record[field] = .string(value) } }
    return JSONValue.object(record).serialized()
  }

  private func value(_ field: String) -> String? { zip(Self.fields, values).first { $0.0 == field }?.1 }

  /// Adds the company, or fills the gaps of the one that is there; gives its row, whether it is new, and the fields
  /// that were there before.
  func store(_ transaction: WriteTransaction) throws(ServiceError) -> (row: Int64, isNew: Bool, before: [UInt8]?) {
    guard let (row, stored) = try stored(transaction) else { return (try insert(transaction), true, nil) }
    let gains = zip(stored, values).contains { $0 == nil && $1 != nil }
    if gains { try fill(row, transaction) }
    var before: JSONObject = [:]
    for (field, value) in zip(Self.fields, stored) { if let value { before[field] = .string(value) } }
    return (row, false, JSONValue.object(before).serialized())
  }

  private func stored(_ transaction: WriteTransaction) throws(ServiceError) -> (row: Int64, values: [String?])? {
    let statement = try transaction.database.statement("stored owl company", flags: 0) {
      "SELECT id, \(Self.fields.joined(separator: ", ")) FROM owl_companies WHERE linkedin_key = ?1"
    }
    statement.bind(linkedIn.key, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { return nil }
    return (statement.integer(0), Self.fields.indices.map { statement.optionalString(Int32($0 + 1)) })
  }

  private func insert(_ transaction: WriteTransaction) throws(ServiceError) -> Int64 {
    let columns = Self.fields + Self.keyed.map { $0 + "_key" }
    let statement = try transaction.database.statement("insert owl company", flags: 0) {
      let places = columns.indices.map { "?\($0 + 4)" }.joined(separator: ", ")
      return """
        INSERT INTO owl_companies (linkedin_url, linkedin_key, created_at, updated_at, \(columns.joined(separator: ", ")))
        VALUES (?1, ?2, ?3, ?3, \(places))
        """
    }
    statement.bind(linkedIn.url, at: 1)
    statement.bind(linkedIn.key, at: 2)
    statement.bind(transaction.now.milliseconds, at: 3)
    bindFields(statement)
    try statement.run()
    transaction.count("owl_companies", by: 1)
    return transaction.database.lastInsertedID
  }

  private func fill(_ row: Int64, _ transaction: WriteTransaction) throws(ServiceError) {
    let columns = Self.fields + Self.keyed.map { $0 + "_key" }
    let statement = try transaction.database.statement("fill owl company", flags: 0) {
      let changes = columns.enumerated().map { "\($1) = coalesce(\($1), ?\($0 + 4))" }.joined(separator: ", ")
      return "UPDATE owl_companies SET updated_at = ?3, \(changes) WHERE id = ?1"
    }
    statement.bind(row, at: 1)
    statement.bind(transaction.now.milliseconds, at: 3)
    bindFields(statement)
    try statement.run()
  }

  private func bindFields(_ statement: Statement) {
    for (position, value) in values.enumerated() { statement.bind(value, at: Int32(position + 4)) }
    for (position, field) in Self.keyed.enumerated() {
      statement.bind(value(field).map { OwlContactKeys.company($0) }, at: Int32(values.count + position + 4))
    }
  }
}
