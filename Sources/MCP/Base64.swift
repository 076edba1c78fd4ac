internal import JSON

extension JSONWriter {
  /// Writes bytes as a Base64 string (RFC 4648, section 4).
  mutating func base64(_ bytes: [UInt8]) {
    raw("\"")
    var rest = bytes[...]
    while rest.count >= 3 {
      base64Group(rest[rest.startIndex], rest[rest.startIndex + 1], rest[rest.startIndex + 2], characters: 4)
      rest = rest.dropFirst(3)
    }
    if let first = rest.first {
      base64Group(first, rest.dropFirst().first ?? 0, 0, characters: rest.count + 1)
      rest.count == 1 ? append("==") : append("=")
    }
    append("\"")
  }

  private mutating func base64Group(_ first: UInt8, _ second: UInt8, _ third: UInt8, characters: Int) {
    let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    let bits = UInt32(first) << 16 | UInt32(second) << 8 | UInt32(third)
    for position in 0..<characters {
      append(byte: alphabet.utf8Start[Int(bits >> (18 - 6 * UInt32(position)) & 0x3F)])
    }
  }
}
