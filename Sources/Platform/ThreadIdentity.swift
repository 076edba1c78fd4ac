#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// Tells threads apart; reading it costs no system call.
public struct ThreadIdentity: Sendable, Hashable {
  private let value: UInt

  /// The thread that asks.
  public static var current: ThreadIdentity {
    #if canImport(Darwin)
      ThreadIdentity(value: UInt(bitPattern: pthread_self()))
    #else
      ThreadIdentity(value: UInt(pthread_self()))
    #endif
  }
}
