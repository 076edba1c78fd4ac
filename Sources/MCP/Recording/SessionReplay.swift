internal import JSON
internal import JSONRPC
public import Platform

/// Plays the client's side of a recording against a server, and compares what the server says.
public final class SessionReplay: Sendable {
  private let input: Descriptor
  private let received = Monitor(Received())
  private let patience: UInt64
  private let clock: any Clock

  private struct Received {
    var messages: [JSONValue] = []
    var isAtEnd = false
  }

  /// A client's end of a server.
  ///
  /// - Parameters:
  ///   - input: where the server reads.
  ///   - output: where it writes.
  ///   - patience: how many milliseconds an answer may take, and what goes on in the background.
  public init(input: Descriptor, output: Descriptor, patience: UInt64 = 10_000, clock: any Clock = SystemClock()) {
    self.input = input
    self.patience = patience
    self.clock = clock
    let received = received
    Thread.start("replay") { Self.read(output, into: received) }
  }

  /// Plays a recording to its end.
  ///
  /// What the server says unasked, such as progress, depends on time and is passed over. A read whose answer differs is
  /// made again for a while: what it shows may be done in the background. Of a read that the client itself has made again
  /// and again only the last answer counts.
  /// - Returns: what differs, each with the line of the recording.
  public func run(_ recording: [RecordedMessage?]) -> [String] {
    let begin = recording.lazy.compactMap { $0?.time }.first ?? clock.now()
    var comparison = ShapeComparison(delay: clock.now().milliseconds &- begin.milliseconds)
    let passed = Self.repeated(recording)
    var requests: [String: JSONValue] = [:]
    var differences: [String] = []
    for (position, entry) in recording.enumerated() {
      guard let entry else {
        differences.append("line \(position + 1): this is no line of a recording")
        continue
      }
      switch entry.speaker {
      case .settings: continue
      case .client:
        let message = comparison.translated(entry.message)
        if let id = message["id"], message["method"] != nil { requests[id.text] = message }
        send(message)
      case .server:
        guard let id = entry.message["id"] else { continue }
        if passed.contains(position) {
          _ = next(like: entry.message, until: .after(milliseconds: patience))
          continue
        }
        differences += compare(entry.message, requests[id.text], &comparison).map { "line \(position + 1): \($0)" }
      }
    }
    return differences
  }

  /// Where the answers are to reads that the client has made again with its next request: it was waiting.
  private static func repeated(_ recording: [RecordedMessage?]) -> Set<Int> {
    var found = Set<Int>()
    var last: (request: JSONValue, answer: Int?)?
    for (position, entry) in recording.enumerated() {
      guard let message = entry?.message, let id = message["id"] else { continue }
      if entry?.speaker == .server, last?.request["id"] == id, message["method"] == nil {
        last?.answer = position
      } else if entry?.speaker == .client, message["method"] != nil {
        if let last, let answer = last.answer, isRead(message), isSame(last.request, message) { found.insert(answer) }
        last = (message, nil)
      }
    }
    return found
  }

  private static func isSame(_ one: JSONValue, _ other: JSONValue) -> Bool {
    one["method"] == other["method"]
      && ["name", "arguments", "uri"].allSatisfy { one["params"]?[$0] == other["params"]?[$0] }
  }

  /// Sends nothing more.
  public func end() { input.close() }

  private func compare(_ recorded: JSONValue, _ request: JSONValue?, _ comparison: inout ShapeComparison) -> [String] {
    let deadline = Deadline.after(milliseconds: patience)
    guard var present = next(like: recorded, until: deadline) else { return ["there is no answer now"] }
    while true {
      var trial = comparison
      let differences = trial.differences(recorded, present)
      if differences.isEmpty || !Self.isRead(request) || deadline.hasPassed {
        comparison = trial
        return differences
      }
      guard let request else { return differences }
      let pause = Monitor(false)
      _ = pause.wait(until: .after(milliseconds: 50)) { $0 ? () : nil }
      send(request)
      guard let again = next(like: recorded, until: deadline) else { return differences }
      present = again
    }
  }

  /// Whether the request can be made again without harm.
  private static func isRead(_ request: JSONValue?) -> Bool {
    if request?["method"] == "resources/read" { return true }
    guard let name = request?["params"]?["name"]?.stringValue, request?["method"] == "tools/call" else { return false }
    return ["_get_", "_list_", "_search_"].contains { part in
      name.utf8.count > part.utf8.count && name.hasPart(part)
    }
  }

  private func send(_ message: JSONValue) {
    let line = (message.stringValue.map { Array($0.utf8) } ?? message.serialized()) + [UInt8(ascii: "\n")]
    try? input.writeAll(line)
  }

  /// The next answer to the same request, or the next request of the server's like the recorded one.
  private func next(like recorded: JSONValue, until deadline: Deadline) -> JSONValue? {
    received.wait(until: deadline) { received -> JSONValue?? in
      let index = received.messages.firstIndex { message in
        message["id"] == recorded["id"] && message["method"] == recorded["method"]
      }
      if let index { return .some(received.messages.remove(at: index)) }
      return received.isAtEnd ? .some(nil) : nil
    } ?? nil
  }

  private static func read(_ output: Descriptor, into received: Monitor<Received>) {
    var splitter = LineSplitter(limit: 64 << 20)
    while true {
      guard let count = try? fill(&splitter, from: output), count > 0 else { break }
      while let line = splitter.next() {
        guard case .text(let bytes) = line, let message = try? JSONParser.parse(bytes) else { continue }
        received.withLock { $0.messages.append(message) }
      }
      received.notify()
    }
    received.withLock { $0.isAtEnd = true }
    received.notify()
  }
}

private func fill(_ splitter: inout LineSplitter, from output: Descriptor) throws(SystemError) -> Int {
  try splitter.withSpace { (space) throws(SystemError) in try output.read(into: space) }
}

extension String {
  fileprivate func hasPart(_ part: String) -> Bool {
    let (whole, part) = (Array(utf8), Array(part.utf8))
    guard whole.count >= part.count else { return false }
    return (0...(whole.count - part.count)).contains { whole[$0..<($0 + part.count)].elementsEqual(part) }
  }
}
