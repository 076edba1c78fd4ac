internal import CPlatform

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// Whole files that survive a power loss.
extension Files {
  /// Creates a file (mode 0600) that must not exist yet, and waits until its content would survive a power loss.
  ///
  /// On failure no such file is left behind; its name survives once the folder is synchronised, too.
  public static func createFile(_ path: String, containing bytes: [UInt8]) throws(SystemError) {
    let descriptor = try createExclusively(path)
    defer { descriptor.close() }
    let result: Result<Void, SystemError> = bytes.withUnsafeBytes { bytes in
      Result { () throws(SystemError) in
        try descriptor.writeAll(bytes)
        try descriptor.synchronize()
      }
    }
    if case .failure = result { unlink(path) }
    try result.get()
  }
}
