internal import JSON
internal import Platform
internal import Settings
internal import ToolServer

/// `demo`: the main job on a real workspace, over a real conversation with a server of our own; with `--workspace` a
/// workspace to try everything on.
struct DemoCommand {
  let configuration: Configuration
  let invocation: Invocation
  private let console = Console.output

  private var given: SettingValues { invocation.values }

  init(configuration: Configuration, invocation: Invocation) {
    self.configuration = configuration
    self.invocation = invocation
  }

  /// Shows it; the workspace is kept, so that it can be looked at.
  func run() throws(UsageError) -> Int32 {
    if let path = invocation.options[.workspace] { return try fill(path) }
    for option in [Command.Option.reset, .at] where invocation.has(option) {
      throw UsageError("\(option.flag) goes with --workspace")
    }
    guard let program = Environment.programPath else {
      Console.errors.line("bound-mcp: the system does not tell where this program is")
      return Program.Status.failure
    }
    do {
      let workspace = try makeWorkspace()
      console.line(console.styled("bound-mcp: the main job, as an assistant and a person do it", .bold))
      console.line("A server is started on \(workspace.database); → is what a client asks, ← what it gets.")
      let action = try converse(program, workspace)
      try showMessage(action)
      showConfigurations(program, workspace)
      return Program.Status.success
    } catch {
      Console.errors.line("bound-mcp: the demo ended early: \(error.message)")
      return Program.Status.failure
    }
  }

  /// Makes the workspace of a sales team.
  private func fill(_ given: String) throws(UsageError) -> Int32 {
    let home = Environment.variable("HOME") ?? ""
    let path = Files.absolute(given.hasPrefix("~/") ? home + given.dropFirst(1) : given)
    let end = try invocation.options[.at].map { text throws(UsageError) in
      guard let time = Timestamp(iso8601: text) else {
        throw UsageError("--at: \"\(text.prefix(64))\" is no ISO 8601 time")
      }
      return time
    }
    let base = path.hasSuffix(".db") ? String(path.dropLast(3)) : path
    let demo = DemoWorkspace(path: path, outbox: base + "-outbox", end: end ?? SystemClock().now())
    if Files.exists(path) {
      guard invocation.has(.reset) else {
        throw UsageError("\(path) is there already; --reset replaces a demo workspace")
      }
      guard DemoWorkspace.isOne(path) else { throw UsageError("\(path) is no demo workspace, so it is left as it is") }
    }
    do throws(DemoFailure) {
      try demo.remove()
      let began = SystemClock().monotonic()
      let contents = try demo.make()
      let milliseconds = (SystemClock().monotonic() - began) / 1_000_000
      console.line("Made \(path) in \(milliseconds) ms:")
      for (count, noun) in contents { console.line("  \(count) \(noun)") }
      console.line("Try it: bound-mcp call pathbound_review_pending_actions --db \(shellQuoted(path))")
      console.line("or add  --db \(shellQuoted(path))  after serve in your client's configuration.")
      return Program.Status.success
    } catch {
      Console.errors.line("bound-mcp: the demo workspace could not be made: \(error.message)")
      return Program.Status.failure
    }
  }

  private struct Workspace {
    let database: String
    let outbox: String
    /// It was there before: what the story creates must be new in it.
    let isUsed: Bool
  }

  private func makeWorkspace() throws(DemoFailure) -> Workspace {
    if given[.database] != nil {
      let path = configuration.databasePath
      guard path != ":memory:" else {
        throw DemoFailure(message: "name a file, so that it can be looked at afterwards")
      }
      return Workspace(database: path, outbox: configuration.outboxPath, isUsed: Files.exists(path))
    }
    let temporary = Environment.variable("TMPDIR").flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
    var random = SystemRandomNumberGenerator()
    let folder = "\(temporary)/bound-mcp-demo-\(String(random.next(), radix: 36))"
    do {
      try Files.createDirectories(folder)
    } catch {
      throw DemoFailure(message: "no folder could be made in \(temporary): \(error)")
    }
    return Workspace(database: folder + "/workspace.db", outbox: folder + "/outbox", isUsed: false)
  }

  private func converse(_ program: String, _ workspace: Workspace) throws(DemoFailure) -> JSONValue {
    let conversation = try Conversation(
      program: program,
      arguments: [
        "serve", "--db", workspace.database, "--outbox", workspace.outbox, "--pathbound", "local", "--owlbound",
        "local", "--approvals", "ask", "--sender", configuration.sender ?? "Sam Rivera <sam@yourcompany.example>",
      ])
    let suffix = workspace.isUsed ? "+\(SystemClock().now().milliseconds)" : ""
    let story = Story(
      transcript: Transcript(conversation, console: console), email: "ada.okafor\(suffix)@northwind.example")
    do throws(DemoFailure) {
      let action = try story.tell()
      let status = conversation.close()
      guard status == 0 else { throw DemoFailure(message: "the server ended with status \(status)") }
      return action
    } catch {
      _ = conversation.close()
      throw error
    }
  }

  private func showMessage(_ action: JSONValue) throws(DemoFailure) {
    guard let path = action["result"]?["path"]?.stringValue else {
      throw DemoFailure(message: "no message was written: \(action.text)")
    }
    let message: [UInt8]
    do {
      message = try Files.read(path)
    } catch {
      throw DemoFailure(message: "the message \(path) can't be read: \(error)")
    }
    console.line()
    console.line(console.styled("The message, as it lies in the outbox", .bold))
    for line in String(decoding: message, as: UTF8.self).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    {
      console.line("   │ \(line)")
    }
    console.line()
    console.line("   \(path)")
  }

  private func showConfigurations(_ program: String, _ workspace: Workspace) {
    console.line()
    console.line(console.styled("Use it yourself", .bold))
    console.line("   Claude Code:     claude mcp add bound -- \(shellQuoted(program)) serve")
    console.line("   Claude Desktop:  \(shellQuoted(program)) install claude-desktop")
    console.line("   Others:          \(shellQuoted(program)) install    shows which there are")
    console.line("   This workspace:  add  --db \(shellQuoted(workspace.database))")
  }

  private func shellQuoted(_ text: String) -> String {
    let plain = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"),
        UInt8(ascii: "_"):
        true
      default: false
      }
    }
    return plain
      ? text : "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
