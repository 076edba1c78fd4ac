internal import JSON
internal import Operations
internal import Platform
internal import Service

extension Handlers {
  static let pathboundSegments: [String: Handler] = [
    "pathbound_list_segments": .slowRead(listSegments), "pathbound_get_segment": .slowRead(getSegment),
    "pathbound_list_segment_contacts": .slowRead(listSegmentContacts),
    "pathbound_save_segment": .write(saveSegment), "pathbound_delete_segment": .write(deleteSegment),
  ]
}

/// `segments` with their counts, and `pagination` (Pathbound API 8).
private func listSegments(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  let page = PageRequest(arguments)
  payload.beginObject()
  try transaction.onOneState { () throws(ServiceError) in
    let segments = try Segment.page(page, transaction)
    let end = payload.count + RowList.byteLimit
    var omitted: Int64 = 0
    payload.key("segments")
    payload.beginArray()
    for segment in segments {
      guard omitted == 0 else {
        omitted += 1
        continue
      }
      let start = payload.mark()
      segment.write(count: try count(segment, transaction), transaction.ids, into: &payload)
      guard payload.count > end else { continue }
      payload.rewind(to: start)
      omitted = 1
    }
    payload.endArray()
    page.write(total: try transaction.database.integer("SELECT count(*) FROM segments") ?? 0, into: &payload)
    if omitted > 0 {
      payload.key("omitted")
      payload.integer(omitted)
    }
  }
  payload.endObject()
}

/// How many contacts match now; a filter that names a company which is gone matches nobody.
private func count(_ segment: Segment, _ transaction: ReadTransaction) throws(ServiceError) -> Int64 {
  do {
    return try ContactSelection(segment.filter, transaction).count(transaction)
  } catch {
    guard error.code == .notFound else { throw error }
    return 0
  }
}

/// `segment` with its count (API 8).
private func getSegment(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  payload.beginObject()
  payload.key("segment")
  try transaction.onOneState { () throws(ServiceError) in
    let segment = try Segment.load(arguments.text("segment_id") ?? "", transaction)
    segment.write(count: try count(segment, transaction), transaction.ids, into: &payload)
  }
  payload.endObject()
}

/// `segment_name`, `contacts`, newest first, and `pagination` (API 8).
private func listSegmentContacts(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  let page = PageRequest(arguments)
  let isSummary = arguments.text("fields") == "summary"
  payload.beginObject()
  try transaction.onOneState { () throws(ServiceError) in
    let segment = try Segment.load(arguments.text("segment_id") ?? "", transaction)
    let selection = try ContactSelection(segment.filter, transaction)
    payload.key("segment_name")
    payload.string(segment.name)
    var rows = RowList(limit: page.byteLimit)
    let (total, contacts) = try selection.page(page, transaction)
    try rows.write(
      "contacts", try ContactRecord.statement(contacts, isSummary ? .summary : .whole, transaction), into: &payload
    ) { contact, payload in
      if isSummary {
        ContactRecord.writeSummary(contact, transaction.ids, into: &payload)
      } else {
        ContactRecord.write(contact, transaction.ids, into: &payload)
      }
    }
    page.write(total: total, into: &payload)
    rows.writeOmission(
      advice: "\"Left out because the answer would be too long: use fields=summary or a smaller limit.\"",
      into: &payload)
  }
  payload.endObject()
}

// MARK: - Writes

/// `segment` as it now is, and whether it is new; what is not given stays.
private func saveSegment(
  _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
) throws(ServiceError) -> ClaimedAction? {
  let (arguments, reading) = (call.arguments, transaction.reading)
  guard let name = arguments.trimmedText("name") else { throw .invalid("/name", "A segment needs a name.") }
  try SizeLimit.check(name, SizeLimit.line, at: "/name")
  try SizeLimit.check(arguments.text("description"), SizeLimit.remark, at: "/description")
  let namesake = try Segment.find(name: name, reading)
  let old =
    if let id = arguments.trimmedText("segment_id") { try Segment.load(id, reading) as Segment? } else { namesake }
  if let old, let namesake, namesake.row != old.row {
    let id = transaction.ids.text(.segment, namesake.row)
    throw ServiceError(.conflict, "The segment \(id) has this name. Names tell segments apart; choose another.")
  }
  guard let filter = arguments["filter"]?.objectValue ?? old?.filter else {
    throw .invalid("/filter", "A new segment needs a filter, such as {\"lifecycle_stage\": \"lead\"}.")
  }
  let valid = try ContactFilter.checked(filter, at: "/filter", reading)
  let stored = try SizeLimit.serialized(valid, at: "/filter")
  let row = try store(
    name, arguments.text("description") ?? old?.summary, stored, in: old?.row, transaction)
  transaction.audit(.segment, row, before: old.map { JSONValue.object($0.filter).serialized() }, after: stored)
  payload.beginObject()
  payload.key("segment")
  try Segment.load(transaction.ids.text(.segment, row), reading)
    .write(count: nil, transaction.ids, into: &payload)
  payload.key("created")
  payload.bool(old == nil)
  payload.endObject()
  return nil
}

private func store(
  _ name: String, _ summary: String?, _ filter: [UInt8], in row: Int64?, _ transaction: WriteTransaction
) throws(ServiceError) -> Int64 {
  let statement = try transaction.database.statement(
    """
    INSERT INTO segments (id, name, name_key, description, filter, created_at, updated_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
    ON CONFLICT (id) DO UPDATE SET name = ?2, name_key = ?3, description = ?4, filter = ?5, updated_at = ?6
    """)
  statement.bind(row, at: 1)
  statement.bind(name, at: 2)
  statement.bind(Segment.key(name), at: 3)
  statement.bind(summary, at: 4)
  statement.bind(text: filter, at: 5)
  statement.bind(transaction.now.milliseconds, at: 6)
  try statement.run()
  return row ?? transaction.database.lastInsertedID
}

/// `segment_id` of what is gone; refused while an agent's filter names it, since the agent would select nobody.
private func deleteSegment(
  _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
) throws(ServiceError) -> ClaimedAction? {
  let id = call.arguments.text("segment_id") ?? ""
  let segment = try Segment.load(id, transaction.reading)
  let agents = try transaction.database.statement(
    "SELECT id, name FROM agents WHERE json_extract(monitoring, '$.filter.segment_id') = ?1 LIMIT 1")
  agents.bind(id, at: 1)
  let isMonitored = try agents.step()
  let agent = isMonitored ? "\(transaction.ids.text(.agent, agents.integer(0))) (\(agents.string(1)))" : ""
  agents.reset()
  guard !isMonitored else {
    throw ServiceError(
      .conflict, "The agent \(agent) monitors this segment. Give it another filter with pathbound_update_agent first.")
  }
  let statement = try transaction.database.statement("DELETE FROM segments WHERE id = ?1")
  statement.bind(segment.row, at: 1)
  try statement.run()
  transaction.audit(.segment, segment.row, before: JSONValue.object(segment.filter).serialized())
  payload.beginObject()
  payload.key("segment_id")
  transaction.ids.write(.segment, segment.row, into: &payload)
  payload.endObject()
  return nil
}
