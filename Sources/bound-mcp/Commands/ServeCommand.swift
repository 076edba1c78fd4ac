internal import MCP
internal import Platform
internal import Settings

/// `serve`: speaks MCP on standard input and output until the client is gone.
struct ServeCommand {
  let configuration: Configuration

  /// Serves one client.
  func run() -> Int32 {
    let streams: (input: Descriptor, output: Descriptor)
    do {
      streams = try Descriptor.takeStandardStreams()
    } catch {
      Console.errors.line("bound-mcp: standard input and output can't be used: \(error)")
      return Program.Status.failure
    }
    let wiring: Wiring
    do {
      wiring = try Wiring(configuration, background: .threads())
    } catch {
      Console.errors.line("bound-mcp: \(error.message)")
      return Program.Status.usage
    }
    let server = wiring.server(input: streams.input, output: streams.output)
    TerminationSignals.watch { server.stop() }
    _ = server.serve()
    wiring.finish(by: .after(milliseconds: 1_000))
    return Program.Status.success
  }
}
