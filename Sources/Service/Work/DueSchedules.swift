public import Platform

/// Agents that run by a schedule.
public protocol ScheduleQueue: Sendable {
  /// Queues a run of the agent that has been due longest, once however many times have passed meanwhile; false when none
  /// is due.
  func startDueAgent() throws(ServiceError) -> Bool

  /// When the next agent is due; nil when none has a schedule.
  func nextScheduledTime() throws(ServiceError) -> Timestamp?
}

/// Enabled agents, started when their schedule says so.
public struct DueSchedules: BackgroundWork {
  /// "due schedules".
  public let name = "due schedules"
  private let queue: any ScheduleQueue

  /// The agents of the queue.
  public init(queue: any ScheduleQueue) { self.queue = queue }

  /// Queues the run of the agent that has been due longest.
  public func doNext(shouldStop: @escaping @Sendable () -> Bool) throws(ServiceError) -> Bool {
    try queue.startDueAgent()
  }

  /// When the next agent is due.
  public func nextTime() throws(ServiceError) -> Timestamp? { try queue.nextScheduledTime() }
}
