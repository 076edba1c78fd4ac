extension DocumentReader {
  /// Reads a string from its opening quote on.
  @inline(__always)
  mutating func string() throws(JSONError) -> String {
    next += 1
    let first = next
    var seen = ByteUnion()
    skipPlain(&seen)
    guard next < end else { throw fault(.endOfText) }
    switch next.pointee {
    case UInt8(ascii: "\""):
      let bytes = UnsafeBufferPointer(start: first, count: next - first)
      next += 1
      return try make(bytes, from: first, isASCII: seen.isASCII)
    case UInt8(ascii: "\\"): return try stringWithEscapes(from: first, &seen)
    default: throw fault(.controlCharacter)
    }
  }

  /// Goes on to the next quote, backslash or control character.
  @inline(__always)
  private mutating func skipPlain(_ seen: inout ByteUnion) {
    while end - next >= 16 {
      let block = ByteBlock(at: next)
      seen.add(block)
      let escapes = block.escapes
      guard escapes.isEmpty else {
        next += escapes.first
        return
      }
      next += 16
    }
    guard next < end else { return }
    let block = ByteBlock(at: next, count: end - next)
    seen.add(block)
    next += min(block.escapes.first, end - next)
  }

  /// Makes a string of bytes that were read from `first` on, if they are UTF-8.
  @inline(__always)
  private mutating func make(
    _ bytes: UnsafeBufferPointer<UInt8>, from first: UnsafePointer<UInt8>, isASCII: Bool
  ) throws(JSONError) -> String {
    if isASCII { return asciiString(bytes) }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw encodingFault(from: first) }
    return text
  }

  /// The fault at the first ill-formed sequence after `first`.
  @inline(never)
  private mutating func encodingFault(from first: UnsafePointer<UInt8>) -> JSONError {
    var place = first
    while place < end {
      let length = place.pointee < 0x80 ? 1 : lengthOfSequence(at: place, end: end)
      if length == 0 { break }
      place += length
    }
    return JSONError(.invalidUTF8, at: place - start)
  }

  /// Reads the rest of a string whose first escape is at `next`.
  @inline(never)
  private mutating func stringWithEscapes(
    from first: UnsafePointer<UInt8>, _ seen: inout ByteUnion
  ) throws(JSONError) -> String {
    var buffer = decoded.take() ?? ByteBuffer(capacity: 1024)
    buffer.removeAll()
    buffer.append(first, count: next - first)
    while true {
      guard next < end else { throw fault(.endOfText) }
      if next.pointee == UInt8(ascii: "\"") { break }
      guard next.pointee == UInt8(ascii: "\\") else { throw fault(.controlCharacter) }
      try escape(into: &buffer)
      copyPlain(into: &buffer, &seen)
    }
    next += 1
    // An escape's bytes are well-formed by themselves, so the whole is well-formed exactly if the plain parts are.
    let text = try make(buffer.contents, from: first, isASCII: false)
    decoded = consume buffer
    return text
  }

  /// Does what `skipPlain` does and copies the bytes.
  @inline(__always)
  private mutating func copyPlain(into buffer: inout ByteBuffer, _ seen: inout ByteUnion) {
    while next < end {
      let rest = end - next
      let block = rest >= 16 ? ByteBlock(at: next) : ByteBlock(at: next, count: rest)
      seen.add(block)
      let count = min(block.escapes.first, rest)
      buffer.append(block, count: count)
      next += count
      if count < 16 { return }
    }
  }

  /// Replaces one escape; `next` is at its backslash.
  private mutating func escape(into buffer: inout ByteBuffer) throws(JSONError) {
    guard end - next >= 2 else {
      next = end
      throw fault(.endOfText)
    }
    switch next[1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): buffer.append(next[1])
    case UInt8(ascii: "b"): buffer.append(0x08)
    case UInt8(ascii: "f"): buffer.append(0x0C)
    case UInt8(ascii: "n"): buffer.append(0x0A)
    case UInt8(ascii: "r"): buffer.append(0x0D)
    case UInt8(ascii: "t"): buffer.append(0x09)
    case UInt8(ascii: "u"):
      let scalar = try unicodeEscape()
      UTF8.encode(scalar)?.forEach { buffer.append($0) }
      return
    default: throw fault(.invalidEscape)
    }
    next += 2
  }

  /// Reads `\uXXXX`, or two of them that form a surrogate pair.
  private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
    var code = try hexadecimal(at: next)
    var length = 6
    if code & 0xFC00 == 0xD800, end - next >= 8, next[6] == UInt8(ascii: "\\"), next[7] == UInt8(ascii: "u") {
      let low = try hexadecimal(at: next + 6)
      if low & 0xFC00 == 0xDC00 {
        code = 0x10000 + (code & 0x3FF) << 10 + low & 0x3FF
        length = 12
      }
    }
    guard let scalar = Unicode.Scalar(code) else { throw fault(.loneSurrogate) }
    next += length
    return scalar
  }

  /// The four hexadecimal digits of the `\u` at `escape`.
  private mutating func hexadecimal(at escape: UnsafePointer<UInt8>) throws(JSONError) -> UInt32 {
    var code: UInt32 = 0
    for position in 2..<6 {
      guard end - escape > position else {
        next = end
        throw fault(.endOfText)
      }
      guard let digit = hexadecimalValue(of: escape[position]) else {
        next = escape
        throw fault(.invalidEscape)
      }
      code = code << 4 | digit
    }
    return code
  }
}

