internal import JSON
internal import Platform
internal import Service

/// Who must not be written to: addresses, whole domains with all below them, and contacts whose properties say so.
enum Suppressions {
  /// Why one of these addresses, or this contact, must not be written to; nil when all may.
  static func reason(
    against addresses: [String], _ contact: Int64?, _ transaction: ReadTransaction
  ) throws(ServiceError) -> String? {
    for address in addresses {
      if let entry = try entry(for: address, transaction) { return "\(entry.value) is suppressed: \(entry.reason)." }
    }
    if let contact, let property = try refusal(of: contact, transaction) { return sentence(property) }
    for address in addresses {
      guard let row = try ContactChanges.row(email: address, transaction), row != contact else { continue }
      if let property = try refusal(of: row, transaction) { return sentence(property) }
    }
    return nil
  }

  private static func sentence(_ property: String) -> String { "The contact's property \(property) is true." }

  /// The entry for an address, its domain, or a domain above that.
  private static func entry(
    for address: String, _ transaction: ReadTransaction
  ) throws(ServiceError) -> (value: String, reason: String)? {
    var rest = Outreach.domain(of: address)[...]
    var candidates = [address]
    // No address has more labels than this.
    while !rest.isEmpty, candidates.count < 128 {
      candidates.append(String(rest))
      rest = rest.drop { $0 != "." }.dropFirst()
    }
    let statement = try transaction.database.statement("SELECT reason FROM suppressions WHERE value = ?1")
    for candidate in candidates {
      statement.bind(candidate, at: 1)
      defer { statement.reset() }
      if try statement.step() { return (candidate, statement.string(0)) }
    }
    return nil
  }

  /// Properties by which CRMs and mail tools say it.
  private static let properties = [
    "unsubscribed", "opted_out", "do_not_contact", "email_opt_out", "hs_email_optout", "bounced", "email_bounced",
  ]

  /// The contact's property that forbids writing; nil when none does.
  private static func refusal(of contact: Int64, _ transaction: ReadTransaction) throws(ServiceError) -> String? {
    let statement = try transaction.database.statement("SELECT properties FROM contacts WHERE id = ?1")
    statement.bind(contact, at: 1)
    defer { statement.reset() }
    guard try statement.step(), case .object(let stored)? = try? JSONParser.parse(statement.text(0)) else {
      return nil
    }
    return properties.first { name in
      switch stored[name] {
      case .bool(let value)?: value
      case .string(let text)?: ["true", "yes", "1"].contains(text.trimmed.lowercased())
      case let value?: value.integerValue == 1
      case nil: false
      }
    }
  }

  // MARK: Changes

  /// An address or domain in its comparable form.
  ///
  /// - Throws: `VALIDATION_ERROR` when it is neither.
  static func value(_ text: String, at path: String) throws(ServiceError) -> String {
    var value = ContactChanges.emailKey(text)
    // "@example.com" and "*.example.com" are ways to write a domain.
    for prefix in ["*.", "*@", "@"] where value.hasPrefix(prefix) { value.removeFirst(prefix.count) }
    let domain = value.contains("@") ? Outreach.domain(of: value) : value
    let isSound =
      value.utf8.count <= 320 && domain.contains(".") && !domain.hasPrefix(".") && !domain.hasSuffix(".")
      && !value.hasPrefix("@") && !value.unicodeScalars.contains { $0.properties.isWhitespace || $0.value < 33 }
    guard isSound else {
      throw .invalid(path, "\"\(text.prefix(64))\" is neither an e-mail address nor a domain such as example.com.")
    }
    return value
  }

  /// Adds an entry, or gives the one that is there the new reason; whether that changed anything.
  static func add(_ value: String, reason: String, in transaction: WriteTransaction) throws(ServiceError) -> Bool {
    let before = transaction.database.totalChanges
    let statement = try transaction.database.statement(
      """
      INSERT INTO suppressions (value, reason, created_at) VALUES (?1, ?2, ?3)
      ON CONFLICT (value) DO UPDATE SET reason = ?2 WHERE reason <> ?2
      """)
    statement.bind(value, at: 1)
    statement.bind(reason, at: 2)
    statement.bind(transaction.now.milliseconds, at: 3)
    try statement.run()
    return transaction.database.totalChanges > before
  }

  /// Takes an entry away; false when there was none.
  static func remove(_ value: String, in transaction: WriteTransaction) throws(ServiceError) -> Bool {
    let before = transaction.database.totalChanges
    let statement = try transaction.database.statement("DELETE FROM suppressions WHERE value = ?1")
    statement.bind(value, at: 1)
    try statement.run()
    return transaction.database.totalChanges > before
  }
}
