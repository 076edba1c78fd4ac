internal import JSON
internal import Operations
internal import Platform
internal import Service

/// An action that has been checked and may be stored.
struct ActionDraft {
  /// What would be done.
  let content: ActionContent
  /// The sender's row.
  let identity: Int64
  /// Not before; nil for at once.
  var scheduledTime: Timestamp?
  /// What it is for, in words.
  var summary: String?
  /// Opaque to us.
  var listID: String?
  /// Opaque to us.
  var itemID: String?
  /// Asked for at once.
  var isDirect = false
  /// Asked for with a decision before it.
  var requiresApproval = false
}

/// Checks of the fields of an action that its caller gives.
extension ActionDraft {
  /// Checks the arguments of a call that creates an action (Pathbound API 11.3).
  init(arguments: JSONObject, in transaction: ReadTransaction) throws(ServiceError) {
    content = try ActionContent.check(
      type: arguments.text("type") ?? "", params: arguments["params"]?.objectValue ?? [:], in: transaction)
    identity = try Self.identity(arguments.text("identity_id") ?? "", in: transaction)
    scheduledTime = try Self.time(arguments["scheduled_time"])
    summary = arguments.text("description")
    listID = arguments.text("list_id")
    itemID = arguments.text("item_id")
    isDirect = arguments.flag("direct")
    requiresApproval = arguments.flag("require_approval")
    try SizeLimit.check(summary, SizeLimit.remark, at: "/description")
    try SizeLimit.check(listID, SizeLimit.line, at: "/list_id")
    try SizeLimit.check(itemID, SizeLimit.line, at: "/item_id")
    // A decision comes first, whatever else is set; without one the two are contradictory orders (API 11.5, row 5).
    if isDirect && scheduledTime != nil && !requiresApproval {
      throw .invalid(
        "/scheduled_time", "direct and scheduled_time can't go together: leave out one, at once or at that time.")
    }
  }

  /// The row of an identity that is to act.
  static func identity(_ id: String, in transaction: ReadTransaction) throws(ServiceError) -> Int64 {
    if let row = try transaction.existing(.identity, id) { return row }
    throw .invalid(
      "/identity_id", "No identity has the id \"\(id.prefix(64))\". Take one from pathbound_list_identities.")
  }

  /// A moment in ISO 8601, or none.
  static func time(_ value: JSONValue?) throws(ServiceError) -> Timestamp? {
    guard let text = value?.stringValue else { return nil }
    guard let time = Timestamp(iso8601: text) else {
      throw .invalid("/scheduled_time", "scheduled_time must be ISO 8601, such as 2026-11-21T08:30:00Z.")
    }
    return time
  }
}
