internal import JSON
internal import Service

/// Which records of the two platforms are one person: the same e-mail, or else the same LinkedIn profile.
struct Person {
  private(set) var pathbound: Int64?
  private(set) var owlbound: Int64?
  /// What was given or found holds different e-mails.
  private(set) var isDoubtful = false
  private var emails: Set<String> = []

  /// Finds the person by e-mail, LinkedIn profile or an id of either platform.
  ///
  /// - Throws: `VALIDATION_ERROR` when nothing is given, `NOT_FOUND` when there is nobody.
  init(_ arguments: JSONObject, _ transaction: ReadTransaction) throws(ServiceError) {
    let email = arguments.trimmedText("email")
    let linkedIn = arguments.trimmedText("linkedin_url")
    let pathboundID = arguments.trimmedText("pathbound_contact_id")
    let owlboundID = arguments.trimmedText("owlbound_contact_id")
    guard email != nil || linkedIn != nil || pathboundID != nil || owlboundID != nil else {
      throw ServiceError(.validation, "Give email, linkedin_url, pathbound_contact_id or owlbound_contact_id.")
    }
    var keys = Keys(email: email.map { ContactChanges.emailKey($0) }, linkedIn: linkedIn)
    if let email = keys.email { emails.insert(email) }
    if let pathboundID { pathbound = try transaction.require(.contact, pathboundID) }
    if let owlboundID { owlbound = try transaction.require(.owlContact, owlboundID) }
    // What one record says about the person may lead to the other.
    for _ in 1...2 {
      if pathbound == nil { pathbound = try keys.pathboundRow(transaction) }
      if owlbound == nil { owlbound = try keys.owlboundRow(transaction) }
      if let pathbound { try add(try Keys.ofPathbound(pathbound, transaction), to: &keys) }
      if let owlbound { try add(try Keys.ofOwlbound(owlbound, transaction), to: &keys) }
    }
    guard pathbound != nil || owlbound != nil else {
      let name = email ?? linkedIn ?? ""
      throw ServiceError(
        .notFound, "No contact of either platform has \"\(name.prefix(64))\". Search by name instead.")
    }
    isDoubtful = emails.count > 1
  }

  private mutating func add(_ found: Keys, to keys: inout Keys) throws(ServiceError) {
    if let email = found.email { emails.insert(email) }
    keys.email = keys.email ?? found.email
    keys.linkedIn = keys.linkedIn ?? found.linkedIn
  }
}

/// What people are told apart by.
private struct Keys {
  /// As `ContactChanges.emailKey` makes it.
  var email: String?
  var linkedIn: String?

  static func ofPathbound(_ row: Int64, _ transaction: ReadTransaction) throws(ServiceError) -> Keys {
    try read("SELECT email_key, linkedin_url FROM contacts WHERE id = ?1", row, transaction)
  }

  static func ofOwlbound(_ row: Int64, _ transaction: ReadTransaction) throws(ServiceError) -> Keys {
    try read("SELECT email_key, linkedin_key FROM owl_contacts WHERE id = ?1", row, transaction)
  }

  private static func read(
    _ sql: StaticString, _ row: Int64, _ transaction: ReadTransaction
  ) throws(ServiceError) -> Keys {
    let statement = try transaction.database.statement(sql)
    statement.bind(row, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { return Keys() }
    return Keys(email: statement.optionalString(0), linkedIn: statement.optionalString(1))
  }

  func pathboundRow(_ transaction: ReadTransaction) throws(ServiceError) -> Int64? {
    if let email, let row = try ContactChanges.row(email: email, transaction) { return row }
    return try SamePerson.pathboundRow(linkedIn: linkedIn, transaction)
  }

  func owlboundRow(_ transaction: ReadTransaction) throws(ServiceError) -> Int64? {
    if let email, let row = try OwlContactKeys.row(email: email, transaction) { return row }
    guard let key = linkedIn.flatMap({ OwlContactKeys.linkedIn($0) }) else { return nil }
    return try OwlContactKeys.row(linkedIn: key, transaction)
  }
}
