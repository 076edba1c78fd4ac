internal import JSON
internal import JSONSchema
internal import Operations
internal import Platform
internal import Service

/// The rules of changing Pathbound contacts, for tools and executed actions alike.
///
/// Everything is checked before the first write.
enum ContactChanges {
  /// Adds a contact and gives its row; unless a company is named, it belongs to that of its mail domain.
  ///
  /// - Throws: `CONFLICT` naming the contact that has the e-mail; `VALIDATION_ERROR`.
  static func create(
    email: String, properties given: JSONObject, visitors: [String], company: Int64?, source: String,
    in transaction: WriteTransaction
  ) throws(ServiceError) -> Int64 {
    let email = email.trimmed
    let key = emailKey(email)
    if let other = given["email"], other.stringValue.map({ emailKey($0) == key }) != true {
      throw .invalid("/properties/email", "properties.email differs from email. Leave it out: email is stored there.")
    }
    let link = try CompanyLink(company, given, in: transaction)
    var properties = JSONObject.properties("email", email, given)
    properties["company_id"] = nil
    try checkRules(properties)
    try checkVisitors(visitors)
    let stored = try SizeLimit.serialized(properties, at: "/properties")
    try checkUnused(key, except: nil, at: "/email", in: transaction.reading)
    let company = try link.company(mailbox: key, in: transaction)

    let now = transaction.now.milliseconds
    let statement = try transaction.database.statement(
      """
      INSERT INTO contacts (email_key, jobtitle_key, properties, company_id, creation_source, created_at, updated_at,
        enriched_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6,
        (SELECT updated_at FROM owl_contacts WHERE email_key = ?1 AND enrichment IS NOT NULL))
      """)
    statement.bind(key, at: 1)
    statement.bind(titleKey(properties), at: 2)
    statement.bind(text: stored, at: 3)
    statement.bind(company, at: 4)
    statement.bind(source, at: 5)
    statement.bind(now, at: 6)
    try statement.run()
    let row = transaction.database.lastInsertedID
    transaction.count("contacts", by: 1)
    try Visitors.attach(visitors, to: row, in: transaction)
    if let id = properties.text("external_id") { try WaitingEvents.attach(id, to: row, in: transaction) }
    transaction.audit(.contact, row, after: stored)
    return row
  }

  /// Merges properties into a contact, null removing one, and attaches visitors and a company.
  ///
  /// `company_id` among the properties is the link to a company; null there ends it.
  ///
  /// - Throws: `NOT_FOUND`; `CONFLICT` when another contact has the e-mail; `VALIDATION_ERROR`.
  static func merge(
    _ given: JSONObject, visitors: [String] = [], company: Int64? = nil, into row: Int64,
    by source: Provenance.Source, in transaction: WriteTransaction
  ) throws(ServiceError) {
    try checkVisitors(visitors)
    let link = try CompanyLink(company, given, in: transaction)
    let before = try stored(row, in: transaction.reading)
    let old = try Properties.stored(before.properties, of: "contact")
    let (properties, key) = try merged(given, into: old, of: row, transaction.reading)
    let isChanged = properties != old
    let after = isChanged ? try SizeLimit.serialized(properties, at: "/properties") : before.properties
    let newCompany = try link.company(
      mailbox: key ?? before.emailKey, since: before.emailKey, current: before.company, in: transaction)

    if isChanged {
      let patch = Provenance.patch(from: old, to: properties, given, by: source, at: transaction.now)
      try store(after, titleKey: titleKey(properties), emailKey: key, provenance: patch, in: row, transaction)
    }
    if newCompany != before.company { try store(company: newCompany, in: row, transaction) }
    try Visitors.attach(visitors, to: row, in: transaction)
    if let id = properties.text("external_id"), id != old.text("external_id") {
      try WaitingEvents.attach(id, to: row, in: transaction)
    }
    transaction.audit(.contact, row, before: before.properties, after: after)
  }

  /// What a merge would change, checked as the merge itself is.
  static func changes(
    of row: Int64, _ given: JSONObject, _ transaction: ReadTransaction
  ) throws(ServiceError) -> [PropertyChange] {
    let stored = try stored(row, in: transaction)
    var old = try Properties.stored(stored.properties, of: "contact")
    _ = try merged(given, into: old, of: row, transaction)
    if let company = stored.company { old["company_id"] = .string(transaction.ids.text(.company, company)) }
    return PropertyChange.changes(of: old, to: given)
  }

  /// The properties after a merge, and what identifies a new e-mail; nil when the e-mail stays.
  private static func merged(
    _ given: JSONObject, into old: JSONObject, of row: Int64, _ transaction: ReadTransaction
  ) throws(ServiceError) -> (properties: JSONObject, key: String?) {
    try checkRules(given)
    var properties = old.merging(given)
    properties["company_id"] = nil
    guard let email = given["email"] else { return (properties, nil) }
    guard let text = email.stringValue?.trimmed else {
      throw .invalid("/properties/email", "email can't be removed: every contact has one.")
    }
    properties["email"] = .string(text)
    let key = emailKey(text)
    try checkUnused(key, except: row, at: "/properties/email", in: transaction)
    return (properties, key)
  }

