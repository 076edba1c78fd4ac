/// Tells work in hand that nobody wants its result any more.
public final class Cancellation: Sendable {
  private struct State {
    var isCancelled = false
    var handlers: [(number: Int, run: @Sendable () -> Void)] = []
    var next = 0
  }

  /// Stands for a handler, so that it can be taken back.
  public struct Registration: Sendable {
    fileprivate let number: Int
  }

  private let state = Monitor(State())

  /// Nothing is cancelled yet.
  public init() {}

  /// Whether ``cancel()`` was called.
  public var isCancelled: Bool { state.withLock(\.isCancelled) }

  /// Runs the handlers on the calling thread; later calls do nothing.
  public func cancel() {
    let handlers = state.withLock { state in
      defer { state.handlers = [] }
      state.isCancelled = true
      return state.handlers
    }
    for handler in handlers { handler.run() }
  }

  /// Has the handler run once at the cancellation; at once, when that has happened already.
  @discardableResult
  public func onCancel(_ handler: @escaping @Sendable () -> Void) -> Registration {
    let number = state.withLock { state -> Int? in
      guard !state.isCancelled else { return nil }
      state.next += 1
      state.handlers.append((state.next, handler))
      return state.next
    }
    if number == nil { handler() }
    return Registration(number: number ?? 0)
  }

  /// Takes a handler back: the work is done.
  public func remove(_ registration: Registration) {
    state.withLock { state in state.handlers.removeAll { $0.number == registration.number } }
  }
}
