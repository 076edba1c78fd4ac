internal import MCP
internal import Platform
internal import Settings

/// `serve`: speaks MCP on standard input and output until the client is gone.
struct ServeCommand {
  let configuration: Configuration
  /// Where the conversation is written down; nil for nowhere.
  let recording: String?

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
    let recorder: SessionRecorder?
    do {
      recorder = try recording.map { path throws(SystemError) in
        SessionRecorder(file: try Files.createExclusively(Files.absolute(path)), clock: SystemClock())
      }
    } catch {
      Console.errors.line("bound-mcp: --record: \(recording ?? "") can't be made: \(error). It must not be there yet.")
      return Program.Status.usage
    }
    let server = wiring.server(input: streams.input, output: streams.output, tap: recorder)
    TerminationSignals.watch { server.stop() }
    _ = server.serve()
    wiring.finish(by: .after(milliseconds: 1_000))
    return Program.Status.success
  }
}
