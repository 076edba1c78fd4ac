/// Text outside ASCII in a header, as RFC 2047 encoded words.
enum EncodedWords {
  /// The longest encoded word (RFC 2047, 2).
  static let limit = 75

  /// The text as encoded words, to be separated by folds.
  ///
  /// Each holds whole characters. The shorter of the two encodings is taken; its letters are those that are safe
  /// within a display name, too.
  ///
  /// - Parameter first: how long the first word may be, at least 30; the others may have 75 bytes.
  static func words(_ text: String, first: Int) -> [String] {
    let bytes = text.utf8.count
    let quotedLength = text.utf8.reduce(0) { $0 + (isLiteral($1) || $1 == 0x20 ? 1 : 3) }
    let isQuoted = quotedLength <= (bytes + 2) / 3 * 4
    var words: [String] = []
    var chunk: [UInt8] = []
    var length = 0
    for scalar in text.unicodeScalars {
      let part = Array(String(scalar).utf8)
      let capacity = min(limit, words.isEmpty ? max(first, 30) : limit) - 12
      let cost = isQuoted ? part.reduce(0) { $0 + (isLiteral($1) || $1 == 0x20 ? 1 : 3) } : part.count
      if length + cost > (isQuoted ? capacity : capacity / 4 * 3) {
        words.append(word(chunk, isQuoted: isQuoted))
        chunk.removeAll(keepingCapacity: true)
        length = 0
      }
      chunk += part
      length += cost
    }
    if !chunk.isEmpty || words.isEmpty { words.append(word(chunk, isQuoted: isQuoted)) }
    return words
  }

  private static func word(_ bytes: [UInt8], isQuoted: Bool) -> String {
    isQuoted ? "=?utf-8?Q?\(quoted(bytes))?=" : "=?utf-8?B?\(base64(bytes))?="
  }

  private static func quoted(_ bytes: [UInt8]) -> String {
    var result: [UInt8] = []
    for byte in bytes {
      if byte == 0x20 {
        result.append(UInt8(ascii: "_"))
      } else if isLiteral(byte) {
        result.append(byte)
      } else {
        result += escaped(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Letters, digits and the signs that RFC 2047 (5, rule 3) leaves as they are in a phrase.
  private static func isLiteral(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "!"), UInt8(ascii: "*"), UInt8(ascii: "+"),
      UInt8(ascii: "-"), UInt8(ascii: "/"):
      true
    default: false
    }
  }

  private static func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var result: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for position in 0..<4 {
        result.append(position <= group.count ? alphabet[bits >> (18 - 6 * position) & 63] : UInt8(ascii: "="))
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}

/// A byte as `=` and two hexadecimal digits.
func escaped(_ byte: UInt8) -> [UInt8] {
  let digits = Array("0123456789ABCDEF".utf8)
  return [UInt8(ascii: "="), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
}
