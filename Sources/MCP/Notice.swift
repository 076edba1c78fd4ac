internal import JSON
internal import Synchronization

/// How much a message for the client's log matters, least first (RFC 5424, section 6.2.1).
public enum NoticeLevel: Int, Sendable, CaseIterable, Comparable {
  /// For those who look for a fault.
  case debug
  /// What goes on.
  case info
  /// What is worth knowing.
  case notice
  /// What may go wrong.
  case warning
  /// What went wrong.
  case error
  /// A part does not work.
  case critical
  /// Something must be done now.
  case alert
  /// Nothing works.
  case emergency

  /// The name on the wire.
  var name: String { "\(self)" }

  /// The level of that name.
  init?(name: String) {
    guard let level = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = level
  }

  /// Orders by weight.
  public static func < (left: NoticeLevel, right: NoticeLevel) -> Bool { left.rawValue < right.rawValue }
}

extension JSONWriter {
  /// Writes `notifications/message`.
  mutating func notice(_ level: NoticeLevel, _ text: String) {
    raw("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"level\":")
    string(level.name)
    key("logger")
    raw("\"tools\"")
    key("data")
    string(text.abbreviated(to: 500))
    append("}}")
  }
}
