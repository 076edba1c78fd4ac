internal import Platform
public import Service

extension LocalStore {
  /// What workflows and sequences do without being asked: signals to route, enrollments whose day has come.
  public var flowWork: [any BackgroundWork] { [SignalsToRoute(store: self), DueEnrollments(store: self)] }
}

/// Signals that workflows may listen to, and the runs that they set off.
private struct SignalsToRoute: BackgroundWork {
  let name = "signals"
  let store: LocalStore

  /// Routes a batch of signals and does a batch of runs, in one transaction.
  func doNext(shouldStop: @escaping @Sendable () -> Bool) throws(ServiceError) -> Bool {
    let hasWork = try store.read { reading throws(ServiceError) in
      if try SignalRouter.hasWork(reading) { return true }
      return try WorkflowRuns.areQueued(reading)
    }
    // Whoever has nothing to do must not take the write lock from those who have.
    guard hasWork else { return false }
    try store.writer.change { transaction throws(ServiceError) in
      try SignalRouter.route(in: transaction)
      try WorkflowRuns.work(in: transaction)
    }
    return true
  }
}

/// Enrollments whose next step is due, or who may have left.
private struct DueEnrollments: BackgroundWork {
  let name = "enrollments"
  let store: LocalStore

  func doNext(shouldStop: @escaping @Sendable () -> Bool) throws(ServiceError) -> Bool {
    guard let time = try nextTime(), time <= store.clock.now() else { return false }
    try store.writer.change { transaction throws(ServiceError) in try EnrollmentWork.work(in: transaction) }
    return true
  }

  func nextTime() throws(ServiceError) -> Timestamp? {
    try store.read { reading throws(ServiceError) in try EnrollmentWork.nextTime(reading) }
  }
}
