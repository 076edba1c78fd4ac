internal import JSON
internal import Service

extension Handlers {
  static let pathboundIdentities: [String: Handler] = [
    "pathbound_list_identities": .quickRead(listIdentities), "pathbound_get_identity": .quickRead(getIdentity),
    "pathbound_check_linkedin_connection": .quickRead(checkLinkedInConnection),
    "pathbound_create_identity": .write(createIdentity), "pathbound_update_identity": .write(updateIdentity),
    "pathbound_delete_identity": .write(deleteIdentity),
  ]
}

/// `identities`, the whole workspace's (Pathbound API 9).
private func listIdentities(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  let statement = try transaction.database.statement("identities", flags: 0) {
    "SELECT \(Identities.shape.columns) FROM identities WHERE deleted_at IS NULL ORDER BY id"
  }
  payload.beginObject()
  var rows = RowList()
  try rows.write("identities", statement, into: &payload) { identity, payload in
    Identities.shape.write(identity, transaction.ids, into: &payload)
  }
  rows.writeOmission(
    advice: "\"Left out because the answer would be too long; the oldest identities are shown.\"", into: &payload)
  payload.endObject()
}

/// `identity`.
private func getIdentity(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  let row = try transaction.require(.identity, arguments.text("identity_id") ?? "")
  try Identities.writeAlone(row, transaction, into: &payload)
}

/// `connected`, which a workspace on this computer never is: it has no session with LinkedIn and keeps no password.
private func checkLinkedInConnection(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  let row = try transaction.require(.identity, arguments.text("identity_id") ?? "")
  payload.beginObject()
  payload.key("identity_id")
  transaction.ids.write(.identity, row, into: &payload)
  payload.key("connected")
  payload.bool(false)
  payload.key("message")
  payload.raw(
    """
    "A local workspace can't be logged in to LinkedIn. A linkedin_connection action becomes a task for a person, with \
    the text prepared."
    """)
  payload.endObject()
}

/// `identity` as it was stored.
private func createIdentity(
  _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
) throws(ServiceError) -> ClaimedAction? {
  let row = try Identities.create(call.arguments, in: transaction)
  try Identities.writeAlone(row, transaction.reading, into: &payload)
  return nil
}

/// `identity` as it now is.
private func updateIdentity(
  _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
) throws(ServiceError) -> ClaimedAction? {
  let row = try transaction.reading.require(.identity, call.arguments.text("identity_id") ?? "")
  try Identities.update(row, call.arguments, in: transaction)
  try Identities.writeAlone(row, transaction.reading, into: &payload)
  return nil
}

/// What was removed.
private func deleteIdentity(
  _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
) throws(ServiceError) -> ClaimedAction? {
  let row = try transaction.reading.require(.identity, call.arguments.text("identity_id") ?? "")
  try Identities.delete(row, in: transaction)
  payload.beginObject()
  payload.deleted("identity_id", .identity, row, transaction.ids)
  payload.endObject()
  return nil
}
