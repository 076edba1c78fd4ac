#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// Tells the time; passed in, so that tests decide what time it is.
public protocol Clock: Sendable {
  /// The wall clock.
  func now() -> Timestamp

  /// Nanoseconds on a clock that never goes back, from an arbitrary start.
  func monotonic() -> UInt64
}

/// The computer's own clock.
public struct SystemClock: Clock {
  /// Creates the clock; it has no state.
  public init() {}

  /// The wall clock in milliseconds.
  public func now() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  /// The monotonic clock in nanoseconds.
  public func monotonic() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}

/// A point on the monotonic clock by which something must have happened.
public struct Deadline: Sendable, Hashable, Comparable {
  /// Nanoseconds on the monotonic clock.
  public let nanoseconds: UInt64

  /// The point at that many nanoseconds of ``SystemClock/monotonic()``.
  public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

  /// The point that many milliseconds from now.
  public static func after(milliseconds: UInt64) -> Deadline {
    Deadline(nanoseconds: SystemClock().monotonic() &+ milliseconds &* 1_000_000)
  }

  /// Whether it lies in the past.
  public var hasPassed: Bool { SystemClock().monotonic() >= nanoseconds }

  /// Orders by time.
  public static func < (left: Deadline, right: Deadline) -> Bool { left.nanoseconds < right.nanoseconds }
}
