public import JSON
public import JSONRPC
internal import Platform
internal import Synchronization

/// Where the answer to one call goes: exactly one, from whatever thread.
///
/// The first answer counts, later ones are ignored. A reply that goes away without an answer answers with an internal
/// error. After the client has cancelled the call, nothing is sent for it any more.
public final class ToolReply: Sendable {
  private let responder: Responder
  private let progressToken: RequestID?
  private let noticeLevel: NoticeLevel?
  private let host: (any ToolHost)?
  private let asking = Atomic<Bool>(false)
  private let phase = Atomic<UInt8>(Phase.open)
  private let extras = Mutex(Extras())

  private enum Phase {
    static let open: UInt8 = 0
    static let answered: UInt8 = 1
    /// By the client, who gets no answer.
    static let cancelled: UInt8 = 2
    /// By us, with an answer.
    static let ended: UInt8 = 3
    static let mask: UInt8 = 0x0F
    /// Among the open calls.
    static let registered: UInt8 = 0x80
  }

  private struct Extras {
    var progress = ProgressState()
    var notices = 0
    var cancelHandlers: [@Sendable () -> Void] = []
  }

  /// - Parameters:
  ///   - noticeLevel: from which level on the client wants to hear what goes on; nil for not at all.
  ///   - host: gets the call again when a question was answered; nil when it is no tool that was called, so that all
  ///     that goes wrong is an error of the protocol.
  init(_ responder: Responder, progressToken: RequestID?, noticeLevel: NoticeLevel?, host: (any ToolHost)?) {
    self.responder = responder
    self.progressToken = progressToken
    self.noticeLevel = noticeLevel
    self.host = host
  }

  deinit { reject(RPCError(.internalError, host == nil ? "There was no answer." : "The tool gave no answer.")) }
}

// Answers.
extension ToolReply {
  /// Answers with one JSON value: as text, and as structured content where the client knows that.
  /// - Parameters:
  ///   - payload: an object as valid JSON, made by a writer that neutralises texts.
  ///   - meta: facts beside the content, under names with a prefix such as `ai.example/`.
  public func succeed(payload: UnsafeRawBufferPointer, meta: [(key: String, value: JSONValue)] = []) {
    answer(meta: meta) { writer in
      writer.key("content")
      writer.append("[")
      writer.textBlock(escaping: payload, limit: responder.wire.options.textLimit)
      writer.append("]")
      guard responder.revision.hasStructuredContent else { return }
      writer.append(",\"structuredContent\":")
      writer.append(payload)
    }
  }

  /// Answers that the call failed, with the reason as text.
  /// - Parameter payload: valid JSON or other UTF-8, made by a writer that neutralises texts.
  public func fail(payload: UnsafeRawBufferPointer, meta: [(key: String, value: JSONValue)] = []) {
    answer(meta: meta) { writer in
      writer.key("content")
      writer.beginArray()
      writer.textBlock(escaping: payload, limit: responder.wire.options.textLimit)
      writer.append("],\"isError\":true")
    }
  }

  /// Answers that the call failed, with a sentence that says why and what would help.
  public func fail(text: String) { complete(ToolResult(content: [.text(text)], isError: true)) }

  /// Answers with any result, in the form that the client understands.
  ///
  /// Structured content without a text beside it is repeated as text, for the many clients that read nothing else.
  public func complete(_ result: ToolResult) {
    answer(meta: result.meta) { write(result, to: &$0) }
  }

  /// Answers with an error of the protocol: what the client, not the model, has done wrong.
  public func reject(_ error: RPCError) {
    settle(as: Phase.answered) { responder.reject(error) }
  }

  /// Answers with a result of these members.
  func answer(type: StaticString = "complete", _ members: (inout JSONWriter) -> Void) {
    answer(type: type, meta: [], members)
  }

  private func answer(
    as phase: UInt8 = Phase.answered, type: StaticString = "complete", meta: [(key: String, value: JSONValue)],
    _ members: (inout JSONWriter) -> Void
  ) {
    settle(as: phase) { responder.result(type: type, meta: meta, members) }
  }

  private func write(_ result: ToolResult, to writer: inout JSONWriter) {
    let limit = responder.wire.options.textLimit
    let revision = responder.revision
    let blocks = result.content.map { $0.downgraded(to: revision) }
    writer.key("content")
    writer.beginArray()
    if let structured = result.structuredContent, !blocks.contains(where: \.isText) {
      writer.block(.text(structured.text), textLimit: limit)
    }
    for block in blocks { writer.block(block, textLimit: limit) }
    writer.endArray()
    if let structured = result.structuredContent, revision.hasStructuredContent,
      revision.allowsAnyStructuredContent || structured.objectValue != nil
    {
      writer.key("structuredContent")
      writer.value(structured)
    }
    if result.isError {
      writer.key("isError")
      writer.bool(true)
    }
  }
}

