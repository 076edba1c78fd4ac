public import Logging
public import Platform

/// Queued actions, performed when their time has come.
public struct DueActions: BackgroundWork {
  /// "due actions".
  public let name = "due actions"
  private let queue: any ActionQueue
  private let performer: any ActionPerformer
  private let log: Log
  private let report: @Sendable (ClaimedAction, PerformedAction?) -> Void

  /// The actions of the queue, done by the performer.
  ///
  /// `report` hears of each action how it stands afterwards; nil when that could not be recorded.
  public init(
    queue: any ActionQueue, performer: any ActionPerformer, log: Log,
    report: @escaping @Sendable (ClaimedAction, PerformedAction?) -> Void = { _, _ in }
  ) {
    self.report = report
    self.queue = queue
    self.performer = performer
    self.log = log
  }

  /// Ends what was running when its process died: its outcome is unknown, so it is not done again.
  public func prepare() throws(ServiceError) {
    let count = try queue.failAbandonedActions()
    if count > 0 {
      log.warning("\(count) actions were running when their process ended; marked failed, outcome unknown")
    }
  }

  /// Performs the action that has been due longest.
  public func doNext(shouldStop: @escaping @Sendable () -> Bool) throws(ServiceError) -> Bool {
    guard let action = try queue.claimDueAction() else { return false }
    do throws(ServiceError) {
      report(action, PerformedAction(try queue.perform(action, with: performer)))
    } catch {
      // The claim runs out and the action is then marked failed, outcome unknown; the others are not held up.
      log.error("could not record the outcome of \(action.id): \(error.message)")
      report(action, nil)
    }
    return true
  }

  /// When an action becomes due, or the claim of a running one runs out.
  public func nextTime() throws(ServiceError) -> Timestamp? { try queue.nextDueTime() }
}
