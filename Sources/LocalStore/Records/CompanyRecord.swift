internal import JSON
internal import Service

/// A Pathbound company as it is shown (Pathbound API 6).
enum CompanyRecord {
  /// The whole company; the one tenant of a workspace is called `local`.
  static let shape = RowShape(members)

  /// The same with where each property comes from.
  static let sourced = RowShape(
    members + [.json("properties_provenance", Provenance.column("o", origin: "'\(Provenance.Source.api.rawValue)'"))])

  private static let members: [RowShape.Member] = [
    .record("_id", "company_id", .company, "o.id"), .text("tenant_id", "'local'"), .json("properties", "o.properties"),
    .time("created_at", "o.created_at"), .time("updated_at", "o.updated_at"),
  ]

  /// The short form; its last activity is the latest event of one of its contacts.
  static let summary = RowShape(
    .record("id", "company_id", .company, "o.id"), .text("name", "o.name"), .text("domain", "o.domain"),
    .text("industry", "o.industry"),
    .time(
      "last_activity_at",
      """
      (SELECT max((SELECT max(occurred_at) FROM events INDEXED BY events_by_contact WHERE contact_id = c.id)) \
      FROM contacts AS c INDEXED BY contacts_by_company WHERE c.company_id = o.id)
      """))

  /// The most contacts that a company is shown with.
  private static let contactLimit: Int64 = 25

  /// Writes the company of a row, one object.
  ///
  /// - Throws: `NOT_FOUND` when there is none.
  static func write(
    row: Int64, _ transaction: ReadTransaction, into payload: inout JSONWriter
  ) throws(ServiceError) {
    let statement = try transaction.database.statement("company", flags: 0) {
      "SELECT \(shape.columns) FROM companies AS o WHERE o.id = ?1"
    }
    statement.bind(row, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { throw .notFound("company", transaction.ids.text(.company, row)) }
    shape.write(statement, transaction.ids, into: &payload)
  }

  /// Writes `{"company": …}`.
  static func writeAlone(
    _ row: Int64, _ transaction: ReadTransaction, into payload: inout JSONWriter
  ) throws(ServiceError) {
    payload.beginObject()
    payload.key("company")
    try write(row: row, transaction, into: &payload)
    payload.endObject()
  }

  /// Writes `contacts: [contact, …]`, the newest, and how many more there are.
  static func writeContacts(
    of company: Int64, bytes: Int, _ transaction: ReadTransaction, into payload: inout JSONWriter
  ) throws(ServiceError) {
    let statement = try transaction.database.statement("contacts of a company", flags: 0) {
      """
      SELECT \(ContactRecord.columns) FROM contacts AS c INDEXED BY contacts_by_company WHERE c.company_id = ?1
      ORDER BY c.created_at DESC, c.id DESC LIMIT \(contactLimit)
      """
    }
    statement.bind(company, at: 1)
    var rows = RowList(limit: bytes, keepsFirst: false)
    try rows.write("contacts", statement, into: &payload) { contact, payload in
      ContactRecord.write(contact, transaction.ids, into: &payload)
    }
    let isShort = rows.omitted == 0 && rows.written < contactLimit
    let left = isShort ? 0 : try contactCount(of: company, transaction) - Int64(rows.written)
    guard left > 0 else { return }
    payload.key("omitted")
    payload.integer(left)
    payload.key("advice")
    payload.raw("\"For the others use pathbound_list_contacts with company_id.\"")
  }

  private static func contactCount(
    of company: Int64, _ transaction: ReadTransaction
  ) throws(ServiceError) -> Int64 {
    let statement = try transaction.database.statement(
      "SELECT count(*) FROM contacts INDEXED BY contacts_by_company WHERE company_id = ?1")
    statement.bind(company, at: 1)
    defer { statement.reset() }
    return try statement.step() ? statement.integer(0) : 0
  }
}
