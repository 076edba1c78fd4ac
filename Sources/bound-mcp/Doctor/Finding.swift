internal import JSON

/// What a check has found, and what to do about it.
struct Finding: Sendable {
  /// How bad it is.
  enum Level: String, Sendable, CaseIterable {
    /// As it should be.
    case ok
    /// Worth knowing.
    case note
    /// Works, but not as well as it could, or not for everything.
    case warning
    /// Something can't work until this is mended.
    case problem
  }

  /// What was looked at, in a word or two, such as `Pathbound key`.
  let subject: String
  let level: Level
  /// What was found; shows no secret.
  let message: String
  /// What to do; nil when there is nothing to be done.
  let advice: String?

  init(_ subject: String, _ level: Level, _ message: String, advice: String? = nil) {
    self.subject = subject
    self.level = level
    self.message = message
    self.advice = advice
  }

  /// For scripts.
  var json: JSONValue {
    var members: JSONObject = [
      "subject": .string(subject), "level": .string(level.rawValue), "message": .string(message),
    ]
    if let advice { members["advice"] = .string(advice) }
    return .object(members)
  }
}

/// One thing that `doctor` looks at.
protocol Check: Sendable {
  /// Looks; may take seconds, and runs beside the others.
  func findings() -> [Finding]
}
