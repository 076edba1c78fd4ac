internal import Clients
internal import JSON
internal import Platform
internal import Settings

/// The clients of this computer: which of them have the server in their list, and what would happen if they started it.
struct ClientsCheck: Check {
  private static let longestFile = 64 << 20

  func findings() -> [Finding] {
    var findings: [Finding] = []
    var isListed = false
    for client in Client.allCases {
      guard let path = client.file(environment: { Environment.variable($0) }), Files.exists(path) else { continue }
      do throws(Unreadable) {
        let servers = try servers(of: client, at: path)
        isListed = isListed || !servers.isEmpty
        for server in servers { findings.append(finding(server, of: client, path)) }
      } catch {
        findings.append(
          Finding(client.title, .warning, "\(path): \(error.reason).", advice: error.advice))
      }
    }
    if !isListed {
      findings.append(
        Finding(
          "clients", .note, "No list of servers that is known here has bound-mcp in it.",
          advice: "bound-mcp install CLIENT enters it; bound-mcp install shows the clients."))
    }
    return findings
  }

  private struct Unreadable: Error {
    let reason: String
    let advice: String
  }

  /// Those that are this program, wherever it lies.
  private func servers(of client: Client, at path: String) throws(Unreadable) -> [ListedServer] {
    let text: [UInt8]
    do {
      text = try Files.read(path, limit: Self.longestFile)
    } catch {
      throw Unreadable(
        reason: "it can't be read: \(error)", advice: "\(client.title) runs as you, so let the file be yours.")
    }
    do {
      return try ClientFile.servers(in: text, of: client).filter { server in
        server.command?.split(separator: "/").last == "bound-mcp"
      }
    } catch {
      throw Unreadable(
        reason: "it can't be understood: \(error.reason)",
        advice: "\(client.title) will hardly show any server. Mend it, or put back a copy that install has left there.")
    }
  }

  private func finding(_ server: ListedServer, of client: Client, _ path: String) -> Finding {
    let subject = client.title
    let again = "Enter it again: bound-mcp install \(client.rawValue) --name \(server.name)"
    let command = server.command ?? ""
    guard !server.isDisabled else {
      return Finding(
        subject, .warning, "\(server.name) is in its list, but switched off.",
        advice: "Switch it on in \(client.title).")
    }
    guard command.hasPrefix("/") else {
      return Finding(
        subject, .warning, "\(server.name) is started as \(command), which it may not find: it has a PATH of its own.",
        advice: again)
    }
    let start = ProgramCommand(command, arguments: server.arguments, variables: server.variables)
    guard let program = start.path else {
      let isThere = Files.exists(command)
      return Finding(
        subject, .problem,
        "\(server.name) is started as \(command), which \(isThere ? "may not be run" : "is not there").",
        advice: isThere ? "chmod +x \(command)" : again)
    }
    if let file = Self.database(server.arguments), !file.hasPrefix("/"), !file.hasPrefix("~"), file != ":memory:" {
      return Finding(
        subject, .warning, "\(server.name) keeps its workspace in \(file), wherever \(client.title) may start it.",
        advice: "Give --db an absolute path. \(again) --db FILE")
    }
    do throws(ServerTrial.Failure) {
      let answer = try ServerTrial(
        path: program, arguments: server.arguments, environment: start.environment
      ).run()
      return Finding(
        subject, .ok,
        "starts \(command) as \(server.name): \(answer.tools.count) tools within \(answer.milliseconds) ms")
    } catch {
      return Finding(
        subject, .problem, "\(server.name), as \(path) has it: \(error.reason)", advice: error.advice ?? again)
    }
  }

  private static func database(_ arguments: [String]) -> String? {
    for (position, argument) in arguments.enumerated() {
      if argument == "--db", position + 1 < arguments.count { return arguments[position + 1] }
      if argument.hasPrefix("--db=") { return String(argument.dropFirst(5)) }
    }
    return nil
  }
}
