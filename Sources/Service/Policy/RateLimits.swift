public import Platform

/// Sliding windows over the calls of this process (Owlbound API 4; MCP asks servers to limit tool calls).
///
/// Refused calls do not count, so that a client that waits as told succeeds.
public final class RateLimits: Policy {
  /// At most this many calls in a window.
  public struct Window: Sendable {
    /// The window's length in seconds.
    public let seconds: UInt64
    /// Calls that fit.
    public let calls: Int

    /// Creates a window.
    public init(seconds: UInt64, calls: Int) {
      self.seconds = seconds
      self.calls = calls
    }
  }

  /// A plan's windows; all apply at once.
  public enum Plan: String, Sendable, CaseIterable {
    /// 60 a minute, 1,000 an hour, 10,000 a day.
    case starter
    /// 120 a minute, 5,000 an hour, 50,000 a day.
    case pro
    /// 300 a minute, 15,000 an hour.
    case enterprise

    /// The plan's windows.
    public var windows: [Window] {
      switch self {
      case .starter:
        [Window(seconds: 60, calls: 60), Window(seconds: 3600, calls: 1000), Window(seconds: 86_400, calls: 10_000)]
      case .pro:
        [Window(seconds: 60, calls: 120), Window(seconds: 3600, calls: 5000), Window(seconds: 86_400, calls: 50_000)]
      case .enterprise: [Window(seconds: 60, calls: 300), Window(seconds: 3600, calls: 15_000)]
      }
    }
  }

  /// Without a plan: what no client needs and no endless loop exceeds unnoticed.
  public static let generous = [Window(seconds: 60, calls: 20_000_000)]

  private let counters: Monitor<[SlidingCounter]>
  private let clock: any Clock

  /// Limits by these windows.
  public init(windows: [Window], clock: any Clock) {
    counters = Monitor(windows.map { SlidingCounter(window: $0) })
    self.clock = clock
  }

  /// Counts the call, or refuses it and says when it would fit.
  public func admit(_ call: Call) throws(ServiceError) {
    let now = clock.monotonic()
    let wait: UInt64? = counters.withLock { counters in
      let waits = counters.indices.compactMap { counters[$0].wait(at: now) }
      if let longest = waits.max() { return longest }
      for index in counters.indices { counters[index].count() }
      return nil
    }
    guard let wait else { return }
    let seconds = Int((wait + 999_999_999) / 1_000_000_000)
    throw ServiceError(
      .rateLimited, "Too many calls: the limit of this workspace's plan is reached. Retry in \(seconds) s.",
      retryAfter: seconds)
  }
}

/// Counts calls in slices of a window: memory stays the same however many calls there are, and a call is forgotten at
/// most one slice after its window has passed.
private struct SlidingCounter {
  private static let slices = 60
  private let sliceLength: UInt64
  private let limit: Int
  // The present slice and all that lie at least partly in the window.
  private var counts = [Int](repeating: 0, count: slices + 1)
  private var total = 0
  private var current: UInt64 = 0

  init(window: RateLimits.Window) {
    sliceLength = window.seconds * 1_000_000_000 / UInt64(Self.slices)
    limit = window.calls
  }

  /// Nanoseconds until a call fits; nil when it fits now.
  mutating func wait(at now: UInt64) -> UInt64? {
    let slice = now / sliceLength
    if slice != current { advance(to: slice) }
    guard total >= limit else { return nil }
    for age in 1...UInt64(counts.count) where counts[index(slice &+ age)] > 0 {
      return (slice + age) * sliceLength - now
    }
    return sliceLength
  }

  mutating func count() {
    counts[index(current)] += 1
    total += 1
  }

  private mutating func advance(to slice: UInt64) {
    if slice < current || slice - current >= UInt64(counts.count) {
      for position in counts.indices { counts[position] = 0 }
      total = 0
    } else {
      for passed in (current + 1)...slice {
        total -= counts[index(passed)]
        counts[index(passed)] = 0
      }
    }
    current = slice
  }

  private func index(_ slice: UInt64) -> Int { Int(slice % UInt64(counts.count)) }
}
