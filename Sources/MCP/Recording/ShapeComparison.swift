internal import JSON
internal import Platform

/// Compares what was said with what is said now: ids, times and places of files by their shape, all else exactly.
///
/// Ids that took the place of recorded ones are remembered, so that later messages can name the new ones. A client's
/// times are moved by what lies between the two conversations: what was tomorrow then is tomorrow now.
struct ShapeComparison {
  /// What stands for a recorded id now.
  private(set) var ids: [String: String] = [:]
  /// How many milliseconds lie between the recording and now.
  private let delay: Int64

  init(delay: Int64) { self.delay = delay }

  /// Where the two differ, in words; empty when they don't.
  mutating func differences(_ recorded: JSONValue, _ present: JSONValue, at path: String = "") -> [String] {
    switch (recorded, present) {
    case (.object(let recorded), .object(let present)): return members(recorded, present, path)
    case (.array(let recorded), .array(let present)):
      guard recorded.count == present.count else {
        return ["\(path): recorded \(recorded.count) items, now \(present.count)"]
      }
      return zip(recorded, present).enumerated().flatMap { position, pair in
        differences(pair.0, pair.1, at: "\(path)/\(position)")
      }
    case (.string(let recorded), .string(let present)): return texts(recorded, present, path)
    case (.integer(let recorded), .integer(let present)) where Self.isTime(recorded) && Self.isTime(present): return []
    default:
      return recorded == present ? [] : ["\(path): recorded \(Self.shown(recorded)), now \(Self.shown(present))"]
    }
  }

  /// The recorded message as it must be sent now.
  func translated(_ value: JSONValue) -> JSONValue {
    switch value {
    case .string(let text): .string(ids[text] ?? moved(text) ?? Self.replacing(text, present))
    case .integer(let number) where Self.isTime(number): .integer(number &+ delay)
    case .array(let items): .array(items.map { translated($0) })
    case .object(let members): .object(JSONObject(members.map { ($0.key, translated($0.value)) }))
    default: value
    }
  }

  private static func isIntroduction(_ key: String, _ path: String) -> Bool {
    key == "version" && path.hasSuffix("serverInfo") || key == "instructions" && path == "/result"
  }

  /// The time that a text is, as much later; nil for other texts.
  private func moved(_ text: String) -> String? {
    // A day alone may be a revision of the protocol.
    guard text.utf8.count > 10, Self.isTime(text), let time = Timestamp(iso8601: text) else { return nil }
    return time.adding(milliseconds: delay).iso8601
  }

  /// What stands for a word now; `ct_….md` is the id with what is behind it.
  private func present(_ word: String) -> String {
    if let id = ids[word] { return id }
    let (stem, end) = Self.parts(word)
    return ids[stem].map { $0 + end } ?? word
  }

  private mutating func members(_ recorded: JSONObject, _ present: JSONObject, _ path: String) -> [String] {
    var found: [String] = []
    // How the program introduces itself, with its version, is no difference.
    for (key, value) in recorded where !Self.isIntroduction(key, path) {
      if let now = present[key] {
        found += differences(value, now, at: "\(path)/\(key)")
      } else {
        found.append("\(path)/\(key): recorded \(Self.shown(value)), now absent")
      }
    }
    for (key, value) in present where !recorded.contains(key) {
      found.append("\(path)/\(key): not recorded, now \(Self.shown(value))")
    }
    return found
  }

  /// Texts that are JSON are compared as such; others word by word.
  private mutating func texts(_ recorded: String, _ present: String, _ path: String) -> [String] {
    if recorded == present || Self.isPath(recorded) && Self.isPath(present) { return [] }
    if recorded.first == "{", let old = try? JSONValue(parsing: recorded), let new = try? JSONValue(parsing: present) {
      return differences(old, new, at: path + "#")
    }
    let (old, new) = (Self.words(recorded), Self.words(present))
    guard old.count == new.count, zip(old, new).allSatisfy({ isSame(String($0), String($1)) }) else {
      return ["\(path): recorded \(Self.shown(.string(recorded))), now \(Self.shown(.string(present)))"]
    }
    for (one, other) in zip(old, new) where one != other { ids[Self.parts(one).stem] = Self.parts(other).stem }
    return []
  }

  private func isSame(_ recorded: String, _ present: String) -> Bool {
    if recorded == present || ids[recorded] == present { return true }
    if Self.isTime(recorded) && Self.isTime(present) { return true }
    let (old, new) = (Self.parts(recorded), Self.parts(present))
    guard old.end == new.end else { return false }
    if let known = ids[old.stem] { return known == new.stem }
    return Self.idPrefix(old.stem).map { $0 == Self.idPrefix(new.stem) } ?? false
  }

  /// A word up to its first full stop, and what is behind.
  private static func parts(_ word: some StringProtocol) -> (stem: String, end: String) {
    let stem = word.prefix { $0 != "." }
    return (String(stem), String(word[stem.endIndex...]))
  }

  private static func isTime(_ number: Int64) -> Bool { (1_500_000_000_000...4_000_000_000_000).contains(number) }

  /// `2026-11-21T…`, or a day.
  private static func isTime(_ word: String) -> Bool {
    let bytes = Array(word.utf8)
    guard bytes.count >= 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else { return false }
    return bytes.prefix(4).allSatisfy { (0x30...0x39).contains($0) }
  }

  /// The place of a file: each run has its own.
  private static func isPath(_ text: String) -> Bool {
    text.first == "/" && !text.utf8.contains { $0 <= 0x20 }
  }

  /// What an id begins with, up to the underscore: empty for opaque ones; nil for what is none.
  private static func idPrefix(_ word: String) -> String? {
    let parts = word.split(separator: "_", omittingEmptySubsequences: false)
    guard let last = parts.last, last.utf8.count >= 12, last.utf8.contains(where: { (0x30...0x39).contains($0) }),
      last.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) })
    else { return nil }
    return parts.dropLast().joined(separator: "_")
  }

  private static func words(_ text: String) -> [Substring] {
    text.split(omittingEmptySubsequences: false) { !isOfWord($0) }
  }

  private static func replacing(_ text: String, _ word: (String) -> String) -> String {
    var result = ""
    var current = ""
    for character in text {
      if isOfWord(character) {
        current.append(character)
      } else {
        result += word(current)
        current = ""
        result.append(character)
      }
    }
    return result + word(current)
  }

  private static func isOfWord(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || "_-:.".contains(character))
  }

  private static func shown(_ value: JSONValue) -> String { value.text.abbreviated(to: 120) }
}
