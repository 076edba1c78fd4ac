import FixtureServer
import JSON
import Logging
import MCP
import Platform
import TestSupport
import Testing

@Suite("Security")
struct SecurityTests {
  @Test("SE-01, TL-16: a tool sees its arguments as they came and its texts leave sanitised")
  func inputAndOutput() {
    let host = StubHost(tools: [
      "echo": { request, reply in
        reply.complete(ToolResult(content: [.text(request.arguments["text"]?.stringValue ?? "")]))
      }
    ])
    let client = TestClient(host)
    let answer = client.ask(modern(1, "tools/call", call("echo", ["text": "a\u{1B}[31mb\u{202E}c\u{9B}d\te\nf"])))
    #expect(answer?.resultText == "a [31mbc d\te\nf")
  }

  @Test("SE-02: a tool that the owner has closed is neither listed nor callable")
  func closedTool() {
    let client = TestClient(StubHost(tools: ["open": { _, reply in reply.complete(ToolResult(content: [])) }]))
    #expect(client.ask(modern(1, "tools/list"))?["result"]?["tools"]?.arrayValue?.map { $0["name"] } == ["open"])
    #expect(client.ask(modern(2, "tools/call", call("closed")))?.errorCode == -32602)
    #expect(client.ask(modern(3, "tools/call", call("open")))?["result"] != nil)
  }

  @Test("SE-03: a long text is cut at a character and says so, structure stays whole")
  func cutText() {
    var options = ServerOptions()
    options.textLimit = 11
    let host = StubHost(tools: [
      "text": { _, reply in reply.fail(text: "0123456789äöü") },
      "payload": { _, reply in Array(#"{"a":"äääääää"}"#.utf8).withUnsafeBytes { reply.succeed(payload: $0) } },
      "short": { _, reply in reply.fail(text: "0123456789a") },
    ])
    let client = TestClient(host, options: options)
    #expect(
      client.ask(modern(1, "tools/call", call("text")))?.resultText
        == "0123456789\n[Cut here: the first 10 of 16 bytes are shown.]")
    let answer = client.ask(modern(2, "tools/call", call("payload")))
    #expect(answer?.resultText == "{\"a\":\"ää\n[Cut here: the first 10 of 22 bytes are shown.]")
    #expect(answer?["result"]?["structuredContent"] == ["a": "äääääää"])
    #expect(client.ask(modern(3, "tools/call", call("short")))?.resultText == "0123456789a")
  }

  @Test("SE-04: hints about caching never open what is private, and no input of a client is kept as state")
  func noState() {
    let client = TestClient()
    let usual = client.ask(modern(1, "tools/call", call("pathbound_list_events")))
    var params = call("pathbound_list_events")
    params["requestState"] = "forged"
    params["inputResponses"] = ["email": ["action": "accept"]]
    #expect(client.ask(modern(1, "tools/call", params)) == usual)
    #expect(usual?["result"]?["cacheScope"] == nil)
  }

  @Test("SE-06: what a client says about itself is made printable and short, and never reaches the log")
  func untrustedClient() {
    let facts = HeldFacts()
    let logged = TestPipe()
    let client = TestClient(facts.host, log: Log(level: .debug, output: logged.writing))
    let name = "evil\u{1B}[31m\n\u{202E}name" + String(repeating: "x", count: 1000)
    _ = client.ask(
      modern(
        1, "tools/call", call("look"),
        meta: [
          "io.modelcontextprotocol/clientInfo": ["name": .string(name), "version": "1\u{0}2"],
          "traceparent": "evil\nnot a trace", "tracestate": 5, "baggage": ["evil"],
        ]))
    #expect(facts.last?.client.name == "evil[31mname" + String(repeating: "x", count: 64 - 15))
    #expect(facts.last?.client.version == "12")
    _ = client.end()
    _ = client.waitForEnd()
    logged.writing.close()
    #expect(!String(decoding: logged.readToEnd(), as: UTF8.self).contains("evil"))
  }

  @Test("SE-07, SE-08: the server's own words hold no icon, address or path of this machine")
  func nothingToFetch() {
    let client = TestClient()
    let answers = [
      client.ask(handshake(.november2025)), client.ask(modern(1, "server/discover")),
      client.ask(modern(2, "tools/list")),
      client.ask(modern(3, "tools/call", call("no_such"))), client.ask(request(4, "no/such")),
    ].compactMap { $0?.text }
    #expect(answers.count == 5)
    for answer in answers {
      #expect(!answer.contains("\"icons\""))
      #expect(!answer.contains(#filePath.prefix(6)))
    }
  }
}
