internal import CPlatform

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// A failed call of the operating system.
public struct SystemError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The `errno` value.
  public let code: Int32

  /// Wraps an `errno` value.
  public init(code: Int32) { self.code = code }

  /// The system's own words, without any path.
  public var description: String { String(cString: strerror(code)) }

  /// The other end of a pipe is gone.
  public var isBrokenPipe: Bool { code == EPIPE }

  /// There is no such file.
  public var isNoSuchFile: Bool { code == ENOENT }

  /// The name is taken.
  public static let fileExists = SystemError(code: EEXIST)

  static var current: SystemError { SystemError(code: errno) }
}

/// An open file, pipe or terminal; not closed by itself.
public struct Descriptor: Sendable, Hashable {
  /// The number that the system knows it by.
  public let rawValue: Int32

  /// Wraps an open descriptor.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// Standard input.
  public static let standardInput = Descriptor(rawValue: 0)
  /// Standard output, for results of commands; a server's own output is another, see ``takeStandardStreams()``.
  public static let standardOutput = Descriptor(rawValue: 1)
  /// Standard error, for logs.
  public static let standardError = Descriptor(rawValue: 2)

  /// Waits for input and reads what is there; 0 at the end.
  ///
  /// Interruptions are retried.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
    while true {
      #if canImport(Darwin)
        let count = Darwin.read(rawValue, buffer.baseAddress, buffer.count)
      #else
        let count = Glibc.read(rawValue, buffer.baseAddress, buffer.count)
      #endif
      if count >= 0 { return count }
      if errno != EINTR && errno != EAGAIN { throw .current }
      if errno == EAGAIN { waitUntilReady(Int16(POLLIN)) }
    }
  }

  /// Writes all bytes, however long it takes.
  public func writeAll(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
    var rest = bytes
    while !rest.isEmpty {
      #if canImport(Darwin)
        let count = Darwin.write(rawValue, rest.baseAddress, rest.count)
      #else
        let count = Glibc.write(rawValue, rest.baseAddress, rest.count)
      #endif
      if count >= 0 {
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      } else if errno == EAGAIN {
        waitUntilReady(Int16(POLLOUT))
      } else if errno != EINTR {
        throw .current
      }
    }
  }

  /// Writes all bytes, however long it takes.
  public func writeAll(_ bytes: [UInt8]) throws(SystemError) {
    let result = bytes.withUnsafeBytes { bytes in Result { () throws(SystemError) in try writeAll(bytes) } }
    try result.get()
  }

  /// Writes what fits without waiting: the number of bytes written, 0 when none fits now.
  ///
  /// Where the system has no such call for this kind of descriptor, at most 4,096 bytes are written when a poll says
  /// that they fit (a pipe that polls writable takes PIPE_BUF bytes without waiting).
  public func writeWithoutWaiting(_ bytes: UnsafeRawBufferPointer) throws(SystemError) -> Int {
    guard let base = bytes.baseAddress, !bytes.isEmpty else { return 0 }
    while true {
      let count = cplatform_write_no_wait(rawValue, base, bytes.count)
      if count >= 0 { return count }
      switch errno {
      case EINTR: continue
      case EAGAIN: return 0
      case EOPNOTSUPP, ENOSYS, EINVAL, ESPIPE: return try writeAfterPoll(bytes)
      default: throw .current
      }
    }
  }

  /// Writes all bytes; false when the deadline passes before the other end has taken them.
  public func writeAll(_ bytes: [UInt8], until deadline: Deadline) throws(SystemError) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let start = sent
      let result = bytes.withUnsafeBytes { bytes in
        Result { () throws(SystemError) in
          try writeWithoutWaiting(UnsafeRawBufferPointer(rebasing: bytes[start...]))
        }
      }
      let count = try result.get()
      sent += count
      guard count == 0 else { continue }
      let now = SystemClock().monotonic()
      guard deadline.nanoseconds > now else { return false }
      var entry = pollfd(fd: rawValue, events: Int16(POLLOUT), revents: 0)
      poll(&entry, 1, Int32(min((deadline.nanoseconds - now) / 1_000_000 + 1, 60_000)))
    }
    return true
  }

  private func writeAfterPoll(_ bytes: UnsafeRawBufferPointer) throws(SystemError) -> Int {
    var entry = pollfd(fd: rawValue, events: Int16(POLLOUT), revents: 0)
    guard poll(&entry, 1, 0) > 0, entry.revents & Int16(POLLOUT | POLLERR | POLLHUP) != 0 else { return 0 }
    let part = UnsafeRawBufferPointer(rebasing: bytes[..<min(bytes.count, 4096)])
    try writeAll(part)
    return part.count
  }

  private func waitUntilReady(_ events: Int16) {
    var entry = pollfd(fd: rawValue, events: events, revents: 0)
    poll(&entry, 1, -1)
  }

  /// Gives the descriptor back to the system.
  public func close() {
    #if canImport(Darwin)
      _ = Darwin.close(rawValue)
    #else
      _ = Glibc.close(rawValue)
    #endif
  }

  /// Whether a person may sit at the other end.
  public var isTerminal: Bool { isatty(rawValue) == 1 }

  /// Keeps the process's standard input and output for the protocol alone.
  ///
  /// Both move to private descriptors that no child inherits; then 0 reads nothing and 1 writes to standard error, so
  /// that a stray `print` or a started program cannot break a message. SIGPIPE is ignored: a gone reader is an error
  /// of the write.
  public static func takeStandardStreams() throws(SystemError) -> (input: Descriptor, output: Descriptor) {
    signal(SIGPIPE, SIG_IGN)
    let input = cplatform_duplicate_close_on_exec(0)
    let output = cplatform_duplicate_close_on_exec(1)
    let null = cplatform_open("/dev/null", O_RDONLY, 0)
    guard input >= 0, output >= 0, null >= 0, dup2(null, 0) == 0, dup2(2, 1) == 1 else { throw .current }
    Descriptor(rawValue: null).close()
    return (Descriptor(rawValue: input), Descriptor(rawValue: output))
  }
}
