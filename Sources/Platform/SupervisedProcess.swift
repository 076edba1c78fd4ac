/// A program that is ended for sure, with everything that it has started and that has not left its process group.
///
/// When it ends by itself, what it has left behind is ended too.
public final class SupervisedProcess: Sendable {
  /// What is written here arrives at its standard input; never waits, see ``Descriptor/writeWithoutWaiting(_:)``.
  public let input: Descriptor
  /// What it writes to standard output.
  public let output: Descriptor
  /// What it writes to standard error.
  public let errors: Descriptor
  private let child: ChildProcess
  private let state = Monitor(State())

  private struct State {
    /// Signals would reach a stranger: the number is free again, or about to be.
    var isGone = false
    var status: Int32?
    var watchers: [@Sendable () -> Void] = []
  }

  /// Starts the program at `path`; see ``ChildProcess/start(_:arguments:environment:folder:takesErrors:leadsGroup:)``.
  public init(
    _ path: String, arguments: [String], environment: [String]? = nil, folder: String? = nil
  ) throws(SystemError) {
    child = try ChildProcess.start(
      path, arguments: arguments, environment: environment, folder: folder, takesErrors: true, leadsGroup: true)
    (input, output) = (child.input, child.output)
    errors = child.errors ?? child.output
    let (child, state) = (child, state)
    Thread.start("child") {
      child.awaitEnd()
      state.withLock { state in
        child.kill()
        state.isGone = true
      }
      let status = child.waitForExit()
      let watchers = state.withLock { state in
        state.status = status
        defer { state.watchers = [] }
        return state.watchers
      }
      state.notify()
      for watcher in watchers { watcher() }
    }
  }

  /// Asks it, and what it has started, to end.
  public func terminate() { state.withLock { if !$0.isGone { child.terminate() } } }

  /// Ends it, and what it has started, without asking.
  public func kill() { state.withLock { if !$0.isGone { child.kill() } } }

  /// Its exit status, or 128 + the signal that ended it; nil when it has not ended by the deadline.
  public func waitForExit(until deadline: Deadline? = nil) -> Int32? { state.wait(until: deadline) { $0.status } }

  /// Calls the handler once when it has ended; at once, when it has.
  func onEnd(_ handler: @escaping @Sendable () -> Void) {
    let hasEnded = state.withLock { state in
      if state.status == nil { state.watchers.append(handler) }
      return state.status != nil
    }
    if hasEnded { handler() }
  }
}
