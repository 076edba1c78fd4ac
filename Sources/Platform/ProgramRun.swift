internal import CPlatform

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// Runs a program to its end: bytes in, bytes out, within limits.
public struct ProgramRun: Sendable {
  /// The program's path.
  public var path: String
  /// What comes after its name.
  public var arguments: [String]
  /// Its variables as `NAME=value`; nil gives it ours.
  public var environment: [String]?
  /// Where it works; nil for our own working folder.
  public var folder: String?
  /// What it reads; then its input is at the end.
  public var input: [UInt8]
  /// How long it may take, in milliseconds; then it is killed with all that it has started.
  public var timeLimit: Int
  /// The most that it may write to standard output, in bytes; then it is killed too.
  public var outputLimit: Int
  /// Has it killed.
  public var cancellation: Cancellation?

  /// How much of standard error is kept: its end.
  static let errorsKept = 16 << 10

  /// How a program ended.
  public struct Ending: Sendable {
    /// Why it ended.
    public enum Cause: Sendable {
      /// By itself.
      case exit
      /// Killed: it took too long.
      case timeLimit
      /// Killed: it wrote too much.
      case outputLimit
      /// Killed: nobody wants the result.
      case cancellation
    }

    /// Why it ended.
    public let cause: Cause
    /// Its exit status, or 128 + the signal that ended it.
    public let status: Int32
    /// What it wrote to standard output.
    public let output: [UInt8]
    /// The end of what it wrote to standard error.
    public let errors: [UInt8]
  }

  /// A run within a minute and a mebibyte of output.
  public init(
    _ path: String, arguments: [String] = [], environment: [String]? = nil, folder: String? = nil, input: [UInt8] = [],
    timeLimit: Int = 60_000, outputLimit: Int = 1 << 20, cancellation: Cancellation? = nil
  ) {
    self.path = path
    self.arguments = arguments
    self.environment = environment
    self.folder = folder
    self.input = input
    self.timeLimit = timeLimit
    self.outputLimit = outputLimit
    self.cancellation = cancellation
  }

  /// Runs it on the calling thread.
  ///
  /// - Throws: when it can't be started.
  public func run() throws(SystemError) -> Ending {
    var end: (Int32, Int32) = (-1, -1)
    let status = withUnsafeMutableBytes(of: &end) { bytes in
      bytes.withMemoryRebound(to: Int32.self) { cplatform_pipe_close_on_exec($0.baseAddress) }
    }
    guard status == 0 else { throw .current }
    let (ended, signalsEnd) = (Descriptor(rawValue: end.0), Descriptor(rawValue: end.1))
    defer { ended.close() }
    let process: SupervisedProcess
    do throws(SystemError) {
      process = try SupervisedProcess(path, arguments: arguments, environment: environment, folder: folder)
    } catch {
      signalsEnd.close()
      throw error
    }
    process.onEnd { signalsEnd.close() }
    let cancelled = cancellation?.onCancel { process.kill() }
    defer { if let cancelled { cancellation?.remove(cancelled) } }
    var exchange = Exchange(self, process, ended: ended)
    let cause = exchange.run()
    if cause != .exit { process.kill() }
    let exitStatus = process.waitForExit() ?? -1
    exchange.close()
    return Ending(
      cause: cancellation?.isCancelled == true ? .cancellation : cause, status: exitStatus, output: exchange.output,
      errors: exchange.errors)
  }
}

/// Feeds a program and takes what it writes, on one thread.
private struct Exchange {
  private let process: SupervisedProcess
  private let ended: Descriptor
  private let deadline: Deadline
  private let outputLimit: Int
  private let input: [UInt8]
  private var sent = 0
  private var isInputOpen = true
  private var isOutputOpen = true
  private var isErrorsOpen = true
  private(set) var output: [UInt8] = []
  private(set) var errors: [UInt8] = []

  init(_ run: ProgramRun, _ process: SupervisedProcess, ended: Descriptor) {
    self.process = process
    self.ended = ended
    deadline = .after(milliseconds: UInt64(max(run.timeLimit, 0)))
    outputLimit = run.outputLimit
    input = run.input
    for end in [process.input, process.output, process.errors] { cplatform_stop_waiting(end.rawValue) }
  }

  /// Until it has ended or a limit is met.
  mutating func run() -> ProgramRun.Ending.Cause {
    while true {
      feed()
      var entries = [
        entry(ended, POLLIN, true), entry(process.output, POLLIN, isOutputOpen),
        entry(process.errors, POLLIN, isErrorsOpen), entry(process.input, POLLOUT, isInputOpen),
      ]
      let now = SystemClock().monotonic()
      guard deadline.nanoseconds > now else { return .timeLimit }
      let wait = (deadline.nanoseconds - now) / 1_000_000 + 1
      poll(&entries, nfds_t(entries.count), Int32(min(wait, 60_000)))
      if entries[2].revents != 0 { isErrorsOpen = takeErrors() }
      if entries[1].revents != 0 { isOutputOpen = takeOutput() }
      guard output.count <= outputLimit else { return .outputLimit }
      if entries[0].revents != 0 {
        // All that can still come is in the pipes already.
        if isErrorsOpen { _ = takeErrors() }
        if isOutputOpen { _ = takeOutput() }
        return output.count <= outputLimit ? .exit : .outputLimit
      }
    }
  }

  mutating func close() {
    if isInputOpen { process.input.close() }
    isInputOpen = false
    process.output.close()
    process.errors.close()
  }

  /// A negative number has poll pass over the entry.
  private func entry(_ descriptor: Descriptor, _ events: Int32, _ isOpen: Bool) -> pollfd {
    pollfd(fd: isOpen ? descriptor.rawValue : -1, events: Int16(events), revents: 0)
  }

  private mutating func feed() {
    guard isInputOpen else { return }
    let start = sent
    let written = input.withUnsafeBytes { bytes in
      Result { () throws(SystemError) in
        try process.input.writeWithoutWaiting(UnsafeRawBufferPointer(rebasing: bytes[start...]))
      }
    }
    if case .success(let count) = written { sent += count }
    // Who does not read its input to the end may be right: what it answers counts.
    guard sent < input.count, case .success = written else {
      process.input.close()
      isInputOpen = false
      return
    }
  }

  /// False at the end.
  private mutating func takeOutput() -> Bool {
    let limit = outputLimit
    return Self.take(process.output, into: &output) { $0.count <= limit }
  }

  private mutating func takeErrors() -> Bool {
    Self.take(process.errors, into: &errors) { errors in
      if errors.count > ProgramRun.errorsKept { errors.removeFirst(errors.count - ProgramRun.errorsKept) }
      return true
    }
  }

  /// Takes what is there; false at the end.
  ///
  /// More is wanted as long as the check says so.
  private static func take(
    _ source: Descriptor, into bytes: inout [UInt8], while isWanted: (inout [UInt8]) -> Bool
  ) -> Bool {
    var part = [UInt8](repeating: 0, count: 16 << 10)
    while isWanted(&bytes) {
      let count = part.withUnsafeMutableBytes { cplatform_read(source.rawValue, $0.baseAddress, $0.count) }
      if count > 0 {
        bytes.append(contentsOf: part[..<count])
      } else {
        return count < 0 && (errno == EAGAIN || errno == EINTR)
      }
    }
    return true
  }
}
