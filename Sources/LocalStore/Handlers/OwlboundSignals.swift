internal import JSON
internal import Operations
internal import Platform
internal import Service

extension Handlers {
  static let owlboundSignals: [String: Handler] = [
    "owlbound_list_signals": .read(listSignals, isQuick: SignalFilter.isQuick),
    "owlbound_get_signal_stats": .slowRead(getSignalStats), "owlbound_ingest_signal": .write(ingestSignal),
  ]
}

/// `signals`, newest first (Owlbound API 11.3).
private func listSignals(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  let type = arguments.text("type")
  let priority = arguments.text("priority")
  let isOpenOnly = arguments.flag("unactioned_only")
  let filter = SignalFilter(hasType: type != nil, hasPriority: priority != nil, isOpenOnly: isOpenOnly)
  let statement = try transaction.database.statement("signals", flags: filter.flags) { filter.sql }
  let limit = min(max(1, arguments["limit"]?.integerValue ?? 50), 100)
  if let type { statement.bind(type, at: 1) }
  if let priority { statement.bind(priority, at: 2) }
  statement.bind(limit, at: 3)
  payload.beginObject()
  var rows = RowList(limit: limit <= 50 ? RowList.defaultByteLimit : RowList.byteLimit)
  try rows.write("signals", statement, into: &payload) { signal, payload in
    SignalFilter.write(signal, transaction.ids, into: &payload)
  }
  rows.writeOmission(
    advice:
      "\"Left out because the answer would be too long: use type, priority, unactioned_only or a smaller limit.\"",
    into: &payload)
  payload.endObject()
}

/// `signalId` (API 11.2).
private func ingestSignal(
  _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
) throws(ServiceError) -> ClaimedAction? {
  let row = try SignalDraft(call.arguments, transaction.reading).store(in: transaction)
  payload.beginObject()
  payload.key("signalId")
  transaction.ids.write(.signal, row, into: &payload)
  payload.endObject()
  return nil
}

/// `total`, `byType` and `byPriority` of the last 24 hours, 7 or 30 days (API 11.4).
private func getSignalStats(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  let range = arguments.text("time_range") ?? "week"
  let days: Int64 = ["day": 1, "month": 30][range] ?? 7
  let start = transaction.now.adding(milliseconds: -days * 86_400_000).milliseconds
  let statement = try transaction.database.statement(
    """
    SELECT type, priority, count(*) FROM signals INDEXED BY signals_by_time WHERE created_at > ?1 AND created_at <= ?2
    GROUP BY type, priority
    """)
  statement.bind(start, at: 1)
  statement.bind(transaction.now.milliseconds, at: 2)
  defer { statement.reset() }
  var types = JSONObject(Vocabulary.signalTypes.map { ($0, 0) })
  var priorities = JSONObject(Vocabulary.signalPriorities.map { ($0, 0) })
  var total: Int64 = 0
  while try statement.step() {
    let count = statement.integer(2)
    total += count
    types[statement.string(0)] = .integer((types[statement.string(0)]?.integerValue ?? 0) + count)
    priorities[statement.string(1)] = .integer((priorities[statement.string(1)]?.integerValue ?? 0) + count)
  }
  payload.value([
    "timeRange": .string(range), "from": .integer(start), "to": .integer(transaction.now.milliseconds),
    "total": .integer(total), "byType": .object(types), "byPriority": .object(priorities),
  ])
}

/// A signal that has been checked and may be stored.
struct SignalDraft {
  let type: String
  var priority = "medium"
  var source = "api"
  var contact: Int64?
  /// Serialised JSON.
  let data: [UInt8]
  var notes: String?
  /// When it happened; nil for the moment of its arrival.
  var time: Int64?

