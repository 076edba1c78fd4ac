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
  ///   - callLimit: how long a tool may take without a word, in milliseconds.
  ///   - longestCall: how long it may take as long as it reports progress, in milliseconds.
  ///   - uses: told how each use of a server went.
  public init(
    servers: [String: ProgramCommand?], version: String, callLimit: UInt64 = 120_000, longestCall: UInt64 = 600_000,
    uses: (any ConnectorUses)? = nil
  ) {
    self.servers = servers
    self.uses = uses
    self.version = version
    var limits = ToolClient.Limits()
    limits.call = callLimit
    limits.longestCall = longestCall
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
        let result = try ask(call, action.cancellation)
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

    /// The text without the values of the server's own variables, which are usually keys.
    func withoutSecrets(_ text: String) -> String {
      command.variables.values.reduce(text) { ProviderText.masking($1, in: $0) }
    }
  }

  private func ask(_ call: Call, _ cancellation: Cancellation?) throws(ToolClientError) -> JSONObject {
    do throws(ToolClientError) {
      return try ask(call, asksFirst: true, cancellation)
    } catch {
      // Some servers end at a question that they don't know.
      guard error.kind == .ended, !error.mayHaveRun else { throw error }
      return try ask(call, asksFirst: false, cancellation)
    }
  }

  private func ask(
    _ call: Call, asksFirst: Bool, _ cancellation: Cancellation?
  ) throws(ToolClientError) -> JSONObject {
    let server = try StartedServer(call.path, call.command)
    defer { server.stop(atOnce: cancellation?.isCancelled == true) }
    do throws(ToolClientError) {
      let client = try ToolClient(
        input: server.process.input, output: server.process.output, name: "bound-mcp", version: version,
        limits: limits, asksFirst: asksFirst, cancellation: cancellation)
      defer { client.close() }
      return try client.call(call.tool, call.arguments, cancellation: cancellation)
    } catch {
      let words = server.lastWords(after: error)
      guard !words.isEmpty else { throw error }
      throw ToolClientError(
        error.kind, "\(error.message); its last words on standard error were \"\(call.withoutSecrets(words))\"",
        mayHaveRun: error.mayHaveRun)
    }
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
    // What the server said is quoted in it, and made harmless.
    let said = ProviderText.excerpt(error.message, limit: 1000)
    let what = "The MCP server \(call.server) \(said)" + (said.utf8.last == UInt8(ascii: ".") ? "" : ".")
    return error.mayHaveRun
      ? "\(what) Whether the tool did its work is unknown: check before you queue it again."
      : "\(what) Nothing was done."
  }
}

/// A server's process, from its start to its certain end.
private struct StartedServer {
  let process: SupervisedProcess
  private let errors = Monitor(Errors())

  /// The end of what it wrote to standard error.
  private struct Errors {
    var tail: [UInt8] = []
    var isAtEnd = false
  }

  private static let errorsKept = 2048

  init(_ path: String, _ command: ProgramCommand) throws(ToolClientError) {
    do {
      process = try SupervisedProcess(
        path, arguments: command.arguments, environment: command.environment, folder: command.folder)
    } catch {
      throw .notStarted(path, error)
    }
    // A server that nobody listens to would stop when the pipe is full.
    let source = process.errors
    Thread.start("mcp errors") { [errors] in
      var part = [UInt8](repeating: 0, count: 4096)
      while let count = try? part.withUnsafeMutableBytes({ bytes in try source.read(into: bytes) }), count > 0 {
        errors.withLock { errors in
          errors.tail += part[..<count]
          if errors.tail.count > Self.errorsKept { errors.tail.removeFirst(errors.tail.count - Self.errorsKept) }
        }
      }
      source.close()
      errors.withLock { $0.isAtEnd = true }
      errors.notify()
    }
  }

  /// What it said on standard error, where that may explain the failure; of one that has ended, all of its end.
  func lastWords(after error: ToolClientError) -> String {
    guard error.kind == .ended || error.kind == .timedOut else { return "" }
    if error.kind == .ended { _ = errors.wait(until: .after(milliseconds: 500)) { $0.isAtEnd ? true : nil } }
    let text = String(decoding: errors.withLock(\.tail), as: UTF8.self)
    return ProviderText.excerpt(text.count > 300 ? "…" + text.suffix(300) : text, limit: 302)
  }

  /// As the protocol says: its input has ended; then it is asked, then killed with what it has started.
  func stop(atOnce: Bool) {
    if atOnce { process.kill() }
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
