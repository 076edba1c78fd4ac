import Testing

/// Reads a message strictly: what RFC 5322 and MIME demand of a writer fails the test that reads.
struct MessageReader {
  /// Fields in order, unfolded, encoded words still encoded.
  let fields: [(name: String, value: String)]
  /// The body as it travels.
  let body: [UInt8]

  init(_ bytes: [UInt8]) throws {
    let lines = try Self.lines(of: bytes)
    var fields: [(name: String, value: String)] = []
    var position = 0
    while position < lines.count, !lines[position].isEmpty {
      let line = String(decoding: lines[position], as: UTF8.self)
      try #require(lines[position].count <= 998)
      if let first = lines[position].first, first == 32 || first == 9 {
        try #require(!line.allSatisfy { $0 == " " || $0 == "\t" }, "a folded line must not be blank")
        try #require(!fields.isEmpty)
        fields[fields.count - 1].value += line
      } else {
        let colon = try #require(line.firstIndex(of: ":"))
        let name = String(line[..<colon])
        try #require(name.utf8.allSatisfy { (33...126).contains($0) })
        fields.append((name, String(line[line.index(after: colon)...])))
      }
      position += 1
    }
    try #require(position < lines.count, "the header must end with an empty line")
    self.fields = fields.map { ($0.name, String($0.value.dropFirst($0.value.first == " " ? 1 : 0))) }
    body = Array(lines[(position + 1)...].joined(separator: [13, 10]))
  }

  /// Lines without their ends; a lone CR or LF fails.
  private static func lines(of bytes: [UInt8]) throws -> [ArraySlice<UInt8>] {
    var lines: [ArraySlice<UInt8>] = []
    var start = 0
    for position in bytes.indices where bytes[position] == 10 {
      try #require(position > 0 && bytes[position - 1] == 13, "a lone LF")
      lines.append(bytes[start..<(position - 1)])
      start = position + 1
    }
    lines.append(bytes[start...])
    try #require(lines.allSatisfy { !$0.contains(13) && !$0.contains(0) }, "a lone CR or a NUL")
    return lines
  }

  /// The only field of that name; nil when there is none.
  func field(_ name: String) throws -> String? {
    let values = fields.filter { $0.name.lowercased() == name.lowercased() }
    try #require(values.count <= 1, "\(name) occurs twice")
    return values.first?.value
  }

  /// A field's text with its encoded words decoded (RFC 2047, 6.2).
  func text(_ name: String) throws -> String? {
    guard let value = try field(name) else { return nil }
    return try Self.decodingWords(value)
  }

  /// Decodes encoded words; white space between two of them vanishes.
  static func decodingWords(_ value: String) throws -> String {
    var result: [UInt8] = []
    var wasEncoded = false
    for (index, token) in value.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
      if let bytes = try decodedWord(token) {
        if !wasEncoded && index > 0 { result.append(32) }
        // Each word holds whole characters.
        try #require(String(validating: bytes, as: UTF8.self) != nil)
        result += bytes
        wasEncoded = true
      } else {
        if index > 0 { result.append(32) }
        result += token.utf8
        wasEncoded = false
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func decodedWord(_ token: Substring) throws -> [UInt8]? {
    guard token.hasPrefix("=?"), token.hasSuffix("?=") else { return nil }
    try #require(token.utf8.count <= 75)
    let parts = token.dropFirst(2).dropLast(2).split(separator: "?", omittingEmptySubsequences: false)
    try #require(parts.count == 3)
    try #require(parts[0] == "utf-8")
    switch parts[1] {
    case "B": return try base64(parts[2])
    case "Q": return try quoted(Array(parts[2].utf8).map { $0 == UInt8(ascii: "_") ? 32 : $0 })
    default:
      Issue.record("unknown encoding \(parts[1])")
      return nil
    }
  }

  private static func base64(_ text: Substring) throws -> [UInt8] {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    try #require(text.utf8.count % 4 == 0)
    var bits = 0
    var count = 0
    var result: [UInt8] = []
    for byte in text.utf8 where byte != UInt8(ascii: "=") {
      bits = bits << 6 | (try #require(alphabet.firstIndex(of: byte)))
      count += 6
      if count >= 8 {
        count -= 8
        result.append(UInt8(bits >> count & 255))
      }
    }
    return result
  }

  /// Decodes `=XX`; anything else after `=` fails.
  static func quoted(_ bytes: [UInt8]) throws -> [UInt8] {
    var result: [UInt8] = []
    var position = 0
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "=") {
        try #require(position + 2 < bytes.count)
        let digits = String(decoding: bytes[(position + 1)...(position + 2)], as: UTF8.self)
        result.append(try #require(UInt8(digits, radix: 16)))
        position += 3
      } else {
        result.append(bytes[position])
        position += 1
      }
    }
    return result
  }

  /// The text of a message or part, its transfer encoding undone; checks the encoded lines, too.
  func decodedBody() throws -> String {
    let encoding = try field("Content-Transfer-Encoding")
    var result: [UInt8] = []
    for line in try Self.lines(of: body) {
      try #require(line.count <= 78)
      if encoding == "quoted-printable" {
        try #require(line.allSatisfy { (32...126).contains($0) || $0 == 9 })
        try #require(line.last != 32 && line.last != 9, "white space at the end may get lost")
        let isSoft = line.last == UInt8(ascii: "=")
        result += try Self.quoted(Array(isSoft ? line.dropLast() : line)) + (isSoft ? [] : [13, 10])
      } else {
        try #require(encoding == "7bit")
        try #require(line.allSatisfy { $0 < 128 })
        result += line + [13, 10]
      }
      try #require(line.first != UInt8(ascii: "."), "a line must not begin with a dot")
      try #require(!line.starts(with: "From ".utf8))
    }
    return try #require(String(validating: result.dropLast(2), as: UTF8.self))
  }

  /// The parts of a multipart/alternative message.
  func parts() throws -> [MessageReader] {
    let type = try #require(try field("Content-Type"))
    let prefix = "multipart/alternative; boundary=\""
    try #require(type.hasPrefix(prefix) && type.hasSuffix("\""))
    let boundary = Array("--\(type.dropFirst(prefix.count).dropLast())".utf8)
    var parts: [[ArraySlice<UInt8>]] = []
    var isClosed = false
    for line in try Self.lines(of: body) {
      if line.elementsEqual(boundary) {
        parts.append([])
      } else if line.elementsEqual(boundary + Array("--".utf8)) {
        isClosed = true
      } else if !parts.isEmpty && !isClosed {
        parts[parts.count - 1].append(line)
      }
    }
    try #require(isClosed)
    return try parts.map { try MessageReader(Array($0.joined(separator: [13, 10])) + [13, 10]) }
  }
}
