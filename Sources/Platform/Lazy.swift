internal import Synchronization

/// A value that is made at its first use.
public final class Lazy<Value: Sendable>: Sendable {
  private let made = Mutex<Value?>(nil)
  private let make: @Sendable () -> Value

  /// A value that will be made so.
  public init(_ make: @escaping @Sendable () -> Value) { self.make = make }

  /// The value, if it has been made.
  public var ifMade: Value? { made.withLock { $0 } }

  /// The value, made now if this is the first use; others wait meanwhile.
  public var value: Value {
    made.withLock { made in
      if let made { return made }
      let new = make()
      made = new
      return new
    }
  }
}
