internal import Platform

/// A text with placeholders: `{{firstname}}`, or `{{firstname|there}}` with what stands in where the fact is unknown.
///
/// `Placeholder` says what can be named; a text that names anything else is no template.
public struct TextTemplate<Placeholder>: Sendable
where Placeholder: RawRepresentable<String> & CaseIterable & Hashable & Sendable {
  private enum Piece: Sendable {
    case literal(String)
    case placeholder(Placeholder, fallback: String?)
  }

  /// Why a text is no template.
  public struct Malformed: Error {
    /// What follows the text's name in a sentence, such as "has a {{ without its }}".
    public let problem: String
  }

  private let pieces: [Piece]

  /// Reads a text.
  public init(_ text: String) throws(Malformed) {
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
  public struct Missing: Error {
    /// What is unknown.
    public let placeholder: Placeholder
  }

  /// The text with the values of this person.
  public func filled(_ values: [Placeholder: String]) throws(Missing) -> String {
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
