import JSON
import JSONRPC
import MCP
import Testing

@Suite("Result shapes")
struct ResultTests {
  @Test("R-01, R-03: every modern result is marked complete and says who answers; no legacy result does")
  func modernMarks() {
    let client = TestClient(.november2025)
    let identity: JSONValue = [
      "io.modelcontextprotocol/serverInfo": [
        "name": "test-server", "version": "1.2", "title": "Test", "description": "For tests.",
        "websiteUrl": "https://example.org",
      ]
    ]
    let calls: [(String, JSONObject)] = [
      ("tools/list", [:]), ("tools/call", call("pathbound_list_events")),
      ("tools/call", call("pathbound_list_events", ["limit": 0])),
    ]
    for (method, params) in calls {
      let new = client.ask(modern(1, method, params))?["result"]
      #expect(new?["resultType"] == "complete")
      #expect(new?["_meta"] == identity)
      let old = client.ask(request(2, method, .object(params)))?["result"]
      #expect(old != nil)
      #expect(old?["resultType"] == nil)
      #expect(old?["_meta"] == nil)
    }
    #expect(client.ask(modern(3, "server/discover"))?["result"]?["_meta"] == identity)
  }

  @Test("R-04, R-05: lists and discovery may be cached by everyone, calls and old clients get no hint")
  func cacheHints() {
    let client = TestClient(.november2025)
    for method in ["tools/list", "server/discover"] {
      let result = client.ask(modern(1, method))?["result"]
      #expect(result?["ttlMs"] == 300_000)
      #expect(result?["cacheScope"] == "public")
    }
    let others = [
      client.ask(modern(2, "tools/call", call("pathbound_list_events"))), client.ask(request(3, "tools/list")),
    ]
    for result in others.map({ $0?["result"] }) {
      #expect(result != nil)
      #expect(result?["ttlMs"] == nil)
      #expect(result?["cacheScope"] == nil)
    }
  }

  @Test(
    "R-07, R-10: structured content that is no object reaches old clients as text only", arguments: Revision.allCases)
  func structuredContent(revision: Revision) {
    let host = StubHost(tools: [
      "array": { _, reply in reply.complete(ToolResult(content: [], structuredContent: [1, "a"])) },
      "object": { _, reply in reply.complete(ToolResult(content: [], structuredContent: ["a": 1])) },
    ])
    let array = result(of: "array", host, revision)
    #expect(array?["content"] == [["type": "text", "text": "[1,\"a\"]"]])
    #expect(array?["structuredContent"] == (revision.isModern ? [1, "a"] : nil))
    let object = result(of: "object", host, revision)
    #expect(object?["content"] == [["type": "text", "text": "{\"a\":1}"]])
    #expect(object?["structuredContent"] == (revision >= .june2025 ? ["a": 1] : nil))
  }

  @Test("R-08: output schemas go to clients that know them", arguments: Revision.allCases)
  func outputSchemas(revision: Revision) {
    let client = TestClient(min(revision, .newestLegacy))
    let list = client.ask(revision.isModern ? modern(1, "tools/list") : request(1, "tools/list"))
    let tools = list?["result"]?["tools"]?.arrayValue ?? []
    #expect(tools.count == 4)
    let schemas = tools.compactMap { $0["outputSchema"] }
    #expect(schemas.count == (revision >= .june2025 ? 2 : 0))
    #expect(schemas.allSatisfy { $0["type"] == "object" })
  }

