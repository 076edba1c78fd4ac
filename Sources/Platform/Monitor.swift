internal import CPlatform

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// State shared by threads, with a way to wait until it has changed.
///
/// `Synchronization.Mutex` has no condition to wait on; where nobody waits, prefer it.
public final class Monitor<State: ~Copyable>: @unchecked Sendable {
  // Unchecked: `state` is touched only between lock and unlock of `mutex`. The C objects need a fixed address.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>
  private var state: State

  /// Creates a monitor over an initial state.
  public init(_ state: consuming sending State) {
    self.state = state
    mutex = .allocate(capacity: 1)
    condition = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    condition.initialize(to: pthread_cond_t())
    pthread_mutex_init(mutex, nil)
    #if canImport(Darwin)
      pthread_cond_init(condition, nil)
    #else
      var attributes = pthread_condattr_t()
      pthread_condattr_init(&attributes)
      pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
      pthread_cond_init(condition, &attributes)
      pthread_condattr_destroy(&attributes)
    #endif
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Runs the body while no other thread can see or change the state.
  @discardableResult
  public func withLock<Result, Failure: Error>(
    _ body: (inout State) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&state)
  }

  /// Wakes every thread that waits.
  public func notify() {
    pthread_cond_broadcast(condition)
  }

  /// Tries the body now and after each ``notify()`` until it gives a value; nil when the deadline passes first.
  public func wait<Result>(until deadline: Deadline? = nil, _ body: (inout State) -> Result?) -> Result? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while true {
      if let result = body(&state) { return result }
      guard let deadline else {
        pthread_cond_wait(condition, mutex)
        continue
      }
      if !sleep(until: deadline) { return body(&state) }
    }
  }

  /// False when the deadline has passed.
  private func sleep(until deadline: Deadline) -> Bool {
    #if canImport(Darwin)
      let now = SystemClock().monotonic()
      guard deadline.nanoseconds > now else { return false }
      let left = deadline.nanoseconds - now
      var time = timespec(tv_sec: Int(left / 1_000_000_000), tv_nsec: Int(left % 1_000_000_000))
      return pthread_cond_timedwait_relative_np(condition, mutex, &time) != ETIMEDOUT
    #else
      var time = timespec(
        tv_sec: Int(min(deadline.nanoseconds / 1_000_000_000, UInt64(Int32.max))),
        tv_nsec: Int(deadline.nanoseconds % 1_000_000_000))
      return pthread_cond_timedwait(condition, mutex, &time) != ETIMEDOUT
    #endif
  }
}
