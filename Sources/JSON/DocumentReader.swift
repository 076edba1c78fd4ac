/// The parser's state: a place in the text, and the containers that are still open.
///
/// Values wait on one stack until their container closes; then they move, all at once, into an array of exactly their
/// number. Nesting is kept on a stack of our own, so a deep text can't exhaust the thread's.
struct DocumentReader: ~Copyable {
  let start: UnsafePointer<UInt8>
  let end: UnsafePointer<UInt8>
  var next: UnsafePointer<UInt8>
  /// Where strings with escapes are decoded, made for the first of them.
  var decoded: ByteBuffer?

  private let depth: Int
  private var room: Int
  private var values: ScratchStack<JSONValue>
  private var keys: ScratchStack<PendingKey>
  private var open: ScratchStack<OpenContainer>

  /// The memory that the stacks begin with: enough for most messages, small enough for the thread's stack.
  struct Memory {
    static let valueCount = 32
    static let keyCount = 24
    static let containerCount = 32
    let values: UnsafeMutablePointer<JSONValue>
    let keys: UnsafeMutablePointer<PendingKey>
    let open: UnsafeMutablePointer<OpenContainer>
  }

  init(start: UnsafePointer<UInt8>, count: Int, limits: JSONLimits, memory: Memory) {
    self.start = start
    end = start + count
    next = start
    depth = min(limits.depth, JSONLimits.greatestDepth)
    room = limits.values
    values = ScratchStack(in: memory.values, capacity: Memory.valueCount)
    keys = ScratchStack(in: memory.keys, capacity: Memory.keyCount)
    open = ScratchStack(in: memory.open, capacity: Memory.containerCount)
  }

  mutating func document() throws(JSONError) -> JSONValue {
    while true {
      skipSpace()
      guard var value = try beginValue() else { continue }
      while true {
        skipSpace()
        guard open.count > 0 else {
          guard next == end else { throw fault(.trailingContent) }
          return value
        }
        guard let container = try attach(value) else { break }
        value = container
      }
    }
  }

  /// Reads a scalar or an empty container; a container with content is opened, and there is no value yet.
  @inline(__always)
  private mutating func beginValue() throws(JSONError) -> JSONValue? {
    guard next < end else { throw fault(.endOfText) }
    switch next.pointee {
    case UInt8(ascii: "\""): return .string(try string())
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
  /// - Returns: the container when this was its last value, nil when a further value follows.
  @inline(__always)
  private mutating func attach(_ value: consuming JSONValue) throws(JSONError) -> JSONValue? {
    let container = open.items[open.count - 1]
    guard next < end else { throw fault(.endOfText) }
    guard room > 0 else { throw fault(.tooManyValues) }
    room &-= 1
    values.push(value)
    let byte = next.pointee
    if byte == UInt8(ascii: ",") {
      next += 1
      guard container.isObject else { return nil }
      skipSpace()
      try key()
      return nil
    }
    guard byte == (container.isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else { throw fault(.unexpectedByte) }
    next += 1
    open.forget(1)
    return container.isObject ? .object(try closeObject(container)) : .array(closeArray(container))
  }

  /// Reads a key and its colon.
  @inline(__always)
  private mutating func key() throws(JSONError) {
    guard next < end else { throw fault(.endOfText) }
    guard next.pointee == UInt8(ascii: "\"") else { throw fault(.unexpectedByte) }
    let opening = next
    let text = try string()
    keys.push(PendingKey(text: text, opening: opening, end: next))
    skipSpace()
    guard next < end else { throw fault(.endOfText) }
    guard next.pointee == UInt8(ascii: ":") else { throw fault(.unexpectedByte) }
    next += 1
  }

  private mutating func closeArray(_ container: OpenContainer) -> [JSONValue] {
    let count = values.count - container.firstValue
    let first = values.items + container.firstValue
    var items: [JSONValue] = []
    items.reserveCapacity(count)
    for position in 0..<count { items.append((first + position).move()) }
    values.forget(count)
    return items
  }

  private mutating func closeObject(_ container: OpenContainer) throws(JSONError) -> JSONObject {
    let count = values.count - container.firstValue
    let firstKey = keys.count - count
    if count <= KeyIndex.smallest { try refuseDuplicates(from: firstKey) }
    let offsets = count <= KeyIndex.smallest ? [] : (firstKey..<keys.count).map { keys.items[$0].opening - start }
    let (texts, first) = (keys.items + firstKey, values.items + container.firstValue)
    var members: [JSONObject.Member] = []
    members.reserveCapacity(count)
    for position in 0..<count {
      members.append(JSONObject.Member(key: (texts + position).move().text, value: (first + position).move()))
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
  private mutating func refuseDuplicates(from firstKey: Int) throws(JSONError) {
    for position in firstKey..<keys.count {
      let key = keys.items + position
      for earlier in firstKey..<position where keys.items[earlier].mayEqual(key.pointee) {
        guard keys.items[earlier].text.hasSameBytes(as: key.pointee.text) else { continue }
        throw JSONError(.duplicateKey, at: key.pointee.opening - start)
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

/// A key whose object is still open.
struct PendingKey {
  let text: String
  /// Where its quote is.
  let opening: UnsafePointer<UInt8>
  /// The length mixed with the first and last bytes; 0 when the key was written with escapes.
  private let fingerprint: UInt64

  @inline(__always)
  init(text: String, opening: UnsafePointer<UInt8>, end: UnsafePointer<UInt8>) {
    self.text = text
    self.opening = opening
    let count = end - opening - 2
    // An escape is always longer than what it stands for.
    fingerprint = count == text.utf8.count ? Self.fingerprint(of: opening + 1, count) : 0
  }

  /// Whether the keys must be compared byte by byte.
  @inline(__always)
  func mayEqual(_ other: PendingKey) -> Bool {
    fingerprint == other.fingerprint || fingerprint == 0 || other.fingerprint == 0
  }

  @inline(__always)
  private static func fingerprint(of bytes: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
    let raw = UnsafeRawPointer(bytes)
    if count >= 8 {
      let last = (raw + (count - 8)).loadUnaligned(as: UInt64.self)
      return (raw.loadUnaligned(as: UInt64.self) &* 0x9E37_79B9_7F4A_7C15) ^ last ^ UInt64(count)
    }
    guard count > 0 else { return 0 }
    let (first, middle, last) = (bytes[0], bytes[count / 2], bytes[count - 1])
    return UInt64(count) << 24 | UInt64(first) << 16 | UInt64(middle) << 8 | UInt64(last)
  }
}

/// An array or object that is still open.
struct OpenContainer {
  let isObject: Bool
  /// Where its values begin on the stack.
  let firstValue: Int
}
