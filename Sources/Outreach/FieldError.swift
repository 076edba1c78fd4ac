/// Why an action can't be done or a message not be written: one field holds what must not be there.
public struct FieldError: Error, Sendable, Equatable {
  /// The action parameter or header at fault, such as `subject` or `cc`.
  public let field: String
  /// What is wrong and what would be right: the rest of a sentence that begins with the field, without a full stop.
  public let problem: String

  init(_ field: String, _ problem: String) {
    self.field = field
    self.problem = problem
  }

  /// Refuses what could end a header or hide in it: line ends, NUL, every other control character, and U+2028/2029.
  static func checkHeaderText(_ text: String, field: String) throws(FieldError) {
    for scalar in text.unicodeScalars {
      switch scalar {
      case " "..."~": continue
      case "\r", "\n", "\u{85}", "\u{2028}", "\u{2029}":
        throw FieldError(field, "holds a line break, which could add headers; it must be one line")
      case ..<" ", "\u{7F}"..."\u{9F}":
        let code = String(scalar.value, radix: 16, uppercase: true)
        let zeros = String(repeating: "0", count: 4 - code.count)
        throw FieldError(field, "holds the control character U+\(zeros)\(code); it must be plain text")
      default: continue
      }
    }
  }
}
