internal import JSON
internal import Operations
internal import Platform
internal import Service

extension Handlers {
  static let pathboundContacts: [String: Handler] = [
    "pathbound_list_contacts": .read(listContacts, isQuick: ContactList.isQuick),
    "pathbound_get_contact": .quickRead(getContact),
    "pathbound_create_contact": .write(createContact),
    "pathbound_update_contact": .write(updateContact),
    "pathbound_delete_contact": .write(deleteContact),
  ]
}

/// `contacts` and `pagination`, or `count` (Pathbound API 5.3).
private func listContacts(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  let list = try ContactList(arguments, transaction)
  let ids = transaction.ids
  let write = { (row: Statement, payload: inout JSONWriter) throws(ServiceError) in
    if list.isSummary {
      ContactRecord.writeSummary(row, ids, into: &payload)
    } else {
      ContactRecord.write(row, ids, withProvenance: list.projection == .sourced, into: &payload)
    }
  }
  guard list.isJoined else {
    return try writeList(
      "contacts", ContactList.shape, list, arguments, transaction, into: &payload, advice: tooLong, row: write)
  }
  try transaction.onOneState { () throws(ServiceError) in
    try writeFound("contacts", list.finder(transaction), arguments, into: &payload, advice: tooLong, row: write)
  }
}

private let tooLong: StaticString =
  "\"Left out because the answer would be too long: use fields=summary, a smaller limit or a filter.\""

extension ContactList {
  /// Finds rows by several indexes.
  fileprivate func finder(_ transaction: ReadTransaction) -> RowFinder {
    RowFinder(
      total: { () throws(ServiceError) in try joinedTotal(transaction) },
      page: { (page) throws(ServiceError) in try joinedPage(page, transaction) },
      read: { (rows) throws(ServiceError) in
        try ContactRecord.statement(rows, projection, transaction)
      })
  }
}

/// `contact`, and unless `fields=summary` what belongs to it: `unified_profile`, `actions`, `events` (API 5.4).
private func getContact(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  let row = try transaction.ids.require(.contact, arguments.text("contact_id") ?? "")
  let isSourced = Provenance.isWanted(arguments)
  payload.beginObject()
  payload.key("contact")
  guard arguments.text("fields") != "summary" else {
    try ContactRecord.write(row: row, isAlone: true, withProvenance: isSourced, transaction, into: &payload)
    return payload.endObject()
  }
  let start = payload.count
  try transaction.onOneState { () throws(ServiceError) in
    try ContactRecord.write(row: row, withProvenance: isSourced, transaction, into: &payload)
    payload.key("unified_profile")
    try UnifiedProfile.write(row, transaction, into: &payload)
    let left = max(0, RowList.defaultByteLimit - (payload.count - start))
    try writeActions(of: row, bytes: left / 2, transaction, into: &payload)
    let rest = max(0, RowList.defaultByteLimit - (payload.count - start))
    try writeEvents(of: row, bytes: rest, transaction, into: &payload)
  }
  payload.endObject()
}

/// The last ten actions, newest first; the page of an action has its log.
private func writeActions(
  of contact: Int64, bytes: Int, _ transaction: ReadTransaction, into payload: inout JSONWriter
) throws(ServiceError) {
  let statement = try transaction.database.statement("actions of a contact", flags: 0) {
    "SELECT \(Actions.columns) FROM actions INDEXED BY actions_by_contact WHERE contact_id = ?1 ORDER BY id DESC LIMIT 10"
  }
  statement.bind(contact, at: 1)
  var rows = RowList(limit: bytes, keepsFirst: false)
  try rows.write("actions", statement, into: &payload) { action, payload in
    Actions.write(action, transaction.ids, into: &payload)
  }
}

/// The last twenty events, newest first.
private func writeEvents(
  of contact: Int64, bytes: Int, _ transaction: ReadTransaction, into payload: inout JSONWriter
) throws(ServiceError) {
  let statement = try transaction.database.statement("events of a contact", flags: 0) {
    "SELECT \(EventRecord.columns) FROM events AS e INDEXED BY events_by_contact \(EventRecord.joins) "
      + "WHERE e.contact_id = ?1 ORDER BY e.occurred_at DESC, e.id DESC LIMIT 20"
  }
  statement.bind(contact, at: 1)
  var cards = ContactCards(transaction)
  var rows = RowList(limit: bytes, keepsFirst: false)
  try rows.write("events", statement, into: &payload) { (event, payload) throws(ServiceError) in
    try EventRecord.write(event, transaction.ids, cards: &cards, into: &payload)
  }
}

/// `contact` as it was stored (API 5.2).
private func createContact(
  _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
) throws(ServiceError) -> ClaimedAction? {
  let arguments = call.arguments
  let company = try company(arguments, transaction)
  let row = try ContactChanges.create(
    email: arguments.text("email") ?? "", properties: arguments["properties"]?.objectValue ?? [:],
    visitors: arguments.texts("visitor_id"), company: company, source: "api", in: transaction)
  try writeContact(row, transaction, into: &payload)
  return nil
}

/// `contact` as it now is (API 5.4).
private func updateContact(
  _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
) throws(ServiceError) -> ClaimedAction? {
  let row = try transaction.ids.require(.contact, call.arguments.text("contact_id") ?? "")
  let properties = call.arguments["properties"]?.objectValue
  let visitors = call.arguments.texts("visitor_id")
  let company = try company(call.arguments, transaction)
  guard properties != nil || !visitors.isEmpty || company != nil else {
    throw ServiceError(.validation, "Nothing to change: give properties, visitor_id or company_id.")
  }
  try ContactChanges.merge(
    properties ?? [:], visitors: visitors, company: company, into: row, by: .api, in: transaction)
  try writeContact(row, transaction, into: &payload)
  return nil
}

/// The company that the contact is to belong to; nil when none is named.
private func company(_ arguments: JSONObject, _ transaction: WriteTransaction) throws(ServiceError) -> Int64? {
  try arguments.text("company_id").map { id throws(ServiceError) in try transaction.reading.require(.company, id) }
}

private func writeContact(
  _ row: Int64, _ transaction: WriteTransaction, into payload: inout JSONWriter
) throws(ServiceError) {
  payload.beginObject()
  payload.key("contact")
  try ContactRecord.write(row: row, transaction.reading, into: &payload)
  payload.endObject()
}

/// What was removed, and how many actions for it can't happen any more (API 5.4).
private func deleteContact(
  _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
) throws(ServiceError) -> ClaimedAction? {
  let row = try transaction.ids.require(.contact, call.arguments.text("contact_id") ?? "")
  let cancelled = try ContactChanges.delete(row, by: call.caller.client, in: transaction)
  payload.beginObject()
  payload.deleted("contact_id", .contact, row, transaction.ids)
  payload.key("cancelled_actions")
  payload.integer(Int64(cancelled))
  payload.endObject()
  return nil
}
