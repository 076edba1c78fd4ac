internal import JSON
internal import Platform
internal import Service

extension Handlers {
  static let pathboundAccount: [String: Handler] = [
    "pathbound_get_auth_status": .quickRead(getAuthStatus), "pathbound_get_health": .quickRead(getHealth),
  ]
}

/// `authenticated` and `user`: whoever can open the file is its owner, named as the default identity (Pathbound API 4).
private func getAuthStatus(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  let statement = try transaction.database.statement(
    "SELECT first_name, last_name, email FROM identities WHERE id = 1")
  defer { statement.reset() }
  let isThere = try statement.step()
  payload.beginObject()
  payload.key("authenticated")
  payload.bool(true)
  payload.key("auth_type")
  payload.raw("\"local_workspace\"")
  payload.key("user")
  payload.beginObject()
  payload.key("user_id")
  payload.raw("\"local\"")
  payload.key("tenant_id")
  payload.raw("\"local\"")
  payload.key("email")
  if isThere, !statement.isNull(2) { payload.text(statement, 2) } else { payload.raw("\"owner@localhost\"") }
  if isThere {
    payload.key("first_name")
    payload.text(statement, 0)
    payload.key("last_name")
    payload.text(statement, 1)
  }
  payload.endObject()
  payload.endObject()
}

/// `message` and `timestamp`, once the workspace has answered (Pathbound API 4).
private func getHealth(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  _ = try transaction.counter("contacts")
  payload.beginObject()
  payload.key("message")
  payload.raw("\"The local workspace answers.\"")
  payload.key("timestamp")
  payload.time(transaction.now.milliseconds)
  payload.endObject()
}
