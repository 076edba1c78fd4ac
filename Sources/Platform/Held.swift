/// A value in a struct of its own, for closures that lie in a `Mutex` or `Monitor`.
///
/// A closure that lies there directly is wrapped once more by every look at it, because what is generic keeps closures in
/// another form; after some ten thousand looks, calling it overflows the stack.
public struct Held<Value: Sendable>: Sendable {
  /// What is held.
  public let value: Value

  /// Holds a value.
  public init(_ value: Value) { self.value = value }
}
