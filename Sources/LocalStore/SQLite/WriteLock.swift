internal import Platform

/// A queue at a lock file beside the database, for the writers of several processes.
///
/// SQLite's own waiting sleeps and tries again, so that the holder of the lock wins again and again and others wait
/// for tens of milliseconds. The system wakes those who wait here one after the other.
final class WriteLock: Sendable {
  private let file: Descriptor?

  /// Opens the lock file; in memory there is nobody to wait for.
  init(location: Location) {
    file = location.path.flatMap { try? Files.openLock($0 + "-writer") }
  }

  deinit { file?.close() }

  /// Runs the body while no other process's body runs.
  func withLock<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    guard let file else { return try body() }
    file.lockExclusively()
    defer { file.unlock() }
    return try body()
  }
}
