internal import JSON
internal import JSONRPC
internal import MCP
internal import Operations
internal import Outreach
internal import Platform
internal import Settings
internal import Synchronization
internal import ToolServer

/// `serve`: speaks MCP on standard input and output until the client is gone.
///
/// Clients start many servers at once and ask each for its tools first. So what a handshake does not need is made at
/// the first call, and the thread that the process begins with is the one that reads.
struct ServeCommand {
  let configuration: Configuration
  /// Where the conversation is written down; nil for nowhere.
  let recording: String?

  /// Serves one client; returns only when it can't.
  func run() throws(UsageError) -> Int32 {
    let streams: (input: Descriptor, output: Descriptor)
    do {
      streams = try Descriptor.takeStandardStreams()
    } catch {
      Console.errors.line("bound-mcp: standard input and output can't be used: \(error)")
      return Program.Status.failure
    }
    let selection = try Wiring.selection(configuration)
    let parts = LateParts(configuration, selection, sender: try Executors.sender(configuration))
    var options = ServerOptions()
    options.tap = try recorder()
    // Some hundred answers: more would only lie in memory until a slow client takes them.
    options.crowdedSize = 512 << 10
    let server = MCPServer(
      input: streams.input, output: streams.output, host: LateTools(listed: selection.listed, parts: parts),
      offers: parts.offers, info: Introduction.info(version: Version.current, listed: selection.listed),
      options: options, log: configuration.log)
    parts.answer(together: server.together)
    server.serve(
      onStep: { step in
        switch step {
        case .read: TerminationSignals.hold()
        case .answered: TerminationSignals.watch { server.stop() }
        }
      },
      whenEnded: { _ in
        parts.wiring.ifMade?.finish(by: .after(milliseconds: 1_000))
        Environment.exit(Program.Status.success)
      })
    return Program.Status.success
  }

  private func recorder() throws(UsageError) -> SessionRecorder? {
    guard let recording else { return nil }
    do {
      return SessionRecorder(
        file: try Files.createExclusively(Files.absolute(recording)), clock: SystemClock(),
        settings: configuration.conversation.members)
    } catch {
      throw UsageError("--record: \(recording) can't be made: \(error). It must not be there yet.")
    }
  }
}

/// The parts of a server, joined at its first call.
private final class LateParts: Sendable {
  let wiring: Lazy<Wiring>
  private let isAnythingLocal: Bool
  private let together: Shared

  private typealias Bracket = @Sendable (() -> Void) -> Void

  private final class Shared: Sendable {
    let bracket = Mutex<Held<Bracket>?>(nil)
  }

  init(_ configuration: Configuration, _ selection: ToolSelection, sender: Mailbox?) {
    let together = Shared()
    self.together = together
    isAnythingLocal = configuration.isAnythingLocal
    wiring = Lazy {
      let wiring = Wiring(configuration, selection: selection, sender: sender, background: .threads())
      if let bracket = together.bracket.withLock({ $0 }) { wiring.onAnswers(bracket.value) }
      return wiring
    }
  }

  /// Lets answers that are ready together leave as the body of that; to be said before the first call.
  func answer(together bracket: @escaping @Sendable (() -> Void) -> Void) {
    together.bracket.withLock { $0 = Held(bracket) }
  }

  /// Resources, prompts, completion and tasks.
  var offers: Offers { Offers(canWatch: isAnythingLocal) { [wiring] in wiring.value.offered } }
}

/// The list of tools, for which nothing is needed, and the calls, for which everything is.
private struct LateTools: ToolHost {
  let listed: [Operation]
  let parts: LateParts

  func writeToolList(_ form: ToolListForm, into writer: inout JSONWriter) {
    ToolDefinition.write(listed, form, into: &writer)
  }

  func hasTool(_ name: String) -> Bool { parts.wiring.value.host.hasTool(name) }

  func call(_ request: ToolRequest, reply: ToolReply) { parts.wiring.value.host.call(request, reply: reply) }

  func endOfBatch() { parts.wiring.ifMade?.host.endOfBatch() }
}
