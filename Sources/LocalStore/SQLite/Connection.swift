internal import CSQLite
internal import Service

/// One connection to the workspace file, used by one thread at a time, with its prepared statements.
///
/// Errors of SQLite become `ServiceError` here, once; they name no path and no content.
final class Connection: @unchecked Sendable {
  // Unchecked: whoever holds a connection holds it alone (the pool of readers, the writer thread).
  private let handle: OpaquePointer
  private var statements: [UInt: Statement] = [:]
  private var composed: [String: Statement] = [:]
  private var variants: [Variant: Statement] = [:]
  private var keptJournal: ChangeJournal?
  private static let composedLimit = 256
  /// From this size on (64 MiB) a file is mapped into memory, so that a scan copies nothing; a small one lies in the
  /// page cache soon, and its mapped pages would only count as ours.
  private static let mappedPages: Int64 = 16_384
  /// Of an import, in KiB.
  private static let bulkCache = 131_072
  /// Of an import, in pages: 64 MiB, which the next process reads in a moment if this one is killed.
  private static let bulkLog = 16_384
  /// In milliseconds.
  private static let busyTimeout: Int32 = 10_000
  /// In milliseconds.
  private static let ownerTimeout: Int32 = 500
  /// SQLite's own settings, made before the first connection.
  private static let settings: Int32 = csqlite_without_statistics()

  /// One of the statements that a list's filters and order can make.
  private struct Variant: Hashable {
    let family: UInt
    let flags: UInt64
  }

  /// How a connection is used.
  enum Role {
    /// Reads; may create the file's shared memory but never changes data.
    case reader
    /// The one connection that writes.
    case writer
    /// Looks at a file without changing or creating it.
    case inspector
    /// Has the file for itself: fails soon while anybody else has it open.
    case owner
  }

  /// Opens the file, which must have been created before unless `creating`.
  init(location: Location, role: Role) throws(ServiceError) {
    _ = Self.settings
    var opened: OpaquePointer?
    let mode = role == .inspector ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    let flags = mode | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX
    let status = sqlite3_open_v2(location.uri, &opened, flags, nil)
    guard let opened else { throw ServiceError(.internal, "The workspace can't be opened: out of memory.") }
    handle = opened
    guard status == SQLITE_OK else {
      let error = Self.error(status, handle, doing: "open the workspace")
      sqlite3_close_v2(opened)
      throw error
    }
    sqlite3_extended_result_codes(handle, 1)
    sqlite3_busy_timeout(handle, Self.busyTimeout)
    if role == .owner {
      sqlite3_busy_timeout(handle, Self.ownerTimeout)
      // Before the first look into the file: from then on nobody else gets in.
      try execute("PRAGMA locking_mode = EXCLUSIVE")
    }
    try execute("PRAGMA foreign_keys = ON")
    if try (integer("PRAGMA page_count") ?? 0) >= Self.mappedPages { try execute("PRAGMA mmap_size = 1073741824") }
    switch role {
    case .reader, .inspector: try execute("PRAGMA query_only = ON")
    case .owner: break
    case .writer:
      _ = csqlite_allow_schema_changes(handle)
      try execute("PRAGMA synchronous = FULL")
      // What a statement would take back is kept in memory: a row with many indexes and a text index touches so many
      // pages that each insert would else write a temporary file.
      try execute("PRAGMA temp_store = MEMORY")
    }
  }

  deinit {
    for statement in statements.values { statement.finalize() }
    for statement in composed.values { statement.finalize() }
    for statement in variants.values { statement.finalize() }
    sqlite3_close_v2(handle)
  }

  /// The prepared statement of a literal: found by the literal's address, so a call site pays no hashing of text.
  @inline(__always)
  func statement(_ sql: StaticString) throws(ServiceError) -> Statement {
    let key = UInt(bitPattern: sql.utf8Start)
    if let known = statements[key] { return known }
    let prepared = try prepare(sql.utf8Start, sql.utf8CodeUnitCount)
    statements[key] = prepared
    return prepared
  }

  /// The prepared statement of SQL put together from parts of ours; never put values into it.
  func statement(composed sql: String) throws(ServiceError) -> Statement {
    if let known = composed[sql] { return known }
    if composed.count >= Self.composedLimit {
      for statement in composed.values { statement.finalize() }
      composed.removeAll()
    }
    let prepared = try prepare(sql)
    composed[sql] = prepared
    return prepared
  }

  /// The prepared statement of a family with these flags, composed at their first use; never put values into it.
  ///
  /// Use it and reset it before the next is asked for: it may have to make room then.
  func statement(
    _ family: StaticString, flags: UInt64, compose: () -> String
  ) throws(ServiceError) -> Statement {
    let key = Variant(family: UInt(bitPattern: family.utf8Start), flags: flags)
    if let known = variants[key] { return known }
    if variants.count >= Self.composedLimit {
      for statement in variants.values { statement.finalize() }
      variants.removeAll()
    }
    let prepared = try prepare(compose())
    variants[key] = prepared
    return prepared
  }

