internal import JSONRPC
internal import Platform
internal import Synchronization

/// The calls that were not answered at once: to find the one to be cancelled, to refuse an id that is in use, to end
/// what takes too long, and to wait for the rest when the server ends.
final class OpenCalls: Sendable {
  private let state = Monitor(State())
  private let count = Atomic<Int>(0)
  private let limit: Int
  private let deadline: UInt64
  private let overdueText: String

  private struct State {
    var calls: [RequestID: Call] = [:]
    /// Calls that are still open, and those whose answer is being written.
    var unfinished = 0
    var waiters = 0
    var hasTimer = false
  }

  private struct Call {
    /// Weak: a reply that the host has forgotten must be able to answer that.
    weak var reply: ToolReply?
    var deadline: Deadline
  }

  /// - Parameters:
  ///   - limit: how many calls may be open before ``waitForRoom()`` waits.
  ///   - deadline: how many milliseconds a call may take.
  init(limit: Int, deadline: UInt64, overdueText: String) {
    self.limit = limit
    self.deadline = deadline
    self.overdueText = overdueText
  }

  /// Whether a call has that id.
  ///
  /// Only the thread that adds calls may rely on the answer.
  func contains(_ id: RequestID) -> Bool {
    guard count.load(ordering: .relaxed) > 0 else { return false }
    return state.withLock { $0.calls[id] != nil }
  }

  /// Takes in a call, unless it has been answered in the meantime.
  func add(_ reply: ToolReply) {
    let deadline = Deadline.after(milliseconds: deadline)
    state.withLock { state in
      guard reply.register() else { return }
      state.calls[reply.id] = Call(reply: reply, deadline: deadline)
      state.unfinished += 1
      count.store(state.calls.count, ordering: .relaxed)
      guard !state.hasTimer else { return }
      state.hasTimer = true
      Thread.start("deadlines") { self.watchDeadlines() }
    }
  }

  /// Gives a call its whole time again.
  func renew(_ id: RequestID) {
    let deadline = Deadline.after(milliseconds: deadline)
    state.withLock { $0.calls[id]?.deadline = deadline }
  }

  /// Frees a call's id; its answer follows.
  func remove(_ id: RequestID) {
    state.withLock { state in
      state.calls[id] = nil
      count.store(state.calls.count, ordering: .relaxed)
    }
  }

  /// A removed call's answer is in the outbox.
  func finish() {
    let isAwaited = state.withLock { state in
      state.unfinished -= 1
      return state.waiters > 0
    }
    if isAwaited { state.notify() }
  }

  /// Silences the call with that id, if there is one.
  func cancel(_ id: RequestID) {
    guard let reply = state.withLock({ $0.calls[id]?.reply }) else { return }
    reply.cancel()
  }

  /// Whether no further call should be taken in now.
  var isFull: Bool { count.load(ordering: .relaxed) >= limit }

  /// Waits while too many calls are open.
  func waitForRoom() {
    wait(until: nil) { $0.calls.count < self.limit }
  }

  /// Waits until every call is answered; false when the deadline passes first.
  func waitUntilIdle(until deadline: Deadline) -> Bool {
    wait(until: deadline) { $0.unfinished == 0 }
  }

  /// Ends all calls with that text.
  func endAll(text: String) {
    let replies = state.withLock { $0.calls.values.compactMap(\.reply) }
    for reply in replies { reply.end(text: text) }
  }

  @discardableResult
  private func wait(until deadline: Deadline?, _ condition: (State) -> Bool) -> Bool {
    state.withLock { $0.waiters += 1 }
    defer { state.withLock { $0.waiters -= 1 } }
    return state.wait(until: deadline) { condition($0) ? () : nil } != nil
  }

  /// Sleeps to the earliest deadline.
  ///
  /// All calls have the same time, so one that is added meanwhile is not due before.
  private func watchDeadlines() {
    while let next = endOverdue() {
      _ = state.wait(until: next) { _ in Optional<Void>.none }
    }
  }

  /// Ends what is due; the next deadline, or nil when no call is left and the thread is to end.
  private func endOverdue() -> Deadline? {
    let now = Deadline.after(milliseconds: 0)
    let (due, next) = state.withLock { state -> ([ToolReply], Deadline?) in
      let next = state.calls.values.lazy.map(\.deadline).filter { $0 > now }.min()
      let due = state.calls.values.filter { $0.deadline <= now }
      if due.isEmpty, next == nil { state.hasTimer = false }
      return (due.compactMap(\.reply), next ?? (due.isEmpty ? nil : now))
    }
    // Outside the lock: the last reference to a reply may be ours.
    for reply in due {
      if reply.isAsking { renew(reply.id) } else { reply.end(text: overdueText) }
    }
    return next
  }
}
