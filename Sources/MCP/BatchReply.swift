internal import JSON
internal import JSONRPC
internal import Synchronization

/// Collects the answers to the members of one array (2025-03-26) and sends them as one array.
final class BatchReply: Sendable {
  private let outbox: Outbox
  private let state: Mutex<State>

  private struct State: ~Copyable {
    var writer = JSONWriter(capacity: 512, sanitizing: true)
    var open: Int
    var isEmpty = true
  }

  /// Waits for so many answers.
  init(count: Int, outbox: Outbox) {
    self.outbox = outbox
    state = Mutex(State(open: count))
  }

  /// Adds the answer to one member.
  func add(_ message: (inout JSONWriter) -> Void) {
    settle { state in
      if state.isEmpty { state.writer.beginArray() }
      state.isEmpty = false
      message(&state.writer)
    }
  }

  /// One member gets no answer.
  func skip() {
    settle { _ in }
  }

  private func settle(_ body: (inout State) -> Void) {
    state.withLock { state in
      body(&state)
      state.open -= 1
      guard state.open == 0, !state.isEmpty else { return }
      state.writer.endArray()
      state.writer.withBytes { bytes in outbox.append { $0.append(bytes) } }
    }
  }
}
