/// A line of TOML that says something: a table's header, or a key with its value.
struct TOMLStatement {
  /// The names of the key or table, taken apart at their dots.
  let path: [String]
  /// Whether it begins a table.
  let isHeader: Bool
  /// Whether that table is an item of a list.
  let isListItem: Bool
  /// Its lines, from the first blank to behind the line end.
  let line: Range<Int>
  /// The value; empty for a header.
  let value: Range<Int>
  /// The number of its first line, from 1.
  let number: Int

  /// Whether it begins the table of that path.
  func isHeader(of table: [String]) -> Bool { isHeader && path == table }
}

/// Finds the statements of a TOML text: https://toml.io/en/v1.0.0.
struct TOMLScanner {
  /// More lists within each other than anybody writes.
  private static let greatestDepth = 64

  private let text: [UInt8]
  private var position = 0

  /// All statements in their order.
  ///
  /// - Throws: ``EditRefusal`` with the line that can't be followed.
  static func statements(of text: [UInt8]) throws(EditRefusal) -> [TOMLStatement] {
    guard String(validating: text, as: UTF8.self) != nil else { throw EditRefusal("it is not UTF-8") }
    var scanner = TOMLScanner(text)
    var statements: [TOMLStatement] = []
    while let statement = try scanner.next() { statements.append(statement) }
    return statements
  }

  private init(_ text: [UInt8]) {
    self.text = text
    if text.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  private var current: UInt8? { position < text.count ? text[position] : nil }

  private var number: Int { text[..<min(position, text.count)].count { $0 == .newline } + 1 }

  private func refusal(_ problem: String) -> EditRefusal {
    EditRefusal("it is not valid TOML (line \(number)): \(problem)")
  }

  private mutating func next() throws(EditRefusal) -> TOMLStatement? {
    var start = position
    while true {
      start = position
      skipSpaces()
      guard let byte = current else { return nil }
      if byte == UInt8(ascii: "#") { skipComment() }
      guard let end = current else { return nil }
      guard end == .newline || end == .carriageReturn else { break }
      position += 1
    }
    let number = number
    return current == UInt8(ascii: "[") ? try header(from: start, number) : try pair(from: start, number)
  }

  private mutating func header(from start: Int, _ number: Int) throws(EditRefusal) -> TOMLStatement {
    position += 1
    let isListItem = current == UInt8(ascii: "[")
    if isListItem { position += 1 }
    let path = try keyPath()
    for _ in 0..<(isListItem ? 2 : 1) {
      guard current == UInt8(ascii: "]") else { throw refusal("a table's name must end with ]") }
      position += 1
    }
    try endLine()
    return TOMLStatement(
      path: path, isHeader: true, isListItem: isListItem, line: start..<position, value: position..<position,
      number: number)
  }

  private mutating func pair(from start: Int, _ number: Int) throws(EditRefusal) -> TOMLStatement {
    let path = try keyPath()
    guard current == UInt8(ascii: "=") else { throw refusal("a key must be followed by =") }
    position += 1
    skipSpaces()
    let value = position
    try skipValue(depth: 0)
    let end = position
    try endLine()
    return TOMLStatement(
      path: path, isHeader: false, isListItem: false, line: start..<position, value: value..<end, number: number)
  }

  private mutating func keyPath() throws(EditRefusal) -> [String] {
    var path: [String] = []
    while true {
      skipSpaces()
      path.append(try key())
      skipSpaces()
      guard current == UInt8(ascii: ".") else { return path }
      position += 1
    }
  }

  private mutating func key() throws(EditRefusal) -> String {
    let start = position
    if let quote = current, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      try skipString()
      let inner = text[(start + 1)..<(position - 1)]
      guard !inner.contains(UInt8(ascii: "\\")) || quote == UInt8(ascii: "'") else {
        throw refusal("a key with escapes is not understood")
      }
      return String(decoding: inner, as: UTF8.self)
    }
    while let byte = current, Self.isBare(byte) { position += 1 }
    guard position > start else { throw refusal("a key is expected") }
    return String(decoding: text[start..<position], as: UTF8.self)
  }

  private static func isBare(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}

/// Values, which only must be passed over.
extension TOMLScanner {
  private mutating func skipSpaces() { while current?.isSpace == true { position += 1 } }

  private mutating func skipComment() { position = text[position...].firstIndex(of: .newline) ?? text.count }

  private mutating func endLine() throws(EditRefusal) {
    skipSpaces()
    if current == UInt8(ascii: "#") { skipComment() }
    if current == .carriageReturn { position += 1 }
    guard position == text.count || current == .newline else { throw refusal("a line end is expected") }
    position = min(position + 1, text.count)
  }

  private mutating func skipValue(depth: Int) throws(EditRefusal) {
    guard depth < Self.greatestDepth else { throw refusal("too many lists within each other") }
    switch current {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): try skipString()
    case UInt8(ascii: "["): try skipList(depth)
    case UInt8(ascii: "{"): try skipTable(depth)
    default:
      let start = position
      while let byte = current,
        Self.isBare(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":")
      {
        position += 1
        // A date and its time may have a blank between them.
        if current == .space, position + 1 < text.count, position - start == 10, text[start + 4] == UInt8(ascii: "-"),
          (48...57).contains(text[position + 1])
        {
          position += 1
        }
      }
      guard position > start else { throw refusal("a value is expected") }
    }
  }

  private mutating func skipList(_ depth: Int) throws(EditRefusal) {
    position += 1
    while true {
      skipBlankLines()
      if current == UInt8(ascii: "]") { break }
      try skipValue(depth: depth + 1)
      skipBlankLines()
      guard current == .comma else { break }
      position += 1
    }
    guard current == UInt8(ascii: "]") else { throw refusal("a list must end with ]") }
    position += 1
  }

  private mutating func skipTable(_ depth: Int) throws(EditRefusal) {
    position += 1
    skipBlankLines()
    while current != UInt8(ascii: "}") {
      _ = try keyPath()
      guard current == UInt8(ascii: "=") else { throw refusal("a key must be followed by =") }
      position += 1
      skipSpaces()
      try skipValue(depth: depth + 1)
      skipBlankLines()
      guard current == .comma else { break }
      position += 1
      skipBlankLines()
    }
    guard current == UInt8(ascii: "}") else { throw refusal("a table must end with }") }
    position += 1
  }

  private mutating func skipBlankLines() {
    while let byte = current {
      if byte == UInt8(ascii: "#") {
        skipComment()
      } else if byte.isBlank {
        position += 1
      } else {
        return
      }
    }
  }

  private mutating func skipString() throws(EditRefusal) {
    guard let quote = current else { return }
    let isLong = text[position...].starts(with: [quote, quote, quote])
    position += isLong ? 3 : 1
    while let byte = current {
      if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        position += 2
      } else if byte == .newline, !isLong {
        break
      } else if byte == quote, !isLong {
        position += 1
        return
      } else if byte == quote, text[position...].starts(with: [quote, quote, quote]) {
        position += 3
        // Up to two quotes may stand before the closing three.
        while current == quote { position += 1 }
        return
      } else {
        position += 1
      }
    }
    throw refusal("a string does not end")
  }
}
