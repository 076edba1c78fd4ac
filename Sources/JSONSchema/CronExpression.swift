/// Five cron fields: minute, hour, day of the month, month, weekday.
///
/// A field is `*`, a number, a range `a-b`, either with a step `/n`, or several of these with commas. Months and
/// weekdays may be names (`JAN`, `MON`); weekday 0 and 7 are Sunday.
public struct CronExpression: Sendable, Equatable {
  /// Minutes 0 to 59, one bit each.
  public let minutes: UInt64
  /// Hours 0 to 23.
  public let hours: UInt64
  /// Days of the month 1 to 31.
  public let days: UInt64
  /// Months 1 to 12.
  public let months: UInt64
  /// Weekdays 0 (Sunday) to 6.
  public let weekdays: UInt64
  /// Both the day of the month and the weekday are restricted: then either suffices (POSIX, crontab).
  public let eitherDaySuffices: Bool

  /// Reads the fields; nil when they are not five, or one is wrong.
  public init?(_ text: String) {
    let fields = text.utf8.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }.map { Substring($0) }
    guard fields.count == 5, let minutes = Self.bits(fields[0], 0...59), let hours = Self.bits(fields[1], 0...23),
      let days = Self.bits(fields[2], 1...31), let months = Self.bits(fields[3], 1...12, names: Self.monthNames),
      let weekdays = Self.bits(fields[4], 0...7, names: Self.weekdayNames)
    else { return nil }
    self.minutes = minutes
    self.hours = hours
    self.days = days
    self.months = months
    self.weekdays = (weekdays | weekdays >> 7) & 0x7F
    eitherDaySuffices = !fields[2].hasPrefix("*") && !fields[4].hasPrefix("*")
  }

  private static let monthNames = [
    "", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
  ]
  private static let weekdayNames = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]

  private static func bits(_ field: Substring, _ range: ClosedRange<Int>, names: [String] = []) -> UInt64? {
    var bits: UInt64 = 0
    for part in field.split(separator: ",", omittingEmptySubsequences: false) {
      let pieces = part.split(separator: "/", omittingEmptySubsequences: false)
      guard pieces.count <= 2, let first = pieces.first, let span = span(first, range, names) else { return nil }
      var step = 1
      if pieces.count == 2 {
        guard let number = number(pieces[1], []), number > 0 else { return nil }
        step = number
      }
      // `5/15` begins at 5 and goes on to the end of the field.
      let isOpen = pieces.count == 2 && span.lowerBound == span.upperBound
      for value in stride(from: span.lowerBound, through: isOpen ? range.upperBound : span.upperBound, by: step) {
        bits |= 1 << UInt64(value)
      }
    }
    return bits
  }

  private static func span(_ text: Substring, _ range: ClosedRange<Int>, _ names: [String]) -> ClosedRange<Int>? {
    if text == "*" { return range }
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
    guard let first = ends.first, let last = ends.last, ends.count <= 2, let low = number(first, names),
      let high = number(last, names), low <= high, range.contains(low), range.contains(high)
    else { return nil }
    return low...high
  }

  private static func number(_ text: Substring, _ names: [String]) -> Int? {
    if let position = names.firstIndex(of: text.uppercased()), !text.isEmpty { return position }
    guard (1...2).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int(text)
  }
}
