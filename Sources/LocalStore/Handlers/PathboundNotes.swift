internal import JSON
internal import Service

/// Notes of contacts and companies work alike: the argument that names the owner tells which it is.
extension Handlers {
  static let pathboundNotes: [String: Handler] = [
    "pathbound_list_contact_notes": .quickRead(listNotes), "pathbound_create_contact_note": .write(createNote),
    "pathbound_update_contact_note": .write(updateNote), "pathbound_delete_contact_note": .write(deleteNote),
    "pathbound_list_company_notes": .quickRead(listNotes), "pathbound_create_company_note": .write(createNote),
    "pathbound_update_company_note": .write(updateNote), "pathbound_delete_company_note": .write(deleteNote),
  ]
}

/// `notes`, newest first; all of them unless a page is asked for (Pathbound API 2.4).
private func listNotes(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  let isPaged = arguments.contains("page") || arguments.contains("limit")
  let owner = try Notes.Owner(arguments, transaction)
  payload.beginObject()
  try Notes.writeAll(of: owner, isPaged ? PageRequest(arguments) : nil, transaction, into: &payload)
  payload.endObject()
}

/// `note` as it was stored (API 5.4).
private func createNote(
  _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
) throws(ServiceError) -> ClaimedAction? {
  let owner = try Notes.Owner(call.arguments, transaction.reading)
  let content = call.arguments.text("content") ?? ""
  let row = try Notes.add(content, to: owner, by: call.caller.client, in: transaction)
  try Notes.writeAlone(row, transaction.reading, into: &payload)
  return nil
}

/// `note` as it now is.
private func updateNote(
  _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
) throws(ServiceError) -> ClaimedAction? {
  let owner = try Notes.Owner(call.arguments, transaction.reading)
  let content = call.arguments.text("content") ?? ""
  let row = try Notes.update(call.arguments.text("note_id") ?? "", of: owner, to: content, in: transaction)
  try Notes.writeAlone(row, transaction.reading, into: &payload)
  return nil
}

/// What was removed.
private func deleteNote(
  _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
) throws(ServiceError) -> ClaimedAction? {
  let owner = try Notes.Owner(call.arguments, transaction.reading)
  let row = try Notes.delete(call.arguments.text("note_id") ?? "", of: owner, in: transaction)
  payload.beginObject()
  payload.deleted("note_id", .note, row, transaction.ids)
  payload.endObject()
  return nil
}
