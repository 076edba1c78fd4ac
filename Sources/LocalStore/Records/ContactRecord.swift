internal import JSON
internal import Service

/// A Pathbound contact as it is shown (Pathbound API 5.1).
enum ContactRecord {
  /// The company of a contact; one that is deleted is none.
  static let company = "(SELECT id FROM companies WHERE id = c.company_id)"
  /// What ``write(_:_:into:)`` reads, in this order.
  static let columns = """
    c.id, c.properties, \(company), c.creation_source, c.first_seen_at, c.first_touch, c.created_at, c.updated_at
    """
  /// The same with where each property comes from, behind the others.
  static let sourcedColumns = columns + ", " + Provenance.column("c", origin: "c.creation_source")
  /// What ``writeSummary(_:_:into:)`` reads, in this order.
  static let summaryColumns = """
    c.id, c.email, c.firstname, c.lastname, c.company, c.jobtitle, c.lifecyclestage, \(company), c.created_at
    """

  /// Writes the whole contact that the statement stands at, one object.
  ///
  /// - Parameter withProvenance: the statement has ``sourcedColumns``.
  static func write(
    _ contact: Statement, _ ids: RecordIDs, withProvenance: Bool = false, into payload: inout JSONWriter
  ) {
    payload.beginObject()
    writeMembers(contact, ids, withProvenance, into: &payload)
    payload.endObject()
  }

  private static func writeMembers(
    _ contact: Statement, _ ids: RecordIDs, _ withProvenance: Bool, into payload: inout JSONWriter
  ) {
    payload.recordID("_id", "contact_id", .contact, contact.integer(0), ids)
    payload.key("properties")
    payload.storedJSON(contact, 1)
    let company = contact.optionalInteger(2)
    payload.key("company_id")
    if let company { ids.write(.company, company, into: &payload) } else { payload.null() }
    payload.key("associations")
    payload.beginObject()
    payload.key("companies")
    payload.beginArray()
    if let company { ids.write(.company, company, into: &payload) }
    payload.endArray()
    payload.endObject()
    payload.key("creation_source")
    payload.text(contact, 3)
    payload.key("first_seen_at")
    payload.time(contact, 4)
    payload.storedMembers(contact, 5)
    payload.key("created_at")
    payload.time(contact, 6)
    payload.key("updated_at")
    payload.time(contact, 7)
    guard withProvenance else { return }
    payload.key("properties_provenance")
    payload.storedJSON(contact, 8)
  }

  /// Writes the short form of the contact that the statement stands at, one object of about 200 bytes.
  static func writeSummary(_ contact: Statement, _ ids: RecordIDs, into payload: inout JSONWriter) {
    payload.beginObject()
    payload.recordID("id", "contact_id", .contact, contact.integer(0), ids)
    for (position, name) in summaryNames.enumerated() {
      payload.key(name)
      payload.text(contact, Int32(position + 1))
    }
    payload.key("company_id")
    if contact.isNull(7) { payload.null() } else { ids.write(.company, contact.integer(7), into: &payload) }
    payload.key("created_at")
    payload.time(contact, 8)
    payload.endObject()
  }

  /// The contacts of these rows, in their order.
  static func statement(
    _ rows: [Int64], _ projection: ContactList.Projection, _ transaction: ReadTransaction
  ) throws(ServiceError) -> Statement {
    let statement = try transaction.database.statement("contacts by row", flags: UInt64(projection.rawValue)) {
      "SELECT \(ContactList.shape.projections[projection.rawValue].columns) "
        + "FROM json_each(?1) AS j CROSS JOIN contacts AS c ON c.id = j.value ORDER BY j.key"
    }
    statement.bind(rows: rows, at: 1)
    return statement
  }

  private static let summaryNames: [StaticString] = [
    "email", "firstname", "lastname", "company", "jobtitle", "lifecyclestage",
  ]

  /// Writes the contact of a row, one object; unless alone with its newest notes and the segments that it is in.
  ///
  /// - Throws: `NOT_FOUND` when there is none.
  static func write(
    row: Int64, isAlone: Bool = false, withProvenance: Bool = false, _ transaction: ReadTransaction,
    into payload: inout JSONWriter
  ) throws(ServiceError) {
    let statement = try transaction.database.statement("contact", flags: withProvenance ? 1 : 0) {
      "SELECT \(withProvenance ? sourcedColumns : columns) FROM contacts AS c WHERE c.id = ?1"
    }
    statement.bind(row, at: 1)
    guard try statement.step() else {
      statement.reset()
      throw .notFound("contact", transaction.ids.text(.contact, row))
    }
    payload.beginObject()
    writeMembers(statement, transaction.ids, withProvenance, into: &payload)
    // Before others are prepared, which may make room by dropping this one.
    statement.reset()
    if !isAlone {
      payload.key("segment_ids")
      try Segment.writeIDs(of: row, transaction, into: &payload)
      try Notes.writeNewest(ofContact: row, transaction, into: &payload)
    }
    payload.endObject()
  }
}

extension JSONWriter {
  /// The id of a row under both names that a record has for it.
  mutating func recordID(
    _ name: StaticString, _ other: StaticString, _ kind: RecordKind, _ row: Int64, _ ids: RecordIDs
  ) {
    ids.withText(kind, row) { id in
      key(name)
      raw(id)
      key(other)
      raw(id)
    }
  }
}
