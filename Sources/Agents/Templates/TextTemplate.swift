/// A text with placeholders: `{{firstname}}`, or `{{firstname|there}}` with what stands in where the fact is unknown.
struct TextTemplate: Sendable {
  private enum Piece {
    case literal(String)
    case placeholder(Placeholder, fallback: String?)
  }

  /// What a placeholder can name.
  enum Placeholder: String, CaseIterable {
    case firstname, lastname, company, jobtitle, email
    /// How often the page was visited.
    case visits
    /// The page, as the playbook names it.
    case page
    /// "today", "yesterday" or "on 19 November".
    case lastVisit = "last_visit"
    /// The days that are looked at.
    case windowDays = "window_days"
  }

  /// A text that is no template.
  struct Malformed: Error {
    let problem: String
  }

  private let pieces: [Piece]

  init(_ text: String) throws(Malformed) {
    var pieces: [Piece] = []
    var rest = text[...]
    while let open = rest.firstOccurrence(of: "{{") {
      let inner = rest[open.upperBound...]
      guard let close = inner.firstOccurrence(of: "}}") else { throw Malformed(problem: "has a {{ without its }}") }
      pieces.append(.literal(String(rest[..<open.lowerBound])))
      pieces.append(try Self.placeholder(inner[..<close.lowerBound]))
      rest = inner[close.upperBound...]
    }
    pieces.append(.literal(String(rest)))
    self.pieces = pieces
  }

  private static func placeholder(_ text: Substring) throws(Malformed) -> Piece {
    let parts = text.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
    let name = (parts.first ?? "").filter { $0 != " " }
    guard let placeholder = Placeholder(rawValue: name) else {
      let known = Placeholder.allCases.map { "{{\($0.rawValue)}}" }.joined(separator: ", ")
      throw Malformed(problem: "has the unknown placeholder {{\(name.prefix(40))}}; known are \(known)")
    }
    return .placeholder(placeholder, fallback: parts.count == 2 ? String(parts[1]) : nil)
  }

  /// A placeholder without value and without a stand-in.
  struct Missing: Error {
    let placeholder: Placeholder
  }

  /// The text with the values of this person.
  func filled(_ values: [Placeholder: String]) throws(Missing) -> String {
    var text = ""
    for piece in pieces {
      switch piece {
      case .literal(let literal): text += literal
      case .placeholder(let placeholder, let fallback):
        guard let value = values[placeholder] ?? fallback else { throw Missing(placeholder: placeholder) }
        text += value
      }
    }
    return text
  }
}

/// Makes a fact from outside fit for a message to that same person.
enum MessageFact {
  /// One line of at most 60 characters without control characters; nil when nothing is left or it holds a web address:
  /// who registers somebody under the name "www.…" wants us to advertise it.
  static func line(_ text: String?) -> String? {
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
