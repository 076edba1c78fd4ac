import Foundation
import JSON

/// A recorded conversation: what a client sends and what must come back, see ``WirePattern``.
public struct WireExample: Sendable, CustomStringConvertible {
  /// Its name.
  public let name: String
  private let facts: JSONValue

  /// Reads a file with one conversation in each line.
  public static func read(_ path: String) throws -> [WireExample] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
      let facts = try JSONValue(parsing: String(line))
      return WireExample(name: facts["name"]?.stringValue ?? "", facts: facts)
    }
  }

  /// The name.
  public var description: String { name }

  /// Has the conversation with a server and tells what went otherwise; nothing if all went as recorded.
  /// - Parameter unserved: capabilities that the recording shows and this server does not have: they must be absent.
  public func replay(with server: ServerProcess, unserved: [String]) -> [String] {
    var replay = WireReplay(server: server, facts: facts, unserved: unserved)
    replay.run()
    return replay.faults
  }
}

/// One conversation going on.
private struct WireReplay {
  let server: ServerProcess
  let facts: JSONValue
  var expected: [JSONValue]
  var faults: [String] = []
  private var pattern = WirePattern()
  private var isMatched: [Bool]
  private var isClosed = false
  private var endRequested: UInt64?

  init(server: ServerProcess, facts: JSONValue, unserved: [String]) {
    self.server = server
    self.facts = facts
    expected = (facts["expect"]?.arrayValue ?? []).map { Self.without(unserved, $0) }
    isMatched = expected.map { _ in false }
  }

  mutating func run() {
    let items = facts["send"]?.arrayValue ?? []
    for (position, item) in items.enumerated() {
      if let status = item["until"]?.stringValue, position + 1 < items.count {
        poll(items[position + 1], until: status)
      } else {
        send(item)
      }
    }
    receive(until: expected.count)
    // Whatever would come although it must not comes before the end.
    if !isClosed { closeInput() }
    for message in server.conversation.rest() { take(message) }
    if let exit = facts["exit"]?.integerValue { checkExit(exit) }
  }

  private mutating func send(_ item: JSONValue) {
    let conversation = server.conversation
    if let text = item["$raw"]?.stringValue {
      conversation.send(text)
    } else if let text = item["$raw_b64"]?.stringValue {
      conversation.send(bytes: [UInt8](Data(base64Encoded: text) ?? Data()) + [UInt8(ascii: "\n")])
    } else if let size = item["$oversize"]?.integerValue {
      conversation.send(["jsonrpc": "2.0", "id": 1, "method": .string(String(repeating: "x", count: Int(size)))])
    } else if let count = item["$wait"]?.integerValue {
      receive(until: Int(count))
    } else if item["$eof"] != nil {
      closeInput()
    } else if let name = item["$signal"]?.stringValue {
      endRequested = DispatchTime.now().uptimeNanoseconds
      server.send(signal: name == "TERM" ? SIGTERM : SIGINT)
    } else {
      conversation.send(pattern.filled(item))
    }
  }

  /// Makes a request under fresh ids until its task has that status.
  private mutating func poll(_ item: JSONValue, until status: String) {
    for number in 1...200 {
      guard var request = pattern.filled(item).objectValue else { return }
      let id = JSONValue.string("poll-\(number)")
      request["id"] = id
      server.conversation.send(.object(request))
      while let message = server.conversation.receive() {
        guard message["id"] == id else {
          take(message)
          continue
        }
        if message["result"]?["status"]?.stringValue == status { return }
        break
      }
      // Whatever comes meanwhile counts; mostly nothing does.
      if let message = server.conversation.receive(within: 50) { take(message) }
    }
    faults.append("the task never was \(status)")
  }

  private mutating func closeInput() {
    isClosed = true
    endRequested = DispatchTime.now().uptimeNanoseconds
    server.conversation.closeInput()
  }

  private mutating func receive(until count: Int) {
    while isMatched.count(where: { $0 }) < count {
      guard let message = server.conversation.receive() else {
        faults.append("missing: " + zip(expected, isMatched).filter { !$0.1 }.map(\.0.text).joined(separator: "\n"))
        return
      }
      take(message)
    }
  }

  private mutating func take(_ message: JSONValue) {
    for forbidden in facts["forbid"]?.arrayValue ?? [] where pattern.matches(forbidden, message) {
      faults.append("forbidden: \(message.text)")
    }
    let open = expected.indices.filter { !isMatched[$0] }
    for index in facts["ordered"] == true ? open.prefix(1) : open[...] where matches(expected[index], message) {
      isMatched[index] = true
      return
    }
    let isNotification = message["method"] != nil && message["id"] == nil
    let isAllowed = (facts["allow"]?.arrayValue ?? []).contains { pattern.matches($0, message) }
    if !isNotification && !isAllowed { faults.append("unexpected: \(message.text)") }
  }

  /// The answers to an array come in any order.
  private mutating func matches(_ expected: JSONValue, _ message: JSONValue) -> Bool {
    guard case .array(let patterns) = expected else { return pattern.matches(expected, message) }
    guard case .array(var items) = message, items.count == patterns.count else { return false }
    for one in patterns {
      guard let index = items.firstIndex(where: { pattern.matches(one, $0) }) else { return false }
      items.remove(at: index)
    }
    return true
  }

  private mutating func checkExit(_ code: Int64) {
    let limit = UInt64(facts["within_ms"]?.integerValue ?? 10_000)
    guard let status = server.waitForExit() else { return faults.append("the process does not end") }
    let time = (DispatchTime.now().uptimeNanoseconds - (endRequested ?? 0)) / 1_000_000
    if Int64(status) != code { faults.append("exit status \(status)") }
    if time > limit { faults.append("the end took \(time) ms") }
  }

  /// The pattern with those capabilities forbidden instead of wanted.
  private static func without(_ unserved: [String], _ expected: JSONValue) -> JSONValue {
    guard var message = expected.objectValue, var result = message["result"]?.objectValue,
      var capabilities = result["capabilities"]?.objectValue
    else { return expected }
    for name in unserved { capabilities[name] = nil }
    capabilities["$absent"] = .array((capabilities["$absent"]?.arrayValue ?? []) + unserved.map { .string($0) })
    result["capabilities"] = .object(capabilities)
    message["result"] = .object(result)
    return .object(message)
  }
}
