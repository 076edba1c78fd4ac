/// How much a text may ask for before it is refused.
public struct JSONLimits: Sendable {
  /// The deepest nesting of arrays and objects; never more than `greatestDepth`, whatever is set.
  public var depth: Int
  /// The longest text in bytes.
  public var bytes: Int
  /// The most members of objects and elements of arrays in all: each takes more memory than its text, the shortest of
  /// them thirty times as much.
  public var values: Int

  /// Sets the limits.
  public init(depth: Int = 128, bytes: Int = 8 << 20, values: Int = 1_000_000) {
    self.depth = depth
    self.bytes = bytes
    self.values = values
  }

  /// 128 levels, 8 MiB, a million values.
  public static let standard = JSONLimits()

  /// Values are written, compared and freed by recursion, so depth costs stack: this much fits any thread's.
  public static let greatestDepth = 1024
}
