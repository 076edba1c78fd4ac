public import Platform

/// A kind of work that becomes due without being asked for: queued actions, waiting runs, schedules.
///
/// What is due lies in the store, so that it survives the process; a value of this kind only takes it from there.
public protocol BackgroundWork: Sendable {
  /// Names the kind in the log, as in "could not take up *due actions*".
  var name: String { get }

  /// Called whenever the worker wakes, before it looks for work: for what earlier processes left behind.
  func prepare() throws(ServiceError)

  /// Takes the next piece of work that is due, and does it on the calling thread; false when none is.
  ///
  /// Long work looks at `shouldStop` now and then, and leaves what it has not done for the next process. It throws only
  /// when the store does: what goes wrong in the work itself is its outcome.
  func doNext(shouldStop: @escaping @Sendable () -> Bool) throws(ServiceError) -> Bool

  /// When the next piece becomes due; nil when none is known.
  func nextTime() throws(ServiceError) -> Timestamp?
}

extension BackgroundWork {
  /// Nothing is left behind.
  public func prepare() throws(ServiceError) {}

  /// Nothing becomes due by time alone.
  public func nextTime() throws(ServiceError) -> Timestamp? { nil }
}
