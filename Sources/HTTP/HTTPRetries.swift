public import Platform

/// When a request is sent again, and how long is waited before.
///
/// A request that the server may have got is repeated only when the caller says that this is safe.
public struct HTTPRetries: Sendable {
  /// How often it is sent at most.
  public var attempts: Int
  /// The longest wait for one attempt in milliseconds: a server that asks for more gets none, and its answer is the
  /// result.
  public var longestWait: Int
  /// The wait before the second attempt in milliseconds, doubled from then on, where the server names none.
  public var firstWait: Int
  /// Whether it may be repeated though the server may have got it.
  public var isSafeToRepeat: Bool
  /// The statuses after which it is sent again: those that say that the server did nothing, and for requests that are
  /// safe to repeat 502 to 504.
  public var statuses: Set<Int>
  /// Waits that many milliseconds; false when nobody wants the result any more.
  public var sleep: @Sendable (Int) -> Bool
  /// Gives 0 to 1: spreads the waits of many that were refused together.
  public var jitter: @Sendable () -> Double

  /// The usual way: three attempts, half a second and then one between them, at most ten seconds for a server that
  /// asks.
  ///
  /// - Parameter isSafeToRepeat: whether a second arrival does no harm, as with GET.
  public init(
    isSafeToRepeat: Bool, attempts: Int = 3, firstWait: Int = 500, longestWait: Int = 10_000,
    cancellation: Cancellation? = nil
  ) {
    self.attempts = attempts
    self.firstWait = firstWait
    self.longestWait = longestWait
    self.isSafeToRepeat = isSafeToRepeat
    statuses = isSafeToRepeat ? [429, 502, 503, 504] : [429]
    sleep = { Self.sleep(milliseconds: $0, cancellation) }
    jitter = { Double.random(in: 0...1) }
  }

  /// Sends a request, as often as the rules allow; the last response or error is the result.
  public func send(
    _ request: HTTPRequest, with client: any HTTPClient, clock: any Clock = SystemClock()
  ) throws(HTTPError) -> HTTPResponse {
    var attempt = 1
    while true {
      let wait: Int
      do throws(HTTPError) {
        let response = try client.send(request)
        guard attempt < attempts, statuses.contains(response.status),
          let pause = pause(after: response, attempt: attempt, now: clock.now())
        else { return response }
        guard sleep(pause) else { return response }
        attempt += 1
        continue
      } catch {
        guard attempt < attempts, mayRepeat(after: error) else { throw error }
        wait = usualPause(attempt)
        guard sleep(wait) else { throw error }
      }
      attempt += 1
    }
  }

  private func mayRepeat(after error: HTTPError) -> Bool {
    switch error.kind {
    case .invalid, .untrusted, .tooLarge, .cancelled, .helperMissing: false
    case .unreachable, .timedOut, .broken, .helperEnded: isSafeToRepeat || error.reachedServer == .no
    }
  }

  private func pause(after response: HTTPResponse, attempt: Int, now: Timestamp) -> Int? {
    guard let wanted = response.retryAfter(now: now) else { return usualPause(attempt) }
    return wanted <= longestWait ? wanted : nil
  }

  private func usualPause(_ attempt: Int) -> Int {
    let full = min(firstWait << min(attempt - 1, 16), longestWait)
    return full / 2 + Int(Double(full / 2) * min(max(jitter(), 0), 1))
  }

  private static func sleep(milliseconds: Int, _ cancellation: Cancellation?) -> Bool {
    let ended = Monitor(false)
    let registration = cancellation?.onCancel {
      ended.withLock { $0 = true }
      ended.notify()
    }
    defer { if let registration { cancellation?.remove(registration) } }
    return ended.wait(until: .after(milliseconds: UInt64(max(milliseconds, 0)))) { $0 ? true : nil } == nil
  }
}

extension HTTPResponse {
  /// When the server says that it answered: its `Date`.
  public var date: Timestamp? { headers["Date"].flatMap { Timestamp(httpDate: $0) } }

  /// How long the server wants to be left alone, in milliseconds: its `Retry-After` in seconds or as a date; nil when
  /// it names no time.
  public func retryAfter(now: Timestamp) -> Int? {
    guard let text = headers["Retry-After"] else { return nil }
    if let seconds = Double(text), seconds.isFinite { return Int(min(max(seconds, 0), 1e9) * 1000) }
    guard let time = Timestamp(httpDate: text) else { return nil }
    return Int(min(max(time.milliseconds &- now.milliseconds, 0), 1_000_000_000_000))
  }
}

extension Timestamp {
  /// Reads `Sat, 21 Nov 2026 08:30:00 GMT`, the form of dates that HTTP demands (RFC 9110, 5.6.7).
  init?(httpDate text: String) {
    let parts = text.split(separator: " ")
    guard parts.count == 6, parts[5] == "GMT", let day = Int(parts[1]), let year = Int(parts[3]),
      (1970...9999).contains(year),
      let month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        .firstIndex(of: String(parts[2]))
    else { return nil }
    let time = parts[4].split(separator: ":").map { Int($0) ?? -1 }
    guard time.count == 3, (0...23).contains(time[0]), (0...59).contains(time[1]), (0...60).contains(time[2]),
      (1...CalendarTime.days(inMonth: month + 1, year: year)).contains(day)
    else { return nil }
    self =
      CalendarTime(
        year: year, month: month + 1, day: day, hour: time[0], minute: time[1], second: min(time[2], 59)
      ).timestamp
  }
}
