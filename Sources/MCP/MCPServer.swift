public import JSONRPC
public import Logging
public import Platform
internal import Synchronization

/// A server on two descriptors: serves one client from the first line to the last.
public final class MCPServer: Sendable {
  private let host: any ToolHost
  private let offers: Offers
  private let info: ServerInfo
  private let options: ServerOptions
  private let log: Log
  private let input: Descriptor
  private let wire: Wire
  private let subscriptions: Subscriptions
  private let ending: Ending

  /// Why a server has ended.
  public enum Reason: Sendable, Equatable {
    /// The client has closed our input.
    case endOfInput
    /// ``MCPServer/stop()`` was called.
    case stopped
    /// The client has closed our output.
    case outputClosed
    /// Reading failed.
    case inputFailed(SystemError)
  }

  /// A server that has not begun.
  public init(
    input: Descriptor, output: Descriptor, host: any ToolHost, offers: Offers = Offers(),
    info: ServerInfo, options: ServerOptions = ServerOptions(), log: Log = Log(level: .error)
  ) {
    let ending = Ending()
    let outbox = Outbox(output: output, crowdedSize: options.crowdedSize, tap: options.tap) {
      ending.request(.outputClosed)
    }
    self.host = host
    self.offers = offers
    self.info = info
    self.options = options
    self.log = log
    self.input = input
    self.ending = ending
    wire = Wire(outbox: outbox, info: info, options: options)
    subscriptions = Subscriptions(wire: wire)
  }

  /// Serves until the input ends, the client is gone or ``stop()`` is called, and gives open calls time to finish.
  ///
  /// Requests are read and dispatched on a thread of their own, since nothing can wake a thread that waits for input:
  /// after a stop it is left behind, and the process is expected to exit.
  public func serve() -> Reason {
    Thread.start("requests") { self.read() }
    let reason = ending.wait()
    finish(after: reason)
    return reason
  }

  /// Serves as ``serve()`` does, and reads on the calling thread: a first answer need not wait for another one.
  ///
  /// - Parameters:
  ///   - onStep: hears of each step of the beginning once, on this thread.
  ///   - whenEnded: runs once, at the very end. Unless it was the input that ended, it runs on a thread of its own, and
  ///     must end the process: the calling thread is left behind.
  public func serve(onStep: (Connection.FirstStep) -> Void, whenEnded: @escaping @Sendable (Reason) -> Void) {
    let end: @Sendable (Reason) -> Void = { reason in
      self.finish(after: reason)
      whenEnded(reason)
    }
    ending.onRequest { reason in Thread.start("ending") { end(reason) } }
    let reason = read(onStep: onStep)
    if ending.claim(reason) { end(reason) } else { Thread.park() }
  }

  /// Ends soon: no further request is taken, open calls get a moment, answers given so far are sent.
  ///
  /// From any thread.
  public func stop() { ending.request(.stopped) }

  /// Lets the answers that the body gives on this thread leave in one write.
  public func together(_ body: () -> Void) { wire.outbox.together(body) }

  private func read() { ending.request(read(onStep: { _ in })) }

  private func read(onStep: (Connection.FirstStep) -> Void) -> Reason {
    let connection = Connection(
      input: input, outbox: wire.outbox, lineLimit: options.lineLimit, nestingLimit: options.nestingLimit,
      tap: options.tap)
    let session = ServerSession(
      host: host, offers: offers, info: info, wire: wire, subscriptions: subscriptions, ending: ending)
    do {
      try connection.run(session, onStep: onStep)
      return .endOfInput
    } catch {
      return .inputFailed(error)
    }
  }

  private func finish(after reason: Reason) {
    log.info("ending: \(reason)")
    let isStopped = reason == .stopped
    let limit = Deadline.after(milliseconds: options.endingLimit)
    let drained = Deadline.after(milliseconds: isStopped ? options.signalDrainTime : options.drainTime)
    // A call that is just being dispatched must be among the open ones before they are looked at.
    // Nobody is there to answer.
    wire.questions.endAll()
    let isRead = wire.outbox.waitUntilReleased(until: drained)
    if !wire.calls.waitUntilIdle(until: drained) || !isRead {
      log.info("ending calls that are still running")
      wire.calls.endAll(text: options.endingText)
    }
    subscriptions.endAll(telling: isStopped)
    // A script that closes its end and then reads slowly still gets every answer, as long as it does read.
    if !wire.outbox.drain(patience: options.endingLimit, until: isStopped ? limit : nil), reason != .outputClosed {
      log.warning("the client did not take all answers")
    }
    wire.outbox.close()
  }
}

/// The wish that the server ends, and why.
final class Ending: Sendable {
  private let reason = Monitor<MCPServer.Reason?>(nil)
  private let isSet = Atomic<Bool>(false)
  private let handler = Mutex<Held<@Sendable (MCPServer.Reason) -> Void>?>(nil)

  /// Whether anybody has asked for the end.
  var isRequested: Bool { isSet.load(ordering: .relaxed) }

  /// Asks for the end; the first reason counts, and is told to the handler.
  func request(_ wish: MCPServer.Reason) {
    if claim(wish) { handler.withLock { $0 }?.value(wish) }
  }

  /// Asks for the end, and leaves it to the caller if nobody has asked before: true then.
  func claim(_ wish: MCPServer.Reason) -> Bool {
    isSet.store(true, ordering: .relaxed)
    let isFirst = reason.withLock { reason in
      defer { reason = reason ?? wish }
      return reason == nil
    }
    reason.notify()
    return isFirst
  }

  /// Lets the handler see to the end; to be set before anything is read.
  func onRequest(_ handler: @escaping @Sendable (MCPServer.Reason) -> Void) {
    self.handler.withLock { $0 = Held(handler) }
  }

  /// Waits until somebody asks.
  func wait() -> MCPServer.Reason { reason.wait { $0 } ?? .stopped }
}
