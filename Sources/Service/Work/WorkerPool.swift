internal import Platform

/// Threads for work that may take long, started when there is work and kept for the next.
public final class WorkerPool: Sendable {
  private struct State {
    var jobs: [@Sendable () -> Void] = []
    var next = 0
    var threads = 0
    var idle = 0
  }

  private let name: String
  private let limit: Int
  private let state = Monitor(State())

  /// A pool of at most `limit` threads.
  public init(name: String, limit: Int) {
    self.name = name
    self.limit = limit
  }

  /// Runs the job on a thread of the pool, in the order of these calls as threads become free.
  public func run(_ job: @escaping @Sendable () -> Void) {
    let mustStart = state.withLock { state in
      state.jobs.append(job)
      let waiting = state.jobs.count - state.next
      guard waiting > state.idle, state.threads < limit else { return false }
      state.threads += 1
      return true
    }
    if mustStart {
      Thread.start(name) { [self] in work() }
    } else {
      state.notify()
    }
  }

  /// The number of jobs that wait or run.
  public var openJobs: Int {
    state.withLock { $0.jobs.count - $0.next + $0.threads - $0.idle }
  }

  private func work() {
    while true {
      state.withLock { $0.idle += 1 }
      let job = state.wait { state -> (@Sendable () -> Void)? in
        guard state.next < state.jobs.count else { return nil }
        let job = state.jobs[state.next]
        state.next += 1
        state.idle -= 1
        if state.next == state.jobs.count || state.next > 1024 {
          state.jobs.removeFirst(state.next)
          state.next = 0
        }
        return job
      }
      job?()
    }
  }
}
