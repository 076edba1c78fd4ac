internal import Service

/// Reads events from their table into a block, for what is not in columns yet.
struct EventRows {
  private static let longestWord = 1024
  let database: Connection
  let words: EventWords
  let visitors: EventWords

  /// Fills the block with the events from a row on, in the order of rows.
  ///
  /// - Parameter columns: what is wanted; all others are left at nothing.
  func fill(
    _ block: EventBlock, from first: Int64, _ columns: Set<EventColumn> = Set(EventColumn.allCases)
  ) throws(ServiceError) {
    block.beginEmpty()
    let statement = try statement(columns)
    statement.bind(first, at: 1)
    statement.bind(Int64(EventBlock.length), at: 2)
    defer { statement.reset() }
    while try statement.step() {
      guard let position = block.append(statement.integer(0), time: statement.integer(1)) else { return }
      var column: Int32 = 2
      for wanted in EventColumn.allCases where wanted != .time && columns.contains(wanted) {
        if !statement.isNull(column) {
          block.set(wanted, try number(wanted, statement, column), at: position)
        }
        column += 1
      }
    }
  }

  private func number(_ column: EventColumn, _ row: Statement, _ index: Int32) throws(ServiceError) -> UInt32 {
    switch column {
    case .name: return try words.number(of: row.string(index))
    case .visitor:
      return row.isText(index)
        ? try visitors.number(of: row.string(index)) : UInt32(truncatingIfNeeded: row.integer(index))
    case .client, .campaign:
      // What is longer is no browser's and no campaign's, and nobody would want to see it as a group.
      guard row.text(index).count <= Self.longestWord else { return 0 }
      return try words.number(of: row.string(index))
    case .page, .domain, .contact, .time: return UInt32(truncatingIfNeeded: row.integer(index))
    }
  }

  private func statement(_ columns: Set<EventColumn>) throws(ServiceError) -> Statement {
    let wanted = EventColumn.allCases.filter { $0 != .time && columns.contains($0) }
    let flags = wanted.reduce(UInt64(0)) { $0 | 1 << UInt64($1.rawValue) }
    return try database.statement("events into columns", flags: flags) {
      let names = ["id", "occurred_at"] + wanted.map(Self.sql)
      return "SELECT \(names.joined(separator: ", ")) FROM events WHERE id >= ?1 ORDER BY id LIMIT ?2"
    }
  }

  private static func sql(_ column: EventColumn) -> String {
    switch column {
    case .time: "occurred_at"
    case .name: "name"
    case .page: "page_id"
    case .domain: "domain_id"
    case .contact: "contact_id"
    // The number of who has one, which is found on the way; the text of all others.
    case .visitor: "ifnull((SELECT id FROM event_visitors WHERE text = visitor_id), visitor_id)"
    case .client: "client"
    case .campaign: "CASE WHEN instr(data, '\"utmParams\"') THEN json_extract(data, '$.utmParams') END"
    }
  }
}