/// Bytes laid over each other, block by block.
struct ByteUnion {
  private var bytes = SIMD16<UInt8>()

  @inline(__always)
  mutating func add(_ block: ByteBlock) { bytes |= block.bytes }

  @inline(__always)
  var isASCII: Bool {
    let words = unsafeBitCast(bytes, to: SIMD2<UInt64>.self)
    return (words[0] | words[1]) & 0x8080_8080_8080_8080 == 0
  }
}

@inline(__always)
private func asciiString(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
  guard let start = bytes.baseAddress, bytes.count <= 15 else { return String(decoding: bytes, as: UTF8.self) }
  // So few are kept in the string itself, and this way there takes half as long.
  return String(unsafeUninitializedCapacity: bytes.count) { memory in
    if let memory = memory.baseAddress { copyFew(from: start, to: memory, count: bytes.count) }
    return bytes.count
  }
}

/// Copies up to 16 bytes as two pieces that may overlap.
@inline(__always)
private func copyFew(from source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, count: Int) {
  if count >= 8 {
    let last = (source + (count - 8)).loadUnaligned(as: UInt64.self)
    target.storeBytes(of: source.loadUnaligned(as: UInt64.self), as: UInt64.self)
    target.storeBytes(of: last, toByteOffset: count - 8, as: UInt64.self)
  } else if count >= 4 {
    let last = (source + (count - 4)).loadUnaligned(as: UInt32.self)
    target.storeBytes(of: source.loadUnaligned(as: UInt32.self), as: UInt32.self)
    target.storeBytes(of: last, toByteOffset: count - 4, as: UInt32.self)
  } else if count > 0 {
    let (first, middle, last) = (
      source.load(as: UInt8.self), source.load(fromByteOffset: count / 2, as: UInt8.self),
      source.load(fromByteOffset: count - 1, as: UInt8.self)
    )
    target.storeBytes(of: first, as: UInt8.self)
    target.storeBytes(of: middle, toByteOffset: count / 2, as: UInt8.self)
    target.storeBytes(of: last, toByteOffset: count - 1, as: UInt8.self)
  }
}

@inline(__always)
private func hexadecimalValue(of byte: UInt8) -> UInt32? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte &- UInt8(ascii: "0"))
  case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte &- UInt8(ascii: "a") &+ 10)
  case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte &- UInt8(ascii: "A") &+ 10)
  default: nil
  }
}
