internal import JSON
internal import Service

/// What makes two Owlbound contacts the same person (Owlbound API 8.3).
enum OwlContactKeys {
  /// A LinkedIn address without what does not tell people apart: scheme, `www.`, query, fragment, final slash, case.
  static func linkedIn(_ address: String) -> String? {
    var rest = address.trimmed.lowercased()[...]
    if let scheme = rest.utf8.firstIndex(of: UInt8(ascii: ":")), rest[scheme...].utf8.starts(with: "://".utf8) {
      rest = rest[scheme...].dropFirst(3)
    }
    if rest.utf8.starts(with: "www.".utf8) { rest = rest.dropFirst(4) }
    let end = rest.utf8.firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") } ?? rest.endIndex
    rest = rest[..<end]
    while rest.utf8.last == UInt8(ascii: "/") { rest = rest.dropLast() }
    return rest.isEmpty ? nil : String(rest)
  }

  /// What two spellings of a company's name have in common.
  static func company(_ name: String) -> String { name.trimmed.lowercased() }

  /// Refuses an e-mail or profile that a contact other than that of a row has, archived ones included.
  static func checkUnused(
    email: String?, linkedIn: String?, except row: Int64?, in transaction: WriteTransaction
  ) throws(ServiceError) {
    if let email, let other = try self.row(email: email, transaction.reading), other != row {
      throw duplicate("email", "e-mail address", other, transaction)
    }
    if let linkedIn, let other = try self.row(linkedIn: linkedIn, transaction.reading), other != row {
      throw duplicate("linkedInUrl", "LinkedIn profile", other, transaction)
    }
  }

  /// The row of the contact with this LinkedIn key; nil when there is none.
  static func row(linkedIn key: String, _ transaction: ReadTransaction) throws(ServiceError) -> Int64? {
    let statement = try transaction.database.statement("SELECT id FROM owl_contacts WHERE linkedin_key = ?1")
    statement.bind(key, at: 1)
    defer { statement.reset() }
    return try statement.step() ? statement.integer(0) : nil
  }

  /// The row of the contact with this e-mail key; nil when there is none.
  static func row(email key: String, _ transaction: ReadTransaction) throws(ServiceError) -> Int64? {
    let statement = try transaction.database.statement("SELECT id FROM owl_contacts WHERE email_key = ?1")
    statement.bind(key, at: 1)
    defer { statement.reset() }
    return try statement.step() ? statement.integer(0) : nil
  }

  private static func duplicate(
    _ field: String, _ what: String, _ other: Int64, _ transaction: WriteTransaction
  ) -> ServiceError {
    let id = transaction.ids.text(.owlContact, other)
    return .invalid("/\(field)", "Duplicate: the contact with contactId \(id) has this \(what). Use that one.")
  }
}
