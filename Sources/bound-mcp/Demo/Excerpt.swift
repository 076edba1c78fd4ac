internal import JSON

/// JSON as a person wants to see it go by: long texts, lists and deep branches are cut, and what was cut shows.
enum Excerpt {
  private static let longestText = 280
  private static let mostItems = 3

  /// Lines of at most about `width` columns.
  static func lines(_ value: JSONValue, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in words(value) {
      if !line.isEmpty, line.count + word.count > width {
        lines.append(line.last == " " ? String(line.dropLast()) : line)
        line = " " + word
      } else {
        line += word
      }
    }
    return line.isEmpty ? lines : lines + [line]
  }

  /// Pieces between which a line may end.
  private static func words(_ value: JSONValue, depth: Int = 0) -> [String] {
    switch value {
    case .object(let members) where depth < 4:
      return list(members.map { member in (JSONValue.string(member.key).text + ": ", member.value) }, "{", "}", depth)
    case .array(let items) where depth < 4:
      let shown = items.prefix(mostItems).map { ("", $0) }
      let rest = items.count - shown.count
      return list(shown, "[", rest > 0 ? ", … \(rest) more]" : "]", depth)
    case .object: return ["{…}"]
    case .array: return ["[…]"]
    case .string(let text):
      let cut = text.count > longestText ? text.prefix(longestText - 1) + "…" : Substring(text)
      return pieces(of: JSONValue.string(String(cut)).text)
    default: return [value.text]
    }
  }

  /// A text may break after its blanks.
  private static func pieces(of text: String) -> [String] {
    var pieces = [""]
    for character in text {
      pieces[pieces.count - 1].append(character)
      if character == " " { pieces.append("") }
    }
    return pieces
  }

  private static func list(
    _ members: [(key: String, value: JSONValue)], _ open: String, _ close: String, _ depth: Int
  ) -> [String] {
    var pieces = [open]
    for (index, member) in members.enumerated() {
      var inner = words(member.value, depth: depth + 1)
      inner[0] = member.key + inner[0]
      if index < members.count - 1 { inner[inner.count - 1] += ", " }
      if index == 0 { inner[0] = pieces.removeLast() + inner[0] }
      pieces += inner
    }
    pieces[pieces.count - 1] += close
    return pieces
  }
}
