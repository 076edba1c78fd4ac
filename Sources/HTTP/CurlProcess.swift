internal import JSON
internal import Platform
internal import Synchronization

/// One run of `bound-mcp-http`, and the requests that are on their way through it.
final class CurlProcess: Sendable {
  private typealias Outcome = Result<HTTPResponse, HTTPError>

  private struct State {
    var pending: [Int64: Monitor<Outcome?>] = [:]
    var lastID: Int64 = 0
    var hasGreeted = false
    /// Why no further request can be sent; nil while it runs.
    var end: HTTPError?
  }

  private let child: ChildProcess
  private let state = Mutex(State())
  /// One request is written at a time; false once nothing can be written any more.
  private let isWritable = Mutex(true)

  /// How much longer than the request's own limit an answer is waited for, in milliseconds.
  private static let grace: UInt64 = 5000

  init(path: String) throws(HTTPError) {
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
  func close() { child.kill() }

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
    write(frame)
    let limit = UInt64(clamping: max(request.totalLimit, 1)) &+ Self.grace
    guard let outcome = answer.wait(until: .after(milliseconds: limit), { $0 }) else {
      settle(id, .failure(HTTPError(.timedOut, "the request took too long", reachedServer: .maybe)))
      child.kill()
      throw HTTPError(.timedOut, "the request took too long", reachedServer: .maybe)
    }
    return try outcome.get()
  }

  private func cancel(_ id: Int64) {
    guard settle(id, .failure(HTTPError(.cancelled, "the request was cancelled", reachedServer: .maybe))) else {
      return
    }
    write(Frame(head: ["cancel": .integer(id)]))
  }

  /// A program that has just ended is noticed by the thread that reads, which then ends the request too.
  private func write(_ frame: Frame) {
    isWritable.withLock { isWritable in
      if isWritable { try? frame.write(to: child.input) }
    }
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
        state.withLock { $0.hasGreeted = true }
      } else if let id = frame.head["id"]?.integerValue {
        settle(id, Self.outcome(frame))
      }
    }
    child.kill()
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
        if state.hasGreeted {
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
    for answer in pending.values {
      answer.withLock { $0 = .failure(error) }
      answer.notify()
    }
    isWritable.withLock { isWritable in
      isWritable = false
      child.input.close()
    }
    child.output.close()
  }
}
