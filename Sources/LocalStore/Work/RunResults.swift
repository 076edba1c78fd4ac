internal import JSON
internal import Service

/// What a run found, contact by contact (Pathbound API 12.4): at most 25, those first who have something to decide,
/// then those with other proposals, then the rest, each in the order in which they were looked at.
struct RunResults {
  let run: Int64
  let transaction: ReadTransaction

  private static let limit: Int64 = 25

  /// Writes `contact_results`.
  func write(into payload: inout JSONWriter) throws(ServiceError) {
    let statement = try transaction.database.statement(
      """
      SELECT r.contact_id, r.reasoning, r.error, r.proposals, c.id, c.email, c.firstname, c.lastname, c.company
      FROM run_contacts AS r LEFT JOIN contacts AS c ON c.id = r.contact_id
      WHERE r.run_id = ?1 AND r.is_done = 1
      ORDER BY EXISTS (SELECT 1 FROM run_proposals AS p WHERE p.run_id = r.run_id AND p.contact_id = r.contact_id
        AND p.status = 'pending_approval') DESC, r.proposals > 0 DESC, r.position
      LIMIT ?2
      """)
    statement.bind(run, at: 1)
    statement.bind(Self.limit, at: 2)
    var list = RowList()
    try list.write("contact_results", statement, into: &payload) { row, payload throws(ServiceError) in
      try write(row, into: &payload)
    }
    list.writeOmission(
      advice: "\"The answer would have been too long; decide on these, then ask again for the others.\"",
      into: &payload)
  }

  private func write(_ row: Statement, into payload: inout JSONWriter) throws(ServiceError) {
    payload.beginObject()
    payload.key("contact_id")
    transaction.ids.write(.contact, row.integer(0), into: &payload)
    if !row.isNull(4) {
      payload.key("contact")
      payload.beginObject()
      payload.optionalText("email", row, 5)
      payload.optionalText("firstname", row, 6)
      payload.optionalText("lastname", row, 7)
      payload.optionalText("company", row, 8)
      payload.endObject()
    }
    payload.optionalText("reasoning", row, 1)
    payload.optionalText("error", row, 2)
    if row.integer(3) > 0 {
      try writeProposals(of: row.integer(0), into: &payload)
    } else {
      payload.key("proposed_actions")
      payload.raw("[]")
    }
    payload.endObject()
  }

  /// Writes `proposed_actions` of one person; one that became an action shows the action's status.
  ///
  /// - Parameter isBrief: leaves out the parameters, for who has just given them.
  func writeProposals(
    of contact: Int64, isBrief: Bool = false, into payload: inout JSONWriter
  ) throws(ServiceError) {
    payload.key("proposed_actions")
    payload.beginArray()
    let statement = try transaction.database.statement(
      """
      SELECT p.action_index, p.type, coalesce(a.params, p.params), coalesce(a.status, p.status), p.action_id, p.comment
      FROM run_proposals AS p LEFT JOIN actions AS a ON a.id = p.action_id
      WHERE p.run_id = ?1 AND p.contact_id = ?2 ORDER BY p.action_index
      """)
    statement.bind(run, at: 1)
    statement.bind(contact, at: 2)
    defer { statement.reset() }
    while try statement.step() {
      payload.beginObject()
      payload.key("action_index")
      payload.integer(statement.integer(0))
      payload.key("type")
      payload.text(statement, 1)
      if !isBrief {
        payload.key("params")
        payload.storedJSON(statement, 2)
      }
      payload.key("status")
      payload.text(statement, 3)
      payload.optionalID("action_id", .action, statement, 4, transaction.ids)
      payload.optionalText("comment", statement, 5)
      payload.endObject()
    }
    payload.endArray()
  }
}