  /// Removes a contact with its notes and mail threads (API 5.4): its events stay without a contact, its open actions
  /// are cancelled, and what agents propose for it is rejected, as nothing may be sent to who is not there any more.
  ///
  /// - Returns: the number of cancelled actions.
  /// - Throws: `NOT_FOUND`.
  static func delete(_ row: Int64, by actor: String, in transaction: WriteTransaction) throws(ServiceError) -> Int {
    let before = try stored(row, in: transaction.reading)
    let cancelled = try Actions.cancelOpen(ofContact: row, by: actor, in: transaction)
    let proposals = try transaction.database.statement(
      """
      UPDATE run_proposals INDEXED BY run_proposals_by_contact
      SET status = 'rejected', comment = 'The contact was deleted.', decided_by = ?2, decided_at = ?3
      WHERE contact_id = ?1 AND status = 'pending_approval'
      """)
    proposals.bind(row, at: 1)
    proposals.bind(actor, at: 2)
    proposals.bind(transaction.now.milliseconds, at: 3)
    try proposals.run()
    let statement = try transaction.database.statement("DELETE FROM contacts WHERE id = ?1")
    statement.bind(row, at: 1)
    try statement.run()
    try DepartedContacts.release(row, in: transaction)
    transaction.count("contacts", by: -1)
    transaction.audit(.contact, row, before: before.properties)
    return cancelled
  }

  private static func store(
    _ properties: [UInt8], titleKey: String?, emailKey: String?, provenance: [UInt8], in row: Int64,
    _ transaction: WriteTransaction
  ) throws(ServiceError) {
    let statement = try transaction.database.statement(
      """
      UPDATE contacts SET properties = ?2, jobtitle_key = ?3, email_key = coalesce(?4, email_key), updated_at = ?5,
        provenance = json_patch(coalesce(provenance, '{}'), ?6)
      WHERE id = ?1
      """)
    statement.bind(row, at: 1)
    statement.bind(text: properties, at: 2)
    statement.bind(titleKey, at: 3)
    statement.bind(emailKey, at: 4)
    statement.bind(transaction.now.milliseconds, at: 5)
    statement.bind(text: provenance, at: 6)
    try statement.run()
  }

  private static func store(
    company: Int64?, in row: Int64, _ transaction: WriteTransaction
  ) throws(ServiceError) {
    let statement = try transaction.database.statement(
      "UPDATE contacts SET company_id = ?2, updated_at = ?3 WHERE id = ?1")
    statement.bind(row, at: 1)
    statement.bind(company, at: 2)
    statement.bind(transaction.now.milliseconds, at: 3)
    try statement.run()
  }
}

// MARK: - Keys

extension ContactChanges {
  /// What two spellings of an address have in common: no space around it, lower case.
  static func emailKey(_ email: String) -> String { email.trimmed.lowercased() }

  private static func titleKey(_ properties: JSONObject) -> String? {
    properties.text("jobtitle").map { titleKey($0) }
  }

  /// What two spellings of a job title have in common.
  static func titleKey(_ title: String) -> String { title.trimmed.lowercased() }

  /// The row of the contact with this e-mail; nil when there is none.
  static func row(email: String, _ transaction: ReadTransaction) throws(ServiceError) -> Int64? {
    let statement = try transaction.database.statement("SELECT id FROM contacts WHERE email_key = ?1")
    statement.bind(emailKey(email), at: 1)
    defer { statement.reset() }
    return try statement.step() ? statement.integer(0) : nil
  }
}

// MARK: - Checks

extension ContactChanges {
  /// The properties that have rules of their own; all others are free.
  private static let rules = CompiledSchema(
    .openObject([
      .optional("email", .string(format: .email)), .optional("lifecyclestage", .oneOf(Vocabulary.lifecycleStages)),
    ]))

  private static func checkRules(_ properties: JSONObject) throws(ServiceError) {
    var checked = properties
    if let email = properties.text("email") { checked["email"] = .string(email.trimmed) }
    do {
      _ = try rules.validate(checked, below: "/properties")
    } catch {
      throw ServiceError(error)
    }
    try Properties.checkNames(properties)
  }

  private static func checkVisitors(_ visitors: [String]) throws(ServiceError) {
    guard visitors.count <= 100 else { throw .invalid("/visitor_id", "At most 100 visitors in one call.") }
    for (position, visitor) in visitors.enumerated() {
      try Visitors.check(visitor, at: "/visitor_id/\(position)")
    }
  }

  private static func checkUnused(
    _ key: String, except row: Int64?, at path: String, in transaction: ReadTransaction
  ) throws(ServiceError) {
    guard let other = try self.row(email: key, transaction), other != row else { return }
    let id = transaction.ids.text(.contact, other)
    let message = "The contact \(id) has this e-mail. Change that one with pathbound_update_contact instead."
    throw ServiceError(.conflict, message, details: [.init(path: path, message: message)])
  }

  /// Whether the contact is there.
  static func exists(_ row: Int64, _ transaction: ReadTransaction) throws(ServiceError) -> Bool {
    let statement = try transaction.database.statement("SELECT 1 FROM contacts WHERE id = ?1")
    statement.bind(row, at: 1)
    defer { statement.reset() }
    return try statement.step()
  }

  /// Refuses a contact that is not there.
  static func requireContact(_ row: Int64, in transaction: WriteTransaction) throws(ServiceError) {
    guard try exists(row, transaction.reading) else {
      throw .notFound("contact", transaction.ids.text(.contact, row))
    }
  }

  /// A contact before a change.
  private struct Stored {
    let properties: [UInt8]
    let emailKey: String
    let company: Int64?
  }

  private static func stored(_ row: Int64, in transaction: ReadTransaction) throws(ServiceError) -> Stored {
    let statement = try transaction.database.statement(
      composed: "SELECT c.properties, c.email_key, \(ContactRecord.company) FROM contacts AS c WHERE c.id = ?1")
    statement.bind(row, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { throw .notFound("contact", transaction.ids.text(.contact, row)) }
    return Stored(
      properties: Array(statement.text(0)), emailKey: statement.string(1), company: statement.optionalInteger(2))
  }
}
