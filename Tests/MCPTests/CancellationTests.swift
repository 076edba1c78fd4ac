import FixtureServer
import JSON
import JSONRPC
import MCP
import Platform
import TestSupport
import Testing

@Suite("Cancellation and deadlines")
struct CancellationTests {
  @Test("CX-01: a cancelled call stops and stays silent, whatever its tool still says")
  func silence() throws {
    let held = HeldReplies()
    let client = TestClient(held.host())
    client.send(modern("c1", "tools/call", call("hold"), meta: ["progressToken": "pt"]))
    let reply = try #require(held.next())
    let stopped = Monitor(0)
    reply.onCancel {
      stopped.withLock { $0 += 1 }
      stopped.notify()
    }
    client.send(cancelled("c1"))
    #expect(stopped.wait(until: .after(milliseconds: 10_000)) { $0 > 0 ? true : nil } == true)
    #expect(reply.isCancelled)
    reply.progress(1)
    reply.complete(ToolResult(content: []))
    reply.reject(RPCError(.internalError, "late"))
    #expect(client.ask(modern(2, "tools/list"))?["id"] == 2)
    // A handler that comes late runs at once, and none runs twice.
    reply.onCancel { stopped.withLock { $0 += 10 } }
    #expect(stopped.withLock { $0 } == 11)
    #expect(client.end() == [])
  }

  @Test("CX-01: a tool that only looks whether it is cancelled stops too")
  func realTool() {
    let client = TestClient(FixtureHost())
    client.send(modern("c1", "tools/call", call("owlbound_ingest_signal", ["kind": "visit", "count": 200])))
    client.send(cancelled("c1"))
    #expect(client.ask(modern(2, "tools/list"))?["id"] == 2)
    #expect(client.end() == [])
  }

  @Test("CX-01: after an answer no handler runs")
  func noHandlerAfterAnswer() throws {
    let held = HeldReplies()
    let client = TestClient(held.host())
    client.send(modern(1, "tools/call", call("hold")))
    let reply = try #require(held.next())
    let stopped = Monitor(false)
    reply.onCancel { stopped.withLock { $0 = true } }
    reply.complete(ToolResult(content: []))
    #expect(client.receive()?["id"] == 1)
    client.send(cancelled(1))
    reply.onCancel { stopped.withLock { $0 = true } }
    #expect(client.ask(modern(2, "tools/list"))?["id"] == 2)
    #expect(!reply.isCancelled)
    #expect(!stopped.withLock { $0 })
  }

  @Test("CX-02: cancelling what is unknown, done or nonsense changes nothing")
  func races() {
    let client = TestClient(.november2025)
    #expect(client.ask(request(1, "tools/list"))?["id"] == 1)
    for id: JSONValue in [1, 999, "1", nil, [1], 1.5] { client.send(cancelled(id)) }
    client.send(["jsonrpc": "2.0", "method": "notifications/cancelled"])
    client.send(["jsonrpc": "2.0", "method": "notifications/cancelled", "params": [1]])
    #expect(client.ask(request(2, "ping"))?["id"] == 2)
    #expect(client.end() == [])
  }

  @Test("CX-02: an id of another type does not cancel")
  func otherType() throws {
    let held = HeldReplies()
    let client = TestClient(held.host())
    client.send(modern(7, "tools/call", call("hold")))
    let reply = try #require(held.next())
    client.send(cancelled("7"))
    #expect(client.ask(modern(2, "tools/list"))?["id"] == 2)
    #expect(!reply.isCancelled)
    reply.complete(ToolResult(content: []))
    #expect(client.receive()?["id"] == 7)
  }

  @Test("CX-03: initialize and discovery are answered even when they are cancelled at once")
  func handshakes() {
    let client = TestClient()
    let lines = [handshake(.june2025, id: 1), cancelled(1), modern(2, "server/discover"), cancelled(2)]
    client.conversation.send(bytes: lines.flatMap { $0.serialized() + [UInt8(ascii: "\n")] })
    #expect(client.receive()?["result"]?["protocolVersion"] == "2025-06-18")
    #expect(client.receive()?["result"]?["supportedVersions"] != nil)
  }

