/// Takes secrets and people's addresses out of text before it is logged.
public enum Redaction {
  /// The text on one line, with keys, tokens and e-mail addresses replaced.
  ///
  /// A word is taken for a secret when it begins like one of the platforms' keys or follows `Bearer`; for an address
  /// when it holds an `@` between other characters.
  public static func redact(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    var word = ""
    var previousWord = ""
    for character in text.unicodeScalars {
      if isBoundary(character) {
        result += replacement(word, after: previousWord) ?? word
        if !word.isEmpty { previousWord = word }
        word = ""
        result.unicodeScalars.append(character.value < 0x20 || character.value == 0x7F ? " " : character)
      } else {
        word.unicodeScalars.append(character)
      }
    }
    return result + (replacement(word, after: previousWord) ?? word)
  }

  /// The text with keys and tokens replaced, and nothing else changed.
  public static func withoutSecrets(_ text: String) -> String {
    guard text.utf8.count >= 8 else { return text }
    var result = ""
    var word = ""
    var previousWord = ""
    for character in text.unicodeScalars {
      if isBoundary(character) {
        result += secret(word, after: previousWord) ?? word
        if !word.isEmpty { previousWord = word }
        word = ""
        result.unicodeScalars.append(character)
      } else {
        word.unicodeScalars.append(character)
      }
    }
    return result + (secret(word, after: previousWord) ?? word)
  }

  private static let secretPrefixes = ["gtm_sk_", "gtm_pk_", "sk_", "sk-", "xoxb-", "xoxp-", "re_", "pat-", "ghp_"]

  private static func isBoundary(_ character: Unicode.Scalar) -> Bool {
    character.value <= 0x20 || character.value == 0x7F || "\"'(),;<>=[]{}".unicodeScalars.contains(character)
  }

  private static func secret(_ word: String, after previous: String) -> String? {
    if previous == "Bearer" && word.utf8.count >= 8 { return "[secret]" }
    if word.utf8.count >= 12, secretPrefixes.contains(where: { word.hasPrefix($0) }) { return "[secret]" }
    return nil
  }

  private static func replacement(_ word: String, after previous: String) -> String? {
    if let secret = secret(word, after: previous) { return secret }
    if let at = word.firstIndex(of: "@"), at != word.startIndex, word.index(after: at) != word.endIndex {
      return "[address]"
    }
    return nil
  }
}