  private func prepare(_ sql: String) throws(ServiceError) -> Statement {
    var text = sql
    return try text.withUTF8 { bytes in
      Result { () throws(ServiceError) in try prepare(bytes.baseAddress, bytes.count) }
    }.get()
  }

  private func prepare(_ sql: UnsafePointer<UInt8>?, _ count: Int) throws(ServiceError) -> Statement {
    var prepared: OpaquePointer?
    let text = UnsafeRawPointer(sql)?.assumingMemoryBound(to: CChar.self)
    let status = sqlite3_prepare_v3(handle, text, Int32(count), UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
    guard status == SQLITE_OK, let prepared else { throw Self.error(status, handle, doing: "prepare a statement") }
    try keptJournal?.arm()
    return Statement(handle: prepared, database: handle)
  }

  /// What notes the changes that are made over this connection; of the writer's alone.
  func journal() -> ChangeJournal {
    if let keptJournal { return keptJournal }
    let journal = ChangeJournal(of: self)
    journal.register(on: handle)
    keptJournal = journal
    return journal
  }

  /// Runs one or more statements without values or rows.
  func execute(_ sql: String) throws(ServiceError) {
    let status = sqlite3_exec(handle, sql, nil, nil, nil)
    guard status == SQLITE_OK else { throw Self.error(status, handle, doing: "change the workspace") }
  }

  /// Moves what the write-ahead log holds into the file, as far as nobody reads it; never waits for others.
  func checkpoint() throws(ServiceError) {
    sqlite3_busy_timeout(handle, 0)
    defer { sqlite3_busy_timeout(handle, Self.busyTimeout) }
    let status = sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
    guard status == SQLITE_OK || status & 0xFF == SQLITE_BUSY else {
      throw Self.error(status, handle, doing: "put the log into the workspace")
    }
  }

  /// Makes room for much that is written by few transactions.
  ///
  /// Rows that come in by the thousand touch pages all over the indexes: these stay in memory, and the log is put into
  /// the file when a page has been changed many times and not after each transaction.
  func expectBulk() throws(ServiceError) {
    try execute("PRAGMA cache_size = -\(Self.bulkCache)")
    try execute("PRAGMA wal_autocheckpoint = \(Self.bulkLog)")
  }

  /// Writes one state of all data to a file that is empty.
  func copy(to path: String) throws(ServiceError) {
    // A copy changes nothing here, but SQLite counts it among the writes.
    try execute("PRAGMA query_only = OFF")
    defer { try? execute("PRAGMA query_only = ON") }
    let statement = try prepare("VACUUM INTO ?1")
    defer { statement.finalize() }
    statement.bind(path, at: 1)
    try statement.run()
  }

  /// The first column of the first row; nil when there is none.
  func integer(_ sql: String) throws(ServiceError) -> Int64? {
    let statement = try statement(composed: sql)
    defer { statement.reset() }
    return try statement.step() ? statement.integer(0) : nil
  }

  /// The number of rows changed since the connection was opened.
  var totalChanges: Int64 { sqlite3_total_changes64(handle) }

  /// The row id that the last insert gave.
  var lastInsertedID: Int64 { sqlite3_last_insert_rowid(handle) }

  /// Whether a transaction is open.
  var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

  /// Makes a running query of another thread end with an error soon.
  func interrupt() { sqlite3_interrupt(handle) }

  /// What a constraint has to say.
  static let brokenRule = ServiceError(.conflict, "The workspace refuses this change: it breaks a rule of the data.")

  static func error(_ status: Int32, _ handle: OpaquePointer?, doing what: String) -> ServiceError {
    switch status & 0xFF {
    case SQLITE_BUSY, SQLITE_LOCKED:
      ServiceError(
        .unavailable, "Another process has held the workspace for 10 s. Nothing was changed; try again.",
        retryAfter: 1)
    case SQLITE_FULL: ServiceError(.internal, "The disk is full. Nothing was changed; free space and try again.")
    case SQLITE_READONLY:
      ServiceError(.internal, "The workspace file can't be written. Check the owner and mode of it and its folder.")
    case SQLITE_NOTADB, SQLITE_CORRUPT:
      ServiceError(.internal, "The workspace file is damaged or no SQLite file. Restore it or choose another --db.")
    case SQLITE_CANTOPEN:
      ServiceError(.internal, "The workspace file can't be opened. Check that its folder exists and may be written.")
    case SQLITE_INTERRUPT: ServiceError(.cancelled, "The call was withdrawn.")
    case SQLITE_CONSTRAINT: brokenRule
    default:
      ServiceError(
        .internal,
        "Could not \(what): \(String(cString: sqlite3_errstr(status))) (SQLite \(status)). Nothing was changed.")
    }
  }
}
