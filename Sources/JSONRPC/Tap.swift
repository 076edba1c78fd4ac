/// Sees every line of a connection, in both directions and in order; for recordings.
///
/// Called between a message's arrival and its work, and while a message is being sent: it must be quick.
public protocol Tap: Sendable {
  /// A line that has arrived; the bytes are valid until this returns.
  func received(_ line: UnsafeRawBufferPointer)

  /// A line that is about to leave, without its end; the bytes are valid until this returns.
  func sent(_ line: UnsafeRawBufferPointer)
}
