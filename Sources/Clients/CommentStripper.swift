/// Takes comments and commas behind last members out of JSON as editors allow it.
struct CommentStripper {
  /// Where it stands.
  var position: Int

  /// The same number of bytes, with blanks for what is no JSON; line ends stay.
  static func strip(_ text: [UInt8]) -> [UInt8] {
    var output = text
    var position = 0
    /// A comma behind which nothing has come yet.
    var comma: Int?
    while position < text.count {
      let start = position
      switch text[position] {
      case UInt8(ascii: "\""):
        position = endOfString(text, from: position)
        comma = nil
      case UInt8(ascii: "/"):
        var comments = CommentStripper(position: position)
        comments.skip(text)
        guard comments.position > position else { return output }
        position = comments.position
        for place in start..<position where !text[place].isBlank { output[place] = .space }
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if let comma { output[comma] = .space }
        comma = nil
        position += 1
      case .comma:
        // Of two commas neither goes: such a text is refused.
        comma = comma == nil && !isBehindOpening(output, position) ? position : nil
        position += 1
      default:
        if !text[position].isBlank { comma = nil }
        position += 1
      }
    }
    return output
  }

  /// Passes over blanks and comments; a comment without its end reaches to the end of the text.
  mutating func skip(_ text: [UInt8]) {
    while position < text.count {
      if text[position].isBlank {
        position += 1
        continue
      }
      guard text[position] == UInt8(ascii: "/"), position + 1 < text.count else { return }
      switch text[position + 1] {
      case UInt8(ascii: "/"):
        position = text[position...].firstIndex(of: .newline) ?? text.count
      case UInt8(ascii: "*"):
        guard let end = Self.endOfBlock(text, from: position + 2) else { return }
        position = end
      default: return
      }
    }
  }

  private static func endOfBlock(_ text: [UInt8], from start: Int) -> Int? {
    var place = start
    while place + 1 < text.count {
      if text[place] == UInt8(ascii: "*"), text[place + 1] == UInt8(ascii: "/") { return place + 2 }
      place += 1
    }
    return nil
  }

  private static func endOfString(_ text: [UInt8], from start: Int) -> Int {
    var place = start + 1
    while place < text.count, text[place] != UInt8(ascii: "\"") {
      place += text[place] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(place + 1, text.count)
  }

  /// Whether nothing stands before the comma: `[,]` is no list.
  private static func isBehindOpening(_ text: [UInt8], _ position: Int) -> Bool {
    guard let before = text[..<position].last(where: { !$0.isBlank }) else { return true }
    return before == UInt8(ascii: "{") || before == UInt8(ascii: "[") || before == UInt8(ascii: ":")
  }
}

extension UInt8 {
  static let newline = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let space = UInt8(ascii: " ")
  static let tab = UInt8(ascii: "\t")
  static let comma = UInt8(ascii: ",")

  /// A blank within a line.
  var isSpace: Bool { self == .space || self == .tab }

  /// A blank of any kind.
  var isBlank: Bool { isSpace || self == .newline || self == .carriageReturn }
}
