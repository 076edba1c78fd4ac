internal import Service

/// Goes through events block by block: chunks first, then what is not in columns yet.
///
/// On one state of the data: call it inside ``ReadTransaction/onOneState(_:)``.
final class EventScan {
  /// A closed run of events.
  struct Chunk {
    let id: Int64
    let first: Int64
    let count: Int
    let times: ClosedRange<Int64>

    /// Reads `id, first_event, events, first_time, last_time`.
    init(_ row: Statement) {
      id = row.integer(0)
      first = row.integer(1)
      count = Int(max(0, min(row.integer(2), Int64(EventBlock.length))))
      times = min(row.integer(3), row.integer(4))...max(row.integer(3), row.integer(4))
    }
  }

  /// Numbers of names, clients and campaigns.
  let words: EventWords
  /// Numbers of visitors.
  let visitors: EventWords
  private let database: Connection
  private let block = EventBlock()
  private let positions = UnsafeMutablePointer<Int32>.allocate(capacity: EventBlock.length)
  private var chunk: Chunk?
  private var moves: [(event: Int64, contact: UInt32)]?
  private var departed: BitSet?
  private var attaching: [UInt32: UInt32]?

  init(_ transaction: ReadTransaction) {
    database = transaction.database
    words = EventWords(.words, database)
    visitors = EventWords(.visitors, database)
  }

  deinit { positions.deallocate() }

  /// The events of a block that fulfil the criteria.
  struct Matches {
    fileprivate let scan: EventScan
    fileprivate let selection: EventSelection
    /// No event of the block is outside of these times.
    let span: ClosedRange<Int64>

    var count: Int { selection.count }

    /// The position in the block of one of them.
    @inline(__always)
    func position(_ index: Int) -> Int { selection[index] }

    /// The row of the event at a position.
    @inline(__always)
    func event(at position: Int) -> Int64 { scan.block.event(at: position) }

    /// A column of the block.
    func numbers(_ column: EventColumn) throws(ServiceError) -> UnsafePointer<UInt32> {
      try scan.column(column)
      return scan.block.numbers(column)
    }

    /// The times of the block.
    func moments() throws(ServiceError) -> UnsafePointer<Int64> {
      try scan.column(.time)
      return scan.block.moments
    }
  }

  /// Which blocks are visited.
  enum Blocks {
    case all
    /// The chunks of some groups (``EventTotals/group(ofChunk:)``).
    case grouped(Set<Int64>)
    /// All but these.
    case ungrouped(Set<Int64>)

    fileprivate func contains(_ chunk: Chunk) -> Bool {
      switch self {
      case .all: true
      case .grouped(let groups): groups.contains(EventTotals.group(ofChunk: chunk.id))
      case .ungrouped(let groups): !groups.contains(EventTotals.group(ofChunk: chunk.id))
      }
    }

    /// Whether what is not in chunks yet belongs to them.
    fileprivate var containsRest: Bool { if case .grouped = self { false } else { true } }
  }

  /// Visits what fulfils the criteria, block by block, in the order in which events came in or roughly the reverse.
  ///
  /// - Parameter columns: what the body reads, beside what the criteria do.
  func visit(
    _ criteria: EventCriteria, _ columns: Set<EventColumn> = [], newestFirst: Bool = false, blocks: Blocks = .all,
    _ body: (Matches) throws(ServiceError) -> Void
  ) throws(ServiceError) {
    guard !criteria.isNever else { return }
    let columns = columns.union(criteria.columns)
    if newestFirst, blocks.containsRest { try visitRest(criteria, columns, body) }
    let chunks = try chunks(within: criteria.times).filter(blocks.contains)
    try visit(newestFirst ? chunks.reversed() : chunks, criteria, body)
    if !newestFirst, blocks.containsRest { try visitRest(criteria, columns, body) }
  }

  private func visit(
    _ chunks: [Chunk], _ criteria: EventCriteria, _ body: (Matches) throws(ServiceError) -> Void
  ) throws(ServiceError) {
    defer { chunk = nil }
    for chunk in chunks {
      self.chunk = chunk
      block.begin(first: chunk.first, count: chunk.count)
      let isInside = criteria.times.contains(chunk.times.lowerBound) && criteria.times.contains(chunk.times.upperBound)
      try report(criteria, checksTime: !isInside, body)
    }
  }

  private func visitRest(
    _ criteria: EventCriteria, _ columns: Set<EventColumn>, _ body: (Matches) throws(ServiceError) -> Void
  ) throws(ServiceError) {
    let rows = EventRows(database: database, words: words, visitors: visitors)
    let columns = columns.contains(.contact) ? columns.union([.visitor]) : columns
    var next = try EventChunks.nextEvent(database)
    repeat {
      try rows.fill(block, from: next, columns)
      guard block.count > 0 else { return }
      if columns.contains(.contact) {
        try hideDeparted()
        try showAttaching()
      }
      next = block.event(at: block.count - 1) + 1
      try report(criteria, checksTime: true, body)
    } while block.count == EventBlock.length
  }

