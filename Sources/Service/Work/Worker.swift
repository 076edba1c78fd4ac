public import Logging
public import Platform

/// Does what is due without being asked: queued actions and waiting runs, one thread per kind.
///
/// It sleeps until it is told of new work or the next action is due; it never polls.
public final class Worker: Sendable {
  private struct State {
    var isStarted = false
    var isStopping = false
    var actionKicks = 0
    var runKicks = 0
    var isBusy = 0
  }

  private let actions: any ActionQueue
  private let runs: any RunQueue
  private let performer: any ActionPerformer
  private let runPerformer: any RunPerformer
  private let clock: any Clock
  private let log: Log
  private let state = Monitor(State())

  /// A worker over these queues; nothing runs before ``start()``.
  public init(
    actions: any ActionQueue, runs: any RunQueue, performer: any ActionPerformer, runPerformer: any RunPerformer,
    clock: any Clock, log: Log
  ) {
    self.actions = actions
    self.runs = runs
    self.performer = performer
    self.runPerformer = runPerformer
    self.clock = clock
    self.log = log
  }

  /// Starts the threads; later calls do nothing.
  public func start() {
    let isFirst = state.withLock { state in
      defer { state.isStarted = true }
      return !state.isStarted && !state.isStopping
    }
    guard isFirst else { return }
    Thread.start("actions") { [self] in workOnActions() }
    Thread.start("runs") { [self] in workOnRuns() }
  }

  /// Tells of new work; starts the threads if they are not running.
  public func kick() {
    start()
    state.withLock { state in
      state.actionKicks += 1
      state.runKicks += 1
    }
    state.notify()
  }

  /// Lets the work in hand finish its step and takes no more; false when the deadline passed first.
  @discardableResult
  public func stop(by deadline: Deadline) -> Bool {
    state.withLock { $0.isStopping = true }
    state.notify()
    return state.wait(until: deadline) { $0.isBusy == 0 ? true : nil } ?? false
  }

  /// Does everything that is due now on the calling thread, runs first; for commands that end afterwards.
  public func drain() {
    recover()
    while workOnNextRun() == .worked {}
    while performNextAction() == .worked {}
  }

  /// How a look for work ended.
  private enum Step {
    case worked, idle, failed
  }

  /// How long to wait after a failure, in milliseconds: what is wrong with the store is not mended by haste.
  private static let retryDelay: UInt64 = 5000

  private func workOnActions() {
    var seen = 0
    while !isStopping {
      var step = recover()
      if step != .failed { step = .worked }
      while step == .worked, !isStopping { step = performNextAction() }
      seen = waitForKick(after: seen, \.actionKicks, step) { () throws(ServiceError) in try actions.nextDueTime() }
    }
  }

  private func workOnRuns() {
    var seen = 0
    while !isStopping {
      var step = Step.worked
      while step == .worked, !isStopping { step = workOnNextRun() }
      seen = waitForKick(after: seen, \.runKicks, step) { () throws(ServiceError) in try runs.nextRunTime() }
    }
  }

  private var isStopping: Bool { state.withLock(\.isStopping) }

  private func waitForKick(
    after seen: Int, _ kicks: any KeyPath<State, Int> & Sendable, _ step: Step,
    next: () throws(ServiceError) -> Timestamp?
  ) -> Int {
    let time = step == .failed ? nil : attempt("look for the next work", next)
    let deadline =
      if let time { time.map { self.deadline(for: $0) } } else {
        Deadline.after(milliseconds: Self.retryDelay) as Deadline?
      }
    return state.wait(until: deadline) { state in
      state.isStopping || state[keyPath: kicks] > seen ? state[keyPath: kicks] : nil
    } ?? seen
  }

  /// Clocks are set and computers sleep: look again at least every minute.
  private func deadline(for time: Timestamp) -> Deadline {
    let wait = max(0, time.milliseconds - clock.now().milliseconds)
    return .after(milliseconds: UInt64(min(wait, 60_000)))
  }

  @discardableResult
  private func recover() -> Step {
    let count = attempt("look for abandoned actions") { () throws(ServiceError) in try actions.failAbandonedActions() }
    guard let count else { return .failed }
    if count > 0 {
      log.warning("\(count) actions were running when their process ended; marked failed, outcome unknown")
    }
    return .worked
  }

  private func performNextAction() -> Step {
    busy {
      let claimed = attempt("claim an action") { () throws(ServiceError) in try actions.claimDueAction() }
      guard let claimed else { return .failed }
      guard let action = claimed else { return .idle }
      _ = attempt("record an outcome") { () throws(ServiceError) in try actions.perform(action, with: performer) }
      return .worked
    }
  }

  private func workOnNextRun() -> Step {
    let step = busy {
      let claimed = attempt("claim a run") { () throws(ServiceError) in try runs.claimRun() }
      guard let claimed else { return Step.failed }
      guard let run = claimed else { return .idle }
      runPerformer.perform(run, queue: runs, shouldStop: { [self] in isStopping })
      if isStopping { _ = attempt("give a run back") { () throws(ServiceError) in try runs.release(run) } }
      return .worked
    }
    if step == .worked {
      state.withLock { $0.actionKicks += 1 }
      state.notify()
    }
    return step
  }

  private func busy(_ body: () -> Step) -> Step {
    state.withLock { $0.isBusy += 1 }
    defer {
      state.withLock { $0.isBusy -= 1 }
      state.notify()
    }
    return body()
  }

  /// Nil when the step failed; background work has nobody to tell but the log.
  private func attempt<Result>(_ step: String, _ body: () throws(ServiceError) -> Result) -> Result? {
    do {
      return try body()
    } catch {
      log.error("could not \(step): \(error.message)")
      return nil
    }
  }
}
