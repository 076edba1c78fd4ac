internal import CPlatform

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// Another program, started by this one, with pipes to its standard input and from its standard output.
///
/// Its standard error is ours; it inherits no other descriptor that is marked close-on-exec, and no blocked signal.
public struct ChildProcess: Sendable {
  /// The system's number for it.
  public let id: Int32
  /// What is written here arrives at its standard input.
  public let input: Descriptor
  /// What it writes to standard output.
  public let output: Descriptor

  /// Starts the program at `path`; `arguments` come after its name.
  ///
  /// - Parameter environment: its variables as `NAME=value`; nil gives it ours.
  public static func start(
    _ path: String, arguments: [String], environment: [String]? = nil
  ) throws(SystemError) -> ChildProcess {
    let toChild = try Pipe()
    let fromChild: Pipe
    do throws(SystemError) {
      fromChild = try Pipe()
    } catch {
      toChild.close()
      throw error
    }
    var id: pid_t = 0
    let status = withCStrings([path] + arguments) { argv in
      guard let environment else { return cplatform_spawn(&id, argv, nil, toChild.read, fromChild.write) }
      return withCStrings(environment) { cplatform_spawn(&id, argv, $0, toChild.read, fromChild.write) }
    }
    Descriptor(rawValue: toChild.read).close()
    Descriptor(rawValue: fromChild.write).close()
    let child = ChildProcess(
      id: id, input: Descriptor(rawValue: toChild.write), output: Descriptor(rawValue: fromChild.read))
    guard status == 0 else {
      child.input.close()
      child.output.close()
      throw SystemError(code: status)
    }
    return child
  }

  /// Asks it to end.
  public func terminate() { kill(id, SIGTERM) }

  /// Ends it without asking.
  public func kill() { kill(id, SIGKILL) }

  /// Waits until it has ended: its exit status, or 128 + the signal that ended it.
  public func waitForExit() -> Int32 {
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0 {
      if errno != EINTR { return -1 }
    }
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
  }

  private func kill(_ id: Int32, _ signal: Int32) {
    #if canImport(Darwin)
      _ = Darwin.kill(id, signal)
    #else
      _ = Glibc.kill(id, signal)
    #endif
  }
}

/// The two ends of a pipe that no child inherits by accident.
private struct Pipe {
  let read: Int32
  let write: Int32

  init() throws(SystemError) {
    var ends: (Int32, Int32) = (-1, -1)
    let status = withUnsafeMutableBytes(of: &ends) { bytes in
      bytes.withMemoryRebound(to: Int32.self) { cplatform_pipe_close_on_exec($0.baseAddress) }
    }
    guard status == 0 else { throw .current }
    (read, write) = ends
  }

  func close() {
    Descriptor(rawValue: read).close()
    Descriptor(rawValue: write).close()
  }
}

/// Lends the strings as the null-terminated vector that exec takes.
private func withCStrings<Result>(
  _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
  defer { for pointer in pointers { free(pointer) } }
  pointers.append(nil)
  return pointers.withUnsafeBufferPointer { buffer in
    guard let base = buffer.baseAddress else { preconditionFailure("a vector with its end is never empty") }
    return body(base)
  }
}
