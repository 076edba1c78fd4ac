internal import Platform

/// How far long work has come: a bar that is drawn over and over on a terminal, a line now and then elsewhere.
struct ProgressMeter {
  private static let barWidth = 24
  /// Nanoseconds between two drawings on a terminal.
  private static let frame: UInt64 = 100_000_000
  /// Nanoseconds between two lines elsewhere.
  private static let pause: UInt64 = 5_000_000_000

  private let console: Console
  private let unit: String
  private let total: Int64
  private let first: Int64
  private let start = SystemClock().monotonic()
  private var shown: UInt64
  private var isDrawn = false

  /// A meter of work that goes to `total`, of which `done` was done before.
  init(total: Int64, done: Int64, unit: String, console: Console = .errors) {
    self.total = total
    self.unit = unit
    self.console = console
    first = done
    shown = start
  }

  /// Shows the state, if it is time to: `done` of the total, and how many units came with it.
  mutating func update(_ done: Int64, units: Int64) {
    let now = SystemClock().monotonic()
    guard now - shown >= (console.isTerminal ? Self.frame : Self.pause) else { return }
    shown = now
    let text = line(done, units: units, seconds: Double(now - start) / 1e9)
    if console.isTerminal {
      console.write("\r\u{1B}[K\(text)")
      isDrawn = true
    } else {
      console.line(text)
    }
  }

  /// Takes the bar away.
  mutating func end() {
    if isDrawn { console.write("\r\u{1B}[K") }
    isDrawn = false
  }

  private func line(_ done: Int64, units: Int64, seconds: Double) -> String {
    let share = total > 0 ? min(1, Double(done) / Double(total)) : 1
    let rate = seconds > 0 ? Double(units) / seconds : 0
    var text = "\(Int(share * 100)) %  \(Grouped.text(units)) \(unit), \(Grouped.text(Int64(rate)))/s"
    let gained = Double(done - first)
    if gained > 0, share < 1 { text += ", \(Self.duration(seconds * Double(total - done) / gained)) left" }
    guard console.isTerminal else { return text }
    let full = Int(share * Double(Self.barWidth))
    return "[" + String(repeating: "#", count: full) + String(repeating: "-", count: Self.barWidth - full) + "] " + text
  }

  private static func duration(_ seconds: Double) -> String {
    let seconds = Int(seconds.rounded(.up))
    return seconds < 60 ? "\(seconds) s" : "\(seconds / 60) min \(seconds % 60) s"
  }
}

/// Numbers for people: `1,234,567`.
enum Grouped {
  static func text(_ number: Int64) -> String {
    var digits = Array(String(number.magnitude))
    var place = digits.count - 3
    while place > 0 {
      digits.insert(",", at: place)
      place -= 3
    }
    return (number < 0 ? "-" : "") + String(digits)
  }
}

/// Sizes for people: `3.4 MB`.
enum ByteCount {
  static func text(_ bytes: Int64) -> String {
    let units = ["kB", "MB", "GB", "TB"]
    guard bytes >= 1000 else { return "\(bytes) bytes" }
    var value = Double(bytes) / 1000
    var unit = 0
    while value >= 1000, unit + 1 < units.count {
      value /= 1000
      unit += 1
    }
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10) \(units[unit])"
  }
}
