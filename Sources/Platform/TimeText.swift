/// Text forms of a moment: ISO 8601 for the APIs, RFC 5322 for mail.
extension Timestamp {
  /// The length of ``iso8601`` in bytes, for years 0 to 9999.
  public static let iso8601Length = 24

  /// `2026-11-21T08:30:00.000Z`: UTC with milliseconds.
  public var iso8601: String {
    String(unsafeUninitializedCapacity: Self.iso8601Length) { bytes in
      writeISO8601(into: bytes)
      return Self.iso8601Length
    }
  }

  /// Writes ``iso8601`` into the first 24 bytes; years outside 0 to 9999 are held at these ends.
  public func writeISO8601(into bytes: UnsafeMutableBufferPointer<UInt8>) {
    precondition(bytes.count >= Self.iso8601Length)
    let first: Int64 = -62_167_219_200_000
    let last: Int64 = 253_402_300_799_999
    let time = CalendarTime(Timestamp(milliseconds: min(max(milliseconds, first), last)))
    func put(_ value: Int, _ at: Int, _ width: Int) {
      var rest = value
      for offset in (0..<width).reversed() {
        bytes[at + offset] = UInt8(truncatingIfNeeded: 48 + rest % 10)
        rest /= 10
      }
    }
    put(time.year, 0, 4)
    bytes[4] = UInt8(ascii: "-")
    put(time.month, 5, 2)
    bytes[7] = UInt8(ascii: "-")
    put(time.day, 8, 2)
    bytes[10] = UInt8(ascii: "T")
    put(time.hour, 11, 2)
    bytes[13] = UInt8(ascii: ":")
    put(time.minute, 14, 2)
    bytes[16] = UInt8(ascii: ":")
    put(time.second, 17, 2)
    bytes[19] = UInt8(ascii: ".")
    put(time.millisecond, 20, 3)
    bytes[23] = UInt8(ascii: "Z")
  }

  /// `Sat, 21 Nov 2026 08:30:00 +0000`: the date header of a message (RFC 5322, section 3.3).
  public var rfc5322: String {
    let time = CalendarTime(self)
    let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return "\(weekdays[time.weekday]), \(time.day) \(months[time.month - 1]) \(time.year) "
      + "\(two(time.hour)):\(two(time.minute)):\(two(time.second)) +0000"
  }

  /// Reads ISO 8601: a date, or date and time with `Z` or an offset; nil for anything else.
  ///
  /// Without an offset it is UTC.
  ///
  /// Accepted: `2026-11-21`, `2026-11-21T08:30`, `…:00`, `…:00.5`, `…Z`, `…+02:00`, a space for `T`.
  public init?(iso8601 text: String) {
    var text = text
    guard let moment = text.withUTF8({ Self.read($0) }) else { return nil }
    self = moment
  }

  private static func read(_ bytes: UnsafeBufferPointer<UInt8>) -> Timestamp? {
    var reader = DigitReader(rest: bytes[...])
    guard let year = reader.number(digits: 4), reader.take("-"), let month = reader.number(digits: 2),
      reader.take("-"), let day = reader.number(digits: 2), (1...12).contains(month), day >= 1,
      day <= CalendarTime.days(inMonth: month, year: year)
    else { return nil }
    var time = CalendarTime(year: year, month: month, day: day)
    var offsetMinutes = 0
    if !reader.atEnd {
      guard reader.take("T") || reader.take("t") || reader.take(" "), reader.timeOfDay(into: &time),
        let offset = reader.zone()
      else { return nil }
      offsetMinutes = offset
    }
    guard reader.atEnd else { return nil }
    return time.timestamp.adding(milliseconds: Int64(-offsetMinutes) * 60_000)
  }
}

private struct DigitReader {
  var rest: Slice<UnsafeBufferPointer<UInt8>>

  var atEnd: Bool { rest.isEmpty }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard let first = rest.first, UInt32(first) == character.value else { return false }
    rest.removeFirst()
    return true
  }

  mutating func number(digits: Int) -> Int? {
    var value = 0
    for _ in 0..<digits {
      guard let first = rest.first, (48...57).contains(first) else { return nil }
      value = value * 10 + Int(first - 48)
      rest.removeFirst()
    }
    return value
  }

  /// `hh:mm[:ss[.fraction]]`; more than three fraction digits are cut.
  mutating func timeOfDay(into time: inout CalendarTime) -> Bool {
    guard let hour = number(digits: 2), take(":"), let minute = number(digits: 2), hour < 24, minute < 60 else {
      return false
    }
    time.hour = hour
    time.minute = minute
    guard take(":") else { return true }
    guard let second = number(digits: 2), second < 60 else { return false }
    time.second = second
    guard take(".") || take(",") else { return true }
    var scale = 100
    var read = 0
    while let digit = number(digits: 1) {
      time.millisecond += digit * scale
      scale /= 10
      read += 1
    }
    return read > 0 && read <= 9
  }

  /// Minutes east of UTC; 0 when nothing is left.
  mutating func zone() -> Int? {
    if atEnd || take("Z") || take("z") { return 0 }
    let sign = take("+") ? 1 : take("-") ? -1 : 0
    guard sign != 0, let hours = number(digits: 2), hours < 24 else { return nil }
    _ = take(":")
    guard let minutes = number(digits: 2), minutes < 60 else { return nil }
    return sign * (hours * 60 + minutes)
  }
}
