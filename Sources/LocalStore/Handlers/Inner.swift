internal import JSON
internal import Platform
internal import Service

/// What resources and completion read beyond the tools.
extension Handlers {
  static let inner: [String: Handler] = [
    "pathbound_list_runs": .quickRead(listRuns),
    "pathbound_list_audit_log": .quickRead(listAuditLog),
    "owlbound_list_audit_log": .quickRead(listAuditLog),
    "owlbound_list_usage": .quickRead(listUsage),
    "pathbound_complete": .quickRead(complete),
    "owlbound_complete": .quickRead(completeOwlbound),
  ]
}

/// `runs` of all agents, newest first.
private func listRuns(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  let page = PageRequest(arguments, skipping: "offset")
  try transaction.onOneState { () throws(ServiceError) in
    let total = try transaction.database.statement("SELECT count(*) FROM runs")
    let rows = try transaction.database.statement(
      composed: "SELECT \(RunRecord.columns) FROM runs ORDER BY id DESC LIMIT ?3 OFFSET ?4")
    try page.write("runs", rows, total: total, into: &payload) { row, payload throws(ServiceError) in
      payload.beginObject()
      RunRecord.writeMembers(row, transaction.ids, into: &payload)
      payload.endObject()
    }
  }
}

/// `entries`, newest first; a record that is long before or after the change is left out, and its length told.
private func listAuditLog(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  let statement = try transaction.database.statement(
    """
    SELECT at, client, tool, outcome, record, lower(hex(arguments_digest)), before, after
    FROM audit_log ORDER BY id DESC LIMIT ?1
    """)
  statement.bind(arguments["limit"]?.integerValue ?? 50, at: 1)
  var rows = RowList(limit: RowList.defaultByteLimit)
  payload.beginObject()
  try rows.write("entries", statement, into: &payload) { row, payload throws(ServiceError) in
    payload.beginObject()
    payload.key("at")
    payload.time(row.integer(0))
    for (column, name) in [(1, "client"), (2, "tool"), (3, "outcome"), (4, "record"), (5, "arguments_sha256")]
      as [(Int32, StaticString)] where !row.isNull(column)
    {
      payload.key(name)
      payload.string(row.string(column))
    }
    writeState("before", "before_bytes", row, 6, into: &payload)
    writeState("after", "after_bytes", row, 7, into: &payload)
    payload.endObject()
  }
  rows.writeOmission(advice: "Only the newest changes are shown.", into: &payload)
  payload.endObject()
}

/// A record as it was: stored JSON of ours.
private func writeState(
  _ name: StaticString, _ lengthName: StaticString, _ row: Statement, _ column: Int32, into payload: inout JSONWriter
) {
  let text = row.text(column)
  guard !text.isEmpty else { return }
  if text.count <= 2000 {
    payload.key(name)
    payload.storedJSON(row, column)
  } else {
    payload.key(lengthName)
    payload.integer(Int64(text.count))
  }
}

/// `usage` with its sums, `days`, and the `latest` calls that are stored.
private func listUsage(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  try transaction.onOneState { () throws(ServiceError) in
    payload.beginObject()
    payload.key("usage")
    try UsageSummary(transaction).write(into: &payload)
    let days = try transaction.database.statement(
      """
      SELECT day * 86400000, sum(calls), sum(credits) FROM usage_days WHERE day > ?1
      GROUP BY day ORDER BY day DESC LIMIT 30
      """)
    days.bind(transaction.now.milliseconds / 86_400_000 - 30, at: 1)
    var dayRows = RowList()
    try dayRows.write("days", days, into: &payload) { row, payload throws(ServiceError) in
      payload.beginObject()
      payload.key("day")
      payload.string(String(Timestamp(milliseconds: row.integer(0)).iso8601.prefix(10)))
      payload.key("calls")
      payload.integer(row.integer(1))
      payload.key("credits")
      payload.integer(row.integer(2))
      payload.endObject()
    }
    let latest = try transaction.database.statement(
      "SELECT at, capability, credits FROM usage_ledger ORDER BY id DESC LIMIT 50")
    var latestRows = RowList()
    try latestRows.write("latest", latest, into: &payload) { row, payload throws(ServiceError) in
      payload.beginObject()
      payload.key("at")
      payload.time(row.integer(0))
      payload.key("capability")
      payload.string(row.string(1))
      payload.key("credits")
      payload.integer(row.integer(2))
      payload.endObject()
    }
    payload.endObject()
  }
}

private func complete(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  try writeValues(Proposals.pathbound(arguments.text("kind") ?? ""), transaction, arguments, &payload)
}

private func completeOwlbound(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  try writeValues(Proposals.owlbound(arguments.text("kind") ?? ""), transaction, arguments, &payload)
}

/// `values`, the newest first.
private func writeValues(
  _ proposals: Proposals?, _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  guard let proposals else { throw .invalid("/kind", "There is no such kind.") }
  let values = try proposals.values(for: arguments["text"]?.stringValue ?? "", transaction)
  payload.beginObject()
  payload.key("values")
  payload.beginArray()
  for value in values { payload.string(value) }
  payload.endArray()
  payload.endObject()
}
