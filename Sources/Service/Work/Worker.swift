public import Logging
public import Platform

/// Does what is due without being asked: one thread per lane of work.
///
/// It sleeps until it is told of new work or the next piece is due. Work of one lane may make work for another (a run
/// queues actions), so that every lane looks again after any has done something.
public final class Worker: Sendable {
  /// Kinds of work that share a thread, in the order in which they are looked at.
  public struct Lane: Sendable {
    /// Names the thread, at most 15 bytes.
    public let name: String
    /// The kinds.
    public let kinds: [any BackgroundWork]

    /// Joins kinds of work.
    public init(_ name: String, _ kinds: [any BackgroundWork]) {
      self.name = name
      self.kinds = kinds
    }
  }

  private struct State {
    var isStarted = false
    var isStopping = false
    var kicks = 0
    var isBusy = 0
  }

  private let lanes: [Lane]
  private let longestSleep: UInt64
  private let clock: any Clock
  private let log: Log
  private let state = Monitor(State())

  /// A worker over these lanes; nothing runs before ``start()``.
  ///
  /// It looks for work at least every `longestSleep` milliseconds, since other processes may queue some, clocks are set
  /// and computers sleep.
  public init(lanes: [Lane], longestSleep: UInt64 = 60_000, clock: any Clock, log: Log) {
    self.lanes = lanes
    self.longestSleep = longestSleep
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
    for lane in lanes { Thread.start(lane.name) { [self] in work(on: lane) } }
  }

  /// Tells of new work; starts the threads if they are not running.
  public func kick() {
    start()
    state.withLock { $0.kicks += 1 }
    state.notify()
  }

  /// Lets the work in hand finish its step and takes no more; false when the deadline passed first.
  @discardableResult
  public func stop(by deadline: Deadline) -> Bool {
    state.withLock { $0.isStopping = true }
    state.notify()
    return state.wait(until: deadline) { $0.isBusy == 0 ? true : nil } ?? false
  }

  /// Does everything that is due now on the calling thread, lane after lane; for commands that end afterwards.
  public func drain() {
    var ready: [any BackgroundWork] = []
    for kind in lanes.flatMap(\.kinds) where prepare(kind) { ready.append(kind) }
    var worked = true
    while worked, !isStopping {
      worked = false
      for kind in ready {
        while doNext(kind) == .worked { worked = true }
      }
    }
  }

  /// How a look for work ended.
  private enum Step {
    case worked, idle, failed
  }

  /// How long to wait after a failure, in milliseconds: what is wrong with the store is not mended by haste.
  private static let retryDelay: UInt64 = 5000

  /// In milliseconds: what is due but can't be had, because another process is at it, must not keep this one busy.
  private static let shortestSleep: UInt64 = 20

  private func work(on lane: Lane) {
    while !isStopping {
      var seen = state.withLock(\.kicks)
      var hasFailed = false
      var hasWorked = false
      for kind in lane.kinds where !isStopping {
        guard prepare(kind) else {
          hasFailed = true
          continue
        }
        var step = Step.worked
        while step == .worked, !isStopping {
          step = doNext(kind)
          if step == .worked { hasWorked = true }
        }
        if step == .failed { hasFailed = true }
      }
      if hasWorked { seen = tellOthers(seen) }
      let deadline = hasFailed ? Deadline.after(milliseconds: Self.retryDelay) : nextLook(lane)
      _ = state.wait(until: deadline) { state in state.isStopping || state.kicks > seen ? true : nil }
    }
  }

  private var isStopping: Bool { state.withLock(\.isStopping) }

  /// Lets every other lane look for what this one's work has made due; gives the kicks that this lane has seen.
  private func tellOthers(_ seen: Int) -> Int {
    guard lanes.count > 1 else { return seen }
    let isUndisturbed = state.withLock { state in
      defer { state.kicks += 1 }
      return state.kicks == seen
    }
    state.notify()
    return isUndisturbed ? seen + 1 : seen
  }

  private func nextLook(_ lane: Lane) -> Deadline {
    var wait = longestSleep
    for kind in lane.kinds {
      let time = attempt("look for the next of the \(kind.name)") { () throws(ServiceError) in try kind.nextTime() }
      guard let time else { return .after(milliseconds: min(wait, Self.retryDelay)) }
      if let time { wait = min(wait, UInt64(max(0, time.milliseconds - clock.now().milliseconds))) }
    }
    return .after(milliseconds: max(wait, Self.shortestSleep))
  }

  private func prepare(_ kind: any BackgroundWork) -> Bool {
    attempt("look for abandoned \(kind.name)") { () throws(ServiceError) in try kind.prepare() } != nil
  }

  private func doNext(_ kind: any BackgroundWork) -> Step {
    state.withLock { $0.isBusy += 1 }
    defer {
      state.withLock { $0.isBusy -= 1 }
      state.notify()
    }
    let stop: @Sendable () -> Bool = { [self] in isStopping }
    let worked = attempt("take up \(kind.name)") { () throws(ServiceError) in try kind.doNext(shouldStop: stop) }
    guard let worked else { return .failed }
    return worked ? .worked : .idle
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
