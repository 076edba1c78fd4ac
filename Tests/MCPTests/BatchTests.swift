import FixtureServer
import JSON
import MCP
import Testing

@Suite("Batches")
struct BatchTests {
  @Test("F-21: an array in a 2025-03-26 session gets one array with an answer for each request")
  func batch() {
    let client = TestClient(.march2025)
    client.send([
      request(1, "ping"), cancelled(999), 5, request(2, "tools/call", .object(call("pathbound_list_events"))),
      request("x", "no/such"), ["jsonrpc": "2.0", "id": 9, "result": [:]],
    ])
    let answers = client.receive()?.arrayValue ?? []
    #expect(answers.map { $0["id"] } == [1, nil, 2, "x"])
    #expect(answers.map(\.errorCode) == [nil, -32600, nil, -32601])
    #expect(client.end() == [])
  }

  @Test("F-21: the array waits for its slowest member, not for others")
  func slowMember() throws {
    let held = HeldReplies()
    let client = TestClient(.march2025, held.host())
    client.send([request(1, "tools/call", .object(call("hold"))), request(2, "ping")])
    let reply = try #require(held.next())
    #expect(client.ask(request(3, "ping"))?["id"] == 3)
    reply.succeed([:])
    #expect(client.receive()?.arrayValue?.map { $0["id"] } == [2, 1])
  }

  @Test("F-21: nothing answers notifications, and a cancelled member is left out")
  func silentMembers() throws {
    let held = HeldReplies()
    let client = TestClient(.march2025, held.host())
    client.send([cancelled(1), ["jsonrpc": "2.0", "method": "no/such"]])
    client.send([request(1, "tools/call", .object(call("hold"))), request(2, "ping")])
    client.send([request(3, "tools/call", .object(call("hold")))])
    client.send(cancelled(1))
    client.send(cancelled(3))
    #expect(client.receive()?.arrayValue?.map { $0["id"] } == [2])
    #expect(client.ask(request(4, "ping"))?["id"] == 4)
    #expect(client.end() == [])
  }

  @Test("F-21: an empty array is one error")
  func empty() {
    let client = TestClient(.march2025)
    client.send([])
    #expect(client.receive()?.errorCode == -32600)
    #expect(client.end() == [])
  }

  @Test("F-22: initialize is refused inside an array")
  func initialize() {
    let client = TestClient()
    #expect(client.ask(handshake(.march2025, id: 0))?["result"] != nil)
    client.send([handshake(.march2025, id: 1), request(2, "ping")])
    #expect(client.receive()?.arrayValue?.map(\.errorCode) == [-32600, nil])
  }

  @Test(
    "F-23: outside 2025-03-26 an array is one error without id",
    arguments: [nil, .november2024, .june2025, .november2025] as [Revision?])
  func elsewhere(revision: Revision?) {
    let client = revision.map { TestClient($0) } ?? TestClient()
    client.send([modern(1, "tools/list"), request(2, "ping")])
    let answer = client.receive()
    #expect(answer?.errorCode == -32600)
    #expect(answer?["id"] == nil)
    #expect(client.end() == [])
  }
}
