internal import JSON
internal import JSONRPC

/// Where the answer to one request goes that is no tool call: exactly one, from whatever thread.
///
/// As with ``ToolReply``, the first answer counts, and a reply that goes away without one answers with an internal error.
public struct Reply<Answer: Sendable>: Sendable {
  let call: ToolReply
  private let write: @Sendable (Answer, inout JSONWriter) -> Void

  init(_ call: MethodCall, write: @escaping @Sendable (Answer, inout JSONWriter) -> Void) {
    self.call = ToolReply(call.responder, progressToken: nil, noticeLevel: nil, host: nil)
    self.write = write
  }

  /// Answers with what was asked for.
  public func succeed(_ answer: Answer) { call.answer { write(answer, &$0) } }

  /// Answers that the request is wrong, with a sentence that says what would be right.
  public func refuse(_ message: String) { call.reject(.invalidParameters(message)) }

  /// Answers that it could not be done, for no fault of the request.
  public func fail(_ message: String) { call.reject(RPCError(.internalError, message)) }

  /// Whether the answer is no longer wanted.
  public var isCancelled: Bool { call.isCancelled }

  /// Calls the handler once the answer is no longer wanted; see ``ToolReply/onCancel(_:)``.
  public func onCancel(_ handler: @escaping @Sendable () -> Void) { call.onCancel(handler) }

  /// Waits while more answers than should wait for the client to take them.
  public func waitForRoom() { call.waitForRoom() }
}
