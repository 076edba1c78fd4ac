internal import Clients
internal import JSON
internal import Platform
internal import Settings
internal import ToolServer

/// `install`: enters the server into a client's list of servers, or takes it out, and touches nothing else there.
struct InstallCommand {
  /// What the printed configuration for any other client is called.
  private static let anyClient = "json"
  private static let longestFile = 64 << 20

  let configuration: Configuration
  let invocation: Invocation

  /// Changes one file, or shows which there are.
  func run() throws(UsageError) -> Int32 {
    guard let name = invocation.operands.first else { return try showClients() }
    let entry = try entry()
    if name == Self.anyClient {
      Console.output.write(IndentedJSON.text(entry.json.serialized()) + "\n")
      return Program.Status.success
    }
    let client = try client(named: name)
    let change = ClientChange(client: client, entry: entry, path: try file(of: client))
    do {
      let result = try change.make(uninstalling: isUninstall, isDryRun: invocation.has(.dryRun))
      show(result, of: change)
      return Program.Status.success
    } catch {
      Console.errors.line("bound-mcp: \(change.path) is left as it is: \(error.reason)")
      if !isUninstall, !invocation.has(.withKeys) {
        Console.errors.line("To do it by hand, put this into it:\n\n\(ClientFile.snippet(entry, for: client))")
      }
      return Program.Status.failure
    }
  }

  private var isUninstall: Bool { invocation.has(.uninstall) }

  private func client(named name: String) throws(UsageError) -> Client {
    if let client = Client(rawValue: name) { return client }
    throw .unknown("client", name, known: Client.allCases.map(\.rawValue) + [Self.anyClient])
  }

  private func file(of client: Client) throws(UsageError) -> String {
    if let given = invocation.options[.file] { return Files.absolute(given) }
    guard let path = client.file(environment: { Environment.variable($0) }) else {
      throw UsageError("no home folder to look for \(client.title)'s file in: set HOME, or name the file with --file")
    }
    return path
  }

  private func entry() throws(UsageError) -> ServerEntry {
    let name = invocation.options[.name] ?? "bound"
    guard ServerEntry.isName(name) else {
      throw UsageError("--name: 1 to 24 lower-case letters, digits and underscores, a letter first")
    }
    guard let program = Environment.programPath else {
      throw UsageError("the system does not tell where this program is")
    }
    return ServerEntry(
      name: name, command: program, arguments: ["serve"] + arguments, variables: invocation.has(.withKeys) ? keys : [])
  }

  /// The settings of this command line, with paths that hold wherever the client starts the server.
  private var arguments: [String] {
    var values = invocation.values
    if values[.database] != nil { values[.database] = configuration.databasePath }
    if values[.outbox] != nil { values[.outbox] = configuration.outboxPath }
    if values[.sendmail] != nil { values[.sendmail] = configuration.sendmailPath }
    return values.arguments
  }

  private var keys: [(name: String, value: String)] {
    Setting.allCases.filter(\.isSecret).compactMap { setting in
      Environment.variable(setting.variable).flatMap { $0.isEmpty ? nil : (setting.variable, $0) }
    }
  }

  private func show(_ result: ClientChange.Result, of change: ClientChange) {
    if invocation.has(.json) {
      Console.output.line(result.json(of: change, isUninstall: isUninstall).text)
      return
    }
    let console = Console.output
    guard !result.difference.lines.isEmpty else {
      console.line("\(change.path): \(isUninstall ? "not in it" : "up to date"); nothing changed")
      return
    }
    console.line(change.path)
    for line in result.difference.lines {
      let text = ClientChange.shown(line.text)
      switch line.change {
      case .kept: console.line("    \(text)")
      case .removed: console.line(console.styled("  - \(text)", .red))
      case .added: console.line(console.styled("  + \(text)", .green))
      }
    }
    guard !invocation.has(.dryRun) else { return console.line("Nothing was changed (--dry-run).") }
    if let backup = result.backup { console.line("Before: \(backup)") }
    console.line(change.client.nextStep)
    noteKeys(change.client)
  }

  /// A client starts servers with an environment of its own.
  private func noteKeys(_ client: Client) {
    guard !isUninstall, !invocation.has(.withKeys), !keys.isEmpty else { return }
    let names = keys.map(\.name).joined(separator: ", ")
    Console.output.line(
      "Not written: \(names). \(client.title) may not pass it on: put it into config.json (mode 0600), or use "
        + "--with-keys.")
  }

  private func showClients() throws(UsageError) -> Int32 {
    let name = invocation.options[.name] ?? "bound"
    var rows: [(client: Client, state: String, path: String)] = []
    for client in Client.allCases {
      guard let path = client.file(environment: { Environment.variable($0) }) else { continue }
      rows.append((client, state(of: client, name, path), path))
    }
    if invocation.has(.json) {
      let list: [JSONValue] = rows.map { row in
        [
          "client": .string(row.client.rawValue), "title": .string(row.client.title), "state": .string(row.state),
          "file": .string(row.path),
        ]
      }
      Console.output.line(JSONValue.array(list).text)
      return Program.Status.success
    }
    for row in rows {
      let columns = [(row.client.rawValue, 16), (row.state, 14)].map { text, width in
        text + String(repeating: " ", count: max(width - text.count, 1))
      }
      Console.output.line(columns.joined() + row.path)
    }
    Console.output.line("\nbound-mcp install CLIENT enters it; --uninstall takes it out, --dry-run only shows.")
    return Program.Status.success
  }

  private func state(of client: Client, _ name: String, _ path: String) -> String {
    guard Files.exists(path) else { return "no file" }
    guard let text = try? Files.read(path, limit: Self.longestFile),
      let without = try? ClientFile.removing(name, from: text, of: client)
    else { return "unreadable" }
    return without == text ? "not in it" : "installed"
  }
}
