internal import Platform
internal import Service
internal import Synchronization

/// The answers of guarded calls, so that one that comes again is not made again.
///
/// The hosted APIs document no idempotency key, so this holds only as long as the process.
final class RecentCalls: Sendable {
  private struct Entry {
    let digest: [UInt8]
    let answer: Answer
    let at: Timestamp
    let seconds: Int?
  }

  private static let limit = 1000
  private let entries = Mutex<[[UInt8]: Entry]>([:])

  /// The first answer of the same call.
  ///
  /// - Throws: `CONFLICT` when the key was used with other arguments.
  func find(_ ticket: WriteTicket?, _ now: Timestamp) throws(ServiceError) -> Answer? {
    guard let ticket, let key = ticket.repeatKey, let entry = entries.withLock({ $0[key.bytes] }) else { return nil }
    if let seconds = entry.seconds, now.milliseconds - entry.at.milliseconds >= Int64(seconds) * 1000 { return nil }
    guard !key.isExplicit || entry.digest == ticket.digest else {
      throw ServiceError(
        .conflict, "This idempotency_key was used with other arguments. Use a new key for a new call.")
    }
    var answer = entry.answer
    answer.receipt.replayed = true
    answer.receipt.creditsUsed = nil
    return answer
  }

  /// Keeps the answer of a call that was made.
  func store(_ answer: Answer, _ ticket: WriteTicket?, _ now: Timestamp) {
    guard let ticket, let key = ticket.repeatKey else { return }
    entries.withLock { entries in
      if entries.count >= Self.limit {
        entries = entries.filter { _, entry in
          entry.seconds.map { now.milliseconds - entry.at.milliseconds < Int64($0) * 1000 } ?? true
        }
        if entries.count >= Self.limit, let oldest = entries.min(by: { $0.value.at < $1.value.at })?.key {
          entries[oldest] = nil
        }
      }
      entries[key.bytes] = Entry(digest: ticket.digest, answer: answer, at: now, seconds: key.seconds)
    }
  }
}
