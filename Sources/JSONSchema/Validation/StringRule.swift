import JSON
import Platform

/// `minLength`, `maxLength`, `pattern`, and the formats that descriptions state in words.
struct StringRule: Rule {
  /// The bound of a text without `maxLength`: more than any mail's body, less than what burdens the workspace.
  static let longest = 200_000

  private let minLength: Int
  private let maxLength: Int
  private let pattern: String?
  private let expression: RegularExpression?
  private let format: Schema.Format?

  init(minLength: Int?, maxLength: Int?, pattern: String?, format: Schema.Format?) {
    self.minLength = minLength ?? 0
    self.maxLength = maxLength ?? Self.longest
    self.pattern = pattern
    self.format = format
    expression = pattern.map { pattern in
      guard let expression = RegularExpression(pattern) else {
        preconditionFailure("a schema has an invalid pattern: \(pattern)")
      }
      return expression
    }
  }

  var expectation: String { format?.expectation ?? "a string" }

  func check(_ value: JSONValue, _ report: inout Report) -> JSONValue? {
    guard case .string(let text) = value else {
      refuse(value, &report)
      return nil
    }
    if let bare = format?.normalized(text) {
      if let message = violation(of: bare) { report.add(message) }
      return .string(bare)
    }
    if let message = violation(of: text) { report.add(message) }
    return nil
  }

  private func violation(of text: String) -> String? {
    let bytes = text.utf8.count
    // A scalar has one to four bytes, so that most texts need no counting.
    if bytes > maxLength, text.unicodeScalars.count > maxLength {
      return "Must have at most \(maxLength) characters, not \(text.unicodeScalars.count)."
    }
    if bytes < minLength * 4, text.unicodeScalars.count < minLength {
      return minLength == 1
        ? "Must not be empty." : "Must have at least \(minLength) characters, not \(text.unicodeScalars.count)."
    }
    if let expression, let pattern, !expression.matches(text) {
      return "Must match the pattern \(pattern), unlike \(Report.quoted(text))."
    }
    if let format, !format.accepts(text) { return "Must be \(format.expectation), not \(Report.quoted(text))." }
    return nil
  }
}

/// `enum`.
struct EnumerationRule: Rule {
  let words: [String]

  var expectation: String {
    words.count == 1 ? "\"\(words[0])\"" : "one of " + listed(words.map { "\"\($0)\"" })
  }

  func check(_ value: JSONValue, _ report: inout Report) -> JSONValue? {
    if case .string(let word) = value, words.contains(where: { $0.hasSameBytes(as: word) }) { return nil }
    refuse(value, &report)
    return nil
  }
}
