public import JSON
public import Logging
internal import Operations
public import Platform
public import Service
internal import Synchronization

/// The local workspace: everything that the hosted platforms keep, in one SQLite file.
///
/// The file is opened by the first call that needs it. Reads run on the caller's thread with a connection of their
/// own and never wait for the writer; writes run on one thread, in groups.
public final class LocalStore: Sendable {
  let clock: any Clock
  let log: Log
  let writer: GroupWriter
  let commits: CommitFeed
  private let file: LazyFile
  let books: UsageBooks
  private let batch = Mutex(ReadBatch())
  private let listener = Mutex<Held<@Sendable () -> Void>?>(nil)

  /// A store over the file at `path`, or over memory for `:memory:`; touches nothing yet.
  ///
  /// - Parameter idKey: 16 bytes that make the ids of a workspace that is new; without it random ones do.
  public init(
    path: String, account: Account = Account(), idKey: [UInt8]? = nil, clock: any Clock = SystemClock(), log: Log
  ) {
    let books = UsageBooks(account: account, name: Self.name(path))
    let location = Location(path)
    let file = LazyFile(location: location, idKey: idKey, clock: clock, books: books)
    let commits = CommitFeed(location: location, log: log) { () throws(ServiceError) in _ = try file.get() }
    self.books = books
    self.clock = clock
    self.log = log
    self.file = file
    self.commits = commits
    writer = GroupWriter(log: log, committed: { commits.noteCommit() }) { () throws(ServiceError) in try file.get() }
  }

  /// Whether the ids of the workspace at a path are made with a key.
  ///
  /// - Throws: when the file is no workspace, or can't be read.
  public static func usesIDKey(_ key: [UInt8], at path: String) throws(ServiceError) -> Bool {
    try WorkspaceFile.usesKey(key, at: path)
  }

  /// What people call the workspace: its file's name without the ending.
  private static func name(_ path: String) -> String {
    let file = path.split(separator: "/").last ?? ""
    return file == ":memory:" ? "memory" : String(file.hasSuffix(".db") ? file.dropLast(3) : file)
  }

  /// Sets who is told, on the writer's thread, that a commit has made work due.
  public func onDueWork(_ listener: @escaping @Sendable () -> Void) {
    self.listener.withLock { $0 = Held(listener) }
  }

  /// Sets what runs the completions of writes that were committed together, so that their answers can leave together.
  public func onAnswers(_ deliver: @escaping @Sendable (() -> Void) -> Void) { writer.deliver(deliver) }

  /// Waits until every queued write is durable, usage included; false when the deadline passes first.
  public func close(by deadline: Deadline) -> Bool {
    flushUsage()
    guard writer.drain(by: deadline) else { return false }
    if writer.commits > 0 {
      do {
        try file.get().tidy()
      } catch {
        log.warning("the log stays beside the workspace: \(error.message)")
      }
    }
    return true
  }

  /// Runs a read on one state of the data.
  func read<Result>(_ body: (ReadTransaction) throws(ServiceError) -> Result) throws(ServiceError) -> Result {
    try file.get().read(body)
  }

  func tellDueWork() { listener.withLock { $0 }?.value() }
}

/// Opens the workspace once, at the first need; a failure is tried again at the next.
private final class LazyFile: Sendable {
  private let opened = Mutex<WorkspaceFile?>(nil)
  private let isDone = Atomic<Bool>(false)
  private let location: Location
  private let idKey: [UInt8]?
  private let clock: any Clock
  private let books: UsageBooks

  init(location: Location, idKey: [UInt8]?, clock: any Clock, books: UsageBooks) {
    self.location = location
    self.idKey = idKey
    self.clock = clock
    self.books = books
  }

  /// Whether ``get()`` will not have to open it; never waits.
  var isOpen: Bool { isDone.load(ordering: .acquiring) }

  func get() throws(ServiceError) -> WorkspaceFile {
    try opened.withLock { file throws(ServiceError) in
      if let file { return file }
      let new = try WorkspaceFile(location: location, idKey: idKey, clock: clock, books: books)
      file = new
      isDone.store(true, ordering: .releasing)
      return new
    }
  }
}

// MARK: - Calls

extension LocalStore: Backend {
  /// Whether the call is known to touch few rows of a workspace that is open already.
  ///
  /// Opening may wait for another process that brings the file to its newest form.
  public func isQuick(_ call: Call) -> Bool {
    guard file.isOpen, case .read(_, let isQuick) = Handlers.handler(of: call.operation) else { return false }
    return isQuick(call.arguments)
  }

  /// Whether a write is queued or open.
  public var hasOpenWrites: Bool { writer.hasOpenJobs }

  /// Runs the body once every write queued before is durable.
  public func afterWrites(_ body: @escaping @Sendable () -> Void) { writer.afterJobs(body) }

