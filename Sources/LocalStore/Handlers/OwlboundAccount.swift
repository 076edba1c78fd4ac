internal import JSON
internal import Platform
internal import Service

extension Handlers {
  static let owlboundAccount: [String: Handler] = ["owlbound_get_health": .quickRead(getHealth)]

  /// The version of Owlbound's API that the workspace follows.
  static let owlboundVersion: StaticString = "\"1.0.0\""
}

/// `status`, `timestamp` and the API's `version`, once the workspace has answered (Owlbound API 7).
private func getHealth(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  _ = try transaction.counter("owl_contacts")
  payload.beginObject()
  payload.key("status")
  payload.raw("\"operational\"")
  payload.key("timestamp")
  payload.time(transaction.now.milliseconds)
  payload.key("version")
  payload.raw(Handlers.owlboundVersion)
  payload.endObject()
}
