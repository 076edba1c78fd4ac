internal import Service

/// What people type into a search, as SQLite understands it.
///
/// Everything that means something to FTS5 or `LIKE` is taken out or escaped: a text is only ever words.
enum SearchText {
  /// More words than this are refused; each must be looked up.
  private static let wordLimit = 32
  /// The most bytes of a search.
  private static let byteLimit = 2000

  /// An FTS5 query that every word of the text must match, as the beginning of a word; nil when there is no word in it.
  ///
  /// - Throws: `VALIDATION_ERROR` for a text that is too long.
  static func prefixes(_ text: String, at path: String) throws(ServiceError) -> String? {
    let words = try prefixWords(text, at: path)
    return words.isEmpty ? nil : words.joined(separator: " ")
  }

  /// The same, word by word.
  static func prefixWords(_ text: String, at path: String) throws(ServiceError) -> [String] {
    try SizeLimit.check(text, byteLimit, at: path)
    var words: [String] = []
    for word in text.unicodeScalars.split(whereSeparator: { $0.properties.isWhitespace || $0.value < 0x20 }) {
      // FTS5 sees no word in what has neither letter nor digit.
      guard word.contains(where: { isPartOfWord($0) }) else { continue }
      guard words.count < wordLimit else { throw .invalid(path, "At most \(wordLimit) words; name the rarest ones.") }
      var query = "\""
      for scalar in word {
        // A quotation mark ends a phrase unless it is doubled; it is no part of a word either way.
        query.unicodeScalars.append(scalar == "\"" ? " " : scalar)
      }
      words.append(query + "\"*")
    }
    return words
  }

  /// An FTS5 query for a substring among trigrams; nil when the text is too short to have one.
  static func substring(_ text: String, at path: String) throws(ServiceError) -> String? {
    try SizeLimit.check(text, byteLimit, at: path)
    guard !text.utf8.contains(0) else { throw .invalid(path, "Must not hold a zero byte.") }
    guard text.unicodeScalars.count >= 3 else { return nil }
    var query = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { query += "\"" }
      query.unicodeScalars.append(scalar)
    }
    return query + "\""
  }

  /// A pattern for `LIKE … ESCAPE '\'` that matches what contains the text.
  static func pattern(_ text: String) -> String {
    var pattern = "%"
    for scalar in text.unicodeScalars {
      if scalar == "%" || scalar == "_" || scalar == "\\" { pattern += "\\" }
      pattern.unicodeScalars.append(scalar)
    }
    return pattern + "%"
  }

  private static func isPartOfWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
      .letterNumber, .otherNumber, .privateUse:
      true
    default: false
    }
  }
}
