internal import Platform
internal import Service
internal import Synchronization

/// An open workspace: its key, its connections, and the one way to write.
final class WorkspaceFile: Sendable {
  let ids: RecordIDs
  let writeLock: WriteLock
  private let location: Location
  private let clock: any Clock
  private let idleReaders = Mutex<[Connection]>([])
  // Used by the writer thread alone, and while the file is opened.
  private let writer: Connection
  private let journal: ChangeJournal
  private let places = PlaceCache()
  private let books: UsageBooks

  /// Opens the file, creates it where it is missing, and brings it to this program's form.
  ///
  /// - Throws: when a newer program has written it.
  init(
    location: Location, idKey: [UInt8]? = nil, clock: any Clock, books: UsageBooks = UsageBooks()
  ) throws(ServiceError) {
    self.location = location
    self.clock = clock
    self.books = books
    try location.create()
    writeLock = WriteLock(location: location)
    writer = try Connection(location: location, role: .writer)
    let connection = writer
    journal = connection.journal()
    try writeLock.withLock { () throws(ServiceError) in
      let isNew = try connection.integer("PRAGMA user_version") == 0
      try Migrator.migrate(connection)
      if isNew, let idKey { try Self.setKey(idKey, of: connection) }
    }
    ids = RecordIDs(key: try Self.key(of: connection))
  }

  /// The time.
  var now: Timestamp { clock.now() }

  /// Runs the body with a connection that nobody else uses.
  func read<Result>(_ body: (ReadTransaction) throws(ServiceError) -> Result) throws(ServiceError) -> Result {
    let transaction = try takeReader()
    defer { giveBack(transaction) }
    return try body(transaction)
  }

  /// A connection that nobody else uses until it is given back.
  func takeReader() throws(ServiceError) -> ReadTransaction {
    let idle = idleReaders.withLock { $0.popLast() }
    let connection = if let idle { idle } else { try Connection(location: location, role: .reader) }
    return ReadTransaction(database: connection, ids: ids, now: clock.now(), books: books)
  }

  /// Gives the connection back, with no transaction open.
  func giveBack(_ transaction: ReadTransaction) {
    let connection = transaction.database
    if connection.isInTransaction { try? connection.statement("ROLLBACK").run() }
    idleReaders.withLock { $0.append(connection) }
  }

  /// Starts the writer's transaction; on the writer's thread, inside the write lock.
  func beginWrite() throws(ServiceError) -> WriteTransaction {
    try writer.statement("BEGIN IMMEDIATE").run()
    return WriteTransaction(
      database: writer, ids: ids, places: places, books: books, journal: journal, now: clock.now())
  }

  /// Makes the transaction durable.
  func commit(_ transaction: WriteTransaction) throws(ServiceError) {
    try transaction.flush()
    try writer.statement("COMMIT").run()
    places.commit()
  }

  /// Takes the transaction back, if there is one.
  func rollBack() {
    places.rollBack()
    journal.rolledBack()
    guard writer.isInTransaction else { return }
    try? writer.execute("ROLLBACK")
  }

  /// Puts what is in the log into the file, so that the next process need not read the log first.
  ///
  /// With a connection of its own: any thread may call it.
  func tidy() throws(ServiceError) { try Connection(location: location, role: .writer).checkpoint() }

  private static func setKey(_ key: [UInt8], of connection: Connection) throws(ServiceError) {
    let statement = try connection.statement("UPDATE settings SET value = ?1 WHERE name = 'id_key'")
    statement.bind(blob: key, at: 1)
    try statement.run()
  }

  /// Whether ids of the workspace at a path are made with a key; false for what is no workspace.
  static func usesKey(_ key: [UInt8], at path: String) throws(ServiceError) -> Bool {
    let connection = try Connection(location: Location(path), role: .reader)
    let statement = try connection.statement("SELECT value FROM settings WHERE name = 'id_key'")
    defer { statement.reset() }
    return try statement.step() && Array(statement.blob(0)) == key
  }

  private static func key(of connection: Connection) throws(ServiceError) -> (UInt64, UInt64) {
    let statement = try connection.statement("SELECT value FROM settings WHERE name = 'id_key'")
    defer { statement.reset() }
    guard try statement.step() else { throw ServiceError(.internal, "The workspace has lost its key.") }
    let bytes = statement.blob(0)
    guard bytes.count == 16 else { throw ServiceError(.internal, "The workspace's key is damaged.") }
    return bytes.withUnsafeBytes {
      ($0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }
  }
}
