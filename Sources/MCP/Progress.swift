internal import JSON
internal import JSONRPC
internal import Platform

/// How far a call is.
struct ProgressReport {
  let progress: Double
  let total: Double?
  let message: String?

  /// Writes the notification.
  func write(to writer: inout JSONWriter, token: RequestID, revision: Revision) {
    writer.raw("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":")
    token.write(to: &writer)
    writer.key("progress")
    writer.shortest(progress)
    if let total, total.isFinite {
      writer.key("total")
      writer.shortest(total)
    }
    if let message, revision.hasProgressMessages {
      writer.key("message")
      writer.string(message.abbreviated(to: 200))
    }
    writer.append("}}")
  }
}

/// Which reports are sent: only rising ones, and not too many of them.
struct ProgressState {
  private var last = -Double.infinity
  private var held: ProgressReport?
  /// Nanoseconds on the monotonic clock before which nothing more is sent.
  private var notBefore: UInt64 = 0

  /// Whether to send the report now.
  ///
  /// One that comes too soon after another is held, the latest in place of earlier.
  /// - Parameter interval: the shortest time between two, in milliseconds.
  mutating func admit(_ report: ProgressReport, interval: UInt64) -> Bool {
    guard report.progress.isFinite, report.progress > last else { return false }
    last = report.progress
    let now = SystemClock().monotonic()
    guard now >= notBefore else {
      held = report
      return false
    }
    notBefore = now &+ interval &* 1_000_000
    held = nil
    return true
  }

  /// The report that was held back, if none followed it.
  mutating func takeHeld() -> ProgressReport? {
    defer { held = nil }
    return held
  }
}

extension JSONWriter {
  /// Writes a number, a whole one without a fraction.
  fileprivate mutating func shortest(_ number: Double) {
    if number.magnitude < 0x1p53, let whole = Int64(exactly: number) { integer(whole) } else { self.number(number) }
  }
}