  @Test(
    "R-09, R-10: success carries the same JSON as text and, where known, as structure; failure only as text",
    arguments: Revision.allCases)
  func successAndFailure(revision: Revision) {
    let host = StubHost(tools: [
      "good": { _, reply in Array(#"{"a":"ä\n\"","b":1}"#.utf8).withUnsafeBytes { reply.succeed(payload: $0) } },
      "bad": { _, reply in Array(#"{"error":{"code":"X"}}"#.utf8).withUnsafeBytes { reply.fail(payload: $0) } },
    ])
    let good = result(of: "good", host, revision)
    #expect(good?["content"] == [["type": "text", "text": #"{"a":"ä\n\"","b":1}"#]])
    #expect(good?["structuredContent"] == (revision >= .june2025 ? ["a": "ä\n\"", "b": 1] : nil))
    #expect(good?["isError"] == nil)
    let bad = result(of: "bad", host, revision)
    #expect(bad?["content"] == [["type": "text", "text": #"{"error":{"code":"X"}}"#]])
    #expect(bad?["isError"] == true)
    #expect(bad?["structuredContent"] == nil)
  }

  @Test("R-11: a result without content has an empty list of it")
  func noContent() {
    let host = StubHost(tools: ["none": { _, reply in reply.complete(ToolResult(content: [])) }])
    #expect(result(of: "none", host, .june2025) == ["content": []])
  }

  @Test(
    "R-12, R-15: blocks that a revision does not know become ones that it knows; bytes are Base64",
    arguments: Revision.allCases)
  func blocks(revision: Revision) {
    let bytes: [UInt8] = [0, 255, 1, 254]
    let host = StubHost(tools: [
      "all": { _, reply in
        reply.complete(
          ToolResult(content: [
            .text("words"), .image(bytes, mimeType: "image/png"), .audio(bytes, mimeType: "audio/wav"),
            .resource(ResourceContents(uri: "a:b", mimeType: "text/plain", body: .text("inside"))),
            .link(ResourceLink(uri: "a:c", name: "c", title: "See", mimeType: "text/html", size: 7)),
          ]))
      }
    ])
    let sound: JSONValue =
      revision >= .march2025
      ? ["type": "audio", "data": "AP8B/g==", "mimeType": "audio/wav"]
      : ["type": "resource", "resource": ["uri": "urn:audio:result", "mimeType": "audio/wav", "blob": "AP8B/g=="]]
    let link: JSONValue =
      revision >= .june2025
      ? ["type": "resource_link", "uri": "a:c", "name": "c", "title": "See", "mimeType": "text/html", "size": 7]
      : ["type": "text", "text": "See: a:c"]
    #expect(
      result(of: "all", host, revision)?["content"] == [
        ["type": "text", "text": "words"], ["type": "image", "data": "AP8B/g==", "mimeType": "image/png"], sound,
        ["type": "resource", "resource": ["uri": "a:b", "mimeType": "text/plain", "text": "inside"]], link,
      ])
  }

  @Test(
    "R-15: Base64 pads what is left over",
    arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")])
  func base64(text: String, expected: String) {
    let host = StubHost(tools: [
      "image": { _, reply in
        reply.complete(ToolResult(content: [.image(Array(text.utf8), mimeType: "image/png")]))
      }
    ])
    #expect(result(of: "image", host, .june2025)?["content"]?[0]?["data"] == .string(expected))
  }

  @Test("R-13: a missing resource is told in the words of the era", arguments: Revision.allCases)
  func missingResource(revision: Revision) {
    let error = RPCError.resourceNotFound("a:b", revision: revision)
    #expect(error.code.value == (revision.isModern ? -32602 : -32002))
    #expect(error.data == ["uri": "a:b"])
    let host = StubHost(tools: [
      "missing": { request, reply in reply.reject(.resourceNotFound("a:b", revision: request.revision)) }
    ])
    #expect(answer(of: "missing", host, revision)?["error"]?["code"] == .integer(error.code.value))
    #expect(answer(of: "missing", host, revision)?["error"]?["data"] == ["uri": "a:b"])
  }

  @Test(
    "R-14: facts of ours go into _meta only under a prefix that is ours",
    arguments: [.june2025, .july2026] as [Revision])
  func metaKeys(revision: Revision) {
    let keys = [
      "ai.example/one", "bare", "io.modelcontextprotocol/x", "com.mcp/x", "com.mcp.tools/x", "single/x", "a.b/", "/x",
      "a..b/x", "com.example.mcp/two",
    ]
    let host = StubHost(tools: [
      "facts": { _, reply in
        reply.complete(ToolResult(content: [], meta: keys.map { ($0, 1) }))
      }
    ])
    let meta = result(of: "facts", host, revision)?["_meta"]?.objectValue
    let kept = meta?.keys.filter { $0 != "io.modelcontextprotocol/serverInfo" }
    #expect(kept == ["ai.example/one", "com.example.mcp/two"])
  }

  private func result(of tool: String, _ host: StubHost, _ revision: Revision) -> JSONValue? {
    answer(of: tool, host, revision)?["result"]
  }

  private func answer(of tool: String, _ host: StubHost, _ revision: Revision) -> JSONValue? {
    let params = call(tool)
    if revision.isModern { return TestClient(host).ask(modern(1, "tools/call", params)) }
    return TestClient(revision, host).ask(request(1, "tools/call", .object(params)))
  }
}
