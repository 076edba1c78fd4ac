internal import JSON
internal import JSONSchema
internal import Operations
internal import Platform
internal import Service

/// The rules of changing Pathbound contacts, for tools and executed actions alike.
///
/// Everything is checked before the first write.
enum ContactChanges {
  /// Adds a contact, of a company that exists, and gives its row.
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
    var properties = JSONObject()
    properties.reserveCapacity(given.count + 1)
    properties["email"] = .string(email)
    for (name, value) in given where !value.isNull && name != "email" {
      properties.append(uncheckedKey: name, value: value)
    }
    try checkRules(properties)
    try checkVisitors(visitors)
    let stored = try SizeLimit.serialized(properties, at: "/properties")
    try checkUnused(key, except: nil, at: "/email", in: transaction)

    let now = transaction.now.milliseconds
    let statement = try transaction.database.statement(
      """
      INSERT INTO contacts (email_key, jobtitle_key, properties, company_id, creation_source, created_at, updated_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
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
    transaction.audit(.contact, row, after: stored)
    return row
  }

  /// Merges properties into a contact, null removing one, and attaches visitors.
  ///
  /// - Throws: `NOT_FOUND`; `CONFLICT` when another contact has the e-mail; `VALIDATION_ERROR`.
  static func merge(
    _ given: JSONObject, visitors: [String] = [], into row: Int64, in transaction: WriteTransaction
  ) throws(ServiceError) {
    try checkRules(given)
    try checkVisitors(visitors)
    let before = try storedProperties(of: row, in: transaction)
    guard case .object(let old)? = try? JSONValue(parsing: before) else {
      throw ServiceError(.internal, "The contact's properties are damaged.")
    }
    var properties = old
    for (name, value) in given {
      // Not as a ternary: there `nil` would be the JSON null.
      if value.isNull { properties[name] = nil } else { properties[name] = value }
    }
    var key: String?
    if let email = given["email"] {
      guard let text = email.stringValue?.trimmed else {
        throw .invalid("/properties/email", "email can't be removed: every contact has one.")
      }
      properties["email"] = .string(text)
      let new = emailKey(text)
      try checkUnused(new, except: row, at: "/properties/email", in: transaction)
      key = new
    }
    let isChanged = properties != old
    let after = isChanged ? try SizeLimit.serialized(properties, at: "/properties") : before

    if isChanged { try store(after, titleKey: titleKey(properties), emailKey: key, in: row, transaction) }
    try Visitors.attach(visitors, to: row, in: transaction)
    transaction.audit(.contact, row, before: before, after: after)
  }

  private static func store(
    _ properties: [UInt8], titleKey: String?, emailKey: String?, in row: Int64, _ transaction: WriteTransaction
  ) throws(ServiceError) {
    let statement = try transaction.database.statement(
      """
      UPDATE contacts SET properties = ?2, jobtitle_key = ?3, email_key = coalesce(?4, email_key), updated_at = ?5
      WHERE id = ?1
      """)
    statement.bind(row, at: 1)
    statement.bind(text: properties, at: 2)
    statement.bind(titleKey, at: 3)
    statement.bind(emailKey, at: 4)
    statement.bind(transaction.now.milliseconds, at: 5)
    try statement.run()
  }

  /// Adds a note and gives its row.
  static func addNote(
    _ content: String, to contact: Int64, by author: String, in transaction: WriteTransaction
  ) throws(ServiceError) -> Int64 {
    guard !content.trimmed.isEmpty else { throw .invalid("/content", "The note is blank.") }
    try SizeLimit.check(content, SizeLimit.note, at: "/content")
    try requireContact(contact, in: transaction)
    let statement = try transaction.database.statement(
      "INSERT INTO notes (contact_id, content, author, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?4)")
    statement.bind(contact, at: 1)
    statement.bind(content, at: 2)
    statement.bind(author, at: 3)
    statement.bind(transaction.now.milliseconds, at: 4)
    try statement.run()
    let row = transaction.database.lastInsertedID
    transaction.audit(.note, row, after: JSONValue.object(["content": .string(content)]).serialized())
    return row
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
      let details = error.violations.map { ServiceError.Detail(path: $0.path, message: $0.message) }
      throw ServiceError(.validation, details.first?.message ?? "A property breaks a rule.", details: details)
    }
    for (name, _) in properties where name.isEmpty || name.utf8.count > 128 {
      throw .invalid("/properties", "A property's name must have 1 to 128 bytes.")
    }
  }

  private static func checkVisitors(_ visitors: [String]) throws(ServiceError) {
    guard visitors.count <= 100 else { throw .invalid("/visitor_id", "At most 100 visitors in one call.") }
    for (position, visitor) in visitors.enumerated() {
      try Visitors.check(visitor, at: "/visitor_id/\(position)")
    }
  }

  private static func checkUnused(
    _ key: String, except row: Int64?, at path: String, in transaction: WriteTransaction
  ) throws(ServiceError) {
    guard let other = try self.row(email: key, transaction.reading), other != row else { return }
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

  private static func storedProperties(
    of row: Int64, in transaction: WriteTransaction
  ) throws(ServiceError) -> [UInt8] {
    let statement = try transaction.database.statement("SELECT properties FROM contacts WHERE id = ?1")
    statement.bind(row, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { throw .notFound("contact", transaction.ids.text(.contact, row)) }
    return Array(statement.text(0))
  }
}
