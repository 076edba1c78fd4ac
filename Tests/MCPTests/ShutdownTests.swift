import FixtureServer
import Foundation
import JSON
import MCP
import Platform
import TestSupport
import Testing

@Suite("Shutdown")
struct ShutdownTests {
  @Test("SH-01: the end of input ends an idle server at once")
  func endOfInput() throws {
    let server = try ServerProcess(product: "FixtureServer")
    #expect(server.conversation.ask(request(1, "ping"))?["id"] == 1)
    let begin = DispatchTime.now().uptimeNanoseconds
    server.conversation.closeInput()
    #expect(server.waitForExit() == 0)
    #expect(DispatchTime.now().uptimeNanoseconds - begin < 1_000_000_000)
  }

  @Test("SH-02: a script's last line counts without its end, and running calls are answered")
  func script() throws {
    let server = try ServerProcess(product: "FixtureServer")
    let lines = [
      modern(1, "tools/call", call("owlbound_ingest_signal", ["kind": "visit", "count": 10])),
      modern(2, "tools/call", call("pathbound_list_events")),
    ]
    server.conversation.send(bytes: Array(lines.map(\.text).joined(separator: "\n").utf8))
    server.conversation.closeInput()
    #expect(server.conversation.rest().map { $0["id"] } == [2, 1])
    #expect(server.waitForExit() == 0)
  }

  @Test("SH-02: a call that is done after the end of input but in time gets its answer out")
  func drained() throws {
    let held = HeldReplies()
    let client = TestClient(held.host())
    client.send(modern(1, "tools/call", call("hold")))
    let reply = try #require(held.next())
    client.conversation.closeInput()
    reply.complete(ToolResult(content: [.text("done")]))
    #expect(client.conversation.rest().map(\.resultText) == ["done"])
    #expect(client.waitForEnd() == .endOfInput)
  }

  @Test("SH-02: a call that goes on too long is ended, with an answer that says so")
  func cutOff() throws {
    var options = ServerOptions()
    options.drainTime = 20
    options.endingText = "ending"
    let held = HeldReplies()
    let client = TestClient(held.host(), options: options)
    client.send(modern(1, "tools/call", call("hold")))
    let reply = try #require(held.next())
    #expect(client.end().map(\.resultText) == ["ending"])
    #expect(reply.isCancelled)
    #expect(client.waitForEnd() == .endOfInput)
  }

  @Test("SH-02: a script that sends everything first and reads afterwards gets every answer")
  func slowReader() {
    let client = TestClient(FixtureHost())
    let count = 1000
    for id in 0..<count {
      client.send(modern(.integer(Int64(id)), "tools/call", call("fixture_text", ["size": 1000])))
    }
    let ids = client.end().compactMap { $0["id"]?.integerValue }
    #expect(ids == (0..<Int64(count)).map { $0 })
    #expect(client.waitForEnd() == .endOfInput)
  }

  @Test("SH-02: a client that takes nothing any more does not keep the server alive")
  func deafClient() {
    var options = ServerOptions()
    options.endingLimit = 50
    let (toServer, fromServer) = (TestPipe(), TestPipe())
    let server = MCPServer(
      input: toServer.reading, output: fromServer.writing, host: FixtureHost(), info: .test, options: options)
    let message = modern(1, "tools/call", call("fixture_text", ["size": 1_000_000]))
    toServer.write(message.serialized() + [UInt8(ascii: "\n")])
    toServer.writing.close()
    #expect(server.serve() == .endOfInput)
  }

  @Test("SH-03: a signal ends the server with status 0, soon, also while a call runs", arguments: [SIGTERM, SIGINT])
  func signal(number: Int32) throws {
    let server = try ServerProcess(product: "FixtureServer")
    server.conversation.send(modern(1, "tools/call", call("owlbound_ingest_signal", ["kind": "visit", "count": 1000])))
    #expect(server.conversation.ask(request(2, "ping"))?["id"] == 2)
    let begin = DispatchTime.now().uptimeNanoseconds
    server.send(signal: number)
    #expect(server.waitForExit() == 0)
    #expect(DispatchTime.now().uptimeNanoseconds - begin < 1_500_000_000)
    #expect(server.conversation.rest().map { $0["result"]?["isError"] } == [true])
  }

  @Test("SH-03: the second signal ends the server at once")
  func secondSignal() throws {
    let server = try ServerProcess(product: "FixtureServer")
    server.conversation.send(modern(1, "tools/call", call("owlbound_ingest_signal", ["kind": "visit", "count": 1000])))
    #expect(server.conversation.ask(request(2, "ping"))?["id"] == 2)
    server.send(signal: SIGINT)
    server.send(signal: SIGTERM)
    let status = server.waitForExit()
    #expect(status == 128 + SIGINT || status == 128 + SIGTERM)
  }

  @Test("SH-03: after a stop no new work is begun")
  func stopped() throws {
    let held = HeldReplies()
    let runs = Monitor(0)
    let client = TestClient(
      held.host([
        "count": { _, reply in
          runs.withLock { $0 += 1 }
          reply.complete(ToolResult(content: []))
        }
      ]))
    client.send(modern(1, "tools/call", call("hold")))
    let reply = try #require(held.next())
    client.server.stop()
    client.send(modern(2, "tools/call", call("count")))
    client.send(modern(3, "tools/call", call("count")))
    let (reason, isCancelled, count) = (client.waitForEnd(), reply.isCancelled, runs.withLock { $0 })
    #expect(reason == .stopped)
    #expect(isCancelled)
    #expect(count == 0)
  }

  @Test("SH-04: a client that closes our output ends the server")
  func closedOutput() {
    let (toServer, fromServer) = (TestPipe(), TestPipe())
    let server = MCPServer(
      input: toServer.reading, output: fromServer.writing, host: FixtureHost(), info: .test)
    fromServer.reading.close()
    toServer.write(request(1, "ping").serialized() + [UInt8(ascii: "\n")])
    #expect(server.serve() == .outputClosed)
    toServer.writing.close()
  }

  @Test("SH-05: a killed process leaves nothing but whole lines, and the next one serves")
  func killed() throws {
    let first = try ServerProcess(product: "FixtureServer")
    first.conversation.send(modern(1, "tools/call", call("owlbound_ingest_signal", ["kind": "visit", "count": 1000])))
    #expect(first.conversation.ask(request(2, "ping"))?["id"] == 2)
    first.send(signal: SIGKILL)
    #expect(first.waitForExit() == 128 + SIGKILL)
    #expect(first.conversation.rest() == [])
    let second = try ServerProcess(product: "FixtureServer")
    #expect(second.conversation.ask(request(1, "ping"))?["id"] == 1)
    second.conversation.closeInput()
    #expect(second.waitForExit() == 0)
  }

  @Test("a client that fills the server with open calls is held back, and all are answered")
  func openCallLimit() throws {
    var options = ServerOptions()
    options.openCallLimit = 4
    let held = HeldReplies()
    let client = TestClient(held.host(), options: options)
    for id in 0..<Int64(40) { client.send(modern(.integer(id), "tools/call", call("hold"))) }
    for id in 0..<Int64(40) {
      try #require(held.next()).complete(ToolResult(content: []))
      #expect(client.receive()?["id"] == .integer(id))
    }
    #expect(client.end() == [])
  }
}
