internal import JSON
internal import Platform
internal import Service

extension Handlers {
  static let owlboundCompanies: [String: Handler] = [
    "owlbound_list_companies": .quickRead(listCompanies), "owlbound_get_company": .slowRead(getCompany),
    "owlbound_upsert_company": .write(upsertCompany),
  ]
}

/// `companies`, newest first, `hasMore` and `nextCursor` (Owlbound API 12).
private func listCompanies(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  let list = Cursor.List("owlbound_list_companies", arguments)
  let start = try Cursor(arguments, for: list, transaction.ids)
  let industry = arguments.trimmedText("industry")
  let limit = min(max(1, arguments["limit"]?.integerValue ?? 25), 50)
  let flags: UInt64 = (industry == nil ? 0 : 1) | (start == nil ? 0 : 2)
  let statement = try transaction.database.statement("owl companies", flags: flags) {
    OwlCompanyRecord.list(hasIndustry: industry != nil, isBehind: start != nil)
  }
  if let industry { statement.bind(OwlContactKeys.company(industry), at: 1) }
  if let start { statement.bind(start.row, at: 2) }
  statement.bind(limit + 1, at: 3)
  var rows = RowList(limit: limit <= 25 ? RowList.defaultByteLimit : RowList.byteLimit, most: Int(limit))
  var places: [Cursor] = []
  payload.beginObject()
  try rows.write("companies", statement, into: &payload) { company, payload in
    places.append(Cursor(value: 0, row: company.integer(0)))
    payload.beginObject()
    OwlCompanyRecord.writeMembers(company, transaction.ids, into: &payload)
    payload.endObject()
  }
  let last = rows.written > 0 ? places[rows.written - 1] : nil
  Cursor.write(last, hasMore: rows.omitted > 0, for: list, transaction.ids, into: &payload)
  payload.endObject()
}

/// `company` with `contactCount`: contacts who name it, in whatever case, archived ones left out (API 12).
private func getCompany(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  let id = arguments.text("id") ?? ""
  let row = try transaction.ids.require(.owlCompany, id)
  let statement = try transaction.database.statement("owl company", flags: 0) {
    """
    SELECT \(OwlCompanyRecord.columns), (SELECT count(*) FROM owl_contacts INDEXED BY owl_contacts_by_company
      WHERE company_key = c.name_key AND archived_at IS NULL)
    FROM owl_companies AS c WHERE c.id = ?1
    """
  }
  statement.bind(row, at: 1)
  defer { statement.reset() }
  guard try statement.step() else { throw .notFound("company", id) }
  payload.beginObject()
  payload.key("company")
  payload.beginObject()
  OwlCompanyRecord.writeMembers(statement, transaction.ids, into: &payload)
  payload.key("contactCount")
  payload.integer(statement.integer(OwlCompanyRecord.columnCount))
  payload.endObject()
  payload.endObject()
}

/// `companyId` and `created` (API 12).
private func upsertCompany(
  _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
) throws(ServiceError) -> ClaimedAction? {
  let company = try OwlCompanyChange(call.arguments)
  let (row, isNew, before) = try company.store(transaction)
  transaction.audit(.owlCompany, row, before: before, after: company.record)
  payload.beginObject()
  payload.key("companyId")
  transaction.ids.write(.owlCompany, row, into: &payload)
  payload.key("created")
  payload.bool(isNew)
  payload.endObject()
  return nil
}
