public import JSON
public import Platform

/// One message between the program and the one that does its requests: a JSON head and raw bytes.
///
/// On the wire: the lengths of both as 32-bit numbers, most significant byte first, then both.
public struct Frame: Sendable {
  /// What it is about.
  public let head: JSONValue
  /// The body of a request or a response.
  public let body: [UInt8]

  /// What both sides must agree on; changes with every change of the heads.
  public static let protocolVersion: Int64 = 1

  private static let headLimit = 4 << 20
  private static let bodyLimit = 1 << 30

  /// Creates a message.
  public init(head: JSONValue, body: [UInt8] = []) {
    self.head = head
    self.body = body
  }

  /// Writes it, however long that takes.
  public func write(to output: Descriptor) throws(SystemError) { try output.writeAll(bytes) }

  /// Writes it; false when the other end has not taken all of it by the deadline.
  func write(to output: Descriptor, until deadline: Deadline) throws(SystemError) -> Bool {
    try output.writeAll(bytes, until: deadline)
  }

  /// The frame as it travels.
  private var bytes: [UInt8] {
    let head = head.serialized()
    var start: [UInt8] = []
    start.reserveCapacity(8 + head.count + body.count)
    for length in [head.count, body.count] {
      for shift in [24, 16, 8, 0] { start.append(UInt8(truncatingIfNeeded: length >> shift)) }
    }
    start += head
    start += body
    return start
  }

  /// Waits for the next one; nil at the end, and for what is none.
  public static func read(from input: Descriptor) -> Frame? {
    guard let lengths = readExactly(8, from: input) else { return nil }
    func length(at start: Int) -> Int { lengths[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
    guard length(at: 0) <= headLimit, length(at: 4) <= bodyLimit,
      let head = readExactly(length(at: 0), from: input), let body = readExactly(length(at: 4), from: input),
      let value = try? JSONValue(parsing: head)
    else { return nil }
    return Frame(head: value, body: body)
  }

  private static func readExactly(_ count: Int, from input: Descriptor) -> [UInt8]? {
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = 0
      while filled < count {
        let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled..<count])
        guard let read = try? input.read(into: rest), read > 0 else { return }
        filled += read
      }
    }
    return bytes.count == count ? bytes : nil
  }
}
