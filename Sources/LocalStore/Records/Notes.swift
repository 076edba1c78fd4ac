internal import JSON
internal import Platform
internal import Service

/// Internal notes on contacts and companies (Pathbound API 5.4 and 6), for tools and executed actions alike.
enum Notes {
  /// Whom a note is about.
  enum Owner {
    /// The row of a contact.
    case contact(Int64)
    /// The row of a company.
    case company(Int64)

    /// The contact or company that a call names.
    ///
    /// - Throws: `NOT_FOUND` when there is none with that id.
    init(_ arguments: JSONObject, _ transaction: ReadTransaction) throws(ServiceError) {
      if let id = arguments.text("contact_id") {
        self = .contact(try transaction.require(.contact, id))
      } else {
        self = .company(try transaction.require(.company, arguments.text("company_id") ?? ""))
      }
    }

    fileprivate var contact: Int64? { if case .contact(let row) = self { row } else { nil } }

    fileprivate var company: Int64? { if case .company(let row) = self { row } else { nil } }

    fileprivate var row: Int64 {
      switch self {
      case .contact(let row), .company(let row): row
      }
    }
  }

  private static let shape = RowShape(
    .record("_id", "note_id", .note, "id"), .id("contact_id", .contact, "contact_id").ifAny,
    .id("company_id", .company, "company_id").ifAny, .text("content", "content"), .text("author", "author"),
    .time("created_at", "created_at"), .time("updated_at", "updated_at"))

  /// Writes `notes: [note, …]`, newest first, and what of them was left out.
  ///
  /// - Parameter page: nil for all of them, as many as a model can be given.
  static func writeAll(
    of owner: Owner, _ page: PageRequest?, _ transaction: ReadTransaction, into payload: inout JSONWriter
  ) throws(ServiceError) {
    let name = owner.contact == nil ? "company" : "contact"
    let statement = try transaction.database.statement("notes", flags: owner.contact == nil ? 0 : 1) {
      """
      SELECT \(shape.columns) FROM notes INDEXED BY notes_by_\(name) WHERE \(name)_id = ?1
      ORDER BY id DESC LIMIT ?2 OFFSET ?3
      """
    }
    statement.bind(owner.row, at: 1)
    statement.bind(page?.limit ?? -1, at: 2)
    statement.bind(page?.offset ?? 0, at: 3)
    var rows = RowList()
    try rows.write("notes", statement, into: &payload) { note, payload in
      shape.write(note, transaction.ids, into: &payload)
    }
    rows.writeOmission(
      advice: "\"Left out because the answer would be too long: use page and a smaller limit.\"", into: &payload)
  }

  /// Writes `notes: [note, …]`, the newest ten as far as a few thousand bytes hold them.
  static func writeNewest(
    ofContact contact: Int64, _ transaction: ReadTransaction, into payload: inout JSONWriter
  ) throws(ServiceError) {
    let statement = try transaction.database.statement("newest notes", flags: 0) {
      "SELECT \(shape.columns) FROM notes INDEXED BY notes_by_contact WHERE contact_id = ?1 ORDER BY id DESC LIMIT 10"
    }
    statement.bind(contact, at: 1)
    var rows = RowList(limit: 4000, keepsFirst: false)
    try rows.write("notes", statement, into: &payload) { note, payload in
      shape.write(note, transaction.ids, into: &payload)
    }
  }

  /// Writes `{"note": …}`.
  static func writeAlone(
    _ row: Int64, _ transaction: ReadTransaction, into payload: inout JSONWriter
  ) throws(ServiceError) {
    let statement = try transaction.database.statement("note", flags: 0) {
      "SELECT \(shape.columns) FROM notes WHERE id = ?1"
    }
    statement.bind(row, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { throw .notFound("note", transaction.ids.text(.note, row)) }
    payload.beginObject()
    payload.key("note")
    shape.write(statement, transaction.ids, into: &payload)
    payload.endObject()
  }
}

// MARK: - Changes

extension Notes {
  /// Adds a note and gives its row.
  static func add(
    _ content: String, to owner: Owner, by author: String, in transaction: WriteTransaction
  ) throws(ServiceError) -> Int64 {
    try check(content)
    let statement = try transaction.database.statement(
      """
      INSERT INTO notes (contact_id, company_id, content, author, created_at, updated_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?5)
      """)
    statement.bind(owner.contact, at: 1)
    statement.bind(owner.company, at: 2)
    statement.bind(content, at: 3)
    statement.bind(author, at: 4)
    statement.bind(transaction.now.milliseconds, at: 5)
    try statement.run()
    let row = transaction.database.lastInsertedID
    transaction.audit(.note, row, after: audited(content))
    return row
  }

  /// Replaces the text of an owner's note and gives its row; the same text leaves the time of the last change.
  ///
  /// - Throws: `NOT_FOUND` when the owner has no such note.
  static func update(
    _ id: String, of owner: Owner, to content: String, in transaction: WriteTransaction
  ) throws(ServiceError) -> Int64 {
    try check(content)
    let (row, before) = try require(id, of: owner, in: transaction)
    transaction.audit(.note, row, before: audited(before), after: audited(content))
    guard !content.utf8.elementsEqual(before.utf8) else { return row }
    let statement = try transaction.database.statement("UPDATE notes SET content = ?2, updated_at = ?3 WHERE id = ?1")
    statement.bind(row, at: 1)
    statement.bind(content, at: 2)
    statement.bind(transaction.now.milliseconds, at: 3)
    try statement.run()
    return row
  }

  /// Removes an owner's note and gives what was its row.
  ///
  /// - Throws: `NOT_FOUND` when the owner has no such note.
  static func delete(_ id: String, of owner: Owner, in transaction: WriteTransaction) throws(ServiceError) -> Int64 {
    let (row, before) = try require(id, of: owner, in: transaction)
    let statement = try transaction.database.statement("DELETE FROM notes WHERE id = ?1")
    statement.bind(row, at: 1)
    try statement.run()
    transaction.audit(.note, row, before: audited(before))
    return row
  }

  private static func check(_ content: String) throws(ServiceError) {
    guard !content.trimmed.isEmpty else { throw .invalid("/content", "The note is blank.") }
    try SizeLimit.check(content, SizeLimit.note, at: "/content")
  }

  private static func require(
    _ id: String, of owner: Owner, in transaction: WriteTransaction
  ) throws(ServiceError) -> (row: Int64, content: String) {
    let row = try transaction.ids.require(.note, id)
    let statement = try transaction.database.statement(
      "SELECT content FROM notes WHERE id = ?1 AND contact_id IS ?2 AND company_id IS ?3")
    statement.bind(row, at: 1)
    statement.bind(owner.contact, at: 2)
    statement.bind(owner.company, at: 3)
    defer { statement.reset() }
    guard try statement.step() else { throw .notFound("note", id) }
    return (row, statement.string(0))
  }

  private static func audited(_ content: String) -> [UInt8] {
    JSONValue.object(["content": .string(content)]).serialized()
  }
}
