internal import JSON
public import Platform

/// What one line brought.
public enum Incoming: Sendable {
  /// One message.
  case message(Message)
  /// An array of messages, which may be empty.
  case batch([Message])
  /// A line that is no JSON or is too long.
  case unreadable(RPCError)
}

/// Takes what a connection reads, one line after the other, on the connection's thread.
public protocol MessageReceiver: AnyObject {
  /// Takes what one line brought. Answers given before this returns leave together with those of the other lines that
  /// one read brought.
  func receive(_ incoming: Incoming)

  /// There may be a pause: all complete lines that were there to be read have been taken, or the answers wait for the
  /// client.
  func endOfBatch()

  /// Whether further lines are wanted.
  var isReceiving: Bool { get }
}

/// Reads lines from a descriptor, one thread from the first to the last.
public struct Connection: Sendable {
  private let input: Descriptor
  private let outbox: Outbox
  private let lineLimit: Int
  private let limits: JSONLimits
  private let tap: (any Tap)?

  /// A connection whose answers go to the outbox.
  /// - Parameters:
  ///   - lineLimit: the longest line in bytes; a longer one is answered with an error and dropped.
  ///   - nestingLimit: the deepest nesting of arrays and objects in a message.
  ///   - tap: sees what arrives.
  public init(input: Descriptor, outbox: Outbox, lineLimit: Int, nestingLimit: Int, tap: (any Tap)? = nil) {
    self.tap = tap
    self.input = input
    self.outbox = outbox
    self.lineLimit = lineLimit
    limits = JSONLimits(depth: nestingLimit, bytes: lineLimit, values: Self.valueLimit)
  }

  /// A hundred events with all that a tracker knows have some thousand values; this many take some ten megabytes.
  private static let valueLimit = 100_000

  /// Reads on the calling thread until the input ends or the receiver wants no more.
  ///
  /// One read, then its lines, then one write: nothing is polled, and no other thread takes part.
  /// - Parameter onStep: hears of each step of the beginning once.
  public func run(_ receiver: any MessageReceiver, onStep: (FirstStep) -> Void = { _ in }) throws(SystemError) {
    var splitter = LineSplitter(limit: lineLimit)
    var next: FirstStep? = .read
    while receiver.isReceiving {
      let count = try splitter.withSpace { (space) throws(SystemError) in try input.read(into: space) }
      if next == .read {
        onStep(.read)
        next = .answered
      }
      outbox.beginTogether()
      while receiver.isReceiving, let line = splitter.next() {
        take(line, receiver)
        guard outbox.isCrowded else { continue }
        // A client that does not read may let us wait for long.
        receiver.endOfBatch()
        if let step = next.take() { onStep(step) }
        outbox.waitForRoom()
      }
      if count == 0, receiver.isReceiving, let line = splitter.finish() { take(line, receiver) }
      receiver.endOfBatch()
      outbox.endTogether()
      if let step = next.take() { onStep(step) }
      if count == 0 { return }
    }
  }

  /// The steps of a conversation's beginning.
  public enum FirstStep: Sendable {
    /// The client has sent something; it has not been looked at.
    case read
    /// That is answered, or its answers wait for the client.
    case answered
  }

  private func take(_ line: LineSplitter.Line, _ receiver: any MessageReceiver) {
    switch line {
    case .tooLong:
      receiver.receive(.unreadable(RPCError(.parseError, "The line is longer than \(lineLimit) bytes.")))
    case .text(let bytes):
      tap?.received(bytes)
      receiver.receive(read(bytes))
    }
  }

  private func read(_ bytes: UnsafeRawBufferPointer) -> Incoming {
    do {
      let value = try JSONParser.parse(bytes, limits: limits)
      if case .array(let members) = value { return .batch(members.map { Message($0) }) }
      return .message(Message(value))
    } catch {
      return .unreadable(RPCError(.parseError, error.message))
    }
  }
}
