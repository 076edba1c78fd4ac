internal import JSON

/// Compares what was said with what is said now: ids and times by their shape, all else exactly.
///
/// Ids that took the place of recorded ones are remembered, so that later messages can name the new ones.
struct ShapeComparison {
  /// What stands for a recorded id now.
  private(set) var ids: [String: String] = [:]

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
    case .string(let text): .string(ids[text] ?? Self.replacing(text) { ids[$0] ?? $0 })
    case .array(let items): .array(items.map { translated($0) })
    case .object(let members): .object(JSONObject(members.map { ($0.key, translated($0.value)) }))
    default: value
    }
  }

  private mutating func members(_ recorded: JSONObject, _ present: JSONObject, _ path: String) -> [String] {
    var found: [String] = []
    // The program's own version is no difference.
    for (key, value) in recorded where !(key == "version" && path.hasSuffix("serverInfo")) {
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
    if recorded == present { return [] }
    if recorded.first == "{", let old = try? JSONValue(parsing: recorded), let new = try? JSONValue(parsing: present) {
      return differences(old, new, at: path + "#")
    }
    let (old, new) = (Self.words(recorded), Self.words(present))
    guard old.count == new.count, zip(old, new).allSatisfy({ isSame(String($0), String($1)) }) else {
      return ["\(path): recorded \(Self.shown(.string(recorded))), now \(Self.shown(.string(present)))"]
    }
    for (one, other) in zip(old, new) where one != other { ids[String(one)] = String(other) }
    return []
  }

  private func isSame(_ recorded: String, _ present: String) -> Bool {
    if recorded == present || ids[recorded] == present { return true }
    if Self.isTime(recorded) && Self.isTime(present) { return true }
    return ids[recorded] == nil && Self.idPrefix(recorded).map { $0 == Self.idPrefix(present) } ?? false
  }

  private static func isTime(_ number: Int64) -> Bool { (1_500_000_000_000...4_000_000_000_000).contains(number) }

  /// `2026-11-21T…`, or a day.
  private static func isTime(_ word: String) -> Bool {
    let bytes = Array(word.utf8)
    guard bytes.count >= 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else { return false }
    return bytes.prefix(4).allSatisfy { (0x30...0x39).contains($0) }
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
