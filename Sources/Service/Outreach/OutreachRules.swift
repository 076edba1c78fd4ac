public import JSON
public import Platform

/// What a workspace asks of outreach beside the suppression list, which always holds; nothing of it is on by default.
public struct OutreachRules: Sendable, Equatable {
  /// The hours at which no message goes out.
  public var quietHours: QuietHours?
  /// The most messages to one person in 24 hours.
  public var contactCap: Int64?
  /// The most messages to addresses of one domain in 24 hours.
  public var domainCap: Int64?
  /// Whether a person in a sequence that is under way gets nothing else.
  public var avoidsActiveSequences = false

  /// Rules that ask for nothing.
  public init() {}

  /// How long a message counts towards a cap, in milliseconds: a sliding day, so that no midnight resets it.
  public static let capWindow: Int64 = 86_400_000

  /// Reads what ``json`` wrote.
  public init(json: JSONObject) {
    quietHours = json["quiet_hours"]?.stringValue.flatMap {
      QuietHours($0, offset: json["utc_offset"]?.stringValue ?? "+00:00")
    }
    contactCap = json["max_per_contact_per_day"]?.integerValue
    domainCap = json["max_per_domain_per_day"]?.integerValue
    avoidsActiveSequences = json["avoid_active_sequences"]?.boolValue ?? false
  }

  /// All rules; null for those that are off.
  public var json: JSONObject {
    [
      "quiet_hours": quietHours.map { .string($0.text) } ?? .null,
      "utc_offset": .string(quietHours?.offsetText ?? "+00:00"),
      "max_per_contact_per_day": contactCap.map { .integer($0) } ?? .null,
      "max_per_domain_per_day": domainCap.map { .integer($0) } ?? .null,
      "avoid_active_sequences": .bool(avoidsActiveSequences),
    ]
  }
}

/// A part of each day, on clocks that differ from UTC by a fixed offset.
public struct QuietHours: Sendable, Equatable {
  private static let day: Int64 = 1440
  private let start: Int64
  private let end: Int64
  private let offset: Int64

  /// Reads `HH:MM-HH:MM`, which may pass midnight, and an offset such as `+01:00`; nil when either is something else.
  public init?(_ hours: String, offset: String = "+00:00") {
    let parts = hours.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let start = Self.minutes(parts[0]), let end = Self.minutes(parts[1]), start != end,
      let sign = offset.utf8.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
      let size = Self.minutes(offset.dropFirst()), size <= 14 * 60
    else { return nil }
    self.start = start
    self.end = end
    self.offset = sign == UInt8(ascii: "-") ? -size : size
  }

  private static func minutes(_ text: Substring) -> Int64? {
    let digits = Array(text.utf8)
    guard digits.count == 5, digits[2] == UInt8(ascii: ":") else { return nil }
    let numbers = [0, 1, 3, 4].map { Int64(digits[$0]) - 48 }
    guard numbers.allSatisfy({ (0...9).contains($0) }) else { return nil }
    let (hours, minutes) = (numbers[0] * 10 + numbers[1], numbers[2] * 10 + numbers[3])
    return hours < 24 && minutes < 60 ? hours * 60 + minutes : nil
  }

  /// When the quiet that holds at this moment ends; nil when none holds.
  public func end(at moment: Timestamp) -> Timestamp? {
    let minute = Self.floorDivided(moment.milliseconds, by: 60_000)
    let time = Self.remainder(minute &+ offset, of: Self.day)
    let isQuiet = start < end ? time >= start && time < end : time >= start || time < end
    guard isQuiet else { return nil }
    let left = Self.remainder(end - time, of: Self.day)
    return moment.adding(milliseconds: left * 60_000 - Self.remainder(moment.milliseconds, of: 60_000))
  }

  private static func floorDivided(_ number: Int64, by divisor: Int64) -> Int64 {
    let quotient = number / divisor
    return number % divisor < 0 ? quotient - 1 : quotient
  }

  private static func remainder(_ number: Int64, of divisor: Int64) -> Int64 {
    let rest = number % divisor
    return rest < 0 ? rest + divisor : rest
  }

  /// `HH:MM-HH:MM`.
  public var text: String { Self.text(start) + "-" + Self.text(end) }

  /// The clocks' offset, `+HH:MM` or `-HH:MM`.
  public var offsetText: String { (offset < 0 ? "-" : "+") + Self.text(abs(offset)) }

  private static func text(_ minutes: Int64) -> String { two(minutes / 60) + ":" + two(minutes % 60) }

  private static func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

extension ServiceError {
  /// What rules stand against doing it now.
  public init(_ obstacles: [OutreachObstacle], at now: Timestamp) {
    let reasons = obstacles.map { "\($0.rule.rawValue): \($0.reason)" }.joined(separator: " ")
    let ends = obstacles.compactMap(\.until)
    let wait =
      ends.count == obstacles.count
      ? ends.max().map { Int(max(0, $0.milliseconds - now.milliseconds) / 1000 + 1) } : nil
    self.init(
      .forbidden, "A rule of this workspace forbids it, so nothing was done. \(reasons)",
      details: obstacles.map { Detail(path: "", message: $0.rule.rawValue) }, retryAfter: wait)
  }
}
