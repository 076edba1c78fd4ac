import Foundation
public import Platform

/// Two descriptors of which one brings what the other is given.
public struct TestPipe: Sendable {
  /// Where bytes come out.
  public let reading: Descriptor
  /// Where bytes go in.
  public let writing: Descriptor

  /// What joins the two ends.
  public enum Kind: Sendable {
    /// A stream of bytes that holds about 64 KiB.
    case stream
    /// One that brings each write as one read (Linux).
    case packets
  }

  /// Opens the pair.
  ///
  /// Writing to a closed end is an error, not a signal.
  public init(_ kind: Kind = .stream) {
    signal(SIGPIPE, SIG_IGN)
    var ends: [Int32] = [-1, -1]
    switch kind {
    case .stream: precondition(pipe(&ends) == 0)
    case .packets:
      #if canImport(Glibc)
        precondition(socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue), 0, &ends) == 0)
      #else
        precondition(socketpair(AF_UNIX, SOCK_DGRAM, 0, &ends) == 0)
      #endif
    }
    // Children that a test starts must not keep the other end open.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    reading = Descriptor(rawValue: ends[0])
    writing = Descriptor(rawValue: ends[1])
  }

  /// One read, at most 1 MiB; empty at the end.
  public func read() -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 1 << 20) { buffer, count in
      count = (try? reading.read(into: UnsafeMutableRawBufferPointer(buffer))) ?? 0
    }
  }

  /// Everything up to the end.
  public func readToEnd() -> [UInt8] {
    var all: [UInt8] = []
    while true {
      let some = read()
      if some.isEmpty { return all }
      all += some
    }
  }

  /// Writes everything; false when the other end is gone.
  @discardableResult
  public func write(_ bytes: some Sequence<UInt8>) -> Bool {
    Array(bytes).withUnsafeBytes { bytes in (try? writing.writeAll(bytes)) != nil }
  }
}
