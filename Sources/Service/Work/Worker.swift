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
    while workOnNextRun() {}
    while performNextAction() {}
  }

  private func workOnActions() {
    recover()
    var seen = 0
    while true {
      if isStopping { return }
      if performNextAction() { continue }
      seen = waitForKick(after: seen, \.actionKicks, until: nextDue())
    }
  }

  private func workOnRuns() {
    var seen = 0
    while true {
      if isStopping { return }
      if workOnNextRun() { continue }
      seen = waitForKick(after: seen, \.runKicks, until: nil)
    }
  }

  private var isStopping: Bool { state.withLock(\.isStopping) }

  private func waitForKick(
    after seen: Int, _ kicks: any KeyPath<State, Int> & Sendable, until deadline: Deadline?
  ) -> Int {
    state.wait(until: deadline) { state in
      state.isStopping || state[keyPath: kicks] > seen ? state[keyPath: kicks] : nil
    } ?? seen
  }

  private func nextDue() -> Deadline? {
    guard let due = attempt("look for due actions", { () throws(ServiceError) in try actions.nextDueTime() }) else {
      return nil
    }
    guard let due else { return nil }
    let wait = max(0, due.milliseconds - clock.now().milliseconds)
    // Clocks are set and computers sleep: look again at least every minute.
    return .after(milliseconds: UInt64(min(wait, 60_000)))
  }

  private func recover() {
    let count = attempt("look for abandoned actions") { () throws(ServiceError) in try actions.failAbandonedActions() }
    if let count, count > 0 {
      log.warning("\(count) actions were running when their process ended; marked failed, outcome unknown")
    }
  }

  /// False when nothing is due.
  private func performNextAction() -> Bool {
    busy {
      guard let claimed = attempt("claim an action", { () throws(ServiceError) in try actions.claimDueAction() }),
        let action = claimed
      else { return false }
      let outcome = performer.perform(action)
      _ = attempt("record an outcome") { () throws(ServiceError) in try actions.finish(action, outcome) }
      return true
    }
  }

  /// False when no run waits.
  private func workOnNextRun() -> Bool {
    let worked = busy {
      guard let claimed = attempt("claim a run", { () throws(ServiceError) in try runs.claimRun() }),
        let run = claimed
      else { return false }
      runPerformer.perform(run, queue: runs, shouldStop: { [self] in isStopping })
      return true
    }
    if worked {
      state.withLock { $0.actionKicks += 1 }
      state.notify()
    }
    return worked
  }

  private func busy(_ body: () -> Bool) -> Bool {
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
