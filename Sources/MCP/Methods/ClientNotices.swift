internal import JSON
internal import JSONRPC

/// What clients tell without wanting an answer.
///
/// Cancellations, and that a legacy client is ready to be asked and told; all else is passed over.
extension ServerSession {
  /// Takes a notification.
  func take(_ notification: Notification) {
    switch notification.method {
    case "notifications/cancelled":
      // Late, unknown and malformed ones are part of normal life.
      guard let id = notification.params?["requestId"].flatMap({ RequestID($0) }) else { return }
      if !subscriptions.cancel(id) { wire.calls.cancel(id) }
    case "notifications/initialized":
      legacy?.caller.isReady = true
      subscriptions.clientIsReady()
    default: break
    }
  }
}
