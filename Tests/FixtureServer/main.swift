import JSONRPC
import Logging
import MCP
import Platform

// The server that tests start as a process of its own: the real session and transport over the fixture tools.
let streams = try Descriptor.takeStandardStreams()
let host = FixtureHost()
let server = MCPServer(
  input: streams.input, output: streams.output, host: host, offers: FixtureOffers(host).offers,
  info: ServerInfo(name: "fixture-server", title: "Fixture", version: "1.0", instructions: "Tools for tests."),
  log: Log(level: .warning))
server.serve(
  onStep: { step in
    switch step {
    case .read: TerminationSignals.hold()
    case .answered: TerminationSignals.watch { server.stop() }
    }
  },
  whenEnded: { reason in if reason != .endOfInput { Environment.exit(0) } })
