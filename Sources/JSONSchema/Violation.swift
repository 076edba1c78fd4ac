/// One place where a value breaks its schema.
public struct Violation: Sendable, Equatable {
  /// JSON Pointer to the value, as `/monitoring/schedule_cron`; to where it should be when it is missing.
  public let path: String
  /// A sentence that says what would be right.
  public let message: String
}

/// A value breaks its schema.
public struct ValidationFailure: Error, Sendable, Equatable {
  /// No more than this many violations are collected: the first few tell a caller what to mend.
  public static let limit = 8

  /// In the order in which they were found; at least one, at most ``limit``.
  public let violations: [Violation]
}

/// Collects violations while a value is walked through.
struct Report {
  /// How much of a caller's text a message repeats, in Unicode scalars.
  static let longestEcho = 48

  private(set) var violations: [Violation] = []

  /// Nothing more is collected, so that there is no need to look further.
  var isFull: Bool { violations.count >= ValidationFailure.limit }

  /// Notes what is wrong with the value at hand.
  mutating func add(_ message: String) {
    if !isFull { violations.append(Violation(path: "", message: message)) }
  }

  /// Notes what is wrong with a member of the value at hand.
  mutating func add(_ message: String, at key: String) {
    if !isFull { violations.append(Violation(path: "/" + Self.token(key), message: message)) }
  }

  /// Says that all violations since the first `count` lie below a member or item of the value at hand.
  mutating func locate(_ token: @autoclosure () -> String, since count: Int) {
    guard violations.count > count else { return }
    let prefix = "/" + token()
    for position in count..<violations.count {
      let inner = violations[position]
      violations[position] = Violation(path: prefix + inner.path, message: inner.message)
    }
  }

  /// A key as it stands in a JSON Pointer (RFC 6901, section 3), cut to a length.
  static func token(_ key: String) -> String {
    var token = ""
    for scalar in key.unicodeScalars.prefix(longestEcho) {
      switch scalar {
      case "~": token += "~0"
      case "/": token += "~1"
      default: token.unicodeScalars.append(scalar)
      }
    }
    return token
  }

  /// A caller's text in quotation marks, cut to a length.
  static func quoted(_ text: String) -> String {
    var echo = String(text.unicodeScalars.prefix(longestEcho))
    if echo.utf8.count < text.utf8.count { echo += "…" }
    return "\"\(echo)\""
  }
}
