internal import JSON

/// A TOML text of which one table is changed: every other line keeps its bytes.
///
/// It is read only as far as is needed to be sure where tables begin and end; what can't be followed is refused.
struct TOMLDocument {
  private let text: [UInt8]
  private let statements: [TOMLStatement]

  /// Reads a text, which may be empty.
  init(_ text: [UInt8]) throws(EditRefusal) {
    self.text = text
    statements = try TOMLScanner.statements(of: text)
  }

  /// The text with the entry in its table; keys of the table that we don't write stay.
  func adding(_ entry: ServerEntry, to servers: String) throws(EditRefusal) -> [UInt8] {
    let table = [servers, entry.name]
    try checkForm(of: table)
    var wanted = [("command", Self.literal(entry.command)), ("args", Self.literal(entry.arguments))]
    guard let header = statements.firstIndex(where: { $0.isHeader(of: table) }) else {
      let lines = wanted.map { "\($0.0) = \($0.1)" } + variableLines(entry, table)
      let place = end(of: table) ?? text.count
      return inserting(["[\(Self.key(table))]"] + lines, at: place)
    }
    var edits: [(range: Range<Int>, bytes: [UInt8])] = []
    for statement in statements[(header + 1)...].prefix(while: { !$0.isHeader }) where statement.path.count == 1 {
      guard let position = wanted.firstIndex(where: { $0.0 == statement.path[0] }) else { continue }
      let (_, literal) = wanted.remove(at: position)
      if text[statement.value] != Array(literal.utf8)[...] { edits.append((statement.value, Array(literal.utf8))) }
    }
    edits.append(insertion(wanted.map { "\($0.0) = \($0.1)" }, behind: statements[header]))
    edits += try variableEdits(entry, table)
    return applying(edits)
  }

  /// The text without the table of that name and those below it.
  func removing(_ name: String, from servers: String) throws(EditRefusal) -> [UInt8] {
    let table = [servers, name]
    try checkForm(of: table)
    var edits: [(range: Range<Int>, bytes: [UInt8])] = []
    for (position, statement) in statements.enumerated() where statement.isHeader && statement.path.starts(with: table)
    {
      let body = statements[(position + 1)...].prefix { !$0.isHeader }
      // Comments above the next table are that one's.
      var end = body.last?.line.upperBound ?? statement.line.upperBound
      while end < text.count, text[end] == .newline || text[end] == .carriageReturn { end += 1 }
      var start = statement.line.lowerBound
      // The paragraph before the last one needs no blank line behind it.
      while end == text.count, start > 1, text[start - 1] == .newline, text[start - 2] == .newline { start -= 1 }
      edits.append((start..<end, []))
    }
    return applying(edits)
  }

  /// The table must be one that is spelled out under headers, each of them once.
  private func checkForm(of table: [String]) throws(EditRefusal) {
    var current: [String] = []
    var headers: Set<[String]> = []
    for statement in statements {
      if statement.isHeader {
        current = statement.path
        guard current.starts(with: table) else { continue }
        guard !statement.isListItem, headers.insert(current).inserted else {
          throw EditRefusal("line \(statement.number) gives [\(current.joined(separator: "."))] a second time")
        }
      } else if !current.starts(with: table) {
        let path = current + statement.path
        guard !path.starts(with: table), path != [table[0]] else {
          throw EditRefusal("line \(statement.number) has \(table.joined(separator: ".")) in another form than a table")
        }
      }
    }
  }
}

// Reading.
extension TOMLDocument {
  /// The tables below one, by name: their texts, lists of texts and flags, and tables of these; nothing else is read.
  func tables(below parent: String) -> JSONObject {
    var tables = JSONObject()
    var current: [String] = []
    for statement in statements {
      if statement.isHeader {
        current = statement.path
        if current.count == 2, current[0] == parent, tables[current[1]] == nil { tables[current[1]] = .object([:]) }
        continue
      }
      let path = current + statement.path
      guard path.count == 3 || path.count == 4, path[0] == parent, let value = Self.value(text[statement.value]) else {
        continue
      }
      var members = tables[path[1]]?.objectValue ?? [:]
      if path.count == 3 {
        members[path[2]] = value
      } else {
        var inner = members[path[2]]?.objectValue ?? [:]
        inner[path[3]] = value
        members[path[2]] = .object(inner)
      }
      tables[path[1]] = .object(members)
    }
    return tables
  }

