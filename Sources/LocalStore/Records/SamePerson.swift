internal import Service

/// Which record of one platform is the same person as one of the other: the same e-mail, or else the same LinkedIn
/// profile.
///
/// Somebody whose e-mail makes them another person's record is not found by a profile.
enum SamePerson {
  /// The Pathbound contact of an Owlbound contact; nil when there is none.
  ///
  /// - Parameters:
  ///   - email: as `ContactChanges.emailKey` makes it.
  ///   - linkedIn: the address, however it is spelled.
  static func onPathbound(
    email: String?, linkedIn: String?, _ transaction: ReadTransaction
  ) throws(ServiceError) -> Int64? {
    if let email, let row = try ContactChanges.row(email: email, transaction) { return row }
    guard let row = try pathboundRow(linkedIn: linkedIn, transaction) else { return nil }
    let own = try emailKey("SELECT email_key FROM contacts WHERE id = ?1", row, transaction)
    guard let own, own != email, try OwlContactKeys.row(email: own, transaction) != nil else { return row }
    return nil
  }

  /// The Owlbound contact of a Pathbound contact; nil when there is none.
  static func onOwlbound(
    email: String?, linkedIn: String?, _ transaction: ReadTransaction
  ) throws(ServiceError) -> Int64? {
    if let email, let row = try OwlContactKeys.row(email: email, transaction) { return row }
    guard let key = linkedIn.flatMap({ OwlContactKeys.linkedIn($0) }),
      let row = try OwlContactKeys.row(linkedIn: key, transaction)
    else { return nil }
    let own = try emailKey("SELECT email_key FROM owl_contacts WHERE id = ?1", row, transaction)
    guard let own, own != email, try ContactChanges.row(email: own, transaction) != nil else { return row }
    return nil
  }

  /// The Owlbound contact of a row of Pathbound's; nil when there is none, or no such row.
  static func onOwlbound(of contact: Int64, _ transaction: ReadTransaction) throws(ServiceError) -> Int64? {
    let statement = try transaction.database.statement("SELECT email_key, linkedin_url FROM contacts WHERE id = ?1")
    statement.bind(contact, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { return nil }
    return try onOwlbound(email: statement.optionalString(0), linkedIn: statement.optionalString(1), transaction)
  }

  /// The first Pathbound contact with a LinkedIn profile; nil when there is none.
  static func pathboundRow(linkedIn address: String?, _ transaction: ReadTransaction) throws(ServiceError) -> Int64? {
    guard let key = address.flatMap({ OwlContactKeys.linkedIn($0) }) else { return nil }
    // Pathbound keeps the address as it was given: ask for every spelling that means the same.
    let statement = try transaction.database.statement(
      """
      SELECT id FROM contacts INDEXED BY contacts_by_linkedin WHERE linkedin_url COLLATE NOCASE IN (
        'https://www.' || ?1, 'https://www.' || ?1 || '/', 'https://' || ?1, 'https://' || ?1 || '/',
        'http://www.' || ?1, 'http://www.' || ?1 || '/', 'http://' || ?1, 'http://' || ?1 || '/',
        'www.' || ?1, 'www.' || ?1 || '/', ?1, ?1 || '/') ORDER BY id LIMIT 1
      """)
    statement.bind(key, at: 1)
    defer { statement.reset() }
    return try statement.step() ? statement.integer(0) : nil
  }

  private static func emailKey(
    _ sql: StaticString, _ row: Int64, _ transaction: ReadTransaction
  ) throws(ServiceError) -> String? {
    let statement = try transaction.database.statement(sql)
    statement.bind(row, at: 1)
    defer { statement.reset() }
    return try statement.step() ? statement.optionalString(0) : nil
  }
}
