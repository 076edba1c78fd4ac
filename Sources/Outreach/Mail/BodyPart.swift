/// A text of a message, encoded for the way: lines of at most 76 bytes, ended by CRLF, without any that a mail program
/// could take for its own (a lone dot, "From ").
struct BodyPart {
  /// The Content-Transfer-Encoding.
  let encoding: String
  /// The encoded text.
  let bytes: [UInt8]

  /// Encodes a text: as it is when it is short-lined ASCII, else quoted-printable (RFC 2045, 6.7).
  ///
  /// CRLF, a lone CR and a lone LF all end a line; the last line is ended, too. NUL is refused (RFC 5322, 4).
  init(_ text: String, field: String) throws(FieldError) {
    guard !text.utf8.contains(0) else { throw FieldError(field, "holds a NUL character; remove it") }
    let lines = Self.lines(of: text)
    if lines.allSatisfy({ Self.isSafe($0) }) {
      encoding = "7bit"
      bytes = lines.reduce(into: []) { $0 += $1 + [13, 10] }
    } else {
      encoding = "quoted-printable"
      bytes = lines.reduce(into: []) { Self.appendQuoted($1, to: &$0) }
    }
  }

  private static func lines(of text: String) -> [ArraySlice<UInt8>] {
    let bytes = Array(text.utf8)
    var lines: [ArraySlice<UInt8>] = []
    var start = 0
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      if byte == 13 || byte == 10 {
        lines.append(bytes[start..<position])
        if byte == 13 && position + 1 < bytes.count && bytes[position + 1] == 10 { position += 1 }
        start = position + 1
      }
      position += 1
    }
    if start < bytes.count { lines.append(bytes[start...]) }
    return lines
  }

  private static func isSafe(_ line: ArraySlice<UInt8>) -> Bool {
    line.count <= 76 && line.first != UInt8(ascii: ".") && line.last != 0x20 && line.last != 9
      && !line.starts(with: "From ".utf8) && line.allSatisfy { (0x20...0x7E).contains($0) || $0 == 9 }
  }

  private static func appendQuoted(_ line: ArraySlice<UInt8>, to output: inout [UInt8]) {
    var column = 0
    for position in line.indices {
      var isLiteral = isLiteral(line, at: position, column: column)
      // A soft break takes one byte, unless this byte ends the line.
      let room = position == line.endIndex - 1 ? 76 : 75
      if column + (isLiteral ? 1 : 3) > room {
        output += [UInt8(ascii: "="), 13, 10]
        column = 0
        isLiteral = Self.isLiteral(line, at: position, column: 0)
      }
      if isLiteral {
        output.append(line[position])
        column += 1
      } else {
        output += escaped(line[position])
        column += 3
      }
    }
    output += [13, 10]
  }

  /// Whether a byte stands for itself; at the start of an encoded line fewer do.
  private static func isLiteral(_ line: ArraySlice<UInt8>, at position: Int, column: Int) -> Bool {
    switch line[position] {
    case UInt8(ascii: "="): false
    case UInt8(ascii: "."): column > 0
    case UInt8(ascii: "F"): column > 0 || !line[position...].starts(with: "From ".utf8)
    case 9, 0x20: position < line.endIndex - 1
    case let byte: (0x21...0x7E).contains(byte)
    }
  }
}
