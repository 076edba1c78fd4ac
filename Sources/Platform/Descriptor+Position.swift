#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

extension Descriptor {
  /// Reads what a file holds from a place on, as much as fits: the number of bytes, fewer where the file ends.
  public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(SystemError) -> Int {
    var total = 0
    while total < buffer.count, let base = buffer.baseAddress {
      let count = pread(rawValue, base + total, buffer.count - total, off_t(offset + total))
      if count == 0 { break }
      if count > 0 { total += count } else if errno != EINTR { throw .current }
    }
    return total
  }

  /// Writes all bytes into a file from a place on.
  public func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(SystemError) {
    var total = 0
    while total < bytes.count, let base = bytes.baseAddress {
      let count = pwrite(rawValue, base + total, bytes.count - total, off_t(offset + total))
      if count >= 0 { total += count } else if errno != EINTR { throw .current }
    }
  }
}
