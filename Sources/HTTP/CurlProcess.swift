internal import JSON
internal import Platform
internal import Synchronization

/// One run of `bound-mcp-http`, and the requests that are on their way through it.
final class CurlProcess: Sendable {
  private typealias Outcome = Result<HTTPResponse, HTTPError>

  private struct State {
    var pending: [Int64: Monitor<Outcome?>] = [:]
    var lastID: Int64 = 0
    /// What the program has said of itself; nil until it has.
    var greeting: JSONValue?
    /// Why no further request can be sent; nil while it runs.
    var end: HTTPError?
    /// Signals would reach a stranger: its number is about to be free.
    var isGone = false
  }

  /// Whose turn it is to write: one frame at a time, and none once the input is closed.
  private enum Input {
    case free, taken, closed
  }

  private let path: String
  private let child: ChildProcess
  private let state = Monitor(State())
  private let input = Monitor(Input.free)

  /// How much longer than the request's own limit an answer is waited for, in milliseconds.
  private static let grace: UInt64 = 2000

  init(path: String) throws(HTTPError) {
    self.path = path
    guard Files.exists(path) else {
      throw HTTPError(
        .helperMissing,
        "the program \(path) is missing: install it beside bound-mcp (make build makes both), or name its path in "
          + "BOUND_MCP_HTTP", reachedServer: .no)
    }
    do {
      child = try ChildProcess.start(path, arguments: [])
    } catch {
      throw HTTPError(.helperMissing, "the program \(path) can't be started: \(error)", reachedServer: .no)
    }
    Thread.start("http") { [self] in readAnswers() }
  }

  /// Whether the program has ended or is about to.
  var hasEnded: Bool { state.withLock { $0.end != nil } }

  /// Has the program end at once.
  func close() { state.withLock { if !$0.isGone { child.kill() } } }

  func send(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
    let answer = Monitor<Outcome?>(nil)
    let id = try state.withLock { (state) throws(HTTPError) in
      if let end = state.end { throw HTTPError(end.kind, end.message, reachedServer: .no) }
      state.lastID += 1
      state.pending[state.lastID] = answer
      return state.lastID
    }
    let registration = request.cancellation?.onCancel { [self] in cancel(id) }
    defer { if let registration { request.cancellation?.remove(registration) } }
    let frame = Frame(head: RequestHead(id: id, request: request).json, body: request.body ?? [])
    let total = UInt64(clamping: max(request.totalLimit, 1))
    let deadline = Deadline.after(milliseconds: total &+ Self.grace)
    write(frame, until: .after(milliseconds: total))
    guard let outcome = answer.wait(until: deadline, { $0 }) else {
      settle(id, .failure(HTTPError(.timedOut, "the request took too long", reachedServer: .maybe)))
      close()
      throw HTTPError(.timedOut, "the request took too long", reachedServer: .maybe)
    }
    return try outcome.get()
  }

  private func cancel(_ id: Int64) {
    guard settle(id, .failure(HTTPError(.cancelled, "the request was cancelled", reachedServer: .maybe))) else {
      return
    }
    write(Frame(head: ["cancel": .integer(id)]), until: .after(milliseconds: 1000))
  }

  /// What the program says of itself.
  func facts() throws(HTTPError) -> HelperFacts {
    let greeting = state.wait(until: .after(milliseconds: Self.grace)) { state -> Result<JSONValue, HTTPError>? in
      if let end = state.end { return .failure(end) }
      return state.greeting.map { .success($0) }
    }
    guard let greeting else {
      throw HTTPError(.helperMissing, "the program \(path) says nothing: is it bound-mcp-http?", reachedServer: .no)
    }
    return HelperFacts(path: path, greeting: try greeting.get())
  }

  /// A program that takes nothing any more is ended; the thread that reads notices, and ends the requests.
  private func write(_ frame: Frame, until deadline: Deadline) {
    let mayWrite = input.wait(until: deadline) { input -> Bool? in
      switch input {
      case .free:
        input = .taken
        return true
      case .taken: return nil
      case .closed: return false
      }
    }
    guard let mayWrite else { return close() }
    guard mayWrite else { return }
    if (try? frame.write(to: child.input, until: deadline)) != true { close() }
    input.withLock { $0 = .free }
    input.notify()
  }

  /// False when the request had its outcome already.
  @discardableResult
  private func settle(_ id: Int64, _ outcome: Outcome) -> Bool {
    guard let answer = state.withLock({ $0.pending.removeValue(forKey: id) }) else { return false }
    answer.withLock { $0 = outcome }
    answer.notify()
    return true
  }

  private func readAnswers() {
    while let frame = Frame.read(from: child.output) {
      if let version = frame.head["protocol"]?.integerValue {
        guard version == Frame.protocolVersion else { break }
        state.withLock { $0.greeting = frame.head }
        state.notify()
      } else if let id = frame.head["id"]?.integerValue {
        settle(id, Self.outcome(frame))
      }
    }
    state.withLock { state in
      child.kill()
      state.isGone = true
    }
    end(status: child.waitForExit())
  }

  private static func outcome(_ frame: Frame) -> Outcome {
    if let error = frame.head["error"] { return .failure(HTTPError(wire: error)) }
    return .success(
      HTTPResponse(
        status: Int(frame.head["status"]?.integerValue ?? 0),
        headers: HTTPHeaders(wire: frame.head["headers"]?.arrayValue ?? []), body: frame.body))
  }

  private func end(status: Int32) {
    let (pending, error) = state.withLock { state in
      let error =
        if state.greeting != nil {
          HTTPError(
            .helperEnded, "the program bound-mcp-http ended while the request was on its way: the outcome is unknown",
            reachedServer: .maybe)
        } else {
          HTTPError(
            .helperMissing,
            "the program bound-mcp-http ended with status \(status) before it took a request: it needs the system's "
              + "libcurl (Debian: libcurl4) and must be of the same version as bound-mcp", reachedServer: .no)
        }
      state.end = error
      defer { state.pending = [:] }
      return (state.pending, error)
    }
    state.notify()
    for answer in pending.values {
      answer.withLock { $0 = .failure(error) }
      answer.notify()
    }
    // Whoever is writing meets an error, since the other end is gone.
    _ = input.wait { input -> Bool? in
      guard input == .free else { return nil }
      input = .closed
      return true
    }
    input.notify()
    child.input.close()
    child.output.close()
  }
}
