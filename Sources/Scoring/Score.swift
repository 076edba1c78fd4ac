public import JSON

/// How well a contact fits a profile, with the reasons.
public struct Score: Sendable, Equatable {
  /// What one category gave.
  public struct Part: Sendable, Equatable {
    /// The category.
    public let category: Category
    /// The points given.
    public let points: Int
    /// The points that were possible; over all parts 100.
    public let maximum: Int
    /// The sentence behind it.
    public let reason: String
    /// The fact is missing, so nothing could be given.
    public let isUnknown: Bool
  }

  /// From 0 to 100: the sum over the parts.
  public let points: Int
  /// The parts in the order of ``Category``.
  public let parts: [Part]
  /// A short paragraph: the verdict, the strongest plus and minus, what to find out.
  public let reasoning: String

  /// The points in a word.
  public var verdict: Verdict { Verdict(points: points) }

  /// `{"<category>": {"score", "max", "reason"}}`, with `"unknown": true` where the fact is missing.
  public var breakdown: JSONObject {
    JSONObject(
      parts.map { part in
        var entry: JSONObject = [
          "score": .integer(Int64(part.points)), "max": .integer(Int64(part.maximum)), "reason": .string(part.reason),
        ]
        if part.isUnknown { entry["unknown"] = true }
        return (part.category.rawValue, .object(entry))
      })
  }
}

/// A score in a word (Owlbound API 10).
public enum Verdict: String, Sendable, CaseIterable {
  /// 75 and more.
  case strongFit = "strong_fit"
  /// 50 and more.
  case moderateFit = "moderate_fit"
  /// 25 and more.
  case weakFit = "weak_fit"
  /// Less.
  case notAFit = "not_a_fit"

  /// The verdict on a number of points.
  public init(points: Int) {
    self =
      switch points {
      case 75...: .strongFit
      case 50...: .moderateFit
      case 25...: .weakFit
      default: .notAFit
      }
  }

  /// The verdict in a sentence.
  var label: String {
    switch self {
    case .strongFit: "strong fit"
    case .moderateFit: "moderate fit"
    case .weakFit: "weak fit"
    case .notAFit: "not a fit"
    }
  }
}
