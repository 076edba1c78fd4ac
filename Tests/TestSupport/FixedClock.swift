public import Platform

/// A clock that stands still.
public struct FixedClock: Clock {
  private let time: Timestamp

  /// Stands at that ISO 8601 time; at the epoch when it is none.
  public init(_ iso8601: String) {
    time = Timestamp(iso8601: iso8601) ?? Timestamp(milliseconds: 0)
  }

  /// Always the same time.
  public func now() -> Timestamp { time }

  /// Always zero.
  public func monotonic() -> UInt64 { 0 }
}
