/// A text as the words that matching sees: lower case, without accents, without punctuation.
///
/// Full stops and apostrophes vanish ("U.S." is `us`), `+` and `#` belong to words ("C++"), everything else that is
/// neither letter nor digit separates.
struct Words: Sendable {
  /// The words in order.
  let list: [String]

  /// Splits a text; words after the first `limit` do not count.
  init(_ text: String, limit: Int = 4096) {
    var list: [String] = []
    var word = ""
    for scalar in text.unicodeScalars {
      if Self.isPart(scalar) {
        Self.append(scalar, to: &word)
      } else if !Self.isDropped(scalar), !word.isEmpty {
        list.append(word)
        word = ""
        if list.count == limit { break }
      }
    }
    if !word.isEmpty { list.append(word) }
    self.list = list
  }

  /// Takes words that are folded already.
  init(list: [String]) { self.list = list }

  /// Whether there is nothing to match.
  var isEmpty: Bool { list.isEmpty }

  /// Whether all words of the phrase stand here side by side and in order.
  func contains(_ phrase: Words) -> Bool {
    guard let first = phrase.list.first, phrase.list.count <= list.count else { return false }
    for start in 0...(list.count - phrase.list.count) where list[start] == first {
      if list[start..<(start + phrase.list.count)].elementsEqual(phrase.list) { return true }
    }
    return false
  }

  /// The words with each phrase of the table replaced by its word; longer phrases come first in the table.
  func replacing(_ table: [(phrase: [String], word: String)]) -> Words {
    var result: [String] = []
    result.reserveCapacity(list.count)
    var position = 0
    while position < list.count {
      let rest = list[position...]
      if let entry = table.first(where: { rest.starts(with: $0.phrase) }) {
        result.append(entry.word)
        position += entry.phrase.count
      } else {
        result.append(list[position])
        position += 1
      }
    }
    return Words(list: result)
  }

  private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "+", "#": true
    case ..<"\u{80}": false
    default: scalar.properties.isAlphabetic || scalar.properties.numericType != nil || isAccent(scalar)
    }
  }

  private static func isDropped(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "." || scalar == "'" || scalar == "\u{2019}"
  }

  private static func isAccent(_ scalar: Unicode.Scalar) -> Bool { ("\u{300}"..."\u{36F}").contains(scalar) }

  private static func append(_ scalar: Unicode.Scalar, to word: inout String) {
    if scalar.isASCII {
      let isUpper = ("A"..."Z").contains(scalar)
      word.unicodeScalars.append(isUpper ? Unicode.Scalar(UInt8(scalar.value) + 32) : scalar)
    } else if !isAccent(scalar) {
      for lower in scalar.properties.lowercaseMapping.unicodeScalars where !isAccent(lower) {
        word += base(of: lower)
      }
    }
  }

  /// The plain letter under an accented one, which its Unicode name tells: LATIN SMALL LETTER **E** WITH ACUTE.
  private static func base(of scalar: Unicode.Scalar) -> String {
    if scalar == "\u{DF}" { return "ss" }
    let prefix = "LATIN SMALL LETTER "
    guard !scalar.isASCII, let name = scalar.properties.name, name.hasPrefix(prefix) else { return String(scalar) }
    let letter = name.dropFirst(prefix.count).prefix { $0 != " " }
    return letter.count == 1 || letter == "AE" || letter == "OE" ? letter.lowercased() : String(scalar)
  }
}
