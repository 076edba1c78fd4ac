internal import JSON
internal import Operations
internal import Service

extension Handlers {
  static let pathboundEvents: [String: Handler] = [
    "pathbound_list_events": .read(listEvents, isQuick: EventList.isQuick),
    "pathbound_track_events": .write(trackEvents),
  ]
}

/// `events` and `pagination`, or `count` (Pathbound API 7.2).
private func listEvents(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  let list = try EventList(arguments, transaction.ids)
  let ids = transaction.ids
  var cards = ContactCards(transaction)
  try writeList(
    "events", EventList.shape, list, arguments, transaction, into: &payload,
    advice: "\"Left out because the answer would be too long: use fields=summary, a smaller limit or a filter.\""
  ) { (row, payload) throws(ServiceError) in
    if list.isSummary {
      EventRecord.writeSummary(row, ids, into: &payload)
    } else {
      try EventRecord.write(row, ids, cards: &cards, into: &payload)
    }
  }
}

/// `received` and `event_ids`, in the order of the events (API 14.2); all are stored, or none.
private func trackEvents(
  _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
) throws(ServiceError) -> ClaimedAction? {
  guard case .array(let envelopes)? = call.arguments["events"], !envelopes.isEmpty else {
    throw .invalid("/events", "Give at least one event.")
  }
  var drafts: [EventDraft] = []
  drafts.reserveCapacity(envelopes.count)
  for (position, envelope) in envelopes.enumerated() {
    guard case .object(let members) = envelope else { throw .invalid("/events/\(position)", "Must be an object.") }
    drafts.append(try EventDraft(members, at: "/events/\(position)", transaction))
  }
  payload.beginObject()
  payload.key("received")
  payload.integer(Int64(drafts.count))
  payload.key("event_ids")
  payload.beginArray()
  for draft in drafts {
    let row = try draft.store(in: transaction)
    transaction.ids.write(.event, row, into: &payload)
    transaction.audit(.event, row)
  }
  payload.endArray()
  payload.endObject()
  return nil
}