  /// Stores it and gives its row.
  func store(in transaction: WriteTransaction) throws(ServiceError) -> Int64 {
    let statement = try transaction.database.statement(
      """
      INSERT INTO signals (type, priority, source, contact_id, data, notes, created_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
      """)
    statement.bind(type, at: 1)
    statement.bind(priority, at: 2)
    statement.bind(source, at: 3)
    statement.bind(contact, at: 4)
    statement.bind(text: data, at: 5)
    statement.bind(notes, at: 6)
    statement.bind(time ?? transaction.now.milliseconds, at: 7)
    try statement.run()
    let row = transaction.database.lastInsertedID
    transaction.count("signals", by: 1)
    transaction.audit(.signal, row, after: data)
    return row
  }
}

extension SignalDraft {
  /// Checks the arguments of an ingestion (API 11.2).
  init(_ arguments: JSONObject, _ transaction: ReadTransaction) throws(ServiceError) {
    guard let data = arguments["data"]?.objectValue else { throw .invalid("/data", "Must be an object.") }
    let source = arguments.trimmedText("source") ?? "api"
    try SizeLimit.check(source, SizeLimit.line, at: "/source")
    let notes = arguments.trimmedText("notes")
    try SizeLimit.check(notes, SizeLimit.note, at: "/notes")
    self.init(
      type: arguments.text("type") ?? "", priority: arguments.text("priority") ?? "medium", source: source,
      contact: try arguments.trimmedText("contactId").map { id throws(ServiceError) in
        try transaction.require(.owlContact, id)
      }, data: try SizeLimit.serialized(data, at: "/data"), notes: notes)
  }
}

/// The SQL of a signal list, and how a signal is shown.
struct SignalFilter {
  let hasType: Bool
  let hasPriority: Bool
  let isOpenOnly: Bool

  /// Tells this filter's statement from others'.
  var flags: UInt64 { (hasType ? 1 : 0) | (hasPriority ? 2 : 0) | (isOpenOnly ? 4 : 0) }

  /// Whether an index gives exactly the wanted rows; where two conditions are set, it may give many more.
  static func isQuick(_ arguments: JSONObject) -> Bool {
    let conditions = [
      arguments["type"] != nil, arguments["priority"] != nil, arguments.flag("unactioned_only"),
    ]
    return conditions.count { $0 } <= 1
  }

  /// Newest first: row numbers are given in the order in which signals come in.
  var sql: String {
    let index =
      hasType
      ? "INDEXED BY signals_by_type"
      : hasPriority ? "INDEXED BY signals_by_priority" : isOpenOnly ? "INDEXED BY signals_open" : "NOT INDEXED"
    var conditions: [String] = []
    if hasType { conditions.append("type = ?1") }
    if hasPriority { conditions.append("priority = ?2") }
    if isOpenOnly { conditions.append("actioned_at IS NULL") }
    let condition = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
    return "SELECT \(Self.columns) FROM signals \(index) \(condition) ORDER BY id DESC LIMIT ?3"
  }

  /// What ``write(_:_:into:)`` reads, in this order.
  static let columns = "id, type, priority, source, contact_id, data, notes, actioned_at, created_at"

  /// Writes the signal that the statement stands at, one object.
  static func write(_ signal: Statement, _ ids: RecordIDs, into payload: inout JSONWriter) {
    payload.beginObject()
    payload.key("id")
    ids.write(.signal, signal.integer(0), into: &payload)
    payload.key("type")
    payload.text(signal, 1)
    payload.key("priority")
    payload.text(signal, 2)
    payload.key("source")
    payload.text(signal, 3)
    payload.key("contactId")
    if signal.isNull(4) { payload.null() } else { ids.write(.owlContact, signal.integer(4), into: &payload) }
    payload.key("data")
    payload.storedJSON(signal, 5)
    payload.key("notes")
    payload.text(signal, 6)
    payload.key("actioned")
    payload.bool(!signal.isNull(7))
    payload.key("createdAt")
    payload.integer(signal.integer(8))
    payload.endObject()
  }
}
