internal import Service

/// Events in columns: the writer's side.
///
/// Whenever a block of events has come in, it is written down once more, column by column (some 140 KB for 4,096
/// events). A question about a million events then reads some numbers of each event instead of its row, and needs no
/// index that each insert would pay for. Chunks never change, except that an event may get a contact or lose it: such
/// moves are noted by a trigger and worked in when there are many.
enum EventChunks {
  /// So many chunks are closed by one commit at most: a file that has none yet gets them little by little.
  private static let burst = 4
  /// So many chunks are written anew by one commit at most.
  private static let moveBurst = 16
  /// So many moves are noted before they are worked in.
  private static let moveLimit: Int64 = 4096

  /// Whether a whole block waits to be written down: many events that come in by one commit are more than it closes.
  static func areBehind(_ transaction: ReadTransaction) throws(ServiceError) -> Bool {
    let last = try integer("SELECT max(id) FROM events", transaction.database)
    return try last - nextEvent(transaction.database) + 1 >= Int64(EventBlock.length)
  }

  /// Writes down what has become a whole block.
  static func close(_ transaction: WriteTransaction) throws(ServiceError) {
    let database = transaction.database
    var next = try nextEvent(database)
    let last = try integer("SELECT max(id) FROM events", database)
    guard last - next + 1 >= Int64(EventBlock.length) else { return }
    let block = EventBlock()
    let rows = EventRows(
      database: database, words: EventWords(.words, database, adds: true),
      visitors: EventWords(.visitors, database, adds: true))
    for _ in 0..<burst where last - next + 1 >= Int64(EventBlock.length) {
      try rows.fill(block, from: next)
      next = try store(block, database)
    }
    try EventTotals.keep(transaction)
  }

  /// The first row that no chunk holds.
  static func nextEvent(_ database: Connection) throws(ServiceError) -> Int64 {
    try integer("SELECT first_event + events FROM event_chunks ORDER BY id DESC LIMIT 1", database, otherwise: 1)
  }

  private static func integer(
    _ sql: StaticString, _ database: Connection, otherwise: Int64 = 0
  ) throws(ServiceError) -> Int64 {
    let statement = try database.statement(sql)
    defer { statement.reset() }
    return try statement.step() ? statement.integer(0) : otherwise
  }

  /// Stores a block, up to the first gap among its rows, and gives the row behind it.
  private static func store(_ block: EventBlock, _ database: Connection) throws(ServiceError) -> Int64 {
    let first = block.event(at: 0)
    var count = 1
    while count < block.count, block.event(at: count) == first + Int64(count) { count += 1 }
    block.truncate(to: count)
    let times = UnsafeBufferPointer(start: block.moments, count: count)
    let statement = try database.statement(
      "INSERT INTO event_chunks (first_event, events, first_time, last_time) VALUES (?1, ?2, ?3, ?4)")
    statement.bind(first, at: 1)
    statement.bind(Int64(count), at: 2)
    statement.bind(times.min() ?? 0, at: 3)
    statement.bind(times.max() ?? 0, at: 4)
    try statement.run()
    let chunk = database.lastInsertedID
    for column in EventColumn.allCases {
      let statement = try database.statement("INSERT INTO event_columns (id, data) VALUES (?1, ?2)")
      statement.bind(key(chunk, column), at: 1)
      statement.bind(blob: block.stored(column), at: 2)
      try statement.run()
    }
    return first + Int64(count)
  }

  /// Where a column of a chunk is kept.
  static func key(_ chunk: Int64, _ column: EventColumn) -> Int64 { chunk * 8 + Int64(column.rawValue) }
}

// MARK: - Moves

extension EventChunks {
  /// Whether more moves are noted than need be.
  static func hasManyMoves(_ transaction: ReadTransaction) throws(ServiceError) -> Bool {
    try integer("SELECT count(*) FROM event_moves", transaction.database) > moveLimit
  }

  /// Works noted moves into some chunks when there are many of them.
  static func workInMoves(_ transaction: WriteTransaction) throws(ServiceError) {
    let database = transaction.database
    guard try hasManyMoves(transaction.reading) else { return }
    let chunks = try movedChunks(database)
    // Moves of events that no chunk holds say nothing.
    if chunks.isEmpty { try database.statement("DELETE FROM event_moves").run() }
    for chunk in chunks {
      try rewrite(chunk, database)
      let done = try database.statement("DELETE FROM event_moves WHERE event_id >= ?1 AND event_id < ?2")
      done.bind(chunk.first, at: 1)
      done.bind(chunk.first + Int64(chunk.count), at: 2)
      try done.run()
    }
  }

  private static func movedChunks(_ database: Connection) throws(ServiceError) -> [EventScan.Chunk] {
    let statement = try database.statement(
      """
      SELECT id, first_event, events, first_time, last_time FROM event_chunks AS c
      WHERE EXISTS (SELECT 1 FROM event_moves WHERE event_id >= c.first_event AND event_id < c.first_event + c.events)
      ORDER BY id LIMIT ?1
      """)
    statement.bind(Int64(moveBurst), at: 1)
    defer { statement.reset() }
    var chunks: [EventScan.Chunk] = []
    while try statement.step() { chunks.append(EventScan.Chunk(statement)) }
    return chunks
  }

  private static func rewrite(_ chunk: EventScan.Chunk, _ database: Connection) throws(ServiceError) {
    let block = EventBlock()
    block.begin(first: chunk.first, count: chunk.count)
    try EventScan.load(.contact, of: chunk, into: block, database)
    let moves = try database.statement(
      "SELECT event_id, contact_id FROM event_moves WHERE event_id >= ?1 AND event_id < ?2")
    moves.bind(chunk.first, at: 1)
    moves.bind(chunk.first + Int64(chunk.count), at: 2)
    defer { moves.reset() }
    while try moves.step() {
      block.set(.contact, UInt32(truncatingIfNeeded: moves.integer(1)), at: Int(moves.integer(0) - chunk.first))
    }
    let update = try database.statement("UPDATE event_columns SET data = ?2 WHERE id = ?1")
    update.bind(key(chunk.id, .contact), at: 1)
    update.bind(blob: block.stored(.contact), at: 2)
    try update.run()
  }
}
