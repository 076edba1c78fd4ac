internal import JSON
internal import Service

/// Values of one kind that begin as what a person has typed, the newest first.
///
/// The newest records are looked at one by one: whatever is common is found among them, and a prefix that few records
/// have is found in the text index, again the newest first. So no typed text makes this look at many rows.
struct Proposals {
  /// What is proposed of a record.
  private enum Value {
    case id(RecordKind)
    /// The first of the columns that is not null.
    case column
  }

  /// So many records are looked at one by one.
  private static let walkLength: Int64 = 1000
  /// So many values are proposed; one more than a client gets, so that it can be told that there are more.
  private static let limit = 101
  /// So many addresses with a rare beginning are looked at.
  private static let rangeLength: Int64 = 500

  private let value: Value
  /// Row and the texts that a person may begin to type, newest first, `?1` rows.
  private let walk: StaticString
  /// The same by a full-text query `?2` over names, and by the beginning of an address, from `?2` to before `?3`; nil
  /// where there are too few records to need them.
  private let searches: (names: StaticString, addresses: StaticString)?
  /// The number of text columns.
  private let columns: Int32

  /// Values of Pathbound; nil for an unknown kind.
  static func pathbound(_ kind: String) -> Proposals? {
    switch kind {
    case "contact": contacts(.id(.contact))
    case "email": contacts(.column)
    case "company":
      Proposals(
        value: .id(.company), walk: "SELECT id, domain, name FROM companies ORDER BY id DESC LIMIT ?1",
        searches: (
          """
          SELECT c.id, c.domain, c.name FROM companies_text AS t JOIN companies AS c ON c.id = t.rowid
          WHERE companies_text MATCH '{name} : (' || ?2 || ')' ORDER BY t.rowid DESC LIMIT ?1
          """, "SELECT id, domain, name FROM companies WHERE domain >= ?2 AND domain < ?3 LIMIT ?1"
        ), columns: 2)
    case "action":
      Proposals(
        value: .id(.action),
        walk: "SELECT id, type FROM actions INDEXED BY actions_by_update ORDER BY updated_at DESC, id DESC LIMIT ?1",
        searches: nil, columns: 1)
    case "agent": agents(.id(.agent))
    case "agent_name": agents(.column)
    case "run":
      Proposals(value: .id(.run), walk: "SELECT id FROM runs ORDER BY id DESC LIMIT ?1", searches: nil, columns: 0)
    case "segment":
      Proposals(
        value: .id(.segment), walk: "SELECT id, name FROM segments ORDER BY id DESC LIMIT ?1", searches: nil, columns: 1
      )
    default: nil
    }
  }

  /// Values of Owlbound; nil for an unknown kind.
  static func owlbound(_ kind: String) -> Proposals? {
    switch kind {
    case "contact": owlboundContacts(.id(.owlContact))
    case "email": owlboundContacts(.column)
    case "company":
      Proposals(
        value: .id(.owlCompany), walk: "SELECT id, domain, name FROM owl_companies ORDER BY id DESC LIMIT ?1",
        searches: nil, columns: 2)
    default: nil
    }
  }

  private static func contacts(_ value: Value) -> Proposals {
    Proposals(
      value: value, walk: "SELECT id, email, firstname, lastname FROM contacts ORDER BY id DESC LIMIT ?1",
      searches: (
        """
        SELECT c.id, c.email, c.firstname, c.lastname FROM contacts_text AS t JOIN contacts AS c ON c.id = t.rowid
        WHERE contacts_text MATCH '{firstname lastname} : (' || ?2 || ')' ORDER BY t.rowid DESC LIMIT ?1
        """,
        """
        SELECT id, email, firstname, lastname FROM contacts INDEXED BY contacts_by_email
        WHERE email COLLATE NOCASE >= ?2 AND email COLLATE NOCASE < ?3 LIMIT ?1
        """
      ), columns: 3)
  }

  private static func agents(_ value: Value) -> Proposals {
    Proposals(
      value: value, walk: "SELECT id, name FROM agents ORDER BY id DESC LIMIT ?1", searches: nil, columns: 1)
  }

