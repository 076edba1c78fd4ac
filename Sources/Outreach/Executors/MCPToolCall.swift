internal import JSON
internal import MCP
internal import Operations
public import Platform
public import Service

/// Calls a tool of an MCP server that the configuration names: starts the server, calls, stops it.
public struct MCPToolCall: ActionExecutor {
  /// The action's type.
  public let type = ActionType.mcpToolCall.name
  private let servers: [String: ProgramCommand?]
  private let version: String
  private let limits: ToolClient.Limits
  private let uses: (any ConnectorUses)?

  /// The most that a result may take on the action, in bytes of JSON.
  private static let resultLimit = 20_000

  /// Creates the executor.
  ///
  /// - Parameters:
  ///   - servers: how each server is started, by name; nil for one that is known but can't be started.
  ///   - version: our own, for the introduction.
  ///   - callLimit: how long a tool may take, in milliseconds.
  ///   - uses: told how each use of a server went.
  public init(
    servers: [String: ProgramCommand?], version: String, callLimit: UInt64 = 120_000, uses: (any ConnectorUses)? = nil
  ) {
    self.servers = servers
    self.uses = uses
    self.version = version
    var limits = ToolClient.Limits()
    limits.call = callLimit
    limits.handshake = min(limits.handshake, callLimit)
    limits.probe = min(limits.probe, callLimit)
    self.limits = limits
  }

  /// Calls the tool; what it answers goes on the action as data.
  public func perform(_ action: ClaimedAction) -> ActionOutcome {
    outcome(of: action) { parameters throws(FieldError) in
      let call = try Call(parameters, servers)
      do throws(ToolClientError) {
        // A tool that reports an error was reached: the server works.
        let result = try ask(call)
        uses?.recordUse(of: call.server, failure: nil)
        return Self.ending(of: call, result)
      } catch {
        let reason = Self.reason(error, call)
        uses?.recordUse(of: call.server, failure: reason)
        return .failed(reason)
      }
    }
  }

  /// What would be called, with what.
  public func preview(_ action: ClaimedAction) -> ActionPreview {
    content(of: action) { parameters throws(FieldError) in
      let call = try Call(parameters, servers)
      return [
        "server": .string(call.server), "tool": .string(call.tool), "arguments": .object(call.arguments),
        "program": .string(([call.command.command] + call.command.arguments.prefix(1)).joined(separator: " ")),
      ]
    }
  }

  private struct Call {
    let server: String
    let tool: String
    let arguments: JSONObject
    let command: ProgramCommand
    let path: String

    init(_ parameters: Parameters, _ servers: [String: ProgramCommand?]) throws(FieldError) {
      server = try parameters.text("server")
      tool = try parameters.text("tool")
      arguments = try parameters.optionalObject("arguments") ?? [:]
      guard let known = servers[server] else {
        let names = servers.keys.sorted().map { "\"\($0)\"" }.joined(separator: ", ")
        throw FieldError(
          "server", "is \"\(server.prefix(64))\", which mcpServers in config.json does not name; it names \(names)")
      }
      guard let command = known else {
        throw FieldError(
          "server",
          "is \"\(server.prefix(64))\", which config.json gives no command for: only servers that are started "
            + "by a command can be called")
      }
      self.command = command
      guard let path = command.path else {
        throw FieldError(
          "server",
          "is \"\(server.prefix(64))\", whose program \(command.command) is not there: install it, or give "
            + "its whole path in config.json")
      }
      self.path = path
    }
  }

  private func ask(_ call: Call) throws(ToolClientError) -> JSONObject {
    do throws(ToolClientError) {
      return try ask(call, asksFirst: true)
    } catch {
      // Some servers end at a question that they don't know.
      guard error.kind == .ended, !error.mayHaveRun else { throw error }
      return try ask(call, asksFirst: false)
    }
  }

  private func ask(_ call: Call, asksFirst: Bool) throws(ToolClientError) -> JSONObject {
    let server = try StartedServer(call.path, call.command)
    defer { server.stop() }
    let client = try ToolClient(
      input: server.process.input, output: server.process.output, name: "bound-mcp", version: version, limits: limits,
      asksFirst: asksFirst)
    defer { client.close() }
    return try client.call(call.tool, call.arguments)
  }

  private static func ending(of call: Call, _ result: JSONObject) -> ActionOutcome {
    let text = (result["content"]?.arrayValue ?? []).compactMap { $0["text"]?.stringValue }.joined(separator: "\n")
    if result["isError"]?.boolValue == true {
      return .failed(
        "\(call.tool) of \(call.server) reports an error: \"\(ProviderText.excerpt(text, limit: 600))\". Whether it did "
          + "a part of its work is for that server to say.")
    }
    var facts: JSONObject = ["server": .string(call.server), "tool": .string(call.tool)]
    let structured = result["structuredContent"]
    let answer: JSONValue = structured ?? .string(text)
    if answer.serialized().count <= resultLimit {
      facts[structured == nil ? "text" : "structured"] = answer
    } else {
      facts["text"] = .string(String(decoding: (structured?.text ?? text).utf8.prefix(resultLimit / 2), as: UTF8.self))
      facts["notice"] = "The answer was cut: it is too long to be kept."
    }
    return .completed(result: facts, changes: [])
  }

  private static func reason(_ error: ToolClientError, _ call: Call) -> String {
    let what = "The MCP server \(call.server) \(ProviderText.excerpt(error.message, limit: 600))."
    return error.mayHaveRun
      ? "\(what) Whether the tool did its work is unknown: check before you queue it again."
      : "\(what) Nothing was done."
  }
}

/// A server's process, from its start to its certain end.
private struct StartedServer {
  let process: SupervisedProcess

  init(_ path: String, _ command: ProgramCommand) throws(ToolClientError) {
    do {
      process = try SupervisedProcess(
        path, arguments: command.arguments, environment: command.environment, folder: command.folder)
    } catch {
      throw .notStarted(path, error)
    }
    // A server that nobody listens to would stop when the pipe is full.
    let errors = process.errors
    Thread.start("mcp errors") {
      var part = [UInt8](repeating: 0, count: 4096)
      while let count = try? part.withUnsafeMutableBytes({ bytes in try errors.read(into: bytes) }), count > 0 {}
      errors.close()
    }
  }

  /// As the protocol says: its input has ended; then it is asked, then killed with what it has started.
  func stop() {
    if process.waitForExit(until: .after(milliseconds: 2000)) != nil { return }
    process.terminate()
    if process.waitForExit(until: .after(milliseconds: 2000)) != nil { return }
    process.kill()
    _ = process.waitForExit()
  }
}

extension ToolClientError {
  fileprivate static func notStarted(_ path: String, _ error: SystemError) -> ToolClientError {
    ToolClientError(.notStarted, "can't be started with \(path): \(error)")
  }
}
