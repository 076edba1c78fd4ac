// Texts.
extension JSONWriter {
  /// Writes a text.
  public mutating func string(_ value: String) {
    value.withUTF8Bytes { bytes in
      let mark = beginString(reserving: bytes.count)
      let traits = escape(bytes)
      if sanitizing, !traits.isEmpty { sanitizeString(bytes, from: mark) }
      buffer.append(UInt8(ascii: "\""))
    }
  }

  /// Writes a text from its UTF-8 bytes; what is not valid UTF-8 becomes U+FFFD.
  public mutating func string(utf8: UnsafeRawBufferPointer) {
    let bytes = utf8.assumingMemoryBound(to: UInt8.self)
    let mark = beginString(reserving: bytes.count)
    let traits = escape(bytes)
    if sanitizing ? !traits.isEmpty : traits.contains(.outsideASCII) { sanitizeString(bytes, from: mark) }
    buffer.append(UInt8(ascii: "\""))
  }

  /// Writes bytes as the inside of a string, without quotes and never sanitised.
  ///
  /// The bytes must be valid UTF-8, such as another writer's.
  public mutating func appendEscaped(_ bytes: UnsafeRawBufferPointer) {
    _ = escape(bytes.assumingMemoryBound(to: UInt8.self))
  }

  @inline(__always)
  private mutating func beginString(reserving number: Int) -> Mark {
    put(UInt8(ascii: "\""))
    return mark()
  }

  /// Writes the text once more, from its beginning at `mark`, if there is something in it to repair or neutralise.
  @inline(never)
  private mutating func sanitizeString(_ bytes: UnsafeBufferPointer<UInt8>, from mark: Mark) {
    let sanitizer = TextSanitizer(neutralizing: sanitizing)
    guard !sanitizer.isClean(bytes) else { return }
    rewind(to: mark)
    sanitizer.sanitized(bytes).withUnsafeBufferPointer { _ = escape($0) }
  }

  mutating func quotedKey(_ name: String) {
    name.withUTF8Bytes { bytes in
      let mark = beginString(reserving: bytes.count)
      let traits = escape(bytes)
      if sanitizing, !traits.isEmpty, !TextSanitizer(neutralizing: true).isClean(bytes) {
        rewind(to: mark)
        spellOut(name)
      }
      buffer.append(UInt8(ascii: "\""))
    }
  }

  /// Writes a key with everything outside printable ASCII as `\u` escapes.
  private mutating func spellOut(_ name: String) {
    for unit in name.utf16 {
      if (0x20..<0x7F).contains(unit) {
        withUnsafeBytes(of: UInt8(truncatingIfNeeded: unit)) { appendEscaped($0) }
      } else {
        append("\\u")
        for shift in [12, 8, 4, 0] as [UInt16] { append(byte: hexadecimalDigit(UInt8(unit >> shift & 0xF))) }
      }
    }
  }
}

/// What `escape` came across.
struct TextTraits: OptionSet {
  let rawValue: UInt8
  static let outsideASCII = TextTraits(rawValue: 1)
  /// A control character other than tab and newline.
  static let control = TextTraits(rawValue: 2)
}

extension JSONWriter {
  /// Writes bytes as the inside of a string, escaping what must be, and tells what they are like.
  ///
  /// A long text is taken in parts so that the worst case, six bytes for one, is reserved for a part only.
  @inline(never)
  mutating func escape(_ bytes: UnsafeBufferPointer<UInt8>) -> TextTraits {
    guard var source = bytes.baseAddress else { return [] }
    var rest = bytes.count
    var seen = EscapeSummary()
    repeat {
      let part = min(rest, 1024)
      buffer.reserve(part &* 6 &+ 16)
      buffer.count = escapePart(source, part, to: buffer.end, &seen) - buffer.start
      source += part
      rest &-= part
    } while rest > 0
    return seen.traits
  }
}

/// The bytes of a text, all laid over each other.
struct EscapeSummary {
  var allBytes = SIMD16<UInt8>()
  var deletes = SIMDMask<SIMD16<Int8>>()
  var sawControl = false

  @inline(__always)
  mutating func note(_ block: ByteBlock) {
    allBytes |= block.bytes
    deletes .|= block.bytes .== SIMD16(repeating: 0x7F)
  }

