/// A revision of the protocol, oldest first.
public enum Revision: Int, Sendable, Comparable, CaseIterable {
  /// 2024-11-05
  case november2024
  /// 2025-03-26
  case march2025
  /// 2025-06-18
  case june2025
  /// 2025-11-25, the last one with a handshake.
  case november2025
  /// 2026-07-28, the first in which every request carries an envelope.
  case july2026

  /// The revision of that name, such as `2025-06-18`.
  public init?(name: String) {
    for revision in Self.newestFirst where revision.name == name {
      self = revision
      return
    }
    return nil
  }

  /// The name on the wire.
  public var name: String {
    switch self {
    case .november2024: "2024-11-05"
    case .march2025: "2025-03-26"
    case .june2025: "2025-06-18"
    case .november2025: "2025-11-25"
    case .july2026: "2026-07-28"
    }
  }

  /// Requests carry an envelope, and nothing is remembered between them.
  public var isModern: Bool { self >= .july2026 }

  /// The newest that `initialize` can agree on.
  public static let newestLegacy = Revision.november2025

  private static let newestFirst: [Revision] = allCases.reversed()

  /// All names, newest first.
  static let supportedNames = newestFirst.map(\.name)

  /// The names of those with an envelope.
  static let modernNames = allCases.filter(\.isModern).map(\.name)

  /// Orders by age.
  public static func < (left: Revision, right: Revision) -> Bool { left.rawValue < right.rawValue }
}

/// What differs between revisions in the results of a tool.
extension Revision {
  /// `structuredContent` and `outputSchema` are known.
  var hasStructuredContent: Bool { self >= .june2025 }

  /// Structured content may be something other than an object.
  var allowsAnyStructuredContent: Bool { isModern }

  /// Blocks of type `audio` are known.
  var hasAudio: Bool { self >= .march2025 }

  /// Blocks of type `resource_link` are known.
  var hasResourceLinks: Bool { self >= .june2025 }

  /// Progress notifications may say what is going on.
  var hasProgressMessages: Bool { self >= .march2025 }

  /// Several messages may come as one array.
  var hasBatches: Bool { self == .march2025 }
}
