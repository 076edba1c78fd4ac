internal import Logging
internal import Platform
public import Service
internal import Synchronization

/// Tells of commits to the workspace, by this process or another, while somebody wants to know.
///
/// This process's writer says so itself. Others are noticed by their writing to the log beside the file: SQLite then
/// tells, from shared memory, whether that was a commit. The log is written before a commit is complete, so that a
/// write that has changed nothing yet is looked at again, a few times within a second.
final class CommitFeed: Sendable {
  private struct State {
    var handlers: [Int: @Sendable () -> Void] = [:]
    var next = 0
    /// Grows with each hint that something may have changed.
    var hints = 0
    var isRunning = false
  }

  /// In milliseconds: a look costs a handler some reads, which must not take a processor when thousands are written.
  private static let shortestPause: UInt64 = 25
  /// In milliseconds, after a write that may not be a commit yet.
  private static let lookAgain: [UInt64] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048]
  /// In milliseconds, where the system can't watch files.
  private static let unwatchedPause: UInt64 = 500

  private let state = Monitor(State())
  private let isWanted = Atomic<Bool>(false)
  private let location: Location
  private let open: @Sendable () throws(ServiceError) -> Void
  private let log: Log

  /// - Parameter open: makes sure that there is a workspace at the location.
  init(location: Location, log: Log, open: @escaping @Sendable () throws(ServiceError) -> Void) {
    self.location = location
    self.log = log
    self.open = open
  }

  /// Adds a handler; gives the number that removes it.
  func add(_ handler: @escaping @Sendable () -> Void) -> Int {
    let (number, mustStart) = state.withLock { state in
      state.next += 1
      state.handlers[state.next] = handler
      isWanted.store(true, ordering: .releasing)
      defer { state.isRunning = true }
      return (state.next, !state.isRunning)
    }
    if mustStart { Thread.start("changes") { [self] in run() } }
    return number
  }

  /// Removes a handler.
  func remove(_ number: Int) {
    state.withLock { $0.handlers[number] = nil }
    state.notify()
  }

  /// The writer of this process has committed.
  func noteCommit() {
    if isWanted.load(ordering: .acquiring) { hint() }
  }

  private func hint() {
    state.withLock { $0.hints &+= 1 }
    state.notify()
  }

  private func run() {
    let connection = connection()
    // The first look makes SQLite create the log, the second sees what was written before the watch began.
    _ = version(connection)
    let watch = watchLog()
    defer { watch?.end() }
    var seen = version(connection)
    var hints = state.withLock(\.hints)
    var looks = Self.lookAgain.count
    // What was committed before may or may not have been seen by who watches.
    tell()
    while let now = wait(for: hints, looks: looks, isWatched: watch != nil) {
      let isHint = now != hints
      looks = isHint ? 0 : looks + 1
      hints = now
      let version = version(connection)
      guard version == nil ? isHint : version != seen else { continue }
      seen = version
      tell()
      _ = state.wait(until: .after(milliseconds: Self.shortestPause)) { $0.handlers.isEmpty ? true : nil }
    }
  }

  /// The number of hints once there is reason to look; nil when nobody wants to know any more.
  private func wait(for hints: Int, looks: Int, isWatched: Bool) -> Int? {
    var deadline: Deadline?
    if location.path != nil {
      if looks < Self.lookAgain.count {
        deadline = .after(milliseconds: Self.lookAgain[looks])
      } else if !isWatched {
        deadline = .after(milliseconds: Self.unwatchedPause)
      }
    }
    let woken = state.wait(until: deadline) { state -> Int?? in
      guard state.handlers.isEmpty else { return state.hints != hints ? .some(state.hints) : nil }
      state.isRunning = false
      isWanted.store(false, ordering: .releasing)
      return .some(nil)
    }
    return woken ?? hints
  }

  private func tell() {
    for handler in state.withLock({ Array($0.handlers.values) }) { handler() }
  }

  /// A connection to ask whether anything was committed; nil in memory, where there is nobody else.
  private func connection() -> Connection? {
    guard location.path != nil else { return nil }
    do {
      try open()
      return try Connection(location: location, role: .reader)
    } catch {
      log.warning("changes are told late: \(error.message)")
      return nil
    }
  }

  /// SQLite's number for the state of the data, which grows with each commit of another connection.
  private func version(_ connection: Connection?) -> Int64? {
    try? connection?.integer("PRAGMA data_version")
  }

  private func watchLog() -> FileWatch? {
    guard let path = location.path else { return nil }
    do {
      return try FileWatch(path + "-wal") { [weak self] in self?.hint() }
    } catch {
      log.info("changes by other processes are looked for twice a second: \(error)")
      return nil
    }
  }
}

extension LocalStore: ChangeFeed {
  /// Tells of commits.
  public func watch(_ handler: @escaping @Sendable () -> Void) -> any ChangeWatch {
    Watch(feed: commits, number: commits.add(handler))
  }

  private struct Watch: ChangeWatch {
    let feed: CommitFeed
    let number: Int

    func end() { feed.remove(number) }
  }
}
