public import JSON
public import Platform

/// A client's end of a server that speaks JSON, one message per line.
///
/// A thread of its own takes in what the server sends, so a test may write as much as it likes before it reads.
public final class LineConversation: Sendable {
  private let writing: Descriptor
  private let received = Monitor(Received())

  private struct Received {
    var lines: [String] = []
    var isAtEnd = false
  }

  /// Talks through the two descriptors, which it closes in the end.
  public init(writing: Descriptor, reading: Descriptor) {
    self.writing = writing
    let received = received
    Thread.start("client") { Self.read(reading, into: received) }
  }

  /// Sends bytes as they are.
  public func send(bytes: [UInt8]) {
    bytes.withUnsafeBytes { bytes in _ = try? writing.writeAll(bytes) }
  }

  /// Sends one line.
  public func send(_ line: String) { send(bytes: Array(line.utf8) + [UInt8(ascii: "\n")]) }

  /// Sends one message.
  public func send(_ message: JSONValue) { send(bytes: message.serialized() + [UInt8(ascii: "\n")]) }

  /// The next line, or nil at the end or when none comes in time.
  public func receiveLine(within milliseconds: UInt64 = 10_000) -> String? {
    received.wait(until: .after(milliseconds: milliseconds)) { received -> String?? in
      if !received.lines.isEmpty { return .some(received.lines.removeFirst()) }
      return received.isAtEnd ? .some(nil) : nil
    } ?? nil
  }

  /// The next message, or nil at the end or when none comes in time.
  public func receive(within milliseconds: UInt64 = 10_000) -> JSONValue? {
    receiveLine(within: milliseconds).map { (try? JSONValue(parsing: $0)) ?? .string("no JSON: \($0)") }
  }

  /// Sends a message and gives the next one that comes.
  public func ask(_ message: JSONValue) -> JSONValue? {
    send(message)
    return receive()
  }

  /// Sends nothing more.
  public func closeInput() { writing.close() }

  /// Everything that still comes until the server closes its end.
  public func rest() -> [JSONValue] {
    var messages: [JSONValue] = []
    while let message = receive() { messages.append(message) }
    return messages
  }

  private static func read(_ reading: Descriptor, into received: Monitor<Received>) {
    var line: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while let count = try? buffer.withUnsafeMutableBytes({ bytes in try reading.read(into: bytes) }), count > 0 {
      for byte in buffer[..<count] {
        if byte != UInt8(ascii: "\n") {
          line.append(byte)
          continue
        }
        let text = String(decoding: line, as: UTF8.self)
        received.withLock { $0.lines.append(text) }
        line.removeAll(keepingCapacity: true)
      }
      received.notify()
    }
    received.withLock { $0.isAtEnd = true }
    received.notify()
    reading.close()
  }
}
