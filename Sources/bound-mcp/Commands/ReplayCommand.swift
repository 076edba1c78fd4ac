internal import JSON
internal import MCP
internal import Platform
internal import Service
internal import Settings

/// `replay`: a recorded session against a fresh workspace, and what differs.
///
/// Nothing of this user's configuration is looked at, so that a replay can't reach anybody: no keys, no programs.
struct ReplayCommand {
  let configuration: Configuration
  let invocation: Invocation

  /// Replays; the status tells whether all went as recorded.
  func run() throws(UsageError) -> Int32 {
    let recording = try readRecording()
    guard let program = Environment.programPath else {
      Console.errors.line("bound-mcp: the system does not tell where this program is")
      return Program.Status.failure
    }
    let temporary = Environment.variable("TMPDIR").flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
    var random = SystemRandomNumberGenerator()
    let folder = "\(temporary)/bound-mcp-replay-\(String(random.next(), radix: 36))"
    defer { Files.removeTree(folder) }
    let server: ChildProcess
    do {
      server = try ChildProcess.start(
        program, arguments: arguments(for: recording, folder),
        environment: ["HOME=\(folder)", "PATH=\(Environment.variable("PATH") ?? "/usr/bin:/bin")"])
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
    Console.output.line("\(recording.count { $0?.speaker != .settings }) messages, \(differences.count) differences")
    return differences.isEmpty && status == 0 ? Program.Status.success : Program.Status.failure
  }

  private func readRecording() throws(UsageError) -> [RecordedMessage?] {
    let path = invocation.operands[0]
    let text: [UInt8]
    do {
      text = try Files.read(path)
    } catch {
      throw UsageError("\(path) can't be read: \(error)")
    }
    let lines = text.split(separator: UInt8(ascii: "\n"))
    let recording = lines.map { RecordedMessage(line: String(decoding: $0, as: UTF8.self)) }
    guard recording.contains(where: { $0 != nil }) else {
      throw UsageError("\(path) is no recording; serve --record FILE makes one")
    }
    return recording
  }

  /// Of the kind that was recorded; what is done anew is done in the folder.
  private func arguments(for recording: [RecordedMessage?], _ folder: String) -> [String] {
    let recorded = recording.lazy.compactMap { $0 }.first { $0.speaker == .settings }?.message.objectValue
    var values = recorded.map { SettingValues(conversation: $0) } ?? configuration.conversation
    values[.database] = ":memory:"
    values[.outbox] = folder + "/outbox"
    values[.pathbound] = "local"
    values[.owlbound] = "local"
    var arguments = ["serve"] + values.arguments
    if let again = invocation.options[.record] {
      arguments += ["\(Command.Option.record.flag)", Files.absolute(again)]
    }
    return arguments
  }
}
