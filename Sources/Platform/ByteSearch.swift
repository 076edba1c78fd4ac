#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// The C library's search, which looks at many bytes at a time.
extension UnsafeRawBufferPointer {
  /// The offset of the first byte with that value, or nil.
  public func firstOffset(of byte: UInt8) -> Int? {
    guard let base = baseAddress, let hit = memchr(base, Int32(byte), count) else { return nil }
    return UnsafeRawPointer(hit) - base
  }
}
