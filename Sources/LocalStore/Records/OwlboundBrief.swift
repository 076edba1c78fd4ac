internal import JSON
internal import Service

/// What Owlbound knows of a person, in short.
struct OwlboundBrief {
  let row: Int64
  let transaction: ReadTransaction

  /// Writes one object of a few thousand bytes at most.
  func write(into payload: inout JSONWriter, _ notes: inout NextSteps) throws(ServiceError) {
    payload.beginObject()
    payload.key("id")
    transaction.ids.write(.owlContact, row, into: &payload)
    try writePerson(into: &payload)
    try writeScores(into: &payload, &notes)
    try writeSignals(into: &payload, &notes)
    payload.endObject()
  }

  private func statement(_ sql: StaticString) throws(ServiceError) -> Statement {
    let statement = try transaction.database.statement(sql)
    statement.bind(row, at: 1)
    return statement
  }

  private func writePerson(into payload: inout JSONWriter) throws(ServiceError) {
    let person = try statement(
      """
      SELECT trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')), email, title, company, location, phone,
        linkedin_url, status, notes, tags, score, archived_at IS NOT NULL FROM owl_contacts WHERE id = ?1
      """)
    defer { person.reset() }
    guard try person.step() else { throw .notFound("contact", transaction.ids.text(.owlContact, row)) }
    let texts: [(StaticString, Int32)] = [
      ("name", 0), ("email", 1), ("title", 2), ("company", 3), ("location", 4), ("phone", 5), ("linkedInUrl", 6),
      ("status", 7),
    ]
    for (name, column) in texts { payload.short(name, person, column) }
    payload.short("notes", person, 8, 240)
    payload.shortJSON("tags", person, 9, 160)
    payload.key("score")
    if person.isNull(10) { payload.null() } else { payload.integer(person.integer(10)) }
    payload.key("archived")
    payload.bool(person.bool(11))
  }

  private func writeScores(into payload: inout JSONWriter, _ notes: inout NextSteps) throws(ServiceError) {
    let scores = try statement(
      """
      SELECT p.id, p.name, s.score, s.verdict, s.reasoning, s.scored_at
      FROM scores AS s CROSS JOIN icp_profiles AS p ON p.id = s.profile_id
      WHERE s.contact_id = ?1 ORDER BY s.scored_at DESC LIMIT 2
      """)
    var rows = RowList(limit: 1400, keepsFirst: false)
    try rows.write("scores", scores, into: &payload) { score, payload in
      payload.beginObject()
      payload.key("icpProfileId")
      transaction.ids.write(.profile, score.integer(0), into: &payload)
      payload.short("icpProfileName", score, 1)
      payload.key("score")
      payload.integer(score.integer(2))
      payload.short("verdict", score, 3)
      payload.short("reasoning", score, 4, 480)
      payload.key("scoredAt")
      payload.integer(score.integer(5))
      payload.endObject()
    }
    notes.isScored = rows.met > 0
  }

  private func writeSignals(into payload: inout JSONWriter, _ notes: inout NextSteps) throws(ServiceError) {
    let signals = try statement(
      """
      SELECT type, priority, source, data, notes, actioned_at IS NOT NULL, created_at
      FROM signals INDEXED BY signals_by_contact WHERE contact_id = ?1 ORDER BY id DESC LIMIT 5
      """)
    var rows = RowList(limit: 2000, keepsFirst: false)
    var open: [String] = []
    try rows.write("signals", signals, into: &payload) { signal, payload in
      payload.beginObject()
      payload.short("type", signal, 0)
      payload.short("priority", signal, 1)
      payload.short("source", signal, 2, 60)
      payload.shortJSON("data", signal, 3, 280)
      payload.short("notes", signal, 4)
      payload.key("actioned")
      payload.bool(signal.bool(5))
      payload.key("createdAt")
      payload.integer(signal.integer(6))
      payload.endObject()
      if !signal.bool(5) { open.append("\(signal.string(0)) (\(signal.string(1)))") }
    }
    notes.openSignals = open
  }
}
