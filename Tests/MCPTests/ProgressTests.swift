import JSON
import MCP
import Testing

@Suite("Progress")
struct ProgressTests {
  @Test(
    "PG-01: progress comes under the token as given: 0, a number, a text",
    arguments: [0, 8, "", "pt", "é\u{202E}"] as [JSONValue])
  func token(token: JSONValue) {
    let client = TestClient(reporting([1]))
    client.send(modern(1, "tools/call", call("report"), meta: ["progressToken": token]))
    #expect(
      client.receive() == [
        "jsonrpc": "2.0", "method": "notifications/progress",
        "params": ["progressToken": token, "progress": 1, "total": 10, "message": "step"],
      ])
    #expect(client.receive()?["id"] == 1)
  }

  @Test(
    "PG-01: without a token, or with one that is none, nothing is reported",
    arguments: [nil, 1.5, true, [], [:]] as [JSONValue])
  func noToken(token: JSONValue) {
    let client = TestClient(.november2025, reporting([1, 2]))
    #expect(client.ask(modern(1, "tools/call", call("report"), meta: ["progressToken": token]))?["id"] == 1)
    #expect(client.ask(request(2, "tools/call", .object(call("report"))))?["id"] == 2)
    #expect(client.end() == [])
  }

  @Test("PG-02: only what exceeds the last value is reported, and nothing after the answer")
  func rising() {
    let host = StubHost(tools: [
      "report": { _, reply in
        for progress in [1, 1, 0.5, -3, .nan, .infinity, 2.25, 2] { reply.progress(progress) }
        reply.complete(ToolResult(content: []))
        reply.progress(9)
      }
    ])
    let client = TestClient(host, options: unlimited)
    client.send(modern(1, "tools/call", call("report"), meta: ["progressToken": "t"]))
    #expect(client.receive()?["params"] == ["progressToken": "t", "progress": 1])
    #expect(client.receive()?["params"] == ["progressToken": "t", "progress": 2.25])
    #expect(client.receive()?["id"] == 1)
    #expect(client.end() == [])
  }

  @Test("PG-03: reports in quick succession are thinned out, but the last one is sent")
  func thinned() {
    let client = TestClient(reporting((1...1000).map(Double.init)))
    client.send(modern(1, "tools/call", call("report"), meta: ["progressToken": 0]))
    var seen: [Double] = []
    while let message = client.receive(), message["id"] == nil {
      seen.append(message["params"]?["progress"]?.doubleValue ?? -1)
    }
    #expect(seen.first == 1)
    #expect(seen.last == 1000)
    #expect(seen == seen.sorted())
    #expect(seen.count < 50)
  }

  @Test("PG-03: revisions that know no messages with progress get none")
  func noMessages() {
    let client = TestClient(.november2024, reporting([1]))
    var params = call("report")
    params["_meta"] = ["progressToken": 0]
    client.send(request(1, "tools/call", .object(params)))
    #expect(client.receive()?["params"] == ["progressToken": 0, "progress": 1, "total": 10])
    #expect(client.receive()?["id"] == 1)
  }

  private func reporting(_ steps: [Double]) -> StubHost {
    StubHost(tools: [
      "report": { _, reply in
        for step in steps { reply.progress(step, total: 10, message: "step") }
        reply.complete(ToolResult(content: []))
      }
    ])
  }

  private var unlimited: ServerOptions {
    var options = ServerOptions()
    options.progressInterval = 0
    return options
  }
}
