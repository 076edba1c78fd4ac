internal import CPlatform

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

extension Files {
  /// Opens a file for locking, creating it (mode 0600) where it is missing.
  public static func openLock(_ path: String) throws(SystemError) -> Descriptor {
    let descriptor = cplatform_open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .current }
    return Descriptor(rawValue: descriptor)
  }
}

extension Descriptor {
  /// Waits in the system's queue until no other process holds the lock; it ends with the process at the latest.
  public func lockExclusively() {
    while flock(rawValue, LOCK_EX) != 0 && errno == EINTR {}
  }

  /// Lets the next one in.
  public func unlock() {
    while flock(rawValue, LOCK_UN) != 0 && errno == EINTR {}
  }
}
