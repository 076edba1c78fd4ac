/// Writes JSON into memory that it owns and grows.
///
/// Commas are put where they belong: before a key or value whenever the last byte ends a value. The caller's part is
/// that what is begun is ended. Everything written is valid UTF-8, whatever comes in.
///
/// With `sanitizing`, texts are made safe to show to a model or a terminal, see `TextSanitizer`.
public struct JSONWriter: ~Copyable, Sendable {
  @usableFromInline var buffer: ByteBuffer
  let sanitizing: Bool

  /// A place to come back to, good as long as nothing before it is dropped.
  public struct Mark: Sendable {
    let count: Int
  }

  /// Makes an empty writer.
  /// - Parameters:
  ///   - capacity: how many bytes to make room for at first.
  ///   - sanitizing: whether to neutralise control characters and invisible ones in texts.
  public init(capacity: Int = 4096, sanitizing: Bool = false) {
    buffer = ByteBuffer(capacity: capacity)
    self.sanitizing = sanitizing
  }

  /// How many bytes have been written.
  @inlinable
  public var count: Int { buffer.count }

  /// Remembers the present place.
  public func mark() -> Mark { Mark(count: buffer.count) }

  /// Drops everything written since the mark was made.
  public mutating func rewind(to mark: Mark) { buffer.count = min(mark.count, buffer.count) }

  /// Drops everything and keeps the memory for what comes next.
  public mutating func reset() { buffer.removeAll() }

  /// Gives memory back when more than `size` bytes are held and not in use.
  public mutating func shrink(to size: Int) {
    let needed = max(size, buffer.count, 64)
    if buffer.capacity > needed { buffer.resize(to: needed) }
  }

  /// Lends out what has been written.
  public func withBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
    try body(UnsafeRawBufferPointer(buffer.contents))
  }

  /// A copy of what has been written.
  public func bytes() -> [UInt8] { Array(buffer.contents) }

  /// Ends the writing and hands over the bytes.
  public consuming func finish() -> [UInt8] { Array(buffer.contents) }
}

// The structure: objects, arrays, keys.
extension JSONWriter {
  /// Opens an object.
  @inlinable
  public mutating func beginObject() { put(UInt8(ascii: "{")) }

  /// Closes an object.
  @inlinable
  public mutating func endObject() { buffer.append(UInt8(ascii: "}")) }

  /// Opens an array.
  @inlinable
  public mutating func beginArray() { put(UInt8(ascii: "[")) }

  /// Closes an array.
  @inlinable
  public mutating func endArray() { buffer.append(UInt8(ascii: "]")) }

  /// Writes a key that is known to be ASCII without anything to escape.
  @inlinable
  @inline(__always)
  public mutating func key(_ name: StaticString) {
    let length = name.utf8CodeUnitCount
    separate(reserving: length &+ 3)
    let end = buffer.end
    end[0] = UInt8(ascii: "\"")
    (end + 1).initialize(from: name.utf8Start, count: length)
    end[length &+ 1] = UInt8(ascii: "\"")
    end[length &+ 2] = UInt8(ascii: ":")
    buffer.count &+= length &+ 3
  }

  /// Writes a key.
  ///
  /// Where texts are sanitised, a key keeps all its characters, since two keys must not become one, but those that
  /// would be neutralised in a text are written as `\u` escapes.
  @_disfavoredOverload  // so that a literal takes the cheap way above
  public mutating func key(_ name: String) {
    quotedKey(name)
    buffer.append(UInt8(ascii: ":"))
  }

  /// Writes a comma if the last byte ends a value, and makes room for `number` bytes after it.
  @inlinable
  @inline(__always)
  mutating func separate(reserving number: Int) {
    buffer.reserve(number &+ 1)
    guard buffer.count > 0 else { return }
    let last = (buffer.end - 1).pointee
    // An opening bracket (`[` and `{` differ in one bit), a colon, a comma, or white space between messages.
    let isOpen = last | 0x20 == UInt8(ascii: "{") || last == UInt8(ascii: ":") || last == UInt8(ascii: ",")
    buffer.end.initialize(to: UInt8(ascii: ","))
    buffer.count &+= isOpen || last <= 0x20 ? 0 : 1
  }

  /// Writes one byte where a value may stand.
  @inlinable
  @inline(__always)
  mutating func put(_ byte: UInt8) {
    separate(reserving: 1)
    buffer.end.initialize(to: byte)
    buffer.count &+= 1
  }
}

// Ready-made text.
extension JSONWriter {
  /// Writes one value that is serialised already.
  public mutating func raw(_ json: UnsafeRawBufferPointer) {
    separate(reserving: json.count)
    append(json)
  }

  /// Writes one value that is serialised already.
  public mutating func raw(_ json: [UInt8]) { json.withUnsafeBytes { raw($0) } }

  /// Writes one value that is serialised already.
  @inlinable
  @inline(__always)
  public mutating func raw(_ json: StaticString) {
    separate(reserving: json.utf8CodeUnitCount)
    append(json)
  }

  /// Writes bytes as they are, without a comma.
  public mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress else { return }
    buffer.append(start.assumingMemoryBound(to: UInt8.self), count: bytes.count)
  }

  /// Writes bytes as they are, without a comma.
  public mutating func append(_ bytes: [UInt8]) { bytes.withUnsafeBytes { append($0) } }

  /// Writes text as it is, without a comma.
  @inlinable
  @inline(__always)
  public mutating func append(_ literal: StaticString) {
    buffer.append(literal.utf8Start, count: literal.utf8CodeUnitCount)
  }

  /// Writes a byte as it is, without a comma.
  @inlinable
  @inline(__always)
  public mutating func append(byte: UInt8) { buffer.append(byte) }
}
