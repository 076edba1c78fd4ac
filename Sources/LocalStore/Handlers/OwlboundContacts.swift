internal import JSON
internal import Platform
internal import Service

extension Handlers {
  static let owlboundContacts: [String: Handler] = [
    "owlbound_list_contacts": .read(listContacts, isQuick: OwlContactList.isQuick),
    "owlbound_search_contacts": .slowRead(searchContacts), "owlbound_get_contact": .quickRead(getContact),
    "owlbound_create_contact": .write(createContact), "owlbound_update_contact": .write(updateContact),
    "owlbound_archive_contact": .write(archiveContact),
  ]
}

/// `contacts`, `hasMore` and `nextCursor` (Owlbound API 8.2).
private func listContacts(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  let list = try OwlContactList(arguments, transaction.ids)
  try transaction.onOneState { () throws(ServiceError) in try list.write(transaction, into: &payload) }
}

/// `contacts`, best match first, archived ones left out (Owlbound API 8.4).
private func searchContacts(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  let words = try SearchText.prefixWords(arguments.text("query") ?? "", at: "/query")
  guard !words.isEmpty else {
    throw .invalid("/query", "The query holds no letter or digit to look for.")
  }
  let status = arguments.text("status")
  let isCommon = try OwlContactSearch.areCommon(words, transaction)
  let flags: UInt64 = (status == nil ? 0 : 1) | (isCommon ? 2 : 0)
  let statement = try transaction.database.statement("search", flags: flags) {
    OwlContactSearch.sql(hasStatus: status != nil, isCommon: isCommon)
  }
  let limit = min(max(1, arguments["limit"]?.integerValue ?? 25), 100)
  statement.bind(words.joined(separator: " "), at: 1)
  if let status { statement.bind(status, at: 2) }
  statement.bind(limit, at: 3)
  payload.beginObject()
  var rows = RowList(limit: limit <= 25 ? RowList.defaultByteLimit : RowList.byteLimit)
  try rows.write("contacts", statement, into: &payload) { contact, payload in
    payload.beginObject()
    OwlContactRecord.writeMembers(contact, transaction.ids, into: &payload)
    payload.endObject()
  }
  rows.writeOmission(
    advice: "\"Left out because the answer would be too long: use more words, status or a smaller limit.\"",
    into: &payload)
  payload.endObject()
}

/// `contact` with enrichment, scores and connection status; archived ones are given with their flag (API 8.5).
private func getContact(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  let row = try transaction.ids.require(.owlContact, arguments.text("id") ?? "")
  payload.beginObject()
  payload.key("contact")
  try transaction.onOneState { () throws(ServiceError) in
    try OwlContactRecord.write(row: row, transaction, into: &payload)
  }
  payload.endObject()
}

/// `contactId` (API 8.3).
private func createContact(
  _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
) throws(ServiceError) -> ClaimedAction? {
  let change = try OwlContactChange(call.arguments)
  let row = try change.insert(transaction)
  transaction.audit(.owlContact, row, after: change.record)
  payload.beginObject()
  payload.key("contactId")
  transaction.ids.write(.owlContact, row, into: &payload)
  payload.endObject()
  return nil
}

/// `contact` as it now is (API 8.5).
private func updateContact(
  _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
) throws(ServiceError) -> ClaimedAction? {
  let row = try transaction.ids.require(.owlContact, call.arguments.text("id") ?? "")
  var change = try OwlContactChange(call.arguments)
  guard !change.isEmpty else {
    throw ServiceError(.validation, "Give at least one field to change, such as status or tags.")
  }
  let before = try change.update(row, transaction)
  transaction.audit(.owlContact, row, before: OwlContactChange.record(before), after: change.record)
  payload.beginObject()
  payload.key("contact")
  try OwlContactRecord.write(row: row, transaction.reading, into: &payload)
  payload.endObject()
  return nil
}

/// `contactId` and `archived`; archiving twice changes nothing (API 8.5).
private func archiveContact(
  _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
) throws(ServiceError) -> ClaimedAction? {
  let row = try transaction.reading.require(.owlContact, call.arguments.text("id") ?? "")
  let reason = call.arguments.trimmedText("reason")
  try SizeLimit.check(reason, SizeLimit.remark, at: "/reason")
  let statement = try transaction.database.statement(
    """
    UPDATE owl_contacts SET archived_at = ?2, archive_reason = ?3, updated_at = ?2
    WHERE id = ?1 AND archived_at IS NULL
    """)
  statement.bind(row, at: 1)
  statement.bind(transaction.now.milliseconds, at: 2)
  statement.bind(reason, at: 3)
  try statement.run()
  transaction.audit(
    .owlContact, row,
    after: JSONValue.object(["archived": true, "reason": reason.map { .string($0) } ?? .null]).serialized())
  payload.beginObject()
  payload.key("contactId")
  transaction.ids.write(.owlContact, row, into: &payload)
  payload.key("archived")
  payload.bool(true)
  payload.endObject()
  return nil
}
