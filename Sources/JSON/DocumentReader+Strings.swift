extension DocumentReader {
  /// Reads a string from its opening quote on.
  /// - Returns: its bytes, valid UTF-8, in the text itself or in `decoded`; good until the next string is read.
  @inline(__always)
  mutating func string() throws(JSONError) -> UnsafeBufferPointer<UInt8> {
    let opening = next
    next += 1
    while true {
      skipPlain()
      guard next < end else { throw fault(.endOfText) }
      let byte = next.pointee
      if byte == UInt8(ascii: "\"") {
        next += 1
        return UnsafeBufferPointer(start: opening + 1, count: next - opening - 2)
      }
      if byte == UInt8(ascii: "\\") { return try decode(from: opening + 1) }
      try skipSequences()
    }
  }

  /// Goes on to the next quote, backslash, control character or byte above 0x7F.
  @inline(__always)
  private mutating func skipPlain() {
    while end - next >= 16 {
      let stops = ByteBlock(at: next).stops
      guard stops.isEmpty else {
        next += stops.first
        return
      }
      next += 16
    }
    while next < end, next.pointee &- 0x20 < 0x60, next.pointee != UInt8(ascii: "\""),
      next.pointee != UInt8(ascii: "\\")
    { next += 1 }
  }

  /// Checks the characters outside ASCII that stand here.
  private mutating func skipSequences() throws(JSONError) {
    guard next.pointee >= 0x80 else { throw fault(.controlCharacter) }
    while next < end, next.pointee >= 0x80 {
      let length = lengthOfSequence(at: next, end: end)
      guard length > 0 else { throw fault(.invalidUTF8) }
      next += length
    }
  }

  /// Copies a string that has escapes, with the escapes replaced; the first one is at `next`.
  @inline(never)
  private mutating func decode(from first: UnsafePointer<UInt8>) throws(JSONError) -> UnsafeBufferPointer<UInt8> {
    decoded.removeAll()
    var plain = first
    while true {
      decoded.append(plain, count: next - plain)
      guard next < end else { throw fault(.endOfText) }
      switch next.pointee {
      case UInt8(ascii: "\""):
        next += 1
        return decoded.contents
      case UInt8(ascii: "\\"):
        try escape()
        plain = next
      default:
        plain = next
        try skipSequences()
      }
      skipPlain()
    }
  }

  /// Replaces one escape; `next` is at its backslash.
  private mutating func escape() throws(JSONError) {
    guard end - next >= 2 else {
      next = end
      throw fault(.endOfText)
    }
    switch next[1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(next[1])
    case UInt8(ascii: "b"): decoded.append(0x08)
    case UInt8(ascii: "f"): decoded.append(0x0C)
    case UInt8(ascii: "n"): decoded.append(0x0A)
    case UInt8(ascii: "r"): decoded.append(0x0D)
    case UInt8(ascii: "t"): decoded.append(0x09)
    case UInt8(ascii: "u"): return try unicodeEscape()
    default: throw fault(.invalidEscape)
    }
    next += 2
  }

  /// Replaces `\uXXXX`, or two of them that form a surrogate pair.
  private mutating func unicodeEscape() throws(JSONError) {
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
    decoded.append(scalar)
    next += length
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

@inline(__always)
private func hexadecimalValue(of byte: UInt8) -> UInt32? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte &- UInt8(ascii: "0"))
  case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte &- UInt8(ascii: "a") &+ 10)
  case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte &- UInt8(ascii: "A") &+ 10)
  default: nil
  }
}
