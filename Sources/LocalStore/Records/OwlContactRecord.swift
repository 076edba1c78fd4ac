internal import JSON
internal import Service

/// An Owlbound contact as it is shown (Owlbound API 8.1); times are epoch milliseconds.
enum OwlContactRecord {
  /// What ``writeMembers(_:_:into:)`` reads, in this order.
  static let columns = """
    c.id, c.first_name, c.last_name, c.email, c.phone, c.linkedin_url, c.company, c.title, c.location, c.source, c.tags, \
    c.notes, c.status, c.score, c.activity_score, c.created_at, c.updated_at, c.archived_at, c.archive_reason
    """

  private static let texts: [(key: StaticString, column: Int32)] = [
    ("firstName", 1), ("lastName", 2), ("email", 3), ("phone", 4), ("linkedInUrl", 5), ("company", 6), ("title", 7),
    ("location", 8), ("source", 9), ("notes", 11), ("status", 12),
  ]

  /// Writes the members of the contact that the statement stands at.
  static func writeMembers(_ contact: Statement, _ ids: RecordIDs, into payload: inout JSONWriter) {
    payload.key("id")
    ids.write(.owlContact, contact.integer(0), into: &payload)
    for (key, column) in texts {
      payload.key(key)
      payload.text(contact, column)
    }
    payload.key("tags")
    payload.storedJSON(contact, 10)
    payload.key("score")
    if contact.isNull(13) { payload.null() } else { payload.integer(contact.integer(13)) }
    payload.key("activityScore")
    if contact.isNull(14) { payload.null() } else { payload.number(contact.double(14)) }
    payload.key("createdAt")
    payload.integer(contact.integer(15))
    payload.key("updatedAt")
    payload.integer(contact.integer(16))
    payload.key("archived")
    payload.bool(!contact.isNull(17))
    if !contact.isNull(17) {
      payload.key("archivedAt")
      payload.integer(contact.integer(17))
      payload.key("archiveReason")
      payload.text(contact, 18)
    }
  }

  /// Writes the contact of a row with what only the single read has: enrichment, scores, connection status (API 8.1).
  ///
  /// - Throws: `NOT_FOUND` when there is none.
  static func write(
    row: Int64, _ transaction: ReadTransaction, into payload: inout JSONWriter
  ) throws(ServiceError) {
    let statement = try transaction.database.statement("owl contact", flags: 0) {
      """
      SELECT \(columns), c.enrichment, json_extract(c.enrichment, '$.connection_status.connectionStatus')
      FROM owl_contacts AS c WHERE c.id = ?1
      """
    }
    statement.bind(row, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { throw .notFound("contact", transaction.ids.text(.owlContact, row)) }
    payload.beginObject()
    writeMembers(statement, transaction.ids, into: &payload)
    payload.key("enrichment")
    payload.storedJSON(statement, 19)
    try writeScores(of: row, transaction, into: &payload)
    try Enrollments.writeList(ofContact: row, transaction, into: &payload)
    // Nothing local looks at LinkedIn: unless a provider has told, nobody knows.
    payload.key("connectionStatus")
    if statement.isNull(20) { payload.raw("\"unknown\"") } else { payload.text(statement, 20) }
    payload.endObject()
  }

  private static func writeScores(
    of row: Int64, _ transaction: ReadTransaction, into payload: inout JSONWriter
  ) throws(ServiceError) {
    let statement = try transaction.database.statement(
      """
      SELECT s.profile_id, p.name, s.score, s.verdict, s.breakdown, s.reasoning, s.scored_at, (
        SELECT json_group_array(json_object('score', score, 'verdict', verdict, 'scoredAt', scored_at)) FROM (
          SELECT score, verdict, scored_at FROM score_history AS h
          WHERE h.contact_id = s.contact_id AND h.profile_id = s.profile_id ORDER BY h.id DESC LIMIT 5))
      FROM scores AS s CROSS JOIN icp_profiles AS p ON p.id = s.profile_id
      WHERE s.contact_id = ?1 ORDER BY s.profile_id
      """)
    statement.bind(row, at: 1)
    var rows = RowList(limit: 16_000)
    try rows.write("scores", statement, into: &payload) { score, payload in
      payload.beginObject()
      payload.key("icpProfileId")
      transaction.ids.write(.profile, score.integer(0), into: &payload)
      payload.key("icpProfileName")
      payload.text(score, 1)
      writeScore(score, from: 2, into: &payload)
      // Newest first; the first is the present one.
      payload.key("history")
      payload.storedJSON(score, 7)
      payload.endObject()
    }
    rows.writeOmission(advice: "\"The scores against further profiles are left out.\"", into: &payload)
  }

  /// Writes `score`, `verdict`, `breakdown`, `reasoning` and `scoredAt` from columns in this order.
  static func writeScore(_ row: Statement, from first: Int32, into payload: inout JSONWriter) {
    payload.key("score")
    payload.integer(row.integer(first))
    payload.key("verdict")
    payload.text(row, first + 1)
    payload.key("breakdown")
    payload.storedJSON(row, first + 2)
    payload.key("reasoning")
    payload.text(row, first + 3)
    payload.key("scoredAt")
    payload.integer(row.integer(first + 4))
  }
}
