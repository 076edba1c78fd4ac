/// A command line, variable or configuration file that can't be followed, in a sentence that says what would be right.
public struct UsageError: Error, Sendable, Equatable {
  /// The sentence; never holds a secret.
  public let message: String

  /// Creates an error.
  public init(_ message: String) { self.message = message }

  /// A name that nothing has; the nearest known one is proposed.
  static func unknown(_ kind: String, _ name: String, known: [String]) -> UsageError {
    let shown = name.prefix(64)
    if let nearest = nearestName(to: name, in: known) {
      return UsageError("unknown \(kind) \"\(shown)\"; did you mean \"\(nearest)\"?")
    }
    guard known.count <= 24 else { return UsageError("unknown \(kind) \"\(shown)\"") }
    return UsageError("unknown \(kind) \"\(shown)\"; known: \(known.joined(separator: ", "))")
  }
}

/// The known name that needs the fewest changed letters, if a slip of the fingers can be the reason.
func nearestName(to name: String, in known: [String]) -> String? {
  let letters = Array(name.utf8.prefix(64))
  let limit = max(1, letters.count / 3)
  let nearest = known.map { (name: $0, distance: editDistance(letters, Array($0.utf8))) }.min {
    $0.distance < $1.distance
  }
  guard let nearest, nearest.distance <= limit else { return nil }
  return nearest.name
}

/// Insertions, deletions and replacements that make one out of the other (Levenshtein).
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
  var previous = Array(0...right.count)
  for (row, letter) in left.enumerated() {
    var current = [row + 1]
    for (column, other) in right.enumerated() {
      let replaced = previous[column] + (letter == other ? 0 : 1)
      current.append(min(replaced, previous[column + 1] + 1, current[column] + 1))
    }
    previous = current
  }
  return previous[right.count]
}
