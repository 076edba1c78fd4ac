/// A moment in time: whole milliseconds since 1970-01-01T00:00:00 UTC.
public struct Timestamp: Sendable, Hashable, Comparable {
  /// Milliseconds since the epoch; negative before it.
  public var milliseconds: Int64

  /// Creates a moment from milliseconds since the epoch.
  public init(milliseconds: Int64) {
    self.milliseconds = milliseconds
  }

  /// Orders by time.
  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.milliseconds < right.milliseconds
  }

  /// The moment that many milliseconds later; stops at the ends of the range.
  public func adding(milliseconds delta: Int64) -> Timestamp {
    let (sum, overflow) = milliseconds.addingReportingOverflow(delta)
    return Timestamp(milliseconds: overflow ? (delta < 0 ? .min : .max) : sum)
  }
}

/// A day and time of day in UTC, proleptic Gregorian calendar.
public struct CalendarTime: Sendable, Hashable {
  /// The year, may be negative.
  public var year: Int
  /// 1 to 12.
  public var month: Int
  /// 1 to 31.
  public var day: Int
  /// 0 to 23.
  public var hour: Int
  /// 0 to 59.
  public var minute: Int
  /// 0 to 59; leap seconds do not exist here.
  public var second: Int
  /// 0 to 999.
  public var millisecond: Int

  /// Creates a calendar time; the parts are not checked.
  public init(
    year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0, millisecond: Int = 0
  ) {
    self.year = year
    self.month = month
    self.day = day
    self.hour = hour
    self.minute = minute
    self.second = second
    self.millisecond = millisecond
  }

  /// The calendar time of a moment.
  public init(_ moment: Timestamp) {
    let dayMilliseconds: Int64 = 86_400_000
    var days = moment.milliseconds / dayMilliseconds
    var rest = Int(moment.milliseconds % dayMilliseconds)
    if rest < 0 {
      rest += Int(dayMilliseconds)
      days -= 1
    }
    // Days to civil date, counted in eras of 400 years that begin on 1 March.
    let shifted = Int(days) + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthIndex = (5 * dayOfYear + 2) / 153
    month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
    day = dayOfYear - (153 * monthIndex + 2) / 5 + 1
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    hour = rest / 3_600_000
    minute = rest / 60_000 % 60
    second = rest / 1000 % 60
    millisecond = rest % 1000
  }

  /// Days since 1970-01-01.
  public var daysSinceEpoch: Int {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// 0 is Sunday, 6 is Saturday.
  public var weekday: Int {
    let remainder = (daysSinceEpoch + 4) % 7
    return remainder < 0 ? remainder + 7 : remainder
  }

  /// The moment of this calendar time.
  public var timestamp: Timestamp {
    let seconds = Int64(daysSinceEpoch) * 86_400 + Int64(hour * 3600 + minute * 60 + second)
    return Timestamp(milliseconds: seconds * 1000 + Int64(millisecond))
  }

  /// The number of days of a month.
  public static func days(inMonth month: Int, year: Int) -> Int {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: 31
    }
  }
}
