internal import CPlatform

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// Files and folders, for the user alone unless told otherwise.
public enum Files {
  /// Creates a folder and those above it that are missing; one that is there already is left as it is.
  public static func createDirectories(_ path: String, mode: UInt32 = 0o700) throws(SystemError) {
    let mode = mode_t(truncatingIfNeeded: mode)
    if mkdir(path, mode) == 0 || isDirectory(path) { return }
    guard errno == ENOENT, let slash = path.dropLast().lastIndex(of: "/"), slash != path.startIndex else {
      throw .current
    }
    try createDirectories(String(path[..<slash]), mode: UInt32(mode))
    guard mkdir(path, mode) == 0 || isDirectory(path) else { throw .current }
  }

  /// Whether there is a folder of that name; `errno` stays as it was.
  public static func isDirectory(_ path: String) -> Bool {
    let before = errno
    defer { errno = before }
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Creates a file (mode 0600) that must not exist yet, open for writing.
  public static func createExclusively(_ path: String) throws(SystemError) -> Descriptor {
    let descriptor = cplatform_open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw .current }
    return Descriptor(rawValue: descriptor)
  }

  /// Gives a file a second name, which must not exist yet: with EEXIST nothing has happened.
  public static func link(_ path: String, as name: String) throws(SystemError) {
    #if canImport(Darwin)
      let status = Darwin.link(path, name)
    #else
      let status = Glibc.link(path, name)
    #endif
    guard status == 0 else { throw .current }
  }

  /// Gives a file another name, in place of whatever has that name.
  public static func rename(_ path: String, to name: String) throws(SystemError) {
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
  public static func synchronizeDirectory(_ path: String) throws(SystemError) {
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

  /// The file system does not know what was asked for, such as a second name of a file.
  public var isNotSupported: Bool { code == EPERM || code == EOPNOTSUPP || code == ENOTSUP || code == ENOSYS }
}
