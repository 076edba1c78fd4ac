internal import JSON
internal import Platform
internal import Service

extension Handlers {
  static let owlboundConnectors: [String: Handler] = [
    "owlbound_list_connectors": .quickRead(listConnectors), "owlbound_get_connector": .quickRead(getConnector),
    "owlbound_save_connector": .write(saveConnector),
  ]
}

/// `connectors`, in the order in which they were made (Owlbound API 14).
private func listConnectors(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  let slug = arguments.trimmedText("integrationSlug").map { StoredConnector.slug($0) }
  let statement = try transaction.database.statement("connectors", flags: slug == nil ? 0 : 1) {
    StoredConnector.list(hasSlug: slug != nil)
  }
  statement.bind(arguments.flag("includeArchived"), at: 1)
  if let slug { statement.bind(slug, at: 2) }
  payload.beginObject()
  var rows = RowList()
  try rows.write("connectors", statement, into: &payload) { connector, payload in
    StoredConnector.write(connector, transaction, into: &payload)
  }
  rows.writeOmission(
    advice: "\"Left out because the answer would be too long: use integrationSlug.\"", into: &payload)
  payload.endObject()
}

/// `connector` (API 14).
private func getConnector(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  let row = try transaction.ids.require(.connector, arguments.text("id") ?? "")
  payload.beginObject()
  payload.key("connector")
  try StoredConnector.write(row: row, transaction, into: &payload)
  payload.endObject()
}

/// `connector` as it now is, and whether it is new.
private func saveConnector(
  _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
) throws(ServiceError) -> ClaimedAction? {
  let change = try StoredConnector.Change(call.arguments, transaction)
  let row = try change.store(transaction)
  payload.beginObject()
  payload.key("connector")
  try StoredConnector.write(row: row, transaction.reading, into: &payload)
  payload.key("created")
  payload.bool(change.isNew)
  payload.endObject()
  return nil
}
