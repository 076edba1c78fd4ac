internal import JSON
internal import Service

extension Handlers {
  static let bound: [String: Handler] = ["bound_lead_brief": .slowRead(leadBrief)]
}

/// `email`, `name`, `pathbound`, `owlbound` and `next_steps`: one person across both platforms.
private func leadBrief(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  try transaction.onOneState { () throws(ServiceError) in
    let person = try Person(arguments, transaction)
    var notes = NextSteps(person: person, now: transaction.now)
    payload.beginObject()
    payload.key("email")
    if let email = person.email { payload.string(email) } else { payload.null() }
    if let row = person.pathbound {
      payload.key("pathbound")
      try PathboundBrief(row: row, transaction: transaction).write(into: &payload, &notes)
    }
    if let row = person.owlbound {
      payload.key("owlbound")
      try OwlboundBrief(row: row, transaction: transaction).write(into: &payload, &notes)
    }
    payload.key("next_steps")
    notes.write(into: &payload)
    payload.endObject()
  }
}

/// Which records of the two platforms are one person: the same e-mail.
struct Person {
  let email: String?
  let pathbound: Int64?
  let owlbound: Int64?
  /// Both were named, and their e-mails differ.
  let isDoubtful: Bool

  /// Finds the person by e-mail or by an id of either platform.
  ///
  /// - Throws: `VALIDATION_ERROR` when nothing is given, `NOT_FOUND` when there is nobody.
  init(_ arguments: JSONObject, _ transaction: ReadTransaction) throws(ServiceError) {
    let email = arguments.trimmedText("email")
    let pathboundID = arguments.trimmedText("pathbound_contact_id")
    let owlboundID = arguments.trimmedText("owlbound_contact_id")
    guard email != nil || pathboundID != nil || owlboundID != nil else {
      throw ServiceError(.validation, "Give email, pathbound_contact_id or owlbound_contact_id.")
    }
    var keys: [String] = []
    if let email { keys.append(ContactChanges.emailKey(email)) }
    var pathbound: Int64?
    var owlbound: Int64?
    if let pathboundID {
      let row = try transaction.ids.require(.contact, pathboundID)
      guard let found = try Self.email(of: row, "SELECT email_key FROM contacts WHERE id = ?1", transaction) else {
        throw .notFound("contact", pathboundID)
      }
      pathbound = row
      if let key = found.key { keys.append(key) }
    }
    if let owlboundID {
      let row = try transaction.ids.require(.owlContact, owlboundID)
      guard let found = try Self.email(of: row, "SELECT email_key FROM owl_contacts WHERE id = ?1", transaction) else {
        throw .notFound("contact", owlboundID)
      }
      owlbound = row
      if let key = found.key { keys.append(key) }
    }
    if let key = keys.first {
      if pathbound == nil { pathbound = try ContactChanges.row(email: key, transaction) }
      if owlbound == nil { owlbound = try OwlContactKeys.row(email: key, transaction) }
    }
    guard pathbound != nil || owlbound != nil else {
      throw ServiceError(
        .notFound,
        "No contact of either platform has the e-mail \"\((email ?? "").prefix(64))\". Search by name instead.")
    }
    self.email = keys.first
    self.pathbound = pathbound
    self.owlbound = owlbound
    isDoubtful = keys.contains { $0 != keys.first }
  }

  private static func email(
    of row: Int64, _ sql: StaticString, _ transaction: ReadTransaction
  ) throws(ServiceError) -> (key: String?, Void)? {
    let statement = try transaction.database.statement(sql)
    statement.bind(row, at: 1)
    defer { statement.reset() }
    return try statement.step() ? (statement.optionalString(0), ()) : nil
  }
}
