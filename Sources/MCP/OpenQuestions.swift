internal import JSON
internal import JSONRPC
internal import Platform
internal import Synchronization

/// The requests that this server has sent to its client and that wait for an answer: questions of legacy sessions.
///
/// They are sent only while a call of the client is open, and end with it.
final class OpenQuestions: Sendable {
  private let state = Monitor(State())
  private let outbox: Outbox
  private let limit: Int
  private let patience: UInt64

  private struct State {
    var open: [String: Asked] = [:]
    /// Ids are never used again in this process.
    var last = 0
    var hasTimer = false
    var isEnding = false
  }

  private struct Asked {
    let key: String
    let deadline: Deadline
    let resume: @Sendable (QuestionAnswer) -> Void
  }

  /// - Parameters:
  ///   - limit: how many may be open; further ones count as unusable.
  ///   - patience: how many milliseconds an answer may take.
  init(outbox: Outbox, limit: Int, patience: UInt64) {
    self.outbox = outbox
    self.limit = limit
    self.patience = patience
  }

  /// Sends a question on behalf of a call and has what becomes of it told, once, unless the call ends before.
  func ask(
    _ question: Question, for reply: ToolReply, revision: Revision, resume: @escaping @Sendable (QuestionAnswer) -> Void
  ) {
    guard let id = open(question, resume) else { return resume(.unusable) }
    outbox.append { writer in
      writer.raw("{\"jsonrpc\":\"2.0\",\"id\":")
      writer.string(id)
      writer.append(",")
      question.write(to: &writer, revision: revision)
      writer.append("}")
    }
    // The call may be over already; then this takes the question back at once.
    reply.onCancel { [self] in
      if take(id) != nil { retract(id, "The call has ended.") }
    }
  }

  private func open(_ question: Question, _ resume: @escaping @Sendable (QuestionAnswer) -> Void) -> String? {
    let deadline = Deadline.after(milliseconds: patience)
    return state.withLock { state in
      guard state.open.count < limit, !state.isEnding else { return nil }
      state.last += 1
      let id = "bound-\(state.last)"
      state.open[id] = Asked(key: question.key, deadline: deadline, resume: resume)
      if !state.hasTimer {
        state.hasTimer = true
        Thread.start("questions") { self.watchDeadlines() }
      }
      return id
    }
  }

  /// Takes what a client answers; what belongs to no open question is late or stray and changes nothing.
  func take(_ response: Response) {
    guard case .string(let id) = response.id, let asked = take(id) else { return }
    switch response.outcome {
    case .result(let result): asked.resume(result.objectValue.map { QuestionAnswer($0) } ?? .unusable)
    case .error: asked.resume(.unusable)
    }
  }

  /// No answer will come any more: the client is gone.
  func endAll() {
    let open = state.withLock { state in
      defer { state.open = [:] }
      state.isEnding = true
      return state.open.values
    }
    for asked in open { asked.resume(.silent) }
  }

  private func take(_ id: String) -> Asked? { state.withLock { $0.open.removeValue(forKey: id) } }

  private func retract(_ id: String, _ reason: String) {
    outbox.append { writer in
      writer.value([
        "jsonrpc": "2.0", "method": "notifications/cancelled",
        "params": ["requestId": .string(id), "reason": .string(reason)],
      ])
    }
  }

  /// Sleeps to the earliest deadline.
  ///
  /// All questions have the same time, so one that is asked meanwhile is not due before.
  private func watchDeadlines() {
    while let next = endOverdue() {
      _ = state.wait(until: next) { _ in Optional<Void>.none }
    }
  }

  /// Gives up on what is due; the next deadline, or nil when no question is left and the thread is to end.
  private func endOverdue() -> Deadline? {
    let now = Deadline.after(milliseconds: 0)
    let (due, next) = state.withLock { state -> ([(id: String, asked: Asked)], Deadline?) in
      let due = state.open.filter { $0.value.deadline <= now }
      for id in due.keys { state.open[id] = nil }
      let next = state.open.values.lazy.map(\.deadline).min()
      if next == nil { state.hasTimer = false }
      return (due.map { ($0.key, $0.value) }, next)
    }
    for (id, asked) in due {
      retract(id, "Nobody has answered.")
      asked.resume(.silent)
    }
    return next
  }
}
