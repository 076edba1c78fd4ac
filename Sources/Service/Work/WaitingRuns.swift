public import Platform

/// Runs of agents that wait to be worked on.
public struct WaitingRuns: BackgroundWork {
  /// "waiting runs".
  public let name = "waiting runs"
  private let queue: any RunQueue
  private let performer: any RunPerformer
  private let interval: UInt64

  /// The runs of the queue, worked on by the performer.
  ///
  /// - Parameter interval: milliseconds after which a claim is renewed, again and again; less than its lease.
  public init(queue: any RunQueue, performer: any RunPerformer, renewingEvery interval: UInt64 = 15_000) {
    self.queue = queue
    self.performer = performer
    self.interval = interval
  }

  /// Works on the run that has waited longest; gives it back when the process is to end.
  ///
  /// A model may think for minutes: the claim is kept meanwhile, and lost soon when the process dies.
  public func doNext(shouldStop: @escaping @Sendable () -> Bool) throws(ServiceError) -> Bool {
    guard let run = try queue.claimRun() else { return false }
    let keeper = ClaimKeeper(every: interval) { [queue] () throws(ServiceError) in
      try queue.renew(run, usage: ModelUsage())
    }
    performer.perform(run, queue: queue, shouldStop: shouldStop)
    keeper.stop()
    if shouldStop() { try queue.release(run) }
    return true
  }

  /// When a run can be taken over because its process has been silent for too long.
  public func nextTime() throws(ServiceError) -> Timestamp? { try queue.nextRunTime() }
}
