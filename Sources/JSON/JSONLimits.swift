/// How much a text may ask for before it is refused.
public struct JSONLimits: Sendable {
  /// The deepest nesting of arrays and objects; never more than `greatestDepth`, whatever is set.
  public var depth: Int
  /// The longest text in bytes.
  public var bytes: Int

  /// Sets both limits.
  public init(depth: Int = 128, bytes: Int = 8 << 20) {
    self.depth = depth
    self.bytes = bytes
  }

  /// 128 levels and 8 MiB.
  public static let standard = JSONLimits()

  /// Values are written, compared and freed by recursion, so depth costs stack: this much fits any thread's.
  public static let greatestDepth = 1024
}
