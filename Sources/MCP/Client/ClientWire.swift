internal import JSON
internal import JSONRPC
internal import Platform
internal import Synchronization

/// A client's end of a server's standard streams: requests out, answers in, by their ids.
///
/// A thread reads until the server closes its output. What a server asks of us is answered there: a ping with nothing,
/// all else with an error, since no person and no model sits behind this client.
final class ClientWire: Sendable {
  /// How a request ended.
  enum Ending {
    case result(JSONValue)
    case error(JSONValue)
    /// The server has closed its output, or what it sends is beyond bounds.
    case closed(String)
  }

  private struct State {
    var pending: [Int64: Ending?] = [:]
    /// When the last progress of a request was reported, in nanoseconds of the monotonic clock.
    var progress: [Int64: UInt64] = [:]
    var lastID: Int64 = 0
    var end: String?
    /// What came beside answers: a server that only babbles is left.
    var unasked = 0
  }

  private static let lineLimit = 8 << 20
  private static let unaskedLimit = 20_000

  private let input: Descriptor
  private let output: Descriptor
  private let state = Monitor(State())
  /// Held while writing: a message is one line, whole.
  ///
  /// Not the lock of the state, so that answers are taken meanwhile.
  private let isInputOpen = Mutex(true)

  /// Speaks through the descriptors, which it closes in the end.
  init(input: Descriptor, output: Descriptor) {
    self.input = input
    self.output = output
    Thread.start("mcp client") { [self] in read() }
  }

  /// Sends a request and gives its number; nil when the server is gone or takes nothing until the deadline.
  func send(_ method: String, _ params: (Int64) -> JSONObject, until deadline: Deadline) -> Int64? {
    let id = state.withLock { state -> Int64? in
      guard state.end == nil else { return nil }
      state.lastID += 1
      state.pending[state.lastID] = .some(nil)
      return state.lastID
    }
    guard let id else { return nil }
    let message: JSONValue = [
      "jsonrpc": "2.0", "id": .integer(id), "method": .string(method), "params": .object(params(id)),
    ]
    if write(message, until: deadline) { return id }
    state.withLock { $0.pending[id] = nil }
    return nil
  }

  /// Sends a notification, unless the server takes nothing for a second.
  func notify(_ method: String, _ params: JSONObject? = nil) {
    var message: JSONObject = ["jsonrpc": "2.0", "method": .string(method)]
    if let params { message["params"] = .object(params) }
    _ = write(.object(message), until: .after(milliseconds: 1000))
  }

  /// Waits for the answer; nil when none comes until the deadline, or when `isAbandoned` says so after ``wake()``.
  func answer(to id: Int64, until deadline: Deadline, isAbandoned: () -> Bool = { false }) -> Ending? {
    let ending = state.wait(until: deadline) { state -> Ending?? in
      if let ending = state.pending[id] ?? nil { return .some(ending) }
      if let end = state.end { return .some(.closed(end)) }
      return isAbandoned() ? .some(nil) : nil
    }
    state.withLock { $0.pending[id] = nil }
    return ending ?? nil
  }

  /// Waits for the answer as long as progress comes: nil when nothing does for so many milliseconds, when the deadline
  /// passes, or when `isAbandoned` says so after ``wake()``.
  func answer(
    to id: Int64, within milliseconds: UInt64, until last: Deadline, isAbandoned: () -> Bool
  ) -> Ending? {
    defer {
      state.withLock { state in
        state.pending[id] = nil
        state.progress[id] = nil
      }
    }
    var deadline = min(last, .after(milliseconds: milliseconds))
    while true {
      let ending = state.wait(until: deadline) { state -> Ending?? in
        if let ending = state.pending[id] ?? nil { return .some(ending) }
        if let end = state.end { return .some(.closed(end)) }
        return isAbandoned() ? .some(nil) : nil
      }
      if let ending { return ending }
      guard let reported = state.withLock({ $0.progress[id] }), !last.hasPassed else { return nil }
      let next = min(last, Deadline(nanoseconds: reported &+ milliseconds &* 1_000_000))
      guard next > deadline else { return nil }
      deadline = next
    }
  }

  /// Has those who wait look again.
  func wake() { state.notify() }

  /// Tells the server that nothing more will come.
  func closeInput() {
    isInputOpen.withLock { isInputOpen in
      if isInputOpen { input.close() }
      isInputOpen = false
    }
  }

  private func write(_ message: JSONValue, until deadline: Deadline) -> Bool {
    let line = message.serialized() + [UInt8(ascii: "\n")]
    return isInputOpen.withLock { isInputOpen in
      isInputOpen ? (try? input.writeAll(line, until: deadline)) ?? false : false
    }
  }

  private func read() {
    var splitter = LineSplitter(limit: Self.lineLimit)
    var reason = "has closed its output"
    reading: while true {
      let count = try? splitter.withSpace { (space) throws(SystemError) in try output.read(into: space) }
      while let line = splitter.next() {
        guard case .text(let bytes) = line else {
          reason = "sent a line of more than \(Self.lineLimit) bytes"
          break reading
        }
        guard take(bytes) else {
          reason = "sent more than \(Self.unaskedLimit) messages that nobody asked for"
          break reading
        }
      }
      guard let count, count > 0 else { break }
    }
    state.withLock { $0.end = reason }
    state.notify()
    output.close()
  }

  /// False when the server is to be left.
  private func take(_ line: UnsafeRawBufferPointer) -> Bool {
    guard let value = try? JSONParser.parse(line, limits: JSONLimits(bytes: Self.lineLimit)) else {
      // Some servers print to standard output; that is none of ours.
      return countUnasked()
    }
    guard case .array(let batch) = value else { return take(Message(value)) }
    return batch.allSatisfy { take(Message($0)) }
  }

  private func take(_ message: Message) -> Bool {
    switch message {
    case .response(let response):
      guard case .integer(let id) = response.id else { return countUnasked() }
      let isAwaited = state.withLock { state in
        guard state.pending[id] != nil else { return false }
        switch response.outcome {
        case .result(let result): state.pending[id] = .result(result)
        case .error(let error): state.pending[id] = .error(error)
        }
        return true
      }
      state.notify()
      return isAwaited || countUnasked()
    case .request(let request):
      refuse(request)
      return countUnasked()
    case .notification(let notification): return noteProgress(notification) || countUnasked()
    case .invalid, .ignored: return countUnasked()
    }
  }

  /// Whether it is the progress of a request that is open; such reports come as long as the work goes on.
  private func noteProgress(_ notification: Notification) -> Bool {
    guard notification.method == "notifications/progress",
      let id = notification.params?["progressToken"]?.integerValue
    else { return false }
    return state.withLock { state in
      guard state.pending[id] != nil else { return false }
      state.progress[id] = SystemClock().monotonic()
      return true
    }
  }

  private func countUnasked() -> Bool {
    state.withLock { state in
      state.unasked += 1
      return state.unasked <= Self.unaskedLimit
    }
  }

  private func refuse(_ request: Request) {
    let id: JSONValue =
      switch request.id {
      case .integer(let number): .integer(number)
      case .string(let text): .string(text)
      }
    var answer: JSONObject = ["jsonrpc": "2.0", "id": id]
    if request.method == "ping" {
      answer["result"] = [:]
    } else {
      answer["error"] = [
        "code": .integer(RPCError.Code.methodNotFound.value),
        "message": "This client runs unattended: it has no person to ask, no model and no folders.",
      ]
    }
    _ = write(.object(answer), until: .after(milliseconds: 1000))
  }
}
