public import Platform
internal import Synchronization

/// A clock that stands still until a test moves it.
public final class ManualClock: Clock {
  private let milliseconds: Mutex<Int64>

  /// A clock that shows this time in ISO 8601.
  public init(_ time: String = "2026-11-21T08:30:00.000Z") {
    milliseconds = Mutex(Timestamp(iso8601: time)?.milliseconds ?? 0)
  }

  /// Moves the hands, forward or, as clocks are set, back.
  public func advance(seconds: Int64 = 0, milliseconds delta: Int64 = 0) {
    milliseconds.withLock { $0 += seconds * 1000 + delta }
  }

  /// What the clock shows.
  public func now() -> Timestamp { Timestamp(milliseconds: milliseconds.withLock { $0 }) }

  /// The same in nanoseconds.
  public func monotonic() -> UInt64 { UInt64(milliseconds.withLock { $0 }) * 1_000_000 }
}