// Questions.
extension ToolReply {
  /// Asks the person at the client, who must have declared that it can (``ClientCapabilities/elicitsForms``), and lets
  /// go of the call: the host gets it again with the answer.
  ///
  /// Modern clients make the request again, with an id of its own and perhaps to another process; others answer a
  /// request of ours. The host can't tell, and may not rely on being asked again.
  /// - Parameter state: comes back with the answer, perhaps changed on the way.
  public func ask(_ question: Question, state: String, in request: ToolRequest) {
    guard !responder.revision.isModern else {
      return settle(as: Phase.answered) { responder.inputRequired(question, state: state) }
    }
    guard isOpen else { return }
    asking.store(true, ordering: .releasing)
    responder.wire.questions.ask(question, for: self, revision: responder.revision) { [self] answer in
      // The person's time is not the call's.
      responder.wire.calls.renew(id)
      asking.store(false, ordering: .releasing)
      guard isOpen else { return }
      host?.call(request.answered(Answers(state: state, key: question.key, answer)), reply: self)
    }
  }

  /// Whether a person is being asked, which may take longer than a call.
  var isAsking: Bool { asking.load(ordering: .acquiring) }
}

// Progress, notices and cancellation, as the tool sees them.
extension ToolReply {
  /// Tells the client how far the call is, if it has asked for that.
  ///
  /// What does not exceed the last value is ignored. At most ten messages a second are sent; one held back is sent
  /// before the answer unless another follows it.
  /// - Parameters:
  ///   - progress: how much is done, in whatever unit.
  ///   - total: how much there is to do, if known.
  ///   - message: what is going on, for a person.
  public func progress(_ progress: Double, total: Double? = nil, message: String? = nil) {
    guard let progressToken else { return }
    let report = ProgressReport(progress: progress, total: total, message: message)
    extras.withLock { extras in
      // To a client that does not read, old news would be sent late.
      guard isOpen, !responder.wire.outbox.isBehind,
        extras.progress.admit(report, interval: responder.wire.options.progressInterval)
      else { return }
      responder.wire.outbox.append { report.write(to: &$0, token: progressToken, revision: responder.revision) }
    }
  }

  /// Tells the client what goes on, if it has asked for that; no secrets, nothing about people.
  ///
  /// Of one call at most a hundred notices are sent, and none while the client does not read.
  public func notice(_ level: NoticeLevel, _ text: @autoclosure () -> String) {
    guard let noticeLevel, level >= noticeLevel else { return }
    extras.withLock { extras in
      guard isOpen, extras.notices < 100, !responder.wire.outbox.isBehind else { return }
      extras.notices += 1
      responder.wire.outbox.append { $0.notice(level, text()) }
    }
  }

  /// Whether the result is no longer wanted: cancelled, overdue, or the server ends.
  public var isCancelled: Bool { phase.load(ordering: .acquiring) & Phase.mask >= Phase.cancelled }

  /// Calls the handler once the result is no longer wanted; at once when that is so already, never after an answer.
  ///
  /// The handler runs on a thread of the server and must return soon.
  public func onCancel(_ handler: @escaping @Sendable () -> Void) {
    let isLate = extras.withLock { extras in
      if isOpen { extras.cancelHandlers.append(handler) }
      return isCancelled
    }
    if isLate { handler() }
  }

  /// Waits while more answers than should wait for the client to take them.
  public func waitForRoom() { responder.wire.outbox.waitForRoom() }

  /// Lets the answers that the body gives, to this call and others, leave in one write.
  public func together(_ body: () -> Void) { responder.wire.outbox.together(body) }
}

// The server's side.
extension ToolReply {
  var id: RequestID { responder.id }

  var revision: Revision { responder.revision }

  /// Whether no answer was given and none is ruled out.
  var isOpen: Bool { phase.load(ordering: .acquiring) & Phase.mask == Phase.open }

  /// Notes that the call is among the open ones; false when it is no longer open.
  func register() -> Bool {
    phase.bitwiseOr(Phase.registered, ordering: .acquiringAndReleasing).oldValue & Phase.mask == Phase.open
  }

  /// The client takes the call back.
  func cancel() {
    settle(as: Phase.cancelled) { responder.keepSilent() }
  }

  /// Gives up on the call and says so.
  func end(text: String) {
    guard host != nil else {
      return settle(as: Phase.ended) { responder.reject(RPCError(.internalError, text)) }
    }
    answer(as: Phase.ended, meta: []) { write(ToolResult(content: [.text(text)], isError: true), to: &$0) }
  }

  /// Leaves the open state, once, and then sends what belongs to the new one.
  private func settle(as next: UInt8, _ send: () -> Void) {
    guard let isRegistered = leaveOpen(for: next) else { return }
    if isRegistered { responder.wire.calls.remove(id) }
    // A report on another thread is sent before this lock is free, and none after it.
    let (held, handlers) = extras.withLock { extras in
      defer { extras.cancelHandlers = [] }
      return (extras.progress.takeHeld(), extras.cancelHandlers)
    }
    if next != Phase.cancelled, let held, let progressToken {
      responder.wire.outbox.append { held.write(to: &$0, token: progressToken, revision: responder.revision) }
    }
    send()
    if isRegistered { responder.wire.calls.finish() }
    if next != Phase.answered { for handler in handlers { handler() } }
  }

  /// Whether the call was registered; nil when it had left the open state before.
  private func leaveOpen(for next: UInt8) -> Bool? {
    var seen = phase.load(ordering: .acquiring)
    while seen & Phase.mask == Phase.open {
      let registered = seen & Phase.registered
      let (isDone, now) = phase.compareExchange(
        expected: seen, desired: next | registered, ordering: .acquiringAndReleasing)
      if isDone { return registered != 0 }
      seen = now
    }
    return nil
  }
}
