internal import Platform

/// Makes a fact from outside fit for a message to that same person.
public enum MessageFact {
  /// One line of at most 60 characters without control characters; nil when nothing is left or it holds a web address:
  /// who registers somebody under the name "www.…" wants us to advertise it.
  public static func line(_ text: String?) -> String? {
    guard let text else { return nil }
    var result = ""
    var needsSpace = false
    for scalar in text.unicodeScalars.prefix(200) {
      if isSpace(scalar) {
        needsSpace = !result.isEmpty
      } else if !scalar.properties.isDefaultIgnorableCodePoint {
        if needsSpace { result += " " }
        needsSpace = false
        result.unicodeScalars.append(scalar)
      }
    }
    let line = String(result.prefix(60))
    let lower = line.lowercased()
    let isAdvertisement = ["://", "www.", "{{", "<", ">"].contains { lower.holds($0) }
    return line.isEmpty || isAdvertisement ? nil : line
  }

  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
  }
}
