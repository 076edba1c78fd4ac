internal import JSON
internal import Platform
internal import Settings

/// The server as a client meets it: started with the same settings, asked for its tools, ended.
struct ServerCheck: Check {
  /// The settings of the command line, for the server too.
  let arguments: [String]

  func findings() -> [Finding] {
    guard let program = Environment.programPath else { return [] }
    let trial = ServerTrial(path: program, arguments: ["serve"] + arguments)
    do throws(ServerTrial.Failure) {
      let answer = try trial.run()
      let met = Finding(
        "server", .ok,
        "answers handshake and list, and ends, within \(answer.milliseconds) ms; standard output is clean")
      return [met]
        + ClientLimits.findings(tools: answer.tools, bytes: answer.bytes, milliseconds: answer.milliseconds)
    } catch {
      return [Finding("server", .problem, error.reason, advice: error.advice)]
    }
  }
}

/// Starts a server as a client would, asks for its tools, and lets it end.
struct ServerTrial {
  /// The program's path.
  let path: String
  /// What comes after its name.
  let arguments: [String]
  /// Its variables as `NAME=value`; nil gives it ours.
  var environment: [String]?

  /// What it answered.
  struct Answer {
    let tools: [String]
    /// The size of the list.
    let bytes: Int
    let milliseconds: Int
  }

  /// Why a client would not see it.
  struct Failure: Error {
    let reason: String
    var advice: String?
  }

  private static let timeLimit = 20_000

  /// Tries it.
  func run() throws(Failure) -> Answer {
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
      path, arguments: arguments, environment: environment,
      input: Array(conversation.map { $0.text + "\n" }.joined().utf8), timeLimit: Self.timeLimit,
      outputLimit: 4 << 20)
    let start = SystemClock().monotonic()
    let ending: ProgramRun.Ending
    do throws(SystemError) {
      ending = try run.run()
    } catch {
      throw Failure(reason: "\(path) can't be started: \(error).")
    }
    let milliseconds = Int((SystemClock().monotonic() &- start) / 1_000_000)
    guard ending.cause == .exit, ending.status == 0 else {
      let said = String(decoding: ending.errors.suffix(300), as: UTF8.self)
      throw Failure(
        reason: "It did not answer a handshake and end well (status \(ending.status)). It said: \(said)")
    }
    return try answer(in: ending.output, milliseconds)
  }

  private func answer(in output: [UInt8], _ milliseconds: Int) throws(Failure) -> Answer {
    let lines = output.split(separator: UInt8(ascii: "\n"))
    let messages = lines.compactMap { try? JSONValue(parsing: Array($0)) }.filter { $0["jsonrpc"] == "2.0" }
    guard messages.count == lines.count else {
      throw Failure(
        reason: "It writes something to standard output that is no message; clients break at that.",
        advice: "Look at what starts it: a wrapper script must print nothing.")
    }
    guard let result = messages.first(where: { $0["id"] == 2 })?["result"], let tools = result["tools"]?.arrayValue
    else { throw Failure(reason: "It did not answer with its list of tools.") }
    return Answer(
      tools: tools.map { $0["name"]?.stringValue ?? "" }, bytes: result.serialized().count, milliseconds: milliseconds)
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
