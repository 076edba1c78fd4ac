internal import JSON
internal import Operations
internal import Platform
internal import Service

extension Handlers {
  static let pathboundEvents: [String: Handler] = [
    "pathbound_list_events": .read(listEvents, isQuick: EventList.isQuick),
    "pathbound_get_event": .quickRead(getEvent),
    "pathbound_list_event_types": .quickRead(listEventTypes),
    "pathbound_get_event_stats": .slowRead(getEventStats),
    "pathbound_track_events": .preparedWrite(trackEvents),
  ]
}

/// `events` and `pagination`, or `count` (Pathbound API 7.2).
private func listEvents(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  let list = try EventList(arguments, transaction.ids).checked(transaction)
  let ids = transaction.ids
  var cards = ContactCards(transaction, withProvenance: Provenance.isWanted(arguments))
  let write = { (row: Statement, payload: inout JSONWriter) throws(ServiceError) in
    if list.isSummary {
      EventRecord.writeSummary(row, ids, into: &payload)
    } else {
      try EventRecord.write(row, ids, cards: &cards, into: &payload)
    }
  }
  guard !list.isIndexed else {
    return try writeList(
      "events", EventList.shape, list, arguments, transaction, into: &payload, advice: tooLong, row: write)
  }
  try transaction.onOneState { () throws(ServiceError) in
    try writeFound("events", list.finder(transaction), arguments, into: &payload, advice: tooLong, row: write)
  }
}

private let tooLong: StaticString =
  "\"Left out because the answer would be too long: use fields=summary, a smaller limit or a filter.\""

extension EventList {
  /// Finds rows in columns.
  fileprivate func finder(_ transaction: ReadTransaction) -> RowFinder {
    RowFinder(
      total: { () throws(ServiceError) in try scannedTotal(transaction) },
      page: { (page) throws(ServiceError) in try scannedPage(page, transaction) },
      read: { (rows) throws(ServiceError) in
        let statement = try transaction.database.statement("events by row", flags: isSummary ? 1 : 0) {
          EventList.byRow(isSummary: isSummary)
        }
        statement.bind(rows: rows, at: 1)
        return statement
      })
  }
}

/// `event` with what only the tracker's envelope says, under the tracker's names (Pathbound API 7.1, 14.2).
private func getEvent(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  let id = arguments.text("event_id") ?? ""
  let row = try transaction.ids.require(.event, id)
  let statement = try transaction.database.statement("event", flags: 0) {
    "SELECT \(EventRecord.columns), \(EventRecord.envelopeColumns) FROM events AS e \(EventRecord.joins) WHERE e.id = ?1"
  }
  statement.bind(row, at: 1)
  defer { statement.reset() }
  guard try statement.step() else { throw .notFound("event", id) }
  var cards = ContactCards(transaction)
  payload.beginObject()
  payload.key("event")
  try EventRecord.write(statement, transaction.ids, cards: &cards, withEnvelope: true, into: &payload)
  payload.endObject()
}

/// `event_types`, the commonest first (API 7.2).
private func listEventTypes(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  let statement = try transaction.database.statement(
    "SELECT name, events, last_seen_at FROM event_names ORDER BY events DESC, name LIMIT 1000")
  payload.beginObject()
  var rows = RowList(limit: RowList.defaultByteLimit)
  try rows.write("event_types", statement, into: &payload) { type, payload in
    payload.beginObject()
    payload.key("event")
    payload.text(type, 0)
    payload.key("count")
    payload.integer(type.integer(1))
    payload.key("last_seen")
    payload.time(type, 2)
    payload.endObject()
  }
  rows.writeOmission(
    advice: "\"Rarer names were left out; pathbound_list_events finds one by event_type.\"", into: &payload)
  payload.endObject()
}

/// `stats` (API 7.2).
private func getEventStats(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  var stats = EventStats()
  try transaction.onOneState { () throws(ServiceError) in
    let scan = EventScan(transaction)
    let list = try EventList(arguments, transaction.ids)
    try stats.gather(try list.criteria(scan, transaction), scan, transaction)
    payload.beginObject()
    payload.key("stats")
    try stats.write(scan, into: &payload)
    payload.endObject()
  }
}

/// `received` and `event_ids`, in the order of the events (API 14.2); all are stored, or none.
///
/// What needs no look at the data is done before the writer's turn comes.
private func trackEvents(_ call: Call, _ now: Timestamp) throws(ServiceError) -> WriteHandler {
  guard case .array(let envelopes)? = call.arguments["events"], !envelopes.isEmpty else {
    throw .invalid("/events", "Give at least one event.")
  }
  var drafts: [EventDraft] = []
  drafts.reserveCapacity(envelopes.count)
  for (position, envelope) in envelopes.enumerated() {
    guard case .object(let members) = envelope else { throw .invalid("/events/\(position)", "Must be an object.") }
    drafts.append(try EventDraft(members, at: "/events/\(position)", now: now.milliseconds))
  }
  return storing(drafts)
}

private func storing(_ drafts: [EventDraft]) -> WriteHandler {
  { transaction, _, payload throws(ServiceError) in
    var contacts: [Int64?] = []
    contacts.reserveCapacity(drafts.count)
    for draft in drafts { contacts.append(try draft.namedContact(in: transaction)) }
    payload.beginObject()
    payload.key("received")
    payload.integer(Int64(drafts.count))
    payload.key("event_ids")
    payload.beginArray()
    for (draft, contact) in zip(drafts, contacts) {
      let row = try draft.store(for: contact, in: transaction)
      transaction.ids.write(.event, row, into: &payload)
      transaction.audit(.event, row)
    }
    payload.endArray()
    payload.endObject()
    return nil
  }
}
