internal import Platform

/// Jobs that are done one after the other on a thread that lives as long as there are any.
final class OrderedWork: Sendable {
  private struct State {
    var jobs: [@Sendable () -> Void] = []
    var isRunning = false
  }

  private let name: String
  private let state = Monitor(State())

  init(name: String) { self.name = name }

  /// Whether a job waits or runs.
  var isBusy: Bool { state.withLock(\.isRunning) }

  /// Adds a job behind the others.
  func add(_ job: @escaping @Sendable () -> Void) {
    let mustStart = state.withLock { state in
      state.jobs.append(job)
      defer { state.isRunning = true }
      return !state.isRunning
    }
    if mustStart { Thread.start(name) { [self] in work() } }
  }

  /// Runs the body now when there is nothing to do, else after the jobs that are there.
  func after(_ body: @escaping @Sendable () -> Void) {
    let runsNow = state.withLock { state in
      guard state.isRunning else { return true }
      state.jobs.append(body)
      return false
    }
    if runsNow { body() }
  }

  private func work() {
    while true {
      let job = state.withLock { state -> (@Sendable () -> Void)? in
        guard !state.jobs.isEmpty else {
          state.isRunning = false
          return nil
        }
        return state.jobs.removeFirst()
      }
      guard let job else { return }
      job()
    }
  }
}
