public import JSON
public import Platform

/// The rules that keep outreach decent; each can be set, only ``suppression`` is always on.
public enum OutreachRule: String, Sendable, CaseIterable {
  /// The address, its domain or the person must not be written to.
  case suppression
  /// The hours at which nothing goes out.
  case quietHours = "quiet_hours"
  /// So many messages to one person in 24 hours.
  case contactCap = "contact_cap"
  /// So many messages to addresses of one domain in 24 hours.
  case domainCap = "domain_cap"
  /// The person is in a sequence that is under way.
  case activeSequence = "active_sequence"
}

/// What stands against performing an action now.
public struct OutreachObstacle: Sendable, Equatable {
  /// The rule.
  public let rule: OutreachRule
  /// Why, in a sentence.
  public let reason: String
  /// When it no longer stands; nil for a rule that does not end by itself.
  public let until: Timestamp?

  /// Creates an obstacle.
  public init(_ rule: OutreachRule, _ reason: String, until: Timestamp? = nil) {
    self.rule = rule
    self.reason = reason
    self.until = until
  }

  /// Members `rule`, `reason` and, where it ends, `until`.
  public var json: JSONObject {
    var json: JSONObject = ["rule": .string(rule.rawValue), "reason": .string(reason)]
    if let until { json["until"] = .string(until.iso8601) }
    return json
  }
}
