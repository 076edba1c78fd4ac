internal import JSONRPC
internal import Synchronization

/// One resource that a client is told about: by its handshake session, or by one of its streams.
///
/// It is watched before the client is told so; what changes meanwhile is told right after.
final class Subscription: Sendable {
  let uri: String
  private let outbox: Outbox
  private let tell: @Sendable (String, Outbox) -> Void
  private let state = Mutex(State())

  private struct State {
    var phase = Phase.held
    var hasChanged = false
    var watch: (any ResourceWatch)?
  }

  private enum Phase {
    /// The client must not hear anything yet.
    case held
    case open
    case ended
  }

  /// - Parameter tell: appends the notification to the outbox.
  init(_ uri: String, outbox: Outbox, tell: @escaping @Sendable (String, Outbox) -> Void) {
    self.uri = uri
    self.outbox = outbox
    self.tell = tell
  }

  /// Takes what ends the watch; at once when the client has already lost interest.
  func take(_ watch: any ResourceWatch) {
    let isLate = state.withLock { state in
      if state.phase == .ended { return true }
      state.watch = watch
      return false
    }
    if isLate { watch.end() }
  }

  /// From now on the client hears of changes.
  func open() {
    state.withLock { state in
      guard state.phase == .held else { return }
      state.phase = .open
      if state.hasChanged { tell(uri, outbox) }
    }
  }

  /// The resource has changed.
  ///
  /// While the client takes nothing this waits, so that many changes become one message.
  func changed() {
    outbox.waitForRoom()
    state.withLock { state in
      state.hasChanged = true
      if state.phase == .open { tell(uri, outbox) }
    }
  }

  /// Nothing is told after this.
  func end() {
    let watch = state.withLock { state in
      state.phase = .ended
      defer { state.watch = nil }
      return state.watch
    }
    watch?.end()
  }
}
