/// The parser's state: a place in the text, and the containers that are still open.
///
/// Values wait on one stack until their container closes; then they move, all at once, into an array of exactly their
/// number. Nesting is kept on a stack of our own, so a deep text can't exhaust the thread's.
struct DocumentReader: ~Copyable {
  let start: UnsafePointer<UInt8>
  let end: UnsafePointer<UInt8>
  var next: UnsafePointer<UInt8>
  /// Where strings with escapes are decoded.
  var decoded = ByteBuffer()

  private let depth: Int
  private var values = ScratchStack<JSONValue>(capacity: 32)
  private var keys = ScratchStack<PendingKey>(capacity: 16)
  private var open = ScratchStack<OpenContainer>(capacity: 16)

  init(start: UnsafePointer<UInt8>, count: Int, depth: Int) {
    self.start = start
    end = start + count
    next = start
    self.depth = depth
  }

  mutating func document() throws(JSONError) -> JSONValue {
    while true {
      skipSpace()
      guard var value = try beginValue() else { continue }
      while try !attach(&value) {}
      if open.count == 0 {
        guard next == end else { throw fault(.trailingContent) }
        return value
      }
    }
  }

  /// Reads a scalar or an empty container; a container with content is opened, and there is no value yet.
  @inline(__always)
  private mutating func beginValue() throws(JSONError) -> JSONValue? {
    guard next < end else { throw fault(.endOfText) }
    switch next.pointee {
    case UInt8(ascii: "\""): return .string(String(decoding: try string(), as: UTF8.self))
    case UInt8(ascii: "{"): return try beginObject()
    case UInt8(ascii: "["): return try beginArray()
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: throw fault(.unexpectedByte)
    }
  }

  private mutating func beginObject() throws(JSONError) -> JSONValue? {
    try beginContainer(isObject: true)
    if next < end, next.pointee == UInt8(ascii: "}") {
      next += 1
      open.forget(1)
      return .object(JSONObject())
    }
    try key()
    return nil
  }

  private mutating func beginArray() throws(JSONError) -> JSONValue? {
    try beginContainer(isObject: false)
    guard next < end, next.pointee == UInt8(ascii: "]") else { return nil }
    next += 1
    open.forget(1)
    return .array([])
  }

  @inline(__always)
  private mutating func beginContainer(isObject: Bool) throws(JSONError) {
    guard open.count < depth else { throw fault(.tooDeep) }
    open.push(OpenContainer(isObject: isObject, firstValue: values.count))
    next += 1
    skipSpace()
  }

  /// Gives a complete value to its container and reads what follows it.
  /// - Returns: true when a further value follows or the text is complete; false when the container is complete too and
  ///   has become `value`.
  @inline(__always)
  private mutating func attach(_ value: inout JSONValue) throws(JSONError) -> Bool {
    skipSpace()
    guard open.count > 0 else { return true }
    let container = open.items[open.count - 1]
    guard next < end else { throw fault(.endOfText) }
    values.push(value)
    switch (next.pointee, container.isObject) {
    case (UInt8(ascii: ","), true):
      next += 1
      skipSpace()
      try key()
      return true
    case (UInt8(ascii: ","), false):
      next += 1
      return true
    case (UInt8(ascii: "}"), true): value = .object(try closeObject(container))
    case (UInt8(ascii: "]"), false): value = .array(closeArray(container))
    default: throw fault(.unexpectedByte)
    }
    next += 1
    open.forget(1)
    return false
  }

  /// Reads a key and its colon.
  @inline(__always)
  private mutating func key() throws(JSONError) {
    guard next < end else { throw fault(.endOfText) }
    guard next.pointee == UInt8(ascii: "\"") else { throw fault(.unexpectedByte) }
    let offset = next - start
    let bytes = try string()
    keys.push(
      PendingKey(text: String(decoding: bytes, as: UTF8.self), offset: offset, fingerprint: fingerprint(of: bytes)))
    skipSpace()
    guard next < end else { throw fault(.endOfText) }
    guard next.pointee == UInt8(ascii: ":") else { throw fault(.unexpectedByte) }
    next += 1
  }

  private mutating func closeArray(_ container: OpenContainer) -> [JSONValue] {
    let count = values.count - container.firstValue
    let first = values.items + container.firstValue
    let items = [JSONValue](unsafeUninitializedCapacity: count) { buffer, initialized in
      buffer.baseAddress?.moveInitialize(from: first, count: count)
      initialized = count
    }
    values.forget(count)
    return items
  }

  private mutating func closeObject(_ container: OpenContainer) throws(JSONError) -> JSONObject {
    let count = values.count - container.firstValue
    let firstKey = keys.count - count
    if count <= KeyIndex.smallest { try refuseDuplicates(from: firstKey) }
    let offsets = count <= KeyIndex.smallest ? [] : (firstKey..<keys.count).map { keys.items[$0].offset }
    let (texts, first) = (keys.items + firstKey, values.items + container.firstValue)
    let members = [JSONObject.Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      for position in 0..<count {
        buffer.initializeElement(at: position, to: ((texts + position).move().text, (first + position).move()))
      }
      initialized = count
    }
    keys.forget(count)
    values.forget(count)
    var index = KeyIndex()
    if count > KeyIndex.smallest, let twice = index.fill(from: members) {
      throw JSONError(.duplicateKey, at: offsets[twice])
    }
    return JSONObject(distinct: members, index: index)
  }

  /// Compares each key of a small object with those before it.
  @inline(__always)
  private func refuseDuplicates(from firstKey: Int) throws(JSONError) {
    for position in firstKey..<keys.count {
      let key = keys.items + position
      for earlier in firstKey..<position where keys.items[earlier].fingerprint == key.pointee.fingerprint {
        guard keys.items[earlier].text.hasSameBytes(as: key.pointee.text) else { continue }
        throw JSONError(.duplicateKey, at: key.pointee.offset)
      }
    }
  }

  private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue? {
    for position in 0..<word.utf8CodeUnitCount {
      guard next < end else { throw fault(.endOfText) }
      guard next.pointee == word.utf8Start[position] else { throw fault(.unexpectedByte) }
      next += 1
    }
    return value
  }

  @inline(__always)
  private mutating func skipSpace() {
    while next < end, next.pointee <= 0x20, isSpace(next.pointee) { next += 1 }
  }

  /// A fault at the next byte.
  func fault(_ kind: JSONError.Kind) -> JSONError { JSONError(kind, at: next - start) }
}

@inline(__always)
private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

/// The length of a key mixed with its first and last bytes.
@inline(__always)
private func fingerprint(of key: UnsafeBufferPointer<UInt8>) -> UInt64 {
  let count = key.count
  guard let start = key.baseAddress, count > 0 else { return 0 }
  let bytes = UnsafeRawPointer(start)
  if count >= 8 {
    let (first, last) = (bytes.loadUnaligned(as: UInt64.self), (bytes + count - 8).loadUnaligned(as: UInt64.self))
    return (first &* 0x9E37_79B9_7F4A_7C15) ^ last ^ UInt64(count)
  }
  let (first, middle, last) = (start[0], start[count / 2], start[count - 1])
  return UInt64(count) << 24 | UInt64(first) << 16 | UInt64(middle) << 8 | UInt64(last)
}

/// A key whose object is still open.
struct PendingKey {
  let text: String
  let offset: Int
  /// Differs only when the keys differ.
  let fingerprint: UInt64
}

/// An array or object that is still open.
struct OpenContainer {
  let isObject: Bool
  /// Where its values begin on the stack.
  let firstValue: Int
}
