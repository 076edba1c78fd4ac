internal import JSON
internal import JSONSchema
internal import Operations
internal import Platform
internal import Service

/// The rules of changing Pathbound companies, for tools and executed actions alike.
///
/// Everything is checked before the first write.
enum CompanyChanges {
  /// Adds a company, takes in the contacts of its domain, and gives its row.
  ///
  /// - Throws: `CONFLICT` naming the company that has the domain; `VALIDATION_ERROR`.
  static func create(
    domain given: String, properties others: JSONObject, in transaction: WriteTransaction
  ) throws(ServiceError) -> Int64 {
    let domain = try CompanyDomain.normalized(given, at: "/domain")
    if let other = others["domain"],
      try CompanyDomain.normalized(other.stringValue ?? "", at: "/properties/domain") != domain
    {
      throw .invalid(
        "/properties/domain", "properties.domain differs from domain. Leave it out: domain is stored there.")
    }
    let properties = JSONObject.properties("domain", domain, others)
    try checkRules(properties)
    let stored = try SizeLimit.serialized(properties, at: "/properties")
    try checkUnused(domain, except: nil, at: "/domain", in: transaction.reading)

    let statement = try transaction.database.statement(
      "INSERT INTO companies (domain, properties, created_at, updated_at) VALUES (?1, ?2, ?3, ?3)")
    statement.bind(domain, at: 1)
    statement.bind(text: stored, at: 2)
    statement.bind(transaction.now.milliseconds, at: 3)
    try statement.run()
    let row = transaction.database.lastInsertedID
    transaction.count("companies", by: 1)
    try takeIn(domain, row, in: transaction)
    transaction.audit(.company, row, after: stored)
    return row
  }

  /// Merges properties into a company, null removing one; a new domain takes in its contacts.
  ///
  /// - Throws: `NOT_FOUND`; `CONFLICT` when another company has the domain; `VALIDATION_ERROR`.
  static func merge(
    _ given: JSONObject, into row: Int64, by source: Provenance.Source, in transaction: WriteTransaction
  ) throws(ServiceError) {
    let before = try storedProperties(of: row, in: transaction.reading)
    let old = try Properties.stored(before, of: "company")
    let (properties, domain) = try merged(given, into: old, of: row, transaction.reading)
    guard properties != old else { return transaction.audit(.company, row, before: before, after: before) }
    let after = try SizeLimit.serialized(properties, at: "/properties")
    let statement = try transaction.database.statement(
      """
      UPDATE companies SET properties = ?2, domain = coalesce(?3, domain), updated_at = ?4,
        provenance = json_patch(coalesce(provenance, '{}'), ?5) WHERE id = ?1
      """)
    statement.bind(row, at: 1)
    statement.bind(text: after, at: 2)
    statement.bind(domain, at: 3)
    statement.bind(transaction.now.milliseconds, at: 4)
    statement.bind(text: Provenance.patch(from: old, to: properties, given, by: source, at: transaction.now), at: 5)
    try statement.run()
    if let domain { try takeIn(domain, row, in: transaction) }
    transaction.audit(.company, row, before: before, after: after)
  }

  /// What a merge would change, checked as the merge itself is.
  static func changes(
    of row: Int64, _ given: JSONObject, _ transaction: ReadTransaction
  ) throws(ServiceError) -> [PropertyChange] {
    let old = try Properties.stored(try storedProperties(of: row, in: transaction), of: "company")
    _ = try merged(given, into: old, of: row, transaction)
    return PropertyChange.changes(of: old, to: given)
  }

  /// The properties after a merge, and the new domain; nil when it stays.
  private static func merged(
    _ given: JSONObject, into old: JSONObject, of row: Int64, _ transaction: ReadTransaction
  ) throws(ServiceError) -> (properties: JSONObject, domain: String?) {
    try checkRules(given)
    var properties = old.merging(given)
    guard let value = given["domain"] else { return (properties, nil) }
    guard let text = value.stringValue else {
      throw .invalid("/properties/domain", "domain can't be removed: every company has one.")
    }
    let domain = try CompanyDomain.normalized(text, at: "/properties/domain")
    properties["domain"] = .string(domain)
    try checkUnused(domain, except: row, at: "/properties/domain", in: transaction)
    return (properties, domain)
  }

  /// Removes a company with its notes: its contacts stay without it, its open actions are cancelled.
  ///
  /// - Returns: the number of cancelled actions.
  /// - Throws: `NOT_FOUND`.
  static func delete(_ row: Int64, by actor: String, in transaction: WriteTransaction) throws(ServiceError) -> Int {
    let before = try storedProperties(of: row, in: transaction.reading)
    let cancelled = try Actions.cancelOpen(ofCompany: row, by: actor, in: transaction)
    try CompanyMembers.release(row, in: transaction)
    let statement = try transaction.database.statement("DELETE FROM companies WHERE id = ?1")
    statement.bind(row, at: 1)
    try statement.run()
    transaction.count("companies", by: -1)
    transaction.audit(.company, row, before: before)
    return cancelled
  }
}

// MARK: - Domains

extension CompanyChanges {
  /// The row of the company that people with this mail address are with; nil when it is not known.
  static func row(ofMailbox key: String, _ transaction: ReadTransaction) throws(ServiceError) -> Int64? {
    guard let domain = CompanyDomain.ofMailbox(key) else { return nil }
    return try self.row(domain: domain, transaction)
  }

  /// The row of the company with this domain, in its normal form; nil when there is none.
  static func row(domain: String, _ transaction: ReadTransaction) throws(ServiceError) -> Int64? {
    let statement = try transaction.database.statement("SELECT id FROM companies WHERE domain = ?1")
    statement.bind(domain, at: 1)
    defer { statement.reset() }
    return try statement.step() ? statement.integer(0) : nil
  }

  /// Makes the domain's contacts, those of no company, contacts of this one.
  private static func takeIn(
    _ domain: String, _ row: Int64, in transaction: WriteTransaction
  ) throws(ServiceError) {
    if !CompanyDomain.isFreeMail(domain) { try CompanyMembers.takeIn(domain, row, in: transaction) }
  }

  private static func checkUnused(
    _ domain: String, except row: Int64?, at path: String, in transaction: ReadTransaction
  ) throws(ServiceError) {
    guard let other = try self.row(domain: domain, transaction), other != row else { return }
    let id = transaction.ids.text(.company, other)
    let message = "The company \(id) has this domain. Change that one with pathbound_update_company instead."
    throw ServiceError(.conflict, message, details: [.init(path: path, message: message)])
  }
}

// MARK: - Checks

extension CompanyChanges {
  /// The properties that have rules of their own; all others are free.
  private static let rules = CompiledSchema(
    .openObject([.optional("lifecyclestage", .oneOf(Vocabulary.lifecycleStages))]))

  private static func checkRules(_ properties: JSONObject) throws(ServiceError) {
    do {
      _ = try rules.validate(properties, below: "/properties")
    } catch {
      throw ServiceError(error)
    }
    try Properties.checkNames(properties)
  }

  private static func storedProperties(
    of row: Int64, in transaction: ReadTransaction
  ) throws(ServiceError) -> [UInt8] {
    let statement = try transaction.database.statement("SELECT properties FROM companies WHERE id = ?1")
    statement.bind(row, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { throw .notFound("company", transaction.ids.text(.company, row)) }
    return Array(statement.text(0))
  }
}