  @Test("CX-04, CX-05, SE-05: nothing is ever asked of the client, nor cancelled")
  func serverSendsNoRequests() {
    let lines = [
      handshake(.november2025, capabilities: ["elicitation": [:], "sampling": [:], "roots": [:]]),
      request(1, "tools/call", .object(call("owlbound_ingest_signal", ["kind": "visit", "count": 2]))),
      modern(
        2, "tools/call", call("owlbound_ingest_signal", ["kind": "visit", "count": 2]),
        capabilities: ["elicitation": [:], "sampling": [:]]),
    ]
    let messages = answers(lines.map(\.text))
    #expect(messages.count == 3)
    #expect(messages.allSatisfy { $0["method"] == nil })
  }

  @Test("CX-06: what a tool has stored before the cancel stays, whole")
  func committed() throws {
    let held = HeldReplies()
    let stored = Monitor(false)
    let client = TestClient(
      held.host([
        "store": { _, reply in
          stored.withLock { $0 = true }
          held.keep(reply)
        }
      ]))
    client.send(modern(1, "tools/call", call("store")))
    let reply = try #require(held.next())
    client.send(cancelled(1))
    #expect(client.ask(modern(2, "tools/list"))?["id"] == 2)
    reply.complete(ToolResult(content: []))
    #expect(stored.withLock { $0 })
    #expect(client.end() == [])
  }

  @Test("CX-07: a call that takes too long ends as a failure, its tool is told, and its id is free")
  func deadline() throws {
    var options = ServerOptions()
    options.callDeadline = 30
    options.overdueText = "too long"
    let held = HeldReplies()
    let client = TestClient(held.host(), options: options)
    for round in 0..<3 {
      client.send(modern(1, "tools/call", call("hold")))
      let reply = try #require(held.next())
      let answer = client.receive()
      #expect(answer?["id"] == 1)
      #expect(answer?.resultText == "too long")
      #expect(answer?["result"]?["isError"] == true)
      #expect(reply.isCancelled, "round \(round)")
      reply.complete(ToolResult(content: []))
    }
    #expect(client.end() == [])
  }

  @Test("CX-07: each of many calls has its own deadline")
  func deadlines() throws {
    var options = ServerOptions()
    options.callDeadline = 30
    let held = HeldReplies()
    let client = TestClient(held.host(), options: options)
    for id in 0..<Int64(20) { client.send(modern(.integer(id), "tools/call", call("hold"))) }
    let replies = (0..<20).compactMap { _ in held.next() }
    var ids: Set<JSONValue?> = []
    for _ in 0..<20 { ids.insert(client.receive()?["id"]) }
    #expect(ids.count == 20)
    #expect(replies.allSatisfy { $0.isCancelled })
  }

  @Test("many threads that answer, cancel and reuse ids leave exactly one answer or none")
  func stress() {
    let client = TestClient(
      StubHost(tools: [
        "async": { _, reply in
          Thread.start("worker") {
            reply.progress(1)
            reply.complete(ToolResult(content: []))
            reply.complete(ToolResult(content: []))
          }
        }
      ]))
    for id in 0..<400 {
      client.send(modern(.integer(Int64(id)), "tools/call", call("async"), meta: ["progressToken": 1]))
      if id % 3 == 0 { client.send(cancelled(.integer(Int64(id)))) }
    }
    var seen: [JSONValue: Int] = [:]
    for message in client.end() {
      guard let id = message["id"] else { continue }
      seen[id, default: 0] += 1
    }
    #expect(seen.values.allSatisfy { $0 == 1 })
    for id in 0..<400 where id % 3 != 0 { #expect(seen[.integer(Int64(id))] == 1) }
  }
}
