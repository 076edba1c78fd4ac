internal import JSON
internal import Service

extension Handlers {
  static let pathboundIdentities: [String: Handler] = [
    "pathbound_list_identities": .quickRead(listIdentities)
  ]
}

/// `identities`, the whole workspace's, without credentials; `role` and `jobTitle` are one attribute (Pathbound API 9).
private func listIdentities(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  let statement = try transaction.database.statement(
    """
    SELECT id, first_name, last_name, job_title, email, linkedin_url, created_at, updated_at FROM identities ORDER BY id
    """)
  payload.beginObject()
  var rows = RowList()
  try rows.write("identities", statement, into: &payload) { identity, payload in
    payload.beginObject()
    payload.recordID("_id", "identity_id", .identity, identity.integer(0), transaction.ids)
    let texts: [(StaticString, Int32)] = [
      ("firstName", 1), ("lastName", 2), ("role", 3), ("jobTitle", 3), ("email", 4), ("linkedin_url", 5),
    ]
    for (key, column) in texts {
      payload.key(key)
      payload.text(identity, column)
    }
    payload.key("created_at")
    payload.time(identity, 6)
    payload.key("updated_at")
    payload.time(identity, 7)
    payload.endObject()
  }
  rows.writeOmission(
    advice: "\"Left out because the answer would be too long; the oldest identities are shown.\"", into: &payload)
  payload.endObject()
}
