internal import JSON
internal import Platform
internal import Service

extension Handlers {
  static let owlboundContacts: [String: Handler] = [
    "owlbound_search_contacts": .slowRead(searchContacts), "owlbound_get_contact": .quickRead(getContact),
    "owlbound_create_contact": .write(createContact),
  ]
}

/// `contacts`, best match first, archived ones left out (Owlbound API 8.4).
private func searchContacts(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  guard let query = try SearchText.prefixes(arguments.text("query") ?? "", at: "/query") else {
    throw .invalid("/query", "The query holds no letter or digit to look for.")
  }
  let status = arguments.text("status")
  let statement = try transaction.database.statement("search", flags: status == nil ? 0 : 1) {
    """
    SELECT \(OwlContactRecord.columns) FROM owl_contacts_text CROSS JOIN owl_contacts AS c
      ON c.id = owl_contacts_text.rowid
    WHERE owl_contacts_text MATCH ?1 AND c.archived_at IS NULL \(status == nil ? "" : "AND c.status = ?2")
    ORDER BY bm25(owl_contacts_text, 10, 10, 4, 4, 6, 3), c.id DESC LIMIT ?3
    """
  }
  let limit = min(max(1, arguments["limit"]?.integerValue ?? 25), 100)
  statement.bind(query, at: 1)
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
  let arguments = call.arguments
  for name in ["firstName", "lastName", "email", "phone", "linkedInUrl", "company", "title", "location", "source"] {
    try SizeLimit.check(arguments.text(name), name == "linkedInUrl" ? 2048 : SizeLimit.line, at: "/\(name)")
  }
  try SizeLimit.check(arguments.text("notes"), SizeLimit.note, at: "/notes")
  let email = arguments.trimmedText("email")
  let linkedIn = arguments.trimmedText("linkedInUrl")
  let isSomebody = [arguments.trimmedText("firstName"), arguments.trimmedText("lastName"), email, linkedIn]
    .contains { $0 != nil }
  guard isSomebody else {
    throw ServiceError(.validation, "Give at least one of firstName, lastName, email, linkedInUrl.")
  }
  let tags = try tags(arguments)
  let emailKey = email.map { ContactChanges.emailKey($0) }
  let linkedInKey = linkedIn.flatMap { OwlContactKeys.linkedIn($0) }
  try OwlContactKeys.checkUnused(email: emailKey, linkedIn: linkedInKey, in: transaction)

  let statement = try transaction.database.statement(
    """
    INSERT INTO owl_contacts (first_name, last_name, email, email_key, phone, linkedin_url, linkedin_key, company,
      title, location, source, tags, notes, created_at, updated_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?14)
    """)
  statement.bind(arguments.trimmedText("firstName"), at: 1)
  statement.bind(arguments.trimmedText("lastName"), at: 2)
  statement.bind(email, at: 3)
  statement.bind(emailKey, at: 4)
  statement.bind(arguments.trimmedText("phone"), at: 5)
  statement.bind(linkedIn, at: 6)
  statement.bind(linkedInKey, at: 7)
  statement.bind(arguments.trimmedText("company"), at: 8)
  statement.bind(arguments.trimmedText("title"), at: 9)
  statement.bind(arguments.trimmedText("location"), at: 10)
  statement.bind(arguments.trimmedText("source") ?? "api", at: 11)
  statement.bind(text: tags, at: 12)
  statement.bind(arguments.trimmedText("notes"), at: 13)
  statement.bind(transaction.now.milliseconds, at: 14)
  try statement.run()
  let row = transaction.database.lastInsertedID
  transaction.count("owl_contacts", by: 1)
  transaction.audit(.owlContact, row, after: JSONValue.object(arguments).serialized())
  payload.beginObject()
  payload.key("contactId")
  transaction.ids.write(.owlContact, row, into: &payload)
  payload.endObject()
  return nil
}

/// The tags as a JSON array, blank ones and repetitions left out.
private func tags(_ arguments: JSONObject) throws(ServiceError) -> [UInt8] {
  var seen: Set<ByteKey> = []
  var tags: [JSONValue] = []
  for (position, tag) in arguments.texts("tags").enumerated() {
    try SizeLimit.check(tag, 100, at: "/tags/\(position)")
    let tag = tag.trimmed
    guard !tag.isEmpty, seen.insert(ByteKey(text: tag)).inserted else { continue }
    tags.append(.string(tag))
  }
  guard tags.count <= 100 else { throw .invalid("/tags", "At most 100 tags.") }
  return JSONValue.array(tags).serialized()
}