  /// Answers a read.
  public func read(_ call: Call, into payload: inout JSONWriter) throws(ServiceError) -> Receipt {
    let workspace = try file.get()
    let transaction = try workspace.takeReader()
    defer { workspace.giveBack(transaction) }
    return try Self.answer(call, transaction, into: &payload)
  }

  /// Answers a read on the state that the batch's earlier reads saw, unless this process has written since.
  public func readInBatch(_ call: Call, into payload: inout JSONWriter) throws(ServiceError) -> Receipt {
    try batch.withLock { (batch) throws(ServiceError) in
      let transaction = try batch.next(from: try file.get(), commits: writer.commits)
      return try Self.answer(call, transaction, into: &payload)
    }
  }

  /// Lets go of the state that the batch's reads shared, so that the log behind it can be reused.
  public func endOfBatch() { batch.withLock { $0.end() } }

  private static func answer(
    _ call: Call, _ transaction: ReadTransaction, into payload: inout JSONWriter
  ) throws(ServiceError) -> Receipt {
    guard case .read(let handler, _) = Handlers.handler(of: call.operation) else { throw missing(call) }
    let start = payload.mark()
    do {
      try handler(transaction, call.arguments, &payload)
      return Receipt()
    } catch {
      payload.rewind(to: start)
      throw error
    }
  }

  /// Queues a write with its receipt and its audit row.
  public func write(_ call: Call, completion: @escaping @Sendable (Result<WriteOutcome, ServiceError>) -> Void) {
    let handler: WriteHandler
    do {
      handler = try writeHandler(of: call)
    } catch {
      completion(.failure(error))
      return
    }
    writer.add(
      .change(
        { transaction throws(ServiceError) in try Self.perform(call, handler, transaction) },
        completion: { [self] outcome in
          // Before the answer: who has it may rely on the work being known.
          if Self.leavesWork(call, outcome) { tellDueWork() }
          completion(outcome)
        }))
  }

  private func writeHandler(of call: Call) throws(ServiceError) -> WriteHandler {
    switch Handlers.handler(of: call.operation) {
    case .write(let handler)?: handler
    case .preparedWrite(let prepare)?: try prepare(call, clock.now())
    default: throw Self.missing(call)
    }
  }

  private static func leavesWork(_ call: Call, _ outcome: Result<WriteOutcome, ServiceError>) -> Bool {
    if case .success(.answered(let answer)) = outcome, answer.receipt.leavesWork { return true }
    return Handlers.makesWorkDue(call.operation) && hasWritten(outcome)
  }

  private static func hasWritten(_ outcome: Result<WriteOutcome, ServiceError>) -> Bool {
    switch outcome {
    case .success(.answered(let answer)): !answer.receipt.replayed
    case .success(.bulk): true
    case .success(.claimed), .success(.rehearsed), .failure: false
    }
  }

  private static func perform(
    _ call: Call, _ handler: WriteHandler, _ transaction: WriteTransaction
  ) throws(ServiceError) -> WriteOutcome {
    if let ticket = call.ticket, let key = ticket.repeatKey,
      let first = try Receipts.find(key, digest: ticket.digest, in: transaction)
    {
      if call.isRehearsal { return .rehearsed(Rehearsal(payload: first)) }
      let payload = Handlers.answersInBulk(call.operation) ? try BulkReplay.now(first, in: transaction) : first
      return .answered(Answer(payload: payload, receipt: Receipt(replayed: true)))
    }
    if Handlers.keepsImages(call.operation) { try transaction.journal.begin() }
    if call.isRehearsal { return .rehearsed(try Rehearsal(call, handler, transaction)) }
    if let consent = call.consent, try Rehearsal(call, handler, transaction).digest != consent.shown {
      throw Consent.outdated
    }
    var payload = JSONWriter(capacity: 256, sanitizing: true)
    // What a call left that failed is no business of this one.
    _ = transaction.takeChange()
    _ = transaction.takeBulkWork()
    _ = transaction.takeUpkeep()
    let claimed = try handler(transaction, call, &payload)
    let bytes = payload.finish()
    if let ticket = call.ticket {
      if let key = ticket.repeatKey { transaction.journal.note(receipt: key.bytes) }
      try AuditLog.record(call, ticket, transaction)
      if let key = ticket.repeatKey {
        try Receipts.store(key, digest: ticket.digest, payload: bytes, action: claimed?.id, in: transaction)
      }
    }
    if let claimed { return .claimed(claimed) }
    if let work = transaction.takeBulkWork() { return .bulk(work) }
    var receipt = Receipt()
    receipt.leavesWork = transaction.takeUpkeep()
    return .answered(Answer(payload: bytes, receipt: receipt))
  }

  private static func missing(_ call: Call) -> ServiceError {
    ServiceError(.unavailable, "\(call.operation.name) is not available on the local workspace.")
  }
}
