internal import JSON
internal import Platform
internal import Service

/// Who a contact is and what happened so far, at one glance: `unified_profile` of a contact and of an agent's context.
///
/// The API names the object but not its members (Pathbound API 5.4); these are ours.
enum UnifiedProfile {
  /// What "recently" means for a count of events.
  static let recent: Int64 = 30 * 86_400_000

  /// Writes the profile of a row, one object.
  ///
  /// - Throws: `NOT_FOUND` when there is no such contact.
  static func write(
    _ row: Int64, _ transaction: ReadTransaction, into payload: inout JSONWriter
  ) throws(ServiceError) {
    let statement = try transaction.database.statement(
      """
      SELECT c.email, c.firstname, c.lastname, c.jobtitle, c.lifecyclestage, c.company, c.first_touch,
        o.id, o.name, o.domain, o.industry,
        (SELECT count(*) FROM events INDEXED BY events_by_contact WHERE contact_id = c.id),
        (SELECT count(*) FROM events INDEXED BY events_by_contact WHERE contact_id = c.id AND occurred_at >= ?2),
        (SELECT min(occurred_at) FROM events INDEXED BY events_by_contact WHERE contact_id = c.id),
        (SELECT max(occurred_at) FROM events INDEXED BY events_by_contact WHERE contact_id = c.id),
        (SELECT count(*) FROM mails INDEXED BY mails_by_contact WHERE contact_id = c.id),
        (SELECT max(sent_at) FROM mails INDEXED BY mails_by_contact WHERE contact_id = c.id)
      FROM contacts AS c LEFT JOIN companies AS o ON o.id = c.company_id WHERE c.id = ?1
      """)
    statement.bind(row, at: 1)
    statement.bind(transaction.now.adding(milliseconds: -recent).milliseconds, at: 2)
    defer { statement.reset() }
    guard try statement.step() else { throw .notFound("contact", transaction.ids.text(.contact, row)) }
    payload.beginObject()
    payload.key("contact_id")
    transaction.ids.write(.contact, row, into: &payload)
    payload.key("email")
    payload.text(statement, 0)
    payload.key("name")
    payload.string(name(statement, 1, 2))
    payload.key("job_title")
    payload.text(statement, 3)
    payload.key("lifecycle_stage")
    payload.text(statement, 4)
    writeCompany(statement, transaction.ids, into: &payload)
    payload.key("first_touch")
    payload.storedJSON(statement, 6)
    writeActivity(statement, into: &payload)
    payload.endObject()
  }

  private static func writeCompany(_ row: Statement, _ ids: RecordIDs, into payload: inout JSONWriter) {
    payload.key("company")
    guard !row.isNull(7) || !row.isNull(5) else { return payload.null() }
    payload.beginObject()
    if !row.isNull(7) {
      payload.key("_id")
      ids.write(.company, row.integer(7), into: &payload)
      payload.key("domain")
      payload.text(row, 9)
      payload.key("industry")
      payload.text(row, 10)
    }
    payload.key("name")
    payload.text(row, row.isNull(8) ? 5 : 8)
    payload.endObject()
  }

  private static func writeActivity(_ row: Statement, into payload: inout JSONWriter) {
    let counts: [(StaticString, Int32)] = [("total_events", 11), ("events_last_30_days", 12), ("emails_sent", 15)]
    for (key, column) in counts {
      payload.key(key)
      payload.integer(row.integer(column))
    }
    let times: [(StaticString, Int32)] = [("first_event_at", 13), ("last_event_at", 14), ("last_email_at", 16)]
    for (key, column) in times {
      payload.key(key)
      payload.time(row, column)
    }
  }

  /// First and last name, as far as they are known.
  static func name(_ row: Statement, _ first: Int32, _ last: Int32) -> String {
    let first = row.string(first)
    let last = row.string(last)
    return first.isEmpty ? last : last.isEmpty ? first : "\(first) \(last)"
  }
}
