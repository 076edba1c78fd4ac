/// Makes a text safe to show to a model or on a terminal.
///
/// - A control character (C0, DEL, C1) other than tab and newline becomes a space, so a terminal escape loses its
///   introducer and the rest of it stays visible; a carriage return before a newline is dropped; so do the line and
///   paragraph separators become a space.
/// - What has no shape of its own is removed: bidirectional embeddings, overrides, isolates and marks, zero-width
///   characters, soft hyphens, fillers, tags, variation selectors and the other characters that Unicode says to ignore
///   for display. Such characters hide instructions from people that a model reads.
/// - Two kinds of them stay where writing needs them: a single joiner (U+200C, U+200D) between two characters of which
///   neither is Latin, as in Persian words and composed emoji, and a single U+FE0E or U+FE0F behind a character outside
///   ASCII or a keycap's digit.
/// - Bytes that are not UTF-8 become U+FFFD, with or without `neutralizing`.
struct TextSanitizer {
  /// Whether only invalid bytes are replaced, or control and invisible characters too.
  let neutralizing: Bool
}

extension TextSanitizer {
  private enum Judgement {
    case ordinary, control, invisible, joiner, selector
  }

  /// Whether the text can stay as it is; may say no where the rules for joiners and selectors would keep everything.
  func isClean(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard var next = bytes.baseAddress else { return true }
    let end = next + bytes.count
    while next < end {
      if end - next >= 16 {
        let unusual = ByteBlock(at: next).unusual
        next += unusual.first
        if unusual.isEmpty { continue }
      }
      repeat {
        let ordinary = Self.lengthOfOrdinary(at: next, end: end)
        guard ordinary == 0 else {
          next += ordinary
          continue
        }
        guard let (scalar, length) = scalar(at: next, end: end) else { return false }
        if neutralizing, Self.judge(scalar) != .ordinary { return false }
        next += length
      } while next < end && next.pointee >= 0x80
    }
    return true
  }

  /// The length of a well-formed sequence whose first byte alone tells that its character is ordinary, else 0.
  ///
  /// Most letters outside ASCII are such: Latin, Greek, Cyrillic, Hebrew, nearly all of Chinese and Korean.
  @inline(__always)
  private static func lengthOfOrdinary(at start: UnsafePointer<UInt8>, end: UnsafePointer<UInt8>) -> Int {
    switch start[0] {
    case 0xC3...0xCC, 0xCE...0xD7, 0xD9...0xDF:
      return end - start >= 2 && start[1] & 0xC0 == 0x80 ? 2 : 0
    case 0xE4...0xEC:
      return end - start >= 3 && start[1] & 0xC0 == 0x80 && start[2] & 0xC0 == 0x80 ? 3 : 0
    default: return 0
    }
  }

  /// The text with everything replaced or removed that the rules name.
  func sanitized(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    guard var next = bytes.baseAddress else { return [] }
    let end = next + bytes.count
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    /// The character before this one, 0 at the beginning and after one that was removed.
    var previous: UInt32 = 0
    while next < end {
      guard let (scalar, length) = scalar(at: next, end: end) else {
        output += [0xEF, 0xBF, 0xBD]
        (previous, next) = (0xFFFD, next + 1)
        continue
      }
      let following = self.scalar(at: next + length, end: end)?.scalar ?? 0
      let kept = neutralizing ? Self.neutralized(scalar, after: previous, before: following) : scalar
      if kept == scalar {
        output.append(contentsOf: UnsafeBufferPointer(start: next, count: length))
      } else if kept != 0 {
        output.append(UInt8(truncatingIfNeeded: kept))
      }
      (previous, next) = (kept, next + length)
    }
    return output
  }

  /// What a character becomes: itself, a space, or 0 for nothing.
  private static func neutralized(_ scalar: UInt32, after previous: UInt32, before following: UInt32) -> UInt32 {
    switch judge(scalar) {
    case .ordinary: scalar
    case .control: scalar == 0x0D && following == 0x0A ? 0 : 0x20
    case .invisible: 0
    case .joiner: previous >= 0x590 && following >= 0x590 && judge(following) == .ordinary ? scalar : 0
    case .selector: isSelectable(previous) ? scalar : 0
    }
  }

  /// Whether a presentation selector may follow: a character outside ASCII, or one that keycaps are made from.
  private static func isSelectable(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x23, 0x2A, 0x30...0x39: true
    case 0xA0...: judge(scalar) == .ordinary
    default: false
    }
  }

  private static func judge(_ scalar: UInt32) -> Judgement {
    switch scalar {
    case 0x09, 0x0A, 0x20..<0x7F: .ordinary
    case ..<0xA0, 0x2028, 0x2029: .control
    case 0x200C, 0x200D: .joiner
    case 0xFE0E, 0xFE0F: .selector
    case 0xAD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B...0x180F, 0x200B, 0x200E, 0x200F, 0x202A...0x202E,
      0x2060...0x206F, 0x3164, 0xFE00...0xFE0D, 0xFEFF, 0xFFA0, 0xFFF0...0xFFFB, 0x1_BCA0...0x1_BCA3,
      0x1_D173...0x1_D17A, 0xE_0000...0xE_0FFF:
      .invisible
    default: .ordinary
    }
  }

  /// The character at `start` and its length in bytes; nil when the bytes are ill-formed or there are none.
  private func scalar(
    at start: UnsafePointer<UInt8>, end: UnsafePointer<UInt8>
  ) -> (scalar: UInt32, length: Int)? {
    guard start < end else { return nil }
    if start[0] < 0x80 { return (UInt32(start[0]), 1) }
    let length = lengthOfSequence(at: start, end: end)
    guard length > 0 else { return nil }
    var scalar = UInt32(start[0]) & (0x7F >> UInt32(length))
    for position in 1..<length { scalar = scalar << 6 | UInt32(start[position] & 0x3F) }
    return (scalar, length)
  }
}

extension String {
  /// The text as a terminal or a model may be shown it: without control characters and what has no shape of its own.
  public var sanitized: String {
    var text = self
    return text.withUTF8 { bytes in
      let sanitizer = TextSanitizer(neutralizing: true)
      return sanitizer.isClean(bytes) ? nil : String(decoding: sanitizer.sanitized(bytes), as: UTF8.self)
    } ?? self
  }
}
