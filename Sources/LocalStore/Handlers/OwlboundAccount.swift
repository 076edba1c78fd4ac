internal import JSON
internal import Operations
internal import Platform
internal import Service

extension Handlers {
  static let owlboundAccount: [String: Handler] = [
    "owlbound_get_api_root": .quickRead(getAPIRoot), "owlbound_get_health": .quickRead(getHealth),
    "owlbound_get_me": .quickRead(getMe), "owlbound_list_capabilities": .quickRead(listCapabilities),
  ]

  /// The version of Owlbound's API that the workspace follows.
  static let owlboundVersion: StaticString = "\"1.0.0\""
}

/// `name`, `version`, `endpoints` and `authentication` (Owlbound API 7).
private func getAPIRoot(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  payload.raw(OwlboundInventory.root)
}

/// `capabilities`: every endpoint with scope and price (API 7).
private func listCapabilities(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  payload.raw(OwlboundInventory.capabilities)
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

/// `workspace` and `apiKey`, and what the page's text promises beside them: the key's type and the rate limits; further
/// `usage`, the ledger's sums (API 5 and 7).
private func getMe(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  let books = transaction.books
  let account = books.account
  payload.beginObject()
  payload.key("workspace")
  payload.beginObject()
  payload.key("id")
  payload.string(transaction.ids.workspaceID)
  payload.key("name")
  payload.string(books.name)
  payload.key("plan")
  // Nobody bills a workspace of one's own.
  payload.string(account.plan?.rawValue ?? "local")
  payload.key("status")
  payload.raw("\"active\"")
  payload.endObject()
  payload.key("apiKey")
  payload.beginObject()
  payload.key("id")
  payload.string(transaction.ids.keyID)
  payload.key("type")
  payload.string(account.keyType.rawValue)
  payload.key("scopes")
  payload.value(.array(account.owlboundScopes.map { .string($0.rawValue) }))
  payload.endObject()
  payload.key("rateLimits")
  writeLimits(account.plan, into: &payload)
  payload.key("usage")
  try UsageSummary(transaction).write(into: &payload)
  payload.endObject()
}

/// Calls per minute, hour and day; null where nothing limits them.
private func writeLimits(_ plan: RateLimits.Plan?, into payload: inout JSONWriter) {
  let windows = plan?.windows ?? []
  let names: [(StaticString, UInt64)] = [("perMinute", 60), ("perHour", 3600), ("perDay", 86_400)]
  payload.beginObject()
  for (name, seconds) in names {
    payload.key(name)
    if let window = windows.first(where: { $0.seconds == seconds }) {
      payload.integer(Int64(window.calls))
    } else {
      payload.null()
    }
  }
  payload.endObject()
}

/// What the catalogue says of Owlbound's own API; written once.
private enum OwlboundInventory {
  private static let endpoints = Catalogue.all.filter { $0.platform == .owlbound && $0.route?.host == .api }

  static let root: [UInt8] = {
    var root = JSONWriter()
    root.beginObject()
    root.key("name")
    root.raw("\"Owlbound API\"")
    root.key("version")
    root.raw(Handlers.owlboundVersion)
    root.key("endpoints")
    root.beginObject()
    for operation in endpoints {
      guard let route = operation.route else { continue }
      root.key(route.endpoint)
      root.beginObject()
      writeRequest(operation, route, into: &root)
      root.endObject()
    }
    root.endObject()
    root.key("authentication")
    root.value([
      "methods": ["X-API-Key header", "Authorization: Bearer <key>"],
      "keyFormat": "gtm_sk_* (secret) or gtm_pk_* (publishable)",
    ])
    root.endObject()
    return root.finish()
  }()

  static let capabilities: [UInt8] = {
    var list = JSONWriter()
    list.beginObject()
    list.key("capabilities")
    list.beginArray()
    for operation in endpoints {
      guard let route = operation.route else { continue }
      list.beginObject()
      list.key("id")
      list.string("api." + route.endpoint)
      writeRequest(operation, route, into: &list)
      list.key("credits")
      list.integer(Int64(operation.credits ?? 0))
      list.key("tool")
      list.string(operation.name)
      list.endObject()
    }
    list.endArray()
    list.endObject()
    return list.finish()
  }()

  private static func writeRequest(_ operation: Operation, _ route: Route, into payload: inout JSONWriter) {
    payload.key("path")
    payload.string("/api" + route.path)
    payload.key("method")
    payload.string(route.method.rawValue)
    payload.key("scope")
    if let scope = operation.scope { payload.string(scope.rawValue) } else { payload.null() }
  }
}
