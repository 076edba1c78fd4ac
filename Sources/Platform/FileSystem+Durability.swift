internal import CPlatform

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// Names and contents that survive a power loss.
extension FileSystem {
  /// Creates a file (mode 0600) that must not exist yet, and waits until its content would survive a power loss.
  ///
  /// On failure no such file is left behind; its name survives once the folder is synchronised, too.
  public static func createFile(_ path: String, containing bytes: [UInt8]) throws(SystemError) {
    let number = cplatform_open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard number >= 0 else { throw .current }
    let descriptor = Descriptor(rawValue: number)
    defer { descriptor.close() }
    do throws(SystemError) {
      try writeAll(bytes, to: descriptor)
      try descriptor.synchronize()
    } catch {
      unlink(path)
      throw error
    }
  }

  /// Gives a file a second name, which must not exist yet: with EEXIST nothing has happened.
  public static func addName(_ name: String, to path: String) throws(SystemError) {
    #if canImport(Darwin)
      let status = Darwin.link(path, name)
    #else
      let status = Glibc.link(path, name)
    #endif
    guard status == 0 else { throw .current }
  }

  /// Gives a file another name, in place of whatever has that name.
  public static func move(_ path: String, to name: String) throws(SystemError) {
    #if canImport(Darwin)
      let status = Darwin.rename(path, name)
    #else
      let status = Glibc.rename(path, name)
    #endif
    guard status == 0 else { throw .current }
  }

  /// Removes a file's name.
  public static func remove(_ path: String) throws(SystemError) {
    guard unlink(path) == 0 else { throw .current }
  }

  /// Waits until the names in a folder would survive a power loss.
  public static func synchronizeFolder(_ path: String) throws(SystemError) {
    let descriptor = cplatform_open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
    guard descriptor >= 0 else { throw .current }
    defer { Descriptor(rawValue: descriptor).close() }
    // Some file systems refuse to synchronise a folder, since they have nothing to do.
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw .current }
  }
}

extension Descriptor {
  /// Waits until what was written would survive a power loss.
  public func synchronize() throws(SystemError) {
    while cplatform_synchronize(rawValue) != 0 {
      if errno != EINTR { throw .current }
    }
  }
}

extension SystemError {
  /// The name is taken.
  public var isFileExists: Bool { code == EEXIST }

  /// The file system does not know what was asked for, like a second name of a file.
  public var isNotSupported: Bool { code == EPERM || code == EOPNOTSUPP || code == ENOTSUP || code == ENOSYS }
}
