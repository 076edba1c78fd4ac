public import Logging
internal import Operations
public import Platform
internal import Synchronization

/// Sliding windows over calls (Owlbound API 4; MCP asks servers to limit tool calls).
///
/// Refused calls do not count, so that a client that waits as told succeeds. With a file the windows are those of the
/// workspace, else those of this process; what Owlbound answers without a key counts in none of a plan's.
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
  private let file: RateWindowFile?
  private let log: Log?
  private let hasWarned = Atomic<Bool>(false)

  /// Limits by these windows.
  ///
  /// - Parameters:
  ///   - file: where the windows are kept; nil keeps them in this process.
  ///   - log: told when the file can't be used.
  public init(windows: [Window], clock: any Clock, file: RateWindowFile? = nil, log: Log? = nil) {
    counters = Monitor(windows.map { SlidingCounter(window: $0) })
    self.clock = clock
    self.file = file
    self.log = log
  }

  /// Counts the call, or refuses it and says when it would fit.
  public func admit(_ call: Call) throws(ServiceError) {
    if file != nil, call.operation.platform == .owlbound, call.operation.scope == nil { return }
    guard let wait = count() else { return }
    let seconds = Int((wait + 999_999_999) / 1_000_000_000)
    throw ServiceError(
      .rateLimited, "Too many calls: the limit of this workspace's plan is reached. Retry in \(seconds) s.",
      retryAfter: seconds)
  }

  /// Nanoseconds until a call fits; nil when it does now, and is counted.
  private func count() -> UInt64? {
    guard let file else {
      let now = clock.monotonic()
      return counters.withLock { Self.count(&$0, at: now) }
    }
    // Processes and restarts share only the wall clock.
    let now = UInt64(clamping: clock.now().milliseconds) * 1_000_000
    let fresh = counters.withLock { $0 }
    do {
      return try file.update(fresh.count * SlidingCounter.size) { numbers in
        var counters = fresh.indices.map { index in
          fresh[index].restored(numbers[(index * SlidingCounter.size)..<((index + 1) * SlidingCounter.size)])
        }
        let wait = Self.count(&counters, at: now)
        if wait == nil { numbers = counters.flatMap(\.numbers) }
        return (wait, wait == nil)
      }
    } catch {
      if !hasWarned.exchange(true, ordering: .relaxed) {
        log?.warning("rate limits are kept in this process alone: their file can't be used (\(error))")
      }
      return counters.withLock { Self.count(&$0, at: now) }
    }
  }

  private static func count(_ counters: inout [SlidingCounter], at now: UInt64) -> UInt64? {
    let waits = counters.indices.compactMap { counters[$0].wait(at: now) }
    if let longest = waits.max() { return longest }
    for index in counters.indices { counters[index].count() }
    return nil
  }
}

/// Counts calls in slices of a window: memory stays the same however many calls there are, and a call is forgotten at
/// most one slice after its window has passed.
private struct SlidingCounter {
  private static let slices = 60
  /// How many numbers it is stored as.
  static let size = slices + 2
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

  /// The present slice and the counts, as they are stored.
  var numbers: [Int64] { [Int64(bitPattern: current)] + counts.map(Int64.init) }

  /// The counter with stored numbers; as it is when they can't be true.
  func restored(_ numbers: ArraySlice<Int64>) -> SlidingCounter {
    guard let first = numbers.first, numbers.dropFirst().allSatisfy({ 0...Int64(Int32.max) ~= $0 }) else { return self }
    var restored = self
    restored.current = UInt64(bitPattern: first)
    restored.counts = numbers.dropFirst().map { Int($0) }
    restored.total = restored.counts.reduce(0, +)
    return restored
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
