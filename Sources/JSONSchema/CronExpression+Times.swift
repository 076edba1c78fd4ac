public import Platform

/// When an expression's times are; UTC.
extension CronExpression {
  /// No expression that has a time at all has to wait longer: 29 February on one certain weekday.
  private static let longestWait = 41

  /// The first time after a moment; nil when there is none, as for 30 February.
  public func next(after moment: Timestamp) -> Timestamp? {
    // Times are whole minutes: begin with the next one.
    let start = CalendarTime(moment.adding(milliseconds: 60_000 - Self.millisecondsOfMinute(moment)))
    var (year, month, day) = (start.year, start.month, start.day)
    let lastYear = start.year + Self.longestWait
    var isFirstDay = true
    while year <= lastYear {
      if months >> UInt64(month) & 1 == 1 {
        let length = CalendarTime.days(inMonth: month, year: year)
        while day <= length {
          let date = CalendarTime(year: year, month: month, day: day)
          if matches(date), let time = time(on: date, notBefore: isFirstDay ? start : date) { return time.timestamp }
          isFirstDay = false
          day += 1
        }
      }
      isFirstDay = false
      (year, month, day) = month == 12 ? (year + 1, 1, 1) : (year, month + 1, 1)
    }
    return nil
  }

  /// The first times after a moment, at most so many.
  public func times(_ count: Int, after moment: Timestamp) -> [Timestamp] {
    var times: [Timestamp] = []
    var last = moment
    while times.count < count, let next = next(after: last) {
      times.append(next)
      last = next
    }
    return times
  }

  private func matches(_ date: CalendarTime) -> Bool {
    let isDay = days >> UInt64(date.day) & 1 == 1
    let isWeekday = weekdays >> UInt64(date.weekday) & 1 == 1
    return eitherDaySuffices ? isDay || isWeekday : isDay && isWeekday
  }

  private func time(on date: CalendarTime, notBefore start: CalendarTime) -> CalendarTime? {
    for hour in start.hour...23 where hours >> UInt64(hour) & 1 == 1 {
      let first = hour == start.hour ? start.minute : 0
      for minute in first...59 where minutes >> UInt64(minute) & 1 == 1 {
        var time = date
        time.hour = hour
        time.minute = minute
        return time
      }
    }
    return nil
  }

  private static func millisecondsOfMinute(_ moment: Timestamp) -> Int64 {
    let rest = moment.milliseconds % 60_000
    return rest < 0 ? rest + 60_000 : rest
  }
}
