internal import JSON
internal import Service

extension Handlers {
  static let pathboundCompanies: [String: Handler] = [
    "pathbound_list_companies": .read(listCompanies, isQuick: CompanyList.isQuick),
    "pathbound_get_company": .quickRead(getCompany), "pathbound_create_company": .write(createCompany),
    "pathbound_update_company": .write(updateCompany), "pathbound_delete_company": .write(deleteCompany),
  ]
}

/// `companies` and `pagination` (Pathbound API 6).
private func listCompanies(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  let list = try CompanyList(arguments)
  let shape = list.rowShape
  try writeList(
    "companies", CompanyList.shape, list, arguments, transaction, into: &payload,
    advice: "\"Left out because the answer would be too long: use fields=summary, a smaller limit or a filter.\""
  ) { row, payload in shape.write(row, transaction.ids, into: &payload) }
}

/// `company` and its newest `contacts`.
private func getCompany(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  let row = try transaction.ids.require(.company, arguments.text("company_id") ?? "")
  let start = payload.count
  payload.beginObject()
  try transaction.onOneState { () throws(ServiceError) in
    payload.key("company")
    try CompanyRecord.write(row: row, transaction, into: &payload)
    let left = max(0, RowList.defaultByteLimit - (payload.count - start))
    try CompanyRecord.writeContacts(of: row, bytes: left, transaction, into: &payload)
  }
  payload.endObject()
}

/// `company` as it was stored.
private func createCompany(
  _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
) throws(ServiceError) -> ClaimedAction? {
  let row = try CompanyChanges.create(
    domain: call.arguments.text("domain") ?? "", properties: call.arguments["properties"]?.objectValue ?? [:],
    in: transaction)
  try CompanyRecord.writeAlone(row, transaction.reading, into: &payload)
  return nil
}

/// `company` as it now is.
private func updateCompany(
  _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
) throws(ServiceError) -> ClaimedAction? {
  let row = try transaction.ids.require(.company, call.arguments.text("company_id") ?? "")
  try CompanyChanges.merge(call.arguments["properties"]?.objectValue ?? [:], into: row, by: .api, in: transaction)
  try CompanyRecord.writeAlone(row, transaction.reading, into: &payload)
  return nil
}

/// What was removed, and how many actions with it can't happen any more.
private func deleteCompany(
  _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
) throws(ServiceError) -> ClaimedAction? {
  let row = try transaction.ids.require(.company, call.arguments.text("company_id") ?? "")
  let cancelled = try CompanyChanges.delete(row, by: call.caller.client, in: transaction)
  payload.beginObject()
  payload.deleted("company_id", .company, row, transaction.ids)
  payload.key("cancelled_actions")
  payload.integer(Int64(cancelled))
  payload.endObject()
  return nil
}
