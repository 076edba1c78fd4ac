internal import JSON
internal import Operations
internal import Service

extension Handlers {
  static let pathboundBatch: [String: Handler] = [
    "pathbound_batch_get_details": .quickRead(batchDetails),
    "pathbound_batch_get_activity": .quickRead(batchActivity),
    "pathbound_aggregate": .slowRead(aggregate),
  ]
}

/// `contacts` or `companies`, in the order of the ids (Pathbound API 10).
private func batchDetails(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  let isOfContacts = arguments.text("entity_type") != "companies"
  let rows = known(arguments.texts("ids"), isOfContacts ? .contact : .company, transaction.ids)
  var list = RowList()
  payload.beginObject()
  if isOfContacts {
    let statement = try ContactRecord.statement(rows, .whole, transaction)
    try list.write("contacts", statement, into: &payload) { contact, payload in
      ContactRecord.write(contact, transaction.ids, into: &payload)
    }
  } else {
    let statement = try transaction.database.statement("companies by row", flags: 0) {
      "SELECT \(CompanyRecord.shape.columns) "
        + "FROM json_each(?1) AS j CROSS JOIN companies AS o ON o.id = j.value ORDER BY j.key"
    }
    statement.bind(rows: rows, at: 1)
    try list.write("companies", statement, into: &payload) { company, payload in
      CompanyRecord.shape.write(company, transaction.ids, into: &payload)
    }
  }
  list.writeOmission(advice: "\"Left out because the answer would be too long: ask for fewer ids.\"", into: &payload)
  payload.endObject()
}

/// The rows of ids that are ours, each once.
private func known(_ ids: [String], _ kind: RecordKind, _ codec: RecordIDs) -> [Int64] {
  var rows: [Int64] = []
  for id in ids {
    if let row = codec.row(kind, id), !rows.contains(row) { rows.append(row) }
  }
  return rows
}

/// `contact_count` and `activity` by contact (API 10): each has the same room, so that one with long addresses takes
/// nothing from the others.
private func batchActivity(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  let (after, before) = (try arguments.lowerBound("date_after"), try arguments.upperBound("date_before"))
  var contacts: [Int64] = []
  for id in arguments.texts("contact_ids") {
    guard let row = try transaction.existing(.contact, id), !contacts.contains(row) else { continue }
    contacts.append(row)
  }
  let events = ContactEvents(
    limit: arguments["events_limit"]?.integerValue ?? 5, after: after ?? .min, before: before ?? .max,
    byteLimit: RowList.byteLimit / max(1, contacts.count) - ContactEvents.frame)
  payload.beginObject()
  payload.key("contact_count")
  payload.integer(Int64(contacts.count))
  payload.key("activity")
  payload.beginObject()
  try transaction.onOneState { () throws(ServiceError) in
    for contact in contacts {
      payload.key(transaction.ids.text(.contact, contact))
      try events.write(of: contact, transaction, into: &payload)
    }
  }
  payload.endObject()
  payload.endObject()
}

/// The latest events of one contact, and how many there are.
private struct ContactEvents {
  /// Bytes around the events of one contact.
  static let frame = 120
  private static let longestURL = 500
  private static let longestTitle = 200
  let limit: Int64
  let after: Int64
  let before: Int64
  let byteLimit: Int

  /// Writes `events` and `total_events`, one object.
  func write(of contact: Int64, _ transaction: ReadTransaction, into payload: inout JSONWriter) throws(ServiceError) {
    let statement = try transaction.database.statement(
      """
      SELECT e.id, e.name, p.url, e.occurred_at, json_extract(e.data, '$.title')
      FROM events AS e INDEXED BY events_by_contact LEFT JOIN pages AS p ON p.id = e.page_id
      WHERE e.contact_id = ?1 AND e.occurred_at BETWEEN ?2 AND ?3 ORDER BY e.occurred_at DESC, e.id DESC LIMIT ?4
      """)
    bind(statement, contact)
    statement.bind(limit, at: 4)
    var rows = RowList(limit: byteLimit, keepsFirst: false)
    payload.beginObject()
    try rows.write("events", statement, into: &payload) { event, payload in
      payload.beginObject()
      payload.key("id")
      transaction.ids.write(.event, event.integer(0), into: &payload)
      payload.key("event")
      payload.text(event, 1)
      Self.writeText("url", event, 2, Self.longestURL, into: &payload)
      payload.key("timestamp")
      payload.time(event, 3)
      Self.writeText("title", event, 4, Self.longestTitle, into: &payload)
      payload.endObject()
    }
    payload.key("total_events")
    payload.integer(try total(of: contact, transaction, seen: Int64(rows.met)))
    payload.endObject()
  }

  /// A text that is cut where it is long; null where there is none.
  private static func writeText(
    _ name: StaticString, _ event: Statement, _ column: Int32, _ limit: Int, into payload: inout JSONWriter
  ) {
    guard event.text(column).isEmpty else { return payload.short(name, event, column, limit) }
    payload.key(name)
    payload.null()
  }

  private func total(of contact: Int64, _ transaction: ReadTransaction, seen: Int64) throws(ServiceError) -> Int64 {
    guard seen == limit else { return seen }
    let statement = try transaction.database.statement(
      """
      SELECT count(*) FROM events INDEXED BY events_by_contact WHERE contact_id = ?1 AND occurred_at BETWEEN ?2 AND ?3
      """)
    bind(statement, contact)
    defer { statement.reset() }
    return try statement.step() ? statement.integer(0) : 0
  }

  private func bind(_ statement: Statement, _ contact: Int64) {
    statement.bind(contact, at: 1)
    statement.bind(after, at: 2)
    statement.bind(before, at: 3)
  }
}

/// `groups` with their counts, `total_groups`, `total` and `group_by` (API 10).
private func aggregate(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  let entity = arguments.text("entity") ?? ""
  let filters = arguments["filters"]?.objectValue ?? [:]
  let dimension = arguments.text("group_by") ?? ""
  let limit = Int(PageRequest(arguments).limit)
  payload.beginObject()
  payload.key("entity")
  payload.string(entity)
  payload.key("group_by")
  payload.string(dimension)
  try transaction.onOneState { () throws(ServiceError) in
    switch entity {
    case "events":
      let groups = try EventGroups(by: dimension, filters, transaction)
      try groups.write(limit, into: &payload)
    case "contacts":
      try PeopleGroups.contacts(by: dimension, filters, transaction).write(limit, into: &payload)
    default:
      try PeopleGroups.companies(by: dimension, filters, transaction).write(limit, into: &payload)
    }
  }
  payload.endObject()
}
