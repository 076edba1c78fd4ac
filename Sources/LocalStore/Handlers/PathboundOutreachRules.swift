internal import JSON
internal import Operations
internal import Service

extension Handlers {
  static let pathboundOutreachRules: [String: Handler] = [
    "pathbound_get_outreach_rules": .slowRead(getOutreachRules),
    "pathbound_save_outreach_rules": .write(saveOutreachRules),
  ]

  /// `rules`, a page of `suppressions` with their `total`, and `address` where one was asked for.
  private static func getOutreachRules(
    _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
  ) throws(ServiceError) {
    payload.beginObject()
    payload.key("rules")
    payload.value(.object(try OutreachSettings.rules(transaction).json))
    if let address = arguments.trimmedText("address") {
      let reason = try Suppressions.reason(against: [ContactChanges.emailKey(address)], nil, transaction)
      payload.key("address")
      payload.value(["suppressed": .bool(reason != nil), "reason": reason.map { .string($0) } ?? .null])
    }
    let statement = try transaction.database.statement(
      "SELECT value, reason, created_at FROM suppressions ORDER BY id DESC LIMIT ?1 OFFSET ?2")
    statement.bind(arguments["limit"]?.integerValue ?? 50, at: 1)
    statement.bind(arguments["skip"]?.integerValue ?? 0, at: 2)
    var rows = RowList(limit: RowList.defaultByteLimit)
    try rows.write("suppressions", statement, into: &payload) { entry, payload in
      payload.beginObject()
      payload.key("value")
      payload.text(entry, 0)
      payload.key("reason")
      payload.text(entry, 1)
      payload.key("created_at")
      payload.time(entry, 2)
      payload.endObject()
    }
    payload.key("total")
    payload.integer(try transaction.database.integer("SELECT count(*) FROM suppressions") ?? 0)
    rows.writeOmission(
      advice: "\"Left out because the answer would be too long: use a smaller limit.\"", into: &payload)
    payload.endObject()
  }

  /// Changes what is given; the answer is the rules as they now are.
  private static func saveOutreachRules(
    _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
  ) throws(ServiceError) -> ClaimedAction? {
    let arguments = call.arguments
    let old = try OutreachSettings.rules(transaction.reading)
    let rules = try changed(old, arguments)
    var suppressed: [String] = []
    for (index, text) in arguments.texts("suppress").enumerated() {
      suppressed.append(try Suppressions.value(text, at: "/suppress/\(index)"))
    }
    var freed: [String] = []
    for (index, text) in arguments.texts("unsuppress").enumerated() {
      freed.append(try Suppressions.value(text, at: "/unsuppress/\(index)"))
    }
    if let both = freed.first(where: suppressed.contains) {
      throw .invalid("/unsuppress", "\"\(both.prefix(64))\" is in suppress, too: leave it out of one.")
    }
    if rules != old { try OutreachSettings.save(rules, in: transaction) }
    let reason = arguments.text("suppress_reason") ?? "manual"
    var counts: (added: Int64, removed: Int64) = (0, 0)
    for value in suppressed where try Suppressions.add(value, reason: reason, in: transaction) { counts.added += 1 }
    for value in freed where try Suppressions.remove(value, in: transaction) { counts.removed += 1 }
    transaction.audit(
      "outreach_rules", before: JSONValue.object(old.json).serialized(),
      after: JSONValue.object(rules.json.merging(suppressed: suppressed, freed: freed)).serialized())
    payload.beginObject()
    payload.key("rules")
    payload.value(.object(rules.json))
    payload.key("suppressed")
    payload.integer(counts.added)
    payload.key("unsuppressed")
    payload.integer(counts.removed)
    payload.endObject()
    return nil
  }

  private static func changed(_ old: OutreachRules, _ arguments: JSONObject) throws(ServiceError) -> OutreachRules {
    var rules = old
    let offset = arguments.trimmedText("utc_offset")
    if let hours = arguments.trimmedText("quiet_hours") ?? (offset == nil ? nil : old.quietHours?.text) {
      if hours.lowercased() == "off" {
        rules.quietHours = nil
      } else {
        guard let new = QuietHours(hours, offset: offset ?? old.quietHours?.offsetText ?? "+00:00") else {
          throw .invalid(
            "/quiet_hours", "quiet_hours must be like 20:00-08:00, or off; utc_offset like +01:00 or -05:30.")
        }
        rules.quietHours = new
      }
    } else if offset != nil {
      throw .invalid("/utc_offset", "utc_offset belongs to quiet_hours: give both.")
    }
    if let cap = arguments["max_per_contact_per_day"]?.integerValue { rules.contactCap = cap == 0 ? nil : cap }
    if let cap = arguments["max_per_domain_per_day"]?.integerValue { rules.domainCap = cap == 0 ? nil : cap }
    if let avoids = arguments["avoid_active_sequences"]?.boolValue { rules.avoidsActiveSequences = avoids }
    return rules
  }
}

extension JSONObject {
  /// The rules with the change of the list beside them, for the audit log.
  fileprivate func merging(suppressed: [String], freed: [String]) -> JSONObject {
    var whole = self
    if !suppressed.isEmpty { whole["suppress"] = .array(suppressed.map { .string($0) }) }
    if !freed.isEmpty { whole["unsuppress"] = .array(freed.map { .string($0) }) }
    return whole
  }
}
