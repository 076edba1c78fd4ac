internal import JSON
internal import JSONRPC

/// What clients tell without wanting an answer.
///
/// All but cancellations is passed over: nothing is ever sent unasked, so nothing waits for `initialized` either.
extension ServerSession {
  /// Takes a notification.
  func take(_ notification: Notification) {
    guard notification.method == "notifications/cancelled" else { return }
    // Late, unknown and malformed ones are part of normal life.
    if let id = notification.params?["requestId"].flatMap({ RequestID($0) }) { wire.calls.cancel(id) }
  }
}