  private static func owlboundContacts(_ value: Value) -> Proposals {
    Proposals(
      value: value,
      walk: """
        SELECT id, email, first_name, last_name FROM owl_contacts WHERE archived_at IS NULL ORDER BY id DESC LIMIT ?1
        """,
      searches: (
        """
        SELECT c.id, c.email, c.first_name, c.last_name FROM owl_contacts_names AS t
        JOIN owl_contacts AS c ON c.id = t.rowid
        WHERE owl_contacts_names MATCH ?2 AND c.archived_at IS NULL ORDER BY t.rowid DESC LIMIT ?1
        """,
        """
        SELECT id, email, first_name, last_name FROM owl_contacts
        WHERE email_key >= ?2 AND email_key < ?3 AND archived_at IS NULL LIMIT ?1
        """
      ), columns: 3)
  }

  /// The values that begin as the text, or whose record's id, address or name does.
  func values(for text: String, _ transaction: ReadTransaction) throws(ServiceError) -> [String] {
    let typed = text.utf8.prefix(200).map { folded($0) }
    var found = Found()
    let recent = try transaction.database.statement(walk)
    recent.bind(Self.walkLength, at: 1)
    try collect(recent, typed, transaction.ids, most: Self.limit, into: &found)
    guard found.values.count < Self.limit, let searches, !typed.isEmpty else { return found.values.map(\.text) }
    var older = Found(rows: found.rows)
    let addresses = try transaction.database.statement(searches.addresses)
    addresses.bind(Self.rangeLength, at: 1)
    addresses.bind(text: typed, at: 2)
    // No UTF-8 text has a byte that is as great.
    addresses.bind(text: typed + [0xFF], at: 3)
    try collect(addresses, typed, transaction.ids, most: .max, into: &older)
    if let query = try? SearchText.prefixes(String(decoding: typed, as: UTF8.self), at: "/text") {
      let names = try transaction.database.statement(searches.names)
      names.bind(Int64(Self.limit), at: 1)
      names.bind(query, at: 2)
      try collect(names, typed, transaction.ids, most: .max, into: &older)
    }
    let rest = older.values.sorted { $0.row > $1.row }.prefix(Self.limit - found.values.count)
    return (found.values + rest).map(\.text)
  }

  private struct Found {
    var values: [(row: Int64, text: String)] = []
    var rows: Set<Int64> = []
  }

  private func collect(
    _ statement: Statement, _ typed: [UInt8], _ ids: RecordIDs, most: Int, into found: inout Found
  ) throws(ServiceError) {
    defer { statement.reset() }
    while found.values.count < most, try statement.step() {
      let row = statement.integer(0)
      guard !found.rows.contains(row), matches(statement, row, typed, ids), let text = value(statement, row, ids)
      else { continue }
      found.rows.insert(row)
      found.values.append((row, text))
    }
  }

  private func value(_ statement: Statement, _ row: Int64, _ ids: RecordIDs) -> String? {
    switch value {
    case .id(let kind): ids.text(kind, row)
    case .column: statement.optionalString(1)
    }
  }

  private func matches(_ statement: Statement, _ row: Int64, _ typed: [UInt8], _ ids: RecordIDs) -> Bool {
    if typed.isEmpty { return true }
    for column in 0..<columns where begins(statement.text(column + 1), typed) { return true }
    // First and last name together.
    if columns == 3, typed.contains(UInt8(ascii: " ")) {
      let name = Array(statement.text(2)) + [UInt8(ascii: " ")] + Array(statement.text(3))
      if name.withUnsafeBytes({ begins($0, typed) }) { return true }
    }
    guard case .id(let kind) = value else { return false }
    return ids.text(kind, row).utf8.starts(with: typed)
  }

  /// Whether the text begins so; letters of ASCII in either case.
  private func begins(_ text: UnsafeRawBufferPointer, _ typed: [UInt8]) -> Bool {
    guard text.count >= typed.count else { return false }
    for (index, byte) in typed.enumerated() where folded(text[index]) != folded(byte) { return false }
    return true
  }

  private func folded(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}
