internal import Logging
internal import Platform
internal import Service
internal import Synchronization

/// The one thread that writes: what arrived together is committed together, and answered after the commit.
///
/// What arrives while a group runs joins it, up to a limit: a page that many of its changes touch is then written once.
///
/// A job runs inside the group's transaction. When it fails after it has changed something, the whole transaction is
/// taken back and the group runs again without it, so that no job ever leaves half of its changes behind.
final class GroupWriter: Sendable {
  /// What a job does inside the transaction.
  typealias Change = @Sendable (WriteTransaction) throws(ServiceError) -> WriteOutcome

  /// One step of a group.
  enum Job: Sendable {
    /// A change, and who is told of its outcome after the commit.
    case change(Change, completion: @Sendable (Result<WriteOutcome, ServiceError>) -> Void)
    /// Runs after the commit of all before it.
    case barrier(@Sendable () -> Void)
  }

  private struct State {
    var jobs: [Job] = []
    /// Jobs that wait or run.
    var open = 0
    var isStarted = false
  }

  /// Bounds how long a read may wait for the writes before it, and how long other processes wait for the file.
  private static let groupLimit = 1024
  private let state = Monitor(State())
  private let open: @Sendable () throws(ServiceError) -> WorkspaceFile
  private let committed: @Sendable () -> Void
  private let log: Log
  private let commitCount = Atomic<Int>(0)
  private let delivery = Mutex<Held<Delivery>?>(nil)

  /// Runs a body that answers several callers, so that what they are told can leave together.
  typealias Delivery = @Sendable (() -> Void) -> Void

  /// A writer of the workspace that `open` gives; the thread starts with the first job.
  ///
  /// - Parameter committed: runs after each commit, before anybody has its answers.
  init(
    log: Log, committed: @escaping @Sendable () -> Void = {},
    open: @escaping @Sendable () throws(ServiceError) -> WorkspaceFile
  ) {
    self.log = log
    self.committed = committed
    self.open = open
  }

  /// Sets what runs the completions of a group.
  func deliver(_ delivery: @escaping Delivery) { self.delivery.withLock { $0 = Held(delivery) } }

  /// How many groups were committed: data read before this grew may be old.
  var commits: Int { commitCount.load(ordering: .acquiring) }

  /// Waits until groups beyond the first so many were committed, or the deadline has passed.
  func waitForCommit(after count: Int, until deadline: Deadline) {
    _ = state.wait(until: deadline) { _ in commits > count ? true : nil }
  }

  /// Whether a job waits or runs.
  var hasOpenJobs: Bool { state.withLock { $0.open > 0 } }

  /// Adds a job; jobs run in the order of these calls.
  func add(_ job: Job) {
    let mustStart = state.withLock { state in
      state.jobs.append(job)
      state.open += 1
      defer { state.isStarted = true }
      return !state.isStarted
    }
    if mustStart { Thread.start("writer") { [self] in work() } } else { state.notify() }
  }

  /// Runs the body now when no job is open, else after the commit of all open ones.
  func afterJobs(_ body: @escaping @Sendable () -> Void) {
    let runsNow = state.withLock { state in
      if state.open == 0 { return true }
      state.jobs.append(.barrier(body))
      state.open += 1
      return false
    }
    if runsNow { body() }
  }

  /// Runs one change and waits for its commit; never from a completion, which runs on the writer's own thread.
  ///
  /// The body may run more than once; its last value counts.
  func change<Value: Sendable>(
    _ body: @escaping @Sendable (WriteTransaction) throws(ServiceError) -> Value
  ) throws(ServiceError) -> Value {
    let value = Monitor<Value?>(nil)
    let done = Monitor<Result<WriteOutcome, ServiceError>?>(nil)
    let change: Change = { transaction throws(ServiceError) in
      let new = try body(transaction)
      value.withLock { $0 = new }
      return .answered(Answer(payload: []))
    }
    add(
      .change(change) { result in
        done.withLock { $0 = result }
        done.notify()
      })
    _ = try done.wait { $0 }?.get()
    guard let value = value.withLock({ $0 }) else { throw ServiceError(.internal, "The write was not done.") }
    return value
  }

