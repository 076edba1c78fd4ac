internal import HTTP
internal import Platform
internal import Synchronization

/// Holds calls back once the server has said, or its documents say, that it would refuse them.
///
/// Owlbound sends `X-RateLimit-…` (Owlbound API 4). Pathbound documents 100 requests in 15 minutes and no header
/// (Pathbound API 2.3), so its window is counted from the first request after the last refusal ended.
final class RateWindow: Sendable {
  private struct State {
    var heldUntil: Timestamp?
    var windowStart: Timestamp?
  }

  private static let window: Int64 = 15 * 60_000
  private let hasHeaders: Bool
  private let state = Mutex(State())

  init(hasHeaders: Bool) { self.hasHeaders = hasHeaders }

  /// How many milliseconds from now the server would refuse calls; nil when it would not.
  func wait(_ now: Timestamp) -> Int64? {
    state.withLock { state in
      guard let until = state.heldUntil, until > now else {
        state.heldUntil = nil
        if state.windowStart.map({ now.milliseconds - $0.milliseconds >= Self.window }) ?? true {
          state.windowStart = now
        }
        return nil
      }
      return until.milliseconds - now.milliseconds
    }
  }

  /// Learns from a response; gives the milliseconds after which a refused call may succeed.
  @discardableResult
  func learn(from response: HTTPResponse, _ now: Timestamp) -> Int64? {
    let reset = reset(response, now)
    guard response.status == 429 else {
      let left = (response.headers["X-RateLimit-Remaining"] ?? response.headers["RateLimit-Remaining"]).flatMap(
        Int.init)
      if left == 0, let reset { hold(until: reset) }
      return nil
    }
    let until =
      response.retryAfter(now: now).map { now.adding(milliseconds: Int64($0)) } ?? reset ?? endOfWindow(now)
    hold(until: until)
    return max(until.milliseconds - now.milliseconds, 0)
  }

  private func hold(until time: Timestamp) {
    state.withLock { state in
      if state.heldUntil.map({ $0 < time }) ?? true { state.heldUntil = time }
    }
  }

  private func endOfWindow(_ now: Timestamp) -> Timestamp {
    guard !hasHeaders else { return now.adding(milliseconds: 60_000) }
    return state.withLock { ($0.windowStart ?? now).adding(milliseconds: Self.window) }
  }

  /// Seconds since 1970, or, as `RateLimit-Reset`, from now; a day ahead at most.
  private func reset(_ response: HTTPResponse, _ now: Timestamp) -> Timestamp? {
    let time: Timestamp?
    if let seconds = response.headers["X-RateLimit-Reset"].flatMap(Int64.init), seconds > 0, seconds < 1 << 40 {
      time = Timestamp(milliseconds: seconds * 1000)
    } else if let seconds = response.headers["RateLimit-Reset"].flatMap(Int64.init), seconds >= 0, seconds < 1 << 20 {
      time = now.adding(milliseconds: seconds * 1000)
    } else {
      time = nil
    }
    return time.flatMap { $0 > now && $0.milliseconds - now.milliseconds <= 86_400_000 ? $0 : nil }
  }
}