  private func report(
    _ criteria: EventCriteria, checksTime: Bool, _ body: (Matches) throws(ServiceError) -> Void
  ) throws(ServiceError) {
    var selection = EventSelection(positions, count: block.count)
    if checksTime, criteria.isTimed {
      try column(.time)
      criteria.narrow(&selection, times: block.moments)
    }
    for test in criteria.tests where selection.count > 0 {
      for wanted in test.columns { try column(wanted) }
      test.narrow(&selection, block)
    }
    guard selection.count > 0 else { return }
    try body(Matches(scan: self, selection: selection, span: chunk?.times ?? .min ... .max))
  }

  private func chunks(within times: ClosedRange<Int64>) throws(ServiceError) -> [Chunk] {
    let statement = try database.statement(
      """
      SELECT id, first_event, events, first_time, last_time FROM event_chunks
      WHERE last_time >= ?1 AND first_time <= ?2 ORDER BY id
      """)
    statement.bind(times.lowerBound, at: 1)
    statement.bind(times.upperBound, at: 2)
    defer { statement.reset() }
    var chunks: [Chunk] = []
    while try statement.step() { chunks.append(Chunk(statement)) }
    return chunks
  }
}

// MARK: - Columns

extension EventScan {
  private func column(_ column: EventColumn) throws(ServiceError) {
    guard let chunk, !block.isLoaded(column) else { return }
    try Self.load(column, of: chunk, into: block, database)
    guard column == .contact else { return }
    try applyMoves(chunk)
    try hideDeparted()
    if try !attachingVisitors().isEmpty { try self.column(.visitor) }
    try showAttaching()
  }

  /// Takes events of visitors that are being attached for their contact's.
  private func showAttaching() throws(ServiceError) {
    let attaching = try attachingVisitors()
    guard !attaching.isEmpty else { return }
    let (contacts, visitors) = (block.numbers(.contact), block.numbers(.visitor))
    for position in 0..<block.count where contacts[position] == 0 {
      if let contact = attaching[visitors[position]] { block.set(.contact, contact, at: position) }
    }
  }

  /// The contacts of visitors that are being attached, by the visitor's number.
  private func attachingVisitors() throws(ServiceError) -> [UInt32: UInt32] {
    if let attaching { return attaching }
    var found: [UInt32: UInt32] = [:]
    for (visitor, contact) in try Visitors.beingAttached(database) {
      found[try visitors.number(of: visitor)] = UInt32(truncatingIfNeeded: contact)
    }
    found[0] = nil
    attaching = found
    return found
  }

  /// Takes contacts that are deleted for nothing.
  private func hideDeparted() throws(ServiceError) {
    let departed = if let known = self.departed { known } else { try DepartedContacts.rows(database) }
    self.departed = departed
    guard !departed.isEmpty else { return }
    let contacts = block.numbers(.contact)
    departed.withBits { bits in
      for position in 0..<block.count where bits.contains(contacts[position]) { block.set(.contact, 0, at: position) }
    }
  }

  /// Reads a column of a chunk that the block stands for.
  static func load(
    _ column: EventColumn, of chunk: Chunk, into block: EventBlock, _ database: Connection
  ) throws(ServiceError) {
    let statement = try database.statement("SELECT data FROM event_columns WHERE id = ?1")
    statement.bind(EventChunks.key(chunk.id, column), at: 1)
    defer { statement.reset() }
    guard try statement.step(), block.load(column, statement.bytes(0)) else {
      throw ServiceError(.internal, "The workspace's event columns are damaged. Restore the file from a copy.")
    }
  }

  private func applyMoves(_ chunk: Chunk) throws(ServiceError) {
    let moves = if let known = self.moves { known } else { try readMoves() }
    self.moves = moves
    guard !moves.isEmpty else { return }
    var low = 0
    var high = moves.count
    while low < high {
      let middle = (low + high) / 2
      if moves[middle].event < chunk.first { low = middle + 1 } else { high = middle }
    }
    while low < moves.count, moves[low].event < chunk.first + Int64(chunk.count) {
      block.set(.contact, moves[low].contact, at: Int(moves[low].event - chunk.first))
      low += 1
    }
  }

  private func readMoves() throws(ServiceError) -> [(event: Int64, contact: UInt32)] {
    let statement = try database.statement("SELECT event_id, contact_id FROM event_moves ORDER BY event_id")
    defer { statement.reset() }
    var moves: [(event: Int64, contact: UInt32)] = []
    while try statement.step() {
      moves.append((statement.integer(0), UInt32(truncatingIfNeeded: statement.integer(1))))
    }
    return moves
  }
}
