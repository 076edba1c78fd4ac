internal import JSON

/// A JSON text that is changed in place: what is not asked for keeps its bytes, comments and layout included.
struct JSONDocument {
  /// The text as it is now.
  private(set) var text: [UInt8]
  /// The same bytes with blanks for comments and for commas behind last members: valid JSON, at the same offsets.
  private var plain: [UInt8]
  private let allowsComments: Bool

  /// Reads a text; an empty one is an empty object.
  init(_ text: [UInt8], allowsComments: Bool) throws(EditRefusal) {
    self.text = text
    self.allowsComments = allowsComments
    if text.allSatisfy({ $0.isBlank }) { self.text = Array("{}\n".utf8) }
    plain = []
    try read()
  }

  /// The value at the path; nil where a member is missing.
  func value(at path: [String]) throws(EditRefusal) -> JSONValue? {
    guard let member = try find(path).member else { return nil }
    return try? JSONValue(parsing: Array(plain[member.value]), limits: Self.limits)
  }

  /// Puts a value at the path, with the objects on the way to it; a value that is equal already keeps its text.
  mutating func set(_ value: JSONValue, at path: [String]) throws(EditRefusal) {
    let (object, missing, member) = try find(path)
    if let member {
      if let present = try? JSONValue(parsing: Array(plain[member.value]), limits: Self.limits), present == value {
        return
      }
      let rendered = render(value, indentation: indentation(at: member.key))
      try replace([(member.value, rendered)])
    } else if let first = missing.first {
      var value = value
      for name in missing.dropFirst().reversed() { value = .object([name: value]) }
      try append(first, value, to: object)
    }
  }

  /// Takes the member at the path out.
  mutating func remove(at path: [String]) throws(EditRefusal) {
    let (object, _, found) = try find(path)
    guard let found, let position = object.members.firstIndex(where: { $0.key == found.key }) else { return }
    var edits: [(range: Range<Int>, bytes: [UInt8])] = []
    var end = found.value.upperBound
    if let comma = comma(behind: end) {
      end = comma + 1
    } else if position > 0, let comma = comma(behind: object.members[position - 1].value.upperBound) {
      edits.append((comma..<comma + 1, []))
    }
    // A member that has lines of its own goes with them, and with the remark behind it.
    var start = found.key
    let lineStart = startOfLine(at: start)
    let lineEnd = text[endOfRemark(behind: end)...].first { !$0.isSpace }
    if text[lineStart..<start].allSatisfy(\.isSpace), lineEnd == .newline || lineEnd == .carriageReturn {
      start = lineStart
      end = (text[end...].firstIndex(of: .newline) ?? end) + 1
    }
    edits.append((start..<end, []))
    try replace(edits)
  }
}

/// Where things are.
extension JSONDocument {
  /// Enough for any client's file; Claude Code's grows with its history.
  private static let limits = JSONLimits(depth: 256, bytes: 64 << 20, values: 10_000_000)

  fileprivate struct Member {
    let name: String
    /// Where its key begins.
    let key: Int
    let value: Range<Int>
  }

  fileprivate struct Object {
    /// From its opening bracket to behind its closing one.
    let range: Range<Int>
    let members: [Member]
  }

  private mutating func read() throws(EditRefusal) {
    plain = allowsComments ? CommentStripper.strip(text) : text
    // A byte order mark, as some editors write it.
    if plain.starts(with: [0xEF, 0xBB, 0xBF]) { plain.replaceSubrange(..<3, with: [.space, .space, .space]) }
    let value: JSONValue
    do {
      value = try JSONValue(parsing: plain, limits: Self.limits)
    } catch {
      let line = text.prefix(error.offset).count { $0 == .newline } + 1
      throw EditRefusal("it is not valid JSON (line \(line)): \(error.message)")
    }
    guard value.objectValue != nil else { throw EditRefusal("it is not a JSON object") }
  }

  /// The innermost object on the path that is there, the names that are missing below it, or the member itself.
  private func find(
    _ path: [String]
  ) throws(EditRefusal) -> (object: Object, missing: ArraySlice<String>, member: Member?) {
    var scanner = JSONScanner(bytes: plain, position: 0)
    var object = scanner.object()
    for (depth, name) in path.enumerated() {
      guard let member = object.members.first(where: { $0.name == name }) else {
        return (object, path[depth...], nil)
      }
      if depth == path.count - 1 { return (object, [], member) }
      guard plain[member.value.lowerBound] == UInt8(ascii: "{") else {
        throw EditRefusal("its member \(path[...depth].joined(separator: ".")) is not an object")
      }
      scanner = JSONScanner(bytes: plain, position: member.value.lowerBound)
      object = scanner.object()
    }
    return (object, [], nil)
  }

  private func startOfLine(at position: Int) -> Int {
    (text[..<position].lastIndex(of: .newline) ?? -1) + 1
  }

  /// The blanks that the line of a position begins with.
  private func indentation(at position: Int) -> [UInt8] {
    Array(text[startOfLine(at: position)..<position].prefix { $0.isSpace })
  }

  /// The comma that follows, past blanks and comments; nil when something else does.
  private func comma(behind end: Int) -> Int? {
    var comments = CommentStripper(position: end)
    comments.skip(text)
    let place = comments.position
    return place < text.count && text[place] == .comma ? place : nil
  }
}

