import JSON
import MCP
import Testing

@Suite("Handshake")
struct HandshakeTests {
  @Test("E-15: a supported legacy revision is agreed on", arguments: Revision.allCases.filter { !$0.isModern })
  func supported(revision: Revision) {
    #expect(TestClient().ask(handshake(revision))?["result"]?["protocolVersion"] == .string(revision.name))
  }

  @Test(
    "E-15, E-16: any other gets the newest legacy one, never a modern one",
    arguments: ["2026-07-28", "2099-01-01", "2023-01-01", ""])
  func others(name: String) {
    let client = TestClient()
    #expect(
      client.ask(request(1, "initialize", ["protocolVersion": .string(name)]))?["result"]?["protocolVersion"]
        == "2025-11-25")
    #expect(client.ask(request(2, "tools/list"))?["result"]?["resultType"] == nil)
  }

  @Test(
    "E-17: the version must be a string; what else is there must be an object",
    arguments: [
      [:], ["protocolVersion": 1], ["protocolVersion": nil], ["protocolVersion": "2025-11-25", "capabilities": []],
      ["protocolVersion": "2025-11-25", "clientInfo": "x"], ["protocolVersion": "2025-11-25", "capabilities": nil],
    ] as [JSONValue])
  func invalid(params: JSONValue) {
    let client = TestClient()
    #expect(client.ask(request(1, "initialize", params))?.errorCode == -32602)
    #expect(client.ask(request(2, "initialize"))?.errorCode == -32602)
    #expect(client.ask(handshake(.june2025))?["result"]?["protocolVersion"] == "2025-06-18")
  }

  @Test("E-18: the result has version, capabilities, who answers and instructions, and nothing of the new era")
  func result() {
    #expect(
      TestClient().ask(handshake(.november2025))?["result"] == [
        "protocolVersion": "2025-11-25", "capabilities": ["tools": [:], "logging": [:]],
        "serverInfo": [
          "name": "test-server", "version": "1.2", "title": "Test", "description": "For tests.",
          "websiteUrl": "https://example.org",
        ],
        "instructions": "Be careful.",
      ])
    #expect(
      TestClient().ask(handshake(.november2024))?["result"]?["serverInfo"]
        == ["name": "test-server", "version": "1.2"])
  }

  @Test("E-19: before the client is ready its requests are answered, and nothing is sent unasked")
  func beforeReady() {
    let client = TestClient()
    #expect(client.ask(handshake(.november2025))?["result"] != nil)
    #expect(client.ask(request(1, "tools/list"))?["id"] == 1)
    #expect(client.ask(request(2, "tools/call", .object(call("pathbound_list_events"))))?["id"] == 2)
    client.send(["jsonrpc": "2.0", "method": "notifications/initialized"])
    #expect(client.ask(request(3, "ping"))?["id"] == 3)
    #expect(client.end() == [])
  }

  @Test("E-21: the same handshake again is answered again while nothing else has been asked")
  func repeated() {
    let client = TestClient()
    let first = client.ask(handshake(.june2025, id: 1))
    #expect(client.ask(handshake(.june2025, id: 2))?["result"] == first?["result"])
    #expect(client.ask(handshake(.march2025, id: 3))?.errorCode == -32600)
    #expect(client.ask(modern(4, "tools/list"))?["result"] != nil)
    #expect(client.ask(handshake(.june2025, id: 5))?["result"] == first?["result"])
    #expect(client.ask(request(6, "ping"))?["result"] == [:])
    #expect(client.ask(handshake(.june2025, id: 7))?.errorCode == -32600)
    #expect(
      client.ask(request(8, "tools/call", .object(call("pathbound_list_events"))))?["result"]?["structuredContent"]
        != nil)
  }

  @Test("E-22, R-02: a ping gets an empty object, before the handshake too")
  func ping() {
    let client = TestClient()
    let pong: JSONValue = ["jsonrpc": "2.0", "id": 1, "result": [:]]
    #expect(client.ask(request(1, "ping")) == pong)
    #expect(client.ask(handshake(.november2024))?["result"] != nil)
    #expect(client.ask(request(1, "ping", ["_meta": ["progressToken": 1]])) == pong)
  }
}