  @inline(__always)
  var traits: TextTraits {
    let words = unsafeBitCast(allBytes, to: SIMD2<UInt64>.self)
    var traits: TextTraits = (words[0] | words[1]) & 0x8080_8080_8080_8080 == 0 ? [] : .outsideASCII
    if sawControl || !ByteBlock.Mask(deletes).isEmpty { traits.insert(.control) }
    return traits
  }
}

/// Escapes `count` bytes into room for six times as many and 16 more.
/// - Returns: the end of what was written.
@inline(__always)
private func escapePart(
  _ source: UnsafePointer<UInt8>, _ count: Int, to: UnsafeMutablePointer<UInt8>, _ seen: inout EscapeSummary
) -> UnsafeMutablePointer<UInt8> {
  var (source, rest, to) = (source, count, to)
  while rest >= 16 {
    let block = ByteBlock(at: source)
    seen.note(block)
    let escapes = block.escapes
    if escapes.isEmpty {
      UnsafeMutableRawPointer(to).storeBytes(of: block.bytes, as: SIMD16<UInt8>.self)
      to += 16
    } else {
      to = escapeWord(block.words[0], 8, escapes.low, to: to, &seen)
      to = escapeWord(block.words[1], 8, escapes.high, to: to, &seen)
    }
    source += 16
    rest &-= 16
  }
  guard rest > 0 else { return to }
  let block = ByteBlock(at: source, count: rest)
  seen.note(block)
  let escapes = block.escapes
  if escapes.isEmpty {
    UnsafeMutableRawPointer(to).storeBytes(of: block.bytes, as: SIMD16<UInt8>.self)
    return to + rest
  }
  to = escapeWord(block.words[0], min(rest, 8), escapes.low, to: to, &seen)
  return rest > 8 ? escapeWord(block.words[1], rest &- 8, escapes.high, to: to, &seen) : to
}

/// Escapes `count` bytes that are in a register; `escapes` marks those that need it.
///
/// The register is shifted along and stored again after each escape: nothing is read back from memory, and no branch
/// depends on where in the word the escapes are.
@inline(__always)
private func escapeWord(
  _ word: UInt64, _ count: Int, _ escapes: UInt64, to: UnsafeMutablePointer<UInt8>, _ seen: inout EscapeSummary
) -> UnsafeMutablePointer<UInt8> {
  var (word, rest, escapes, to) = (word, count, escapes, UnsafeMutableRawPointer(to))
  to.storeBytes(of: word, as: UInt64.self)
  while escapes != 0 {
    let bits = UInt64(truncatingIfNeeded: escapes.trailingZeroBitCount) & 0x38
    let position = Int(truncatingIfNeeded: bits &>> 3)
    let byte = UInt8(truncatingIfNeeded: word &>> bits)
    to += position
    if byte >= 0x20 {
      to.storeBytes(of: 0x5C | UInt16(byte) &<< 8, as: UInt16.self)
      to += 2
    } else {
      if byte != 0x0A, byte != 0x09 { seen.sawControl = true }
      to += storeControl(byte, at: to)
    }
    word = (word &>> bits) &>> 8
    escapes = (escapes &>> bits) &>> 8
    rest &-= position &+ 1
    to.storeBytes(of: word, as: UInt64.self)
  }
  return (to + rest).assumingMemoryBound(to: UInt8.self)
}

/// Stores the escape of a control character.
/// - Returns: its length.
@inline(__always)
private func storeControl(_ byte: UInt8, at place: UnsafeMutableRawPointer) -> Int {
  let letter: UInt8
  switch byte {
  case 0x08: letter = UInt8(ascii: "b")
  case 0x09: letter = UInt8(ascii: "t")
  case 0x0A: letter = UInt8(ascii: "n")
  case 0x0C: letter = UInt8(ascii: "f")
  case 0x0D: letter = UInt8(ascii: "r")
  default:
    let escape: StaticString = "\\u00"
    place.copyMemory(from: escape.utf8Start, byteCount: 4)
    place.storeBytes(of: UInt8(ascii: "0") &+ byte &>> 4, toByteOffset: 4, as: UInt8.self)
    place.storeBytes(of: hexadecimalDigit(byte & 0xF), toByteOffset: 5, as: UInt8.self)
    return 6
  }
  place.storeBytes(of: 0x5C | UInt16(letter) &<< 8, as: UInt16.self)
  return 2
}

@inline(__always)
private func hexadecimalDigit(_ value: UInt8) -> UInt8 {
  value < 10 ? UInt8(ascii: "0") &+ value : UInt8(ascii: "a") &+ value &- 10
}
