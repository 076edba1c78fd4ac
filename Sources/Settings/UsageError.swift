internal import JSONSchema

/// A command line, variable or configuration file that can't be followed, in a sentence that says what would be right.
public struct UsageError: Error, Sendable, Equatable {
  /// The sentence; never holds a secret.
  public let message: String

  /// Creates an error.
  public init(_ message: String) { self.message = message }

  /// A name that nothing has; the nearest known one is proposed.
  public static func unknown(_ kind: String, _ name: String, known: [String]) -> UsageError {
    let shown = name.prefix(64)
    if let nearest = Nearest.name(to: name, among: known) {
      return UsageError("unknown \(kind) \"\(shown)\"; did you mean \"\(nearest)\"?")
    }
    guard known.count <= 24 else { return UsageError("unknown \(kind) \"\(shown)\"") }
    return UsageError("unknown \(kind) \"\(shown)\"; known: \(known.joined(separator: ", "))")
  }
}
