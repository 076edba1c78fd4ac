import Foundation
public import JSON

/// A picture of a message, in the notation of the recorded conversations.
///
/// Every member shown must be there and match, further ones are allowed. `"$absent": [..]` names members that must be
/// missing, `{"$exact": x}` forbids further members, `"$any_of": [..]` needs one of several. Arrays match item by item,
/// or as a beginning when they end with `"$more"`. `"$str"`, `"$int"`, `"$ts"`, `"$any"` and `"$re:…"` stand for
/// values; `"$set:k"` remembers one and `"$get:k"` is that value.
public struct WirePattern {
  /// What `$set` has remembered.
  public var memory: [String: JSONValue] = [:]

  /// A picture that remembers nothing yet.
  public init() {}

  /// Whether the value looks like the pattern; remembers only when it does.
  public mutating func matches(_ pattern: JSONValue, _ value: JSONValue) -> Bool {
    var trial = self
    guard trial.compare(pattern, value) else { return false }
    self = trial
    return true
  }

  /// The value with each `$get` replaced by what was remembered, inside texts too.
  public func filled(_ value: JSONValue) -> JSONValue {
    switch value {
    case .string(let text):
      if text.hasPrefix("$get:"), let whole = memory[String(text.dropFirst(5))] { return whole }
      return .string(
        memory.reduce(text) { text, entry in
          text.replacingOccurrences(of: "$get:" + entry.key, with: entry.value.stringValue ?? entry.value.text)
        })
    case .array(let items): return .array(items.map { filled($0) })
    case .object(let members): return .object(JSONObject(members.map { ($0.key, filled($0.value)) }))
    default: return value
    }
  }

  private mutating func compare(_ pattern: JSONValue, _ value: JSONValue) -> Bool {
    switch pattern {
    case .string(let text) where text.hasPrefix("$"): return compare(wildcard: text, value)
    case .array(let patterns):
      guard case .array(let items) = value else { return false }
      return compare(patterns, items)
    case .object(let members): return compare(members, value)
    default: return pattern == value
    }
  }

  private mutating func compare(wildcard: String, _ value: JSONValue) -> Bool {
    let parts = wildcard.split(separator: ":", maxSplits: 1).map(String.init)
    switch parts[0] {
    case "$any": return true
    case "$str": return value.stringValue?.isEmpty == false
    case "$int": if case .integer = value { return true } else { return false }
    case "$ts": return value.stringValue.map { compare(expression: #"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"#, $0) } ?? false
    case "$re": return value.stringValue.map { compare(expression: parts[1], $0) } ?? false
    case "$set":
      memory[parts[1]] = value
      return true
    case "$get": return memory[parts[1]] == value
    default: return false
    }
  }

  private func compare(expression: String, _ text: String) -> Bool {
    text.range(of: expression, options: .regularExpression) != nil
  }

  private mutating func compare(_ patterns: [JSONValue], _ items: [JSONValue]) -> Bool {
    let isBeginning = patterns.last == "$more"
    let shown = isBeginning ? patterns.dropLast() : patterns[...]
    guard isBeginning ? items.count >= shown.count : items.count == shown.count else { return false }
    for (pattern, item) in zip(shown, items) where !compare(pattern, item) { return false }
    return true
  }

  private mutating func compare(_ members: JSONObject, _ value: JSONValue) -> Bool {
    if let exact = members["$exact"]?.objectValue {
      return value.objectValue?.count == exact.count && compare(exact, value)
    }
    if let choices = members["$any_of"]?.arrayValue { return choices.contains { matches($0, value) } }
    guard case .object(let present) = value else { return false }
    for absent in members["$absent"]?.arrayValue ?? [] where present.contains(absent.stringValue ?? "") { return false }
    for member in members where member.key != "$absent" {
      guard let found = present[member.key], compare(member.value, found) else { return false }
    }
    return true
  }
}