  /// What JSON writes alike, and literal strings.
  private static func value(_ bytes: ArraySlice<UInt8>) -> JSONValue? {
    let bare = bytes.dropFirst()
    if bytes.first == UInt8(ascii: "'"), bytes.count >= 2, !bare.dropLast().contains(UInt8(ascii: "'")) {
      return .string(String(decoding: bare.dropLast(), as: UTF8.self))
    }
    if let value = try? JSONValue(parsing: Array(bytes)) { return value }
    // A list may end with a comma, and have literal strings in it.
    guard bytes.first == UInt8(ascii: "["), bytes.last == UInt8(ascii: "]") else { return nil }
    var items = Array(bare.dropLast())
    while let last = items.last, last.isSpace || last == .newline || last == .carriageReturn || last == .comma {
      items.removeLast()
    }
    if !items.contains(UInt8(ascii: "\"")) {
      items = items.map { $0 == UInt8(ascii: "'") ? UInt8(ascii: "\"") : $0 }
    }
    return try? JSONValue(parsing: [UInt8(ascii: "[")] + items + [UInt8(ascii: "]")])
  }
}

/// How things are written.
extension TOMLDocument {
  private var lineEnd: String {
    guard let newline = text.firstIndex(of: .newline), newline > 0, text[newline - 1] == .carriageReturn else {
      return "\n"
    }
    return "\r\n"
  }

  /// A basic string: what JSON escapes, TOML reads alike.
  private static func literal(_ value: String) -> String {
    let text = String(decoding: JSONValue.string(value).serialized(), as: UTF8.self)
    return text.contains("\u{7F}")
      ? text.split(separator: "\u{7F}", omittingEmptySubsequences: false).joined(
        separator: "\\u007F") : text
  }

  private static func literal(_ values: [String]) -> String {
    "[" + values.map { literal($0) }.joined(separator: ", ") + "]"
  }

  private static func key(_ path: [String]) -> String { path.joined(separator: ".") }

  private func variableLines(_ entry: ServerEntry, _ table: [String]) -> [String] {
    guard !entry.variables.isEmpty else { return [] }
    return ["", "[\(Self.key(table + ["env"]))]"] + entry.variables.map { "\($0.name) = \(Self.literal($0.value))" }
  }

  private func variableEdits(
    _ entry: ServerEntry, _ table: [String]
  ) throws(EditRefusal) -> [(range: Range<Int>, bytes: [UInt8])] {
    guard !entry.variables.isEmpty else { return [] }
    guard let header = statements.firstIndex(where: { $0.isHeader(of: table + ["env"]) }) else {
      let own = statements.firstIndex { $0.isHeader(of: table) } ?? 0
      let body = statements[(own + 1)...].prefix { !$0.isHeader }
      if let inline = body.first(where: { $0.path.first == "env" }) {
        throw EditRefusal("line \(inline.number) has env in another form than a table")
      }
      return [insertion(variableLines(entry, table), behind: body.last ?? statements[own])]
    }
    var edits: [(range: Range<Int>, bytes: [UInt8])] = []
    var missing = entry.variables
    for statement in statements[(header + 1)...].prefix(while: { !$0.isHeader }) {
      guard let position = missing.firstIndex(where: { [$0.name] == statement.path }) else { continue }
      edits.append((statement.value, Array(Self.literal(missing.remove(at: position).value).utf8)))
    }
    edits.append(
      insertion(missing.map { "\($0.name) = \(Self.literal($0.value))" }, behind: statements[header]))
    return edits
  }

  /// New lines below a statement, which may be the last line and without an end.
  private func insertion(_ lines: [String], behind statement: TOMLStatement) -> (range: Range<Int>, bytes: [UInt8]) {
    let place = statement.line.upperBound
    let isOpen = !lines.isEmpty && place > 0 && text[place - 1] != .newline
    return (place..<place, Array(((isOpen ? lineEnd : "") + lines.map { $0 + lineEnd }.joined()).utf8))
  }

  /// Before tables below the one that is missing, which must come after it in a readable file; nil without such.
  private func end(of table: [String]) -> Int? {
    statements.first { $0.isHeader && $0.path.starts(with: table) }?.line.lowerBound
  }

  /// A paragraph of its own.
  private func inserting(_ lines: [String], at place: Int) -> [UInt8] {
    var block = lines.map { $0 + lineEnd }.joined()
    if place < text.count {
      block += lineEnd
    } else if !text.isEmpty {
      block = (text.last == .newline ? "" : lineEnd) + lineEnd + block
    }
    return applying([(place..<place, Array(block.utf8))])
  }

  private func applying(_ edits: [(range: Range<Int>, bytes: [UInt8])]) -> [UInt8] {
    var result = text
    // From the end; of insertions at one place the one that came first stays first.
    for (_, edit) in edits.enumerated().sorted(by: {
      ($0.element.range.lowerBound, $0.offset) > ($1.element.range.lowerBound, $1.offset)
    }) {
      result.replaceSubrange(edit.range, with: edit.bytes)
    }
    return result
  }
}
