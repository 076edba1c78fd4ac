internal import JSON
internal import Platform
internal import Settings

/// The server as a client meets it: started with the same settings, asked for its tools, ended.
struct ServerCheck: Check {
  /// The settings of the command line, for the server too.
  let arguments: [String]

  private static let timeLimit = 20_000

  func findings() -> [Finding] {
    guard let program = Environment.programPath else { return [] }
    let conversation: [JSONValue] = [
      [
        "jsonrpc": "2.0", "id": 1, "method": "initialize",
        "params": [
          "protocolVersion": "2025-11-25", "capabilities": [:],
          "clientInfo": ["name": "bound-mcp doctor", "version": .string(Version.current)],
        ],
      ],
      ["jsonrpc": "2.0", "method": "notifications/initialized"], ["jsonrpc": "2.0", "id": 2, "method": "tools/list"],
    ]
    let run = ProgramRun(
      program, arguments: ["serve"] + arguments,
      input: Array(conversation.map { $0.text + "\n" }.joined().utf8), timeLimit: Self.timeLimit,
      outputLimit: 4 << 20)
    let start = SystemClock().monotonic()
    let ending: ProgramRun.Ending
    do throws(SystemError) {
      ending = try run.run()
    } catch {
      return [Finding("server", .problem, "\(program) can't be started: \(error).")]
    }
    let milliseconds = Int((SystemClock().monotonic() &- start) / 1_000_000)
    guard ending.cause == .exit, ending.status == 0 else {
      let said = String(decoding: ending.errors.suffix(300), as: UTF8.self)
      return [
        Finding(
          "server", .problem, "It did not answer a handshake and end well (status \(ending.status)). It said: \(said)")
      ]
    }
    return findings(about: ending.output, milliseconds)
  }

  private func findings(about output: [UInt8], _ milliseconds: Int) -> [Finding] {
    let lines = output.split(separator: UInt8(ascii: "\n"))
    let messages = lines.compactMap { try? JSONValue(parsing: Array($0)) }.filter { $0["jsonrpc"] == "2.0" }
    guard messages.count == lines.count else {
      return [
        Finding(
          "server", .problem, "It writes something to standard output that is no message; clients break at that.",
          advice: "Look at what starts it: a wrapper script must print nothing.")
      ]
    }
    guard let result = messages.first(where: { $0["id"] == 2 })?["result"], let tools = result["tools"]?.arrayValue
    else { return [Finding("server", .problem, "It did not answer with its list of tools.")] }
    let bytes = result.serialized().count
    let answer = Finding(
      "server", .ok, "answers handshake and list, and ends, within \(milliseconds) ms; standard output is clean")
    return [answer]
      + ClientLimits.findings(
        tools: tools.map { $0["name"]?.stringValue ?? "" }, bytes: bytes, milliseconds: milliseconds)
  }
}

/// What is known of the limits of clients.
private struct ClientLimits {
  let client: String
  /// How many tools it takes.
  var tools: Int?
  /// How long it waits for the handshake, in milliseconds.
  var handshake: Int?
  /// The longest name of server and tool together.
  var name: Int?

  private static let all = [
    ClientLimits(client: "Claude Desktop", handshake: 60_000), ClientLimits(client: "Cline", handshake: 1500),
    ClientLimits(client: "Codex", handshake: 10_000), ClientLimits(client: "Cursor", tools: 40, name: 59),
    ClientLimits(client: "VS Code", tools: 128),
  ]

  /// The name that examples give the server, and the mark between.
  private static let prefix = "bound-mcp:".count
  /// Models choose worse from longer lists.
  private static let goodCount = 50

  static func findings(tools: [String], bytes: Int, milliseconds: Int) -> [Finding] {
    let longest = tools.map(\.count).max() ?? 0
    var complaints: [String] = []
    for limits in all {
      if let most = limits.tools, tools.count > most {
        complaints.append("\(limits.client) takes about \(most) tools of all servers together")
      }
      if let most = limits.handshake, milliseconds > most {
        complaints.append("\(limits.client) waits \(most) ms for a server")
      }
      if let most = limits.name, longest + prefix > most {
        complaints.append("\(limits.client) takes names of \(most) characters, the server's included")
      }
    }
    if tools.count > goodCount { complaints.append("models choose well from up to \(goodCount)") }
    let facts = "\(tools.count) tools are shown, \(bytes) bytes, about \(bytes / 4) tokens of a model's context"
    guard !complaints.isEmpty else { return [Finding("tool list", .ok, facts)] }
    return [
      Finding(
        "tool list", .warning, "\(facts); \(complaints.joined(separator: "; "))",
        advice: "Show fewer with --toolsets or --tools; scripts can call what is not shown.")
    ]
  }
}
