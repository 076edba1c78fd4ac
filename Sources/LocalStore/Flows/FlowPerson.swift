internal import JSON
internal import Service
internal import Templates

/// An Owlbound contact as workflows and sequences see it.
struct FlowPerson {
  let row: Int64
  let email: String?
  let emailKey: String?
  let phone: String?
  let linkedIn: String?
  let isArchived: Bool
  /// The contact's fields, named as the API names them, for conditions.
  let fields: JSONObject

  /// What ``fields`` has.
  static let fieldNames = [
    "status", "source", "tags", "company", "title", "location", "email", "domain", "score", "firstName", "lastName",
  ]

  /// Reads a contact.
  ///
  /// - Throws: `NOT_FOUND` when there is none.
  static func load(_ row: Int64, _ transaction: ReadTransaction) throws(ServiceError) -> FlowPerson {
    let statement = try transaction.database.statement(
      """
      SELECT status, source, tags, company, title, location, email, email_key, score, first_name, last_name, phone,
        linkedin_url, archived_at IS NOT NULL FROM owl_contacts WHERE id = ?1
      """)
    statement.bind(row, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { throw .notFound("contact", transaction.ids.text(.owlContact, row)) }
    return FlowPerson(row, statement)
  }

  private init(_ row: Int64, _ contact: Statement) {
    self.row = row
    email = contact.optionalString(6)
    emailKey = contact.optionalString(7)
    phone = contact.optionalString(11)
    linkedIn = contact.optionalString(12)
    isArchived = contact.bool(13)
    var fields: JSONObject = [:]
    let texts: [(String, Int32)] = [
      ("status", 0), ("source", 1), ("company", 3), ("title", 4), ("location", 5), ("email", 6), ("firstName", 9),
      ("lastName", 10),
    ]
    for (name, column) in texts { fields[name] = contact.optionalString(column).map { .string($0) } }
    fields["tags"] = try? JSONParser.parse(contact.text(2))
    fields["score"] = contact.optionalInteger(8).map { .integer($0) }
    if let key = emailKey, let at = key.utf8.lastIndex(of: UInt8(ascii: "@")) {
      fields["domain"] = .string(String(key[key.utf8.index(after: at)...]))
    }
    self.fields = fields
  }

  /// What may stand in a message to this person, by placeholder.
  var facts: [PersonField: String] {
    var facts: [PersonField: String] = [:]
    for field in PersonField.allCases { facts[field] = MessageFact.line(fields[field.rawValue]?.stringValue) }
    return facts
  }
}

// MARK: - The same person on Pathbound

extension FlowPerson {
  /// The row of the Pathbound contact that is this person; nil when there is none.
  func pathboundRow(_ transaction: ReadTransaction) throws(ServiceError) -> Int64? {
    try SamePerson.onPathbound(email: emailKey, linkedIn: linkedIn, transaction)
  }

  /// The row of the Pathbound contact that is this person, which is added where it is missing; nil for somebody unknown
  /// there without an e-mail address, whom Pathbound can't hold.
  func pathboundRow(in transaction: WriteTransaction) throws(ServiceError) -> Int64? {
    if let known = try pathboundRow(transaction.reading) { return known }
    guard let email else { return nil }
    var properties: JSONObject = [:]
    let names = [
      ("firstname", "firstName"), ("lastname", "lastName"), ("jobtitle", "title"), ("company", "company"),
    ]
    for (name, field) in names { properties[name] = fields[field] }
    properties["phone"] = phone.map { .string($0) }
    properties["linkedin_url"] = linkedIn.map { .string($0) }
    let row = try ContactChanges.create(
      email: email, properties: properties, visitors: [], company: nil, source: "owlbound", in: transaction)
    try AuditLog.record(client: FlowActor.outreach, tool: "pathbound_create_contact", digest: [], transaction)
    return row
  }
}

/// Who acts in the background, as logs name them.
enum FlowActor {
  /// What a workflow does.
  static let workflow = "workflow"
  /// What a sequence does.
  static let sequence = "sequence"
  /// What either does.
  static let outreach = "outreach"
}
