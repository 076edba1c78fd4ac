import Foundation
import JSON
import Platform
import TestSupport
import Testing

/// The built program, in a home of its own that goes away with this value.
final class BuiltProgram: Sendable {
  /// Holds the workspace, the configuration, and what a test puts there.
  let home: String
  private let variables: [String]

  /// A home without anything in it.
  ///
  /// - Parameter variables: further environment variables as `NAME=value`.
  init(variables: [String] = []) {
    home = NSTemporaryDirectory() + "bound-mcp-test-" + UUID().uuidString
    self.variables = variables
    try? FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    // Writing to a program that has ended must be an error.
    signal(SIGPIPE, SIG_IGN)
  }

  deinit { try? FileManager.default.removeItem(atPath: home) }

  /// What a finished command left.
  struct Outcome {
    let status: Int32
    let output: String
    let errors: String
  }

  /// Runs a command to its end.
  ///
  /// - Parameter silence: milliseconds that may pass without a line of it.
  func run(_ arguments: [String], input: String = "", silence: UInt64 = 30_000) throws -> Outcome {
    let errorsPath = home + "/errors-" + UUID().uuidString
    // The child's standard error is ours, so a shell gives it a file.
    let child = try ChildProcess.start(
      "/bin/sh",
      arguments: ["-c", #"errors=$1; shift; exec "$@" 2>"$errors""#, "sh", errorsPath, Self.path] + arguments,
      environment: environment)
    let conversation = LineConversation(writing: child.input, reading: child.output)
    conversation.send(bytes: Array(input.utf8))
    conversation.closeInput()
    var lines: [String] = []
    while let line = conversation.receiveLine(within: silence) { lines.append(line) }
    let status = child.waitForExit()
    let errors = try Files.read(errorsPath)
    return Outcome(
      status: status, output: lines.joined(separator: "\n"), errors: String(decoding: errors, as: UTF8.self))
  }

  /// Runs a line of a shell in the home, where the program is found by its name; output and errors come together.
  func runShell(_ line: String) throws -> Outcome {
    let setting = "PATH='\((Self.path as NSString).deletingLastPathComponent)':$PATH; cd; exec 2>&1; "
    let child = try ChildProcess.start("/bin/sh", arguments: ["-c", setting + line], environment: environment)
    let conversation = LineConversation(writing: child.input, reading: child.output)
    conversation.closeInput()
    var lines: [String] = []
    while let line = conversation.receiveLine(within: 60_000) { lines.append(line) }
    return Outcome(status: child.waitForExit(), output: lines.joined(separator: "\n"), errors: "")
  }

  /// Runs a command at a terminal of its own, with what a person types; output and errors come together.
  func runOnTerminal(_ arguments: [String], input: String) throws -> Outcome {
    let line = ([Self.path] + arguments).map { "'\($0)'" }.joined(separator: " ")
    #if os(macOS)
      let script = ["-q", "/dev/null", "/bin/sh", "-c", line]
    #else
      let script = ["-qec", line, "/dev/null"]
    #endif
    let child = try ChildProcess.start("/usr/bin/script", arguments: script, environment: environment)
    let conversation = LineConversation(writing: child.input, reading: child.output)
    conversation.send(bytes: Array(input.utf8))
    conversation.closeInput()
    var lines: [String] = []
    while let line = conversation.receiveLine(within: 30_000) { lines.append(line) }
    return Outcome(status: child.waitForExit(), output: lines.joined(separator: "\n"), errors: "")
  }

  /// Starts a server.
  func serve(_ arguments: [String] = []) throws -> Session {
    Session(try startServer(arguments))
  }

  /// Starts a server, for tests that hold its ends themselves.
  func startServer(_ arguments: [String] = []) throws -> ChildProcess {
    try ChildProcess.start(Self.path, arguments: ["serve"] + arguments, environment: environment)
  }

  /// Starts a command that runs until it is told to end.
  func start(_ arguments: [String]) throws -> ChildProcess {
    try ChildProcess.start(Self.path, arguments: arguments, environment: environment)
  }

  /// Where the workspace is unless a test says otherwise.
  var databasePath: String { home + "/data/bound-mcp/workspace.db" }

  private var environment: [String] {
    ["HOME=\(home)", "XDG_DATA_HOME=\(home)/data", "XDG_CONFIG_HOME=\(home)/config", "PATH=/usr/bin:/bin"] + variables
  }

  /// Beside the tests, or where `BOUND_MCP` says.
  static let path: String = {
    if let given = ProcessInfo.processInfo.environment["BOUND_MCP"] { return given }
    let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundlePath
    let tests = bundle ?? ProcessInfo.processInfo.arguments[0]
    return (tests as NSString).deletingLastPathComponent + "/bound-mcp"
  }()

  /// The package's folder.
  static let packageFolder = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
}

/// A server that runs, and a client's end of it.
final class Session: Sendable {
  /// What is said between the two.
  let conversation: LineConversation
  private let child: ChildProcess

  init(_ child: ChildProcess) {
    self.child = child
    conversation = LineConversation(writing: child.input, reading: child.output)
  }

  /// Does the handshake of 2025-11-25.
  @discardableResult
  func initialize() throws -> JSONValue {
    let answer = conversation.ask(Self.start)
    conversation.send(["jsonrpc": "2.0", "method": "notifications/initialized"])
    return try #require(answer?["result"])
  }

  /// Calls a tool and gives the result, whether it is one or an error.
  func result(_ tool: String, _ arguments: JSONObject = [:]) throws -> JSONValue {
    let answer = conversation.ask(Self.call(tool, arguments, id: "call"))
    return try #require(answer?["result"], "\(answer?.text ?? "no answer")")
  }

  /// Calls a tool that must succeed, and gives its payload.
  func payload(_ tool: String, _ arguments: JSONObject = [:]) throws -> JSONValue {
    let result = try result(tool, arguments)
    return try #require(result["isError"] == nil ? result["structuredContent"] : nil, "\(result.text)")
  }

  /// Calls a tool that must fail, and gives what stands under `error`.
  func error(_ tool: String, _ arguments: JSONObject = [:]) throws -> JSONValue {
    let result = try result(tool, arguments)
    let text = try #require(
      result["isError"] == true ? result["content"]?[0]?["text"]?.stringValue : nil, "\(result.text)")
    return try #require(try JSONValue(parsing: text)["error"])
  }

  /// What begins the handshake of 2025-11-25.
  static let start: JSONValue = [
    "jsonrpc": "2.0", "id": "start", "method": "initialize",
    "params": ["protocolVersion": "2025-11-25", "capabilities": [:], "clientInfo": ["name": "tests", "version": "1"]],
  ]

  /// A request of 2025-11-25.
  static func call(_ tool: String, _ arguments: JSONObject, id: JSONValue) -> JSONValue {
    [
      "jsonrpc": "2.0", "id": id, "method": "tools/call",
      "params": ["name": .string(tool), "arguments": .object(arguments)],
    ]
  }

  /// Sends a signal.
  func send(signal: Int32) { kill(child.id, signal) }

  /// Waits for the end: the exit status, or 128 + the signal.
  func waitForExit() -> Int32 { child.waitForExit() }

  /// Says goodbye and waits for the end.
  @discardableResult
  func close() -> Int32 {
    conversation.closeInput()
    return waitForExit()
  }
}
