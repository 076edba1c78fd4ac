public import Platform

/// Runs of agents that wait to be worked on.
public struct WaitingRuns: BackgroundWork {
  /// "waiting runs".
  public let name = "waiting runs"
  private let queue: any RunQueue
  private let performer: any RunPerformer

  /// The runs of the queue, worked on by the performer.
  public init(queue: any RunQueue, performer: any RunPerformer) {
    self.queue = queue
    self.performer = performer
  }

  /// Works on the run that has waited longest; gives it back when the process is to end.
  public func doNext(shouldStop: @escaping @Sendable () -> Bool) throws(ServiceError) -> Bool {
    guard let run = try queue.claimRun() else { return false }
    performer.perform(run, queue: queue, shouldStop: shouldStop)
    if shouldStop() { try queue.release(run) }
    return true
  }

  /// When a run can be taken over because its process has been silent for too long.
  public func nextTime() throws(ServiceError) -> Timestamp? { try queue.nextRunTime() }
}
