internal import JSON

/// Text from elsewhere as a terminal may show it: on one line, without what would move the cursor or hide text.
enum Printable {
  static func text(_ text: String) -> String {
    String(text.sanitized.map { $0.isNewline || $0 == "\t" ? " " : $0 })
  }
}
