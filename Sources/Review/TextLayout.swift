/// Text in the columns of a terminal.
public enum TextLayout {
  /// How many columns a text takes: characters of East Asian scripts and emoji take two.
  public static func width(_ text: some StringProtocol) -> Int {
    text.reduce(0) { $0 + width($1) }
  }

  /// The text cut to that many columns, with … where something is missing; line ends become blanks.
  public static func cut(_ text: String, to columns: Int) -> String {
    var output = ""
    var used = 0
    for character in text {
      let character: Character = character.isNewline ? " " : character
      let width = width(character)
      guard used + width <= columns else {
        while used > columns - 1, let last = output.popLast() { used -= Self.width(last) }
        return output + "…"
      }
      output.append(character)
      used += width
    }
    return output
  }

  /// The text cut or filled up with blanks to exactly that many columns.
  public static func column(_ text: String, _ columns: Int) -> String {
    let cut = cut(text, to: columns)
    return cut + String(repeating: " ", count: max(columns - width(cut), 0))
  }

  /// Lines of at most that many columns, broken between words; a word that is too long is broken itself.
  public static func wrap(_ text: String, to columns: Int) -> [String] {
    text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).flatMap { wrapLine($0, max(columns, 2)) }
  }

  private static func wrapLine(_ line: Substring, _ columns: Int) -> [String] {
    var lines: [String] = []
    var current = ""
    var used = 0
    // The last blank of the line, behind which it is broken.
    var blank: String.Index?
    for character in line {
      let character: Character = character == "\t" ? " " : character
      let width = width(character)
      if used + width > columns {
        if character == " " {
          lines.append(current)
          (current, used, blank) = ("", 0, nil)
          continue
        }
        let rest = blank.map { String(current[current.index(after: $0)...]) } ?? ""
        lines.append(blank.map { String(current[..<$0]) } ?? current)
        (current, used, blank) = (rest, Self.width(rest), nil)
      }
      if character == " " { blank = current.endIndex }
      current.append(character)
      used += width
    }
    return lines + [current]
  }

  private static func width(_ character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    switch scalar.value {
    case ..<0x1100: return 1
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
