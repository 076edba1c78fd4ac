internal import Platform
internal import Synchronization

/// A clock that shows what it was set to: the demo workspace's history is written as if it had passed.
final class DemoClock: Clock {
  private let milliseconds: Mutex<Int64>

  /// A clock that shows a time.
  init(_ time: Timestamp) { milliseconds = Mutex(time.milliseconds) }

  /// Sets the hands.
  func set(_ time: Timestamp) { milliseconds.withLock { $0 = time.milliseconds } }

  func now() -> Timestamp { Timestamp(milliseconds: milliseconds.withLock { $0 }) }

  func monotonic() -> UInt64 { UInt64(clamping: milliseconds.withLock { $0 }) &* 1_000_000 }
}
