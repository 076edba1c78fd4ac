internal import MCP
internal import Platform
internal import Service
internal import Settings

/// `replay`: a recorded session against a fresh workspace, and what differs.
struct ReplayCommand {
  let configuration: Configuration
  let invocation: Invocation

  /// Replays; the status tells whether all went as recorded.
  func run() throws(UsageError) -> Int32 {
    let path = invocation.operands[0]
    let text: [UInt8]
    do {
      text = try Files.read(path)
    } catch {
      throw UsageError("\(path) can't be read: \(error)")
    }
    let lines = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline)
    let recording = lines.map { RecordedMessage(line: String($0)) }
    guard let program = Environment.programPath else {
      Console.errors.line("bound-mcp: the system does not tell where this program is")
      return Program.Status.failure
    }
    let temporary = Environment.variable("TMPDIR").flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
    var random = SystemRandomNumberGenerator()
    let folder = "\(temporary)/bound-mcp-replay-\(String(random.next(), radix: 36))"
    let server: ChildProcess
    do {
      server = try ChildProcess.start(
        program,
        arguments: [
          "serve", "--db", ":memory:", "--outbox", "\(folder)/outbox", "--pathbound", "local",
          "--owlbound", "local", "--approvals", configuration.approvals.rawValue, "--sender",
          configuration.sender ?? "sales@example.com",
        ])
    } catch {
      Console.errors.line("bound-mcp: the server could not be started: \(error)")
      return Program.Status.failure
    }
    let replay = SessionReplay(input: server.input, output: server.output)
    let differences = replay.run(recording)
    replay.end()
    let status = server.waitForExit()
    for difference in differences { Console.output.line(difference) }
    if status != 0 { Console.output.line("the server ended with status \(status)") }
    Console.output.line("\(recording.count) messages, \(differences.count) differences")
    return differences.isEmpty && status == 0 ? Program.Status.success : Program.Status.failure
  }
}
