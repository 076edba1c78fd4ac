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

  /// Puts the bytes in the place of a file's content, whole or not at all, so that they would survive a power loss.
  ///
  /// The file's permissions stay; a new file is its owner's alone.
  public static func replace(_ path: String, with bytes: [UInt8]) throws(SystemError) {
    let draft = "\(path).\(getpid()).part"
    try? remove(draft)
    try createFile(draft, containing: bytes)
    do throws(SystemError) {
      if exists(path) {
        let mode = try permissions(of: path)
        guard chmod(draft, mode_t(truncatingIfNeeded: mode)) == 0 else { throw .current }
      }
      try rename(draft, to: path)
    } catch {
      try? remove(draft)
      throw error
    }
    if let folder = folder(of: path) { try synchronizeDirectory(folder) }
  }
}
