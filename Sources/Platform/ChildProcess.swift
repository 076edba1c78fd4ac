internal import CPlatform

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// Another program, started by this one, with pipes to its standard input and from its standard output.
///
/// Its standard error is ours unless it is wanted; it inherits no other descriptor that is marked close-on-exec, and no blocked signal.
public struct ChildProcess: Sendable {
  /// The system's number for it.
  public let id: Int32
  /// What is written here arrives at its standard input.
  public let input: Descriptor
  /// What it writes to standard output.
  public let output: Descriptor
  /// What it writes to standard error; nil when that is ours.
  public let errors: Descriptor?
  /// Whether signals go to it and to all that it has started.
  private let leadsGroup: Bool

  /// Starts the program at `path`; `arguments` come after its name.
  ///
  /// - Parameters:
  ///   - environment: its variables as `NAME=value`; nil gives it ours.
  ///   - folder: where it works; nil for our own working folder.
  ///   - takesErrors: whether its standard error comes to us.
  ///   - leadsGroup: whether it and what it starts are one process group, which signals reach as a whole.
  public static func start(
    _ path: String, arguments: [String], environment: [String]? = nil, folder: String? = nil,
    takesErrors: Bool = false, leadsGroup: Bool = false
  ) throws(SystemError) -> ChildProcess {
    // A program that has stopped reading must be an error of the write, not our end.
    signal(SIGPIPE, SIG_IGN)
    let pipes = try Pipe.open(takesErrors ? 3 : 2)
    defer { for pipe in pipes { pipe.closeEnd(ofChild: true, isInput: pipe.write == pipes[0].write) } }
    var id: pid_t = 0
    let spawn = { (argv: CStringVector, environment: CStringVector?) in
      cplatform_spawn(
        &id, argv, environment, pipes[0].read, pipes[1].write, takesErrors ? pipes[2].write : -1, folder,
        leadsGroup ? 1 : 0)
    }
    let status = withCStrings([path] + arguments) { argv in
      guard let environment else { return spawn(argv, nil) }
      return withCStrings(environment) { spawn(argv, $0) }
    }
    guard status == 0 else {
      for pipe in pipes { pipe.closeEnd(ofChild: false, isInput: pipe.write == pipes[0].write) }
      throw SystemError(code: status)
    }
    return ChildProcess(
      id: id, input: Descriptor(rawValue: pipes[0].write), output: Descriptor(rawValue: pipes[1].read),
      errors: takesErrors ? Descriptor(rawValue: pipes[2].read) : nil, leadsGroup: leadsGroup)
  }

  /// Starts the program with our own standard streams.
  static func startSharing(_ path: String, arguments: [String]) throws(SystemError) -> ChildProcess {
    var id: pid_t = 0
    let status = withCStrings([path] + arguments) { argv in
      cplatform_spawn(&id, argv, nil, STDIN_FILENO, STDOUT_FILENO, -1, nil, 0)
    }
    guard status == 0 else { throw SystemError(code: status) }
    return ChildProcess(id: id, input: .standardInput, output: .standardOutput, errors: nil, leadsGroup: false)
  }

  /// Asks it to end.
  public func terminate() { kill(leadsGroup ? -id : id, SIGTERM) }

  /// Ends it without asking.
  public func kill() { kill(leadsGroup ? -id : id, SIGKILL) }

  /// Waits until it has ended; its number stays taken until ``waitForExit()``.
  func awaitEnd() { cplatform_await_end(id) }

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

  /// Opens so many pipes, or none.
  static func open(_ count: Int) throws(SystemError) -> [Pipe] {
    var pipes: [Pipe] = []
    for _ in 0..<count {
      do throws(SystemError) {
        pipes.append(try Pipe())
      } catch {
        for pipe in pipes {
          Descriptor(rawValue: pipe.read).close()
          Descriptor(rawValue: pipe.write).close()
        }
        throw error
      }
    }
    return pipes
  }

  private init() throws(SystemError) {
    var ends: (Int32, Int32) = (-1, -1)
    let status = withUnsafeMutableBytes(of: &ends) { bytes in
      bytes.withMemoryRebound(to: Int32.self) { cplatform_pipe_close_on_exec($0.baseAddress) }
    }
    guard status == 0 else { throw .current }
    (read, write) = ends
  }

  /// Closes the end that a child has got, or ours: a child reads its input and writes all else.
  func closeEnd(ofChild: Bool, isInput: Bool) {
    Descriptor(rawValue: ofChild == isInput ? read : write).close()
  }
}

private typealias CStringVector = UnsafePointer<UnsafeMutablePointer<CChar>?>

/// Lends the strings as the null-terminated vector that exec takes.
private func withCStrings<Result>(
  _ strings: [String], _ body: (CStringVector) -> Result
) -> Result {
  var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
  defer { for pointer in pointers { free(pointer) } }
  pointers.append(nil)
  return pointers.withUnsafeBufferPointer { buffer in
    guard let base = buffer.baseAddress else { preconditionFailure("a vector with its end is never empty") }
    return body(base)
  }
}