  /// Waits until every job is done; false when the deadline passes first.
  func drain(by deadline: Deadline) -> Bool {
    state.wait(until: deadline) { $0.open == 0 ? true : nil } ?? false
  }

  private func work() {
    while true {
      state.wait { $0.jobs.isEmpty ? nil : () }
      run()
    }
  }

  /// The waiting jobs, in their order, at most as many as are wanted.
  private func takeJobs(atMost limit: Int) -> [Job] {
    state.withLock { state in
      if state.jobs.count <= limit {
        defer { state.jobs = [] }
        return state.jobs
      }
      defer { state.jobs.removeFirst(limit) }
      return Array(state.jobs[..<limit])
    }
  }

  private func run() {
    var group = Group()
    group.add(takeJobs(atMost: Self.groupLimit))
    do {
      let workspace = try open()
      workspace.writeLock.withLock { commit(&group, workspace) }
    } catch {
      group.failRest(error)
    }
    // Counted down before the answers go out: who has the answer finds no open write before the next read.
    state.withLock { $0.open -= group.jobs.count }
    state.notify()
    if group.jobs.count > 1, let delivery = delivery.withLock({ $0 }) {
      delivery.value { group.complete() }
    } else {
      group.complete()
    }
  }

  /// Sets the results of the changes; what could not be committed has failed.
  private func commit(_ group: inout Group, _ workspace: WorkspaceFile) {
    do {
      while true {
        let transaction = try workspace.beginWrite()
        if try runChanges(of: &group, transaction) {
          try workspace.commit(transaction)
          commitCount.add(1, ordering: .acquiringAndReleasing)
          committed()
          return
        }
        // A job failed half way: take everything back, and run the others again.
        workspace.rollBack()
        group.forgetSuccesses()
      }
    } catch {
      workspace.rollBack()
      log.error("a group of \(group.jobs.count) writes was not committed: \(error.message)")
      group.failRest(error)
    }
  }

  /// Runs what has no result yet, and what arrives meanwhile; false when the transaction must be taken back.
  private func runChanges(of group: inout Group, _ transaction: WriteTransaction) throws(ServiceError) -> Bool {
    var index = 0
    while true {
      if index == group.jobs.count {
        group.add(takeJobs(atMost: Self.groupLimit - index))
        if index == group.jobs.count { return true }
      }
      defer { index += 1 }
      guard case .change(let body, _) = group.jobs[index], group.results[index] == nil else { continue }
      let before = transaction.database.totalChanges
      transaction.journal.end()
      do throws(ServiceError) {
        group.results[index] = .success(try body(transaction))
      } catch {
        group.results[index] = .failure(error)
        let isUntouched = transaction.database.totalChanges == before && transaction.database.isInTransaction
        if !isUntouched { return false }
      }
    }
  }
}

/// Jobs that are committed together, and what has become of them.
private struct Group {
  private(set) var jobs: [GroupWriter.Job] = []
  /// One per job; nil for a change that has not run, and for what is no change.
  var results: [Result<WriteOutcome, ServiceError>?] = []

  mutating func add(_ new: [GroupWriter.Job]) {
    if jobs.isEmpty { jobs = new } else { jobs += new }
    results += [Result<WriteOutcome, ServiceError>?](repeating: nil, count: new.count)
  }

  /// What has failed stays so; all else is to run again.
  mutating func forgetSuccesses() {
    for index in results.indices { if case .success? = results[index] { results[index] = nil } }
  }

  /// Everything that has not failed by itself fails with this error.
  mutating func failRest(_ error: ServiceError) {
    for index in results.indices {
      if case .failure? = results[index] { continue }
      results[index] = .failure(error)
    }
  }

  /// Tells everybody.
  func complete() {
    for (job, result) in zip(jobs, results) {
      switch job {
      case .change(_, let completion):
        completion(result ?? .failure(ServiceError(.internal, "The write was not done.")))
      case .barrier(let body): body()
      }
    }
  }
}