/// How things are written.
extension JSONDocument {
  /// What one level is indented by: as the first member is.
  private var unit: [UInt8] {
    var scanner = JSONScanner(bytes: plain, position: 0)
    guard let first = scanner.object().members.first else { return [.space, .space] }
    let found = indentation(at: first.key)
    return found.isEmpty ? [.space, .space] : found
  }

  private var lineEnd: [UInt8] {
    guard let newline = text.firstIndex(of: .newline), newline > 0, text[newline - 1] == .carriageReturn else {
      return [.newline]
    }
    return [.carriageReturn, .newline]
  }

  private func render(_ value: JSONValue, indentation: [UInt8], isCompact: Bool = false) -> [UInt8] {
    if isCompact { return value.serialized() }
    var output: [UInt8] = []
    write(value, lineEnd + indentation, unit, to: &output)
    return output
  }

  /// A list of texts stays on one line, as people write arguments.
  private func write(_ value: JSONValue, _ line: [UInt8], _ unit: [UInt8], to output: inout [UInt8]) {
    switch value {
    case .object(let members) where !members.isEmpty:
      output.append(UInt8(ascii: "{"))
      for (position, member) in members.enumerated() {
        if position > 0 { output.append(.comma) }
        output += line + unit + JSONValue.string(member.key).serialized() + Array(": ".utf8)
        write(member.value, line + unit, unit, to: &output)
      }
      output += line + [UInt8(ascii: "}")]
    case .array(let items):
      output.append(UInt8(ascii: "["))
      for (position, item) in items.enumerated() {
        if position > 0 { output += Array(", ".utf8) }
        write(item, line + unit, unit, to: &output)
      }
      output.append(UInt8(ascii: "]"))
    default: output += value.serialized()
    }
  }

  private mutating func append(_ name: String, _ value: JSONValue, to object: Object) throws(EditRefusal) {
    let key = JSONValue.string(name).serialized()
    guard let last = object.members.last else {
      let opening = object.range.lowerBound + 1
      let base = indentation(at: object.range.lowerBound)
      let line = lineEnd + base + unit
      let hasLines = text[opening..<object.range.upperBound].contains(.newline)
      let member = line + key + Array(": ".utf8) + render(value, indentation: base + unit)
      return try replace([(opening..<opening, member + (hasLines ? [] : lineEnd + base))])
    }
    let end = last.value.upperBound
    guard text[object.range].contains(.newline) else {
      let member = [.comma] + key + [UInt8(ascii: ":")] + render(value, indentation: [], isCompact: true)
      return try replace([(end..<end, member)])
    }
    let indentation = indentation(at: last.key)
    let member = lineEnd + indentation + key + Array(": ".utf8) + render(value, indentation: indentation)
    if let comma = comma(behind: end) {
      let place = endOfRemark(behind: comma + 1)
      return try replace([(place..<place, member + [.comma])])
    }
    let place = endOfRemark(behind: end)
    try replace([(end..<end, [.comma]), (place..<place, member)])
  }

  /// Behind a comment on the same line, which belongs to what stands before it.
  private func endOfRemark(behind position: Int) -> Int {
    var end = position
    for place in position..<text.count {
      if text[place] == .newline || text[place] == .carriageReturn { break }
      guard plain[place] == .space || plain[place] == .tab else { break }
      if text[place] != plain[place] || !text[place].isSpace { end = place + 1 }
    }
    return end
  }

  /// Replaces ranges, given in their order, and reads the result: what we write must be valid too.
  private mutating func replace(_ edits: [(range: Range<Int>, bytes: [UInt8])]) throws(EditRefusal) {
    for edit in edits.reversed() { text.replaceSubrange(edit.range, with: edit.bytes) }
    try read()
  }
}

/// Finds the members of objects in a text that is known to be valid JSON.
private struct JSONScanner {
  let bytes: [UInt8]
  var position: Int

  mutating func object() -> JSONDocument.Object {
    skipBlanks()
    let start = position
    var members: [JSONDocument.Member] = []
    position += 1
    skipBlanks()
    while position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
      let key = position
      skipString()
      let name = (try? JSONValue(parsing: Array(bytes[key..<position])))?.stringValue ?? ""
      skipBlanks()
      position += 1
      skipBlanks()
      let value = position
      skipValue()
      members.append(.init(name: name, key: key, value: value..<position))
      skipBlanks()
      if position < bytes.count, bytes[position] == .comma { position += 1 }
      skipBlanks()
    }
    return .init(range: start..<min(position + 1, bytes.count), members: members)
  }

  private mutating func skipBlanks() {
    while position < bytes.count, bytes[position].isBlank { position += 1 }
  }

  private mutating func skipString() {
    position += 1
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    position = min(position + 1, bytes.count)
  }

  private mutating func skipValue() {
    var depth = 0
    repeat {
      guard position < bytes.count else { return }
      switch bytes[position] {
      case UInt8(ascii: "\""): skipString()
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        position += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        position += 1
      default:
        // A number or a word at the top ends before what can't be in it.
        if depth == 0 { return skipScalar() }
        position += 1
      }
    } while depth > 0
  }

  private mutating func skipScalar() {
    while position < bytes.count {
      switch bytes[position] {
      case .comma, UInt8(ascii: "}"), UInt8(ascii: "]"): return
      case let byte where byte.isBlank: return
      default: position += 1
      }
    }
  }
}
