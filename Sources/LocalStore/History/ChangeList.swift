internal import JSON
internal import Operations
internal import Platform
internal import Service

/// The history, newest first, by what its entries are filtered.
///
/// The log has no index but its order, which every stored event would pay for: time is found by halving, and all else by
/// looking, at so many rows for one page.
struct ChangeList {
  private static let window: Int64 = 5000
  private static let mostRows: Int64 = 200_000
  private static let mostPlans = 400

  private let arguments: JSONObject
  private let list: Cursor.List
  private let start: Cursor?
  private let limit: Int
  private let since: Int64?
  private let until: Int64?
  private let wantsUndoable: Bool?

  /// Reads the arguments of the list.
  init(_ arguments: JSONObject, _ ids: RecordIDs) throws(ServiceError) {
    self.arguments = arguments
    list = Cursor.List("changes", arguments)
    start = try Cursor(arguments, for: list, ids)
    limit = Int(min(max(1, arguments["limit"]?.integerValue ?? 20), 100))
    since = arguments.text("since").flatMap { Timestamp(iso8601: $0)?.milliseconds }
    until = arguments.text("until").flatMap { Timestamp(iso8601: $0)?.milliseconds }
    wantsUndoable = arguments["undoable"]?.boolValue
  }

  /// An entry, and why it can't be taken back, if it can't.
  private struct Entry {
    let change: LoggedChange
    let obstacle: UndoObstacle?
  }

  /// What was found on the way to a full page.
  private struct Found {
    var entries: [Entry] = []
    /// The last row that was looked at.
    var last: Int64?
    var isMore = false
    var plans = 0
  }

  /// Writes `changes`, `hasMore` and `nextCursor`.
  func write(_ transaction: ReadTransaction, into payload: inout JSONWriter) throws(ServiceError) {
    let found = try find(transaction)
    var rows = RowList(limit: limit <= 20 ? RowList.defaultByteLimit : RowList.byteLimit)
    payload.beginObject()
    try rows.write("changes", found.entries, into: &payload) { entry, payload throws(ServiceError) in
      try write(entry, transaction, into: &payload)
    }
    let isCut = rows.omitted > 0
    let last = isCut ? found.entries[rows.written - 1].change.row : found.last
    Cursor.write(
      last.map { Cursor(value: 0, row: $0) }, hasMore: isCut || found.isMore, for: list, transaction.ids, into: &payload
    )
    payload.endObject()
  }

  private func write(
    _ entry: Entry, _ transaction: ReadTransaction, into payload: inout JSONWriter
  ) throws(ServiceError) {
    let (change, ids) = (entry.change, transaction.ids)
    payload.beginObject()
    payload.key("id")
    ids.write(.change, change.row, into: &payload)
    payload.key("at")
    payload.time(change.at)
    payload.key("client")
    payload.string(change.client)
    payload.key("tool")
    payload.string(change.tool)
    if let record = change.record {
      payload.key("record")
      payload.string(record)
    }
    if !change.summary.isEmpty {
      payload.key("summary")
      payload.string(change.summary)
    }
    if let undone = try Undos.undone(by: change.row, transaction.database) {
      payload.key("undoes")
      ids.write(.change, undone, into: &payload)
    }
    payload.key("undoable")
    payload.bool(entry.obstacle == nil)
    if let obstacle = entry.obstacle {
      payload.key("reason")
      payload.string(obstacle.reason)
    }
    if let undo = try Undos.undo(of: change.row, transaction.database) {
      payload.key("undone_by")
      ids.write(.change, undo, into: &payload)
    }
    payload.endObject()
  }
}

// MARK: - Finding

extension ChangeList {
  private func find(_ transaction: ReadTransaction) throws(ServiceError) -> Found {
    var found = Found()
    let lowest = try since.map { time throws(ServiceError) in try Self.first(at: time, transaction) } ?? 1
    var end = try until.map { time throws(ServiceError) in try Self.first(at: time &+ 1, transaction) } ?? .max
    if let start { end = min(end, start.row) }
    end = min(end, try (transaction.database.integer("SELECT max(id) FROM audit_log") ?? 0) &+ 1)
    let floor = max(lowest, end - Self.mostRows)
    while end > floor, !found.isMore {
      let begin = max(floor, end - Self.window)
      try gather(from: begin, to: end, &found, transaction)
      end = begin
    }
    if !found.isMore, floor > lowest {
      found.isMore = true
      found.last = floor
    }
    return found
  }

  private func gather(
    from begin: Int64, to end: Int64, _ found: inout Found, _ transaction: ReadTransaction
  ) throws(ServiceError) {
    let statement = try transaction.database.statement("changes", flags: 0) {
      """
      SELECT \(LoggedChange.columns) FROM audit_log WHERE id >= ?1 AND id < ?2
        AND (?3 IS NULL OR tool = ?3) AND (?4 IS NULL OR record = ?4) AND (?5 IS NULL OR instr(lower(client), ?5) > 0)
      ORDER BY id DESC
      """
    }
    statement.bind(begin, at: 1)
    statement.bind(end, at: 2)
    statement.bind(arguments.trimmedText("tool"), at: 3)
    statement.bind(arguments.trimmedText("record"), at: 4)
    statement.bind(arguments.trimmedText("client")?.lowercased(), at: 5)
    defer { statement.reset() }
    while try statement.step() {
      if found.entries.count == limit || found.plans == Self.mostPlans {
        found.isMore = true
        return
      }
      let change = LoggedChange(statement)
      found.last = change.row
      if let since, change.at < since { continue }
      if let until, change.at > until { continue }
      found.plans += 1
      let obstacle = try UndoPlan.obstacle(change, transaction)
      if let wantsUndoable, wantsUndoable != (obstacle == nil) { continue }
      found.entries.append(Entry(change: change, obstacle: obstacle))
    }
  }

  /// The first row that is as late as this; one behind the last where none is.
  private static func first(at time: Int64, _ transaction: ReadTransaction) throws(ServiceError) -> Int64 {
    var low = try transaction.database.integer("SELECT min(id) FROM audit_log") ?? 1
    var high = try (transaction.database.integer("SELECT max(id) FROM audit_log") ?? 0) + 1
    let statement = try transaction.database.statement(
      "SELECT id, at FROM audit_log WHERE id >= ?1 ORDER BY id LIMIT 1")
    while low < high {
      let middle = low + (high - low) / 2
      statement.bind(middle, at: 1)
      defer { statement.reset() }
      guard try statement.step(), statement.integer(1) < time else {
        high = middle
        continue
      }
      low = statement.integer(0) + 1
    }
    return low
  }
}
