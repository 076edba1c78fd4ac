import FixtureServer
import Foundation
import JSON
import MCP
import Platform
import TestSupport
import Testing

@Suite("Eras and versions")
struct EraTests {
  @Test("E-01: each request is judged by itself: envelope, handshake, session, ping, else an error")
  func classification() {
    let client = TestClient()
    #expect(client.ask(request(1, "tools/list"))?.errorCode == -32602)
    #expect(client.ask(request(2, "ping"))?["result"] == [:])
    #expect(client.ask(modern(3, "tools/list"))?["result"]?["resultType"] == "complete")
    // Keys of other purposes, with the same prefix, make no envelope.
    let related: JSONValue = ["_meta": ["io.modelcontextprotocol/related-task": ["taskId": "t"]]]
    #expect(client.ask(request(4, "tools/list", related))?.errorCode == -32602)
    #expect(client.ask(handshake(.june2025, id: 5))?["result"]?["protocolVersion"] == "2025-06-18")
    #expect(client.ask(request(6, "tools/list", related))?["result"]?["resultType"] == nil)
    for key in ["protocolVersion", "clientInfo", "clientCapabilities"] {
      let meta: JSONValue = ["_meta": .object(["io.modelcontextprotocol/\(key)": "x"])]
      #expect(client.ask(request(7, "tools/list", meta))?.errorCode == -32602)
    }
  }

  @Test("E-01: without envelope and handshake the error names what is missing")
  func namesMissingKeys() {
    let message = answers([#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#]).first?["error"]?["message"]?.stringValue
    #expect(message?.contains("io.modelcontextprotocol/protocolVersion") == true)
    #expect(message?.contains("io.modelcontextprotocol/clientCapabilities") == true)
  }

  @Test(
    "E-02, E-03: both eras share the pipe in any order, and neither shows in the other's answers",
    arguments: [true, false])
  func bothEras(handshakeFirst: Bool) {
    let client = TestClient()
    if handshakeFirst { #expect(client.ask(handshake(.november2024))?["result"] != nil) }
    let modernList = client.ask(modern(1, "tools/list"))
    if !handshakeFirst { #expect(client.ask(handshake(.november2024))?["result"] != nil) }
    let legacyList = client.ask(request(2, "tools/list"))
    let modernCall = client.ask(modern(3, "tools/call", call("pathbound_list_events")))
    let legacyCall = client.ask(request(4, "tools/call", .object(call("pathbound_list_events"))))
    #expect(modernList?["result"]?["tools"]?[3]?["outputSchema"] != nil)
    #expect(legacyList?["result"]?["tools"]?[3]?["outputSchema"] == nil)
    #expect(legacyList?["result"].map { Array($0.objectValue?.keys.map { $0 } ?? []) } == ["tools"])
    #expect(modernCall?["result"]?["structuredContent"] != nil)
    #expect(legacyCall?["result"]?["structuredContent"] == nil)
    #expect(client.ask(modern(5, "tools/list"))?["result"] == modernList?["result"])
  }

  @Test("E-04: envelope, version, method, parameters are checked in this order")
  func orderOfChecks() {
    let client = TestClient()
    let noVersion: JSONValue = ["_meta": ["io.modelcontextprotocol/clientCapabilities": [:]]]
    #expect(client.ask(request(1, "no/such", noVersion))?.errorCode == -32602)
    let meta: JSONObject = ["io.modelcontextprotocol/protocolVersion": "2031-01-01"]
    #expect(client.ask(modern(2, "no/such", meta: meta))?.errorCode == -32022)
    #expect(client.ask(modern(3, "no/such", ["name": 5]))?.errorCode == -32601)
    #expect(client.ask(modern(4, "tools/call", ["name": 5]))?.errorCode == -32602)
    // The tool itself, which wants a capability, comes last.
    #expect(
      client.ask(modern(5, "tools/call", ["name": "owlbound_rebuild_index", "arguments": 5]))?.errorCode == -32602)
    #expect(client.ask(modern(6, "tools/call", call("owlbound_rebuild_index")))?.errorCode == -32021)
  }

  @Test(
    "E-05: an envelope needs a version that is a string and capabilities that are an object",
    arguments: [
      ["io.modelcontextprotocol/protocolVersion": "2026-07-28"],
      ["io.modelcontextprotocol/clientCapabilities": [:]],
      ["io.modelcontextprotocol/protocolVersion": 20_260_728, "io.modelcontextprotocol/clientCapabilities": [:]],
      ["io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": []],
      ["io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": nil],
      ["io.modelcontextprotocol/clientInfo": ["name": "x"]],
    ] as [JSONValue])
  func incompleteEnvelope(meta: JSONValue) {
    for client in [TestClient(), TestClient(.november2025)] {
      #expect(client.ask(request(1, "server/discover", ["_meta": meta]))?.errorCode == -32602)
    }
  }

  @Test("E-05: metadata that is no object is no envelope")
  func oddMetadata() {
    let client = TestClient()
    #expect(client.ask(request(1, "tools/list", ["_meta": "x"]))?.errorCode == -32602)
    #expect(client.ask(request(2, "tools/list", ["_meta": nil]))?.errorCode == -32602)
  }

  @Test("E-06: who the client says it is changes nothing", arguments: [nil, "x", 5, [], ["name": 7]] as [JSONValue?])
  func clientInfo(info: JSONValue?) {
    let client = TestClient()
    let usual = client.ask(modern(1, "tools/call", call("pathbound_list_events")))
    var message = modern(1, "tools/call", call("pathbound_list_events")).objectValue ?? [:]
    var params = message["params"]?.objectValue ?? [:]
    var meta = params["_meta"]?.objectValue ?? [:]
    meta["io.modelcontextprotocol/clientInfo"] = info
    params["_meta"] = .object(meta)
    message["params"] = .object(params)
    #expect(client.ask(.object(message)) == usual)
    #expect(usual?["result"] != nil)
  }

  @Test(
    "E-07, E-08: an unknown version gets the list that discovery also gives, and is quoted exactly",
    arguments: ["2031-01-01", "", "v\u{202E}1", "2026-07-28 "])
  func unsupportedVersion(name: String) {
    let client = TestClient()
    let supported = client.ask(modern(1, "server/discover"))?["result"]?["supportedVersions"]
    #expect(supported == ["2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"])
    for method in ["server/discover", "tools/list", "no/such"] {
      let answer = client.ask(
        modern(2, method, meta: ["io.modelcontextprotocol/protocolVersion": .string(name)]))
      #expect(answer?.errorCode == -32022)
      #expect(answer?["error"]?["data"] == ["supported": supported ?? nil, "requested": .string(name)])
    }
  }

  @Test(
    "E-09: a legacy version in an envelope is sent to the handshake",
    arguments: Revision.allCases.filter { !$0.isModern })
  func legacyInEnvelope(revision: Revision) {
    let client = TestClient(.june2025)
    let answer = client.ask(
      modern(1, "tools/list", meta: ["io.modelcontextprotocol/protocolVersion": .string(revision.name)]))
    #expect(answer?.errorCode == -32022)
    #expect(answer?["error"]?["data"] == ["supported": ["2026-07-28"], "requested": .string(revision.name)])
    #expect(answer?["error"]?["message"]?.stringValue?.contains("initialize") == true)
  }

  @Test("E-10, E-11: discovery tells all there is to know, at any time, always the same")
  func discover() {
    let client = TestClient()
    let first = client.ask(modern(1, "server/discover"))?["result"]
    #expect(
      first == [
        "resultType": "complete",
        "supportedVersions": ["2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"],
        "capabilities": ["tools": [:], "logging": [:]], "instructions": "Be careful.",
        "ttlMs": 300_000,
        "cacheScope": "public",
        "_meta": [
          "io.modelcontextprotocol/serverInfo": [
            "name": "test-server", "version": "1.2", "title": "Test", "description": "For tests.",
            "websiteUrl": "https://example.org",
          ]
        ],
      ])
    #expect(client.ask(handshake(.march2025))?["result"] != nil)
    #expect(client.ask(modern(2, "server/discover"))?["result"] == first)
    #expect(client.ask(request(3, "tools/list"))?["result"]?["resultType"] == nil)
  }

  @Test("E-12: both eras advertise tools and logging, without flags, and nothing else")
  func capabilities() {
    let client = TestClient()
    #expect(client.ask(handshake(.november2025))?["result"]?["capabilities"] == ["tools": [:], "logging": [:]])
    #expect(client.ask(modern(1, "server/discover"))?["result"]?["capabilities"] == ["tools": [:], "logging": [:]])
    #expect(client.ask(request(2, "tools/list"))?["result"] != nil)
    #expect(client.ask(modern(3, "tools/list"))?["result"] != nil)
  }

  @Test(
    "E-13: with an envelope, methods of the old era do not exist",
    arguments: [
      "initialize", "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe", "tasks/list",
      "tasks/result",
    ])
  func removedMethods(method: String) {
    let client = TestClient()
    #expect(client.ask(modern(1, method, ["protocolVersion": "2025-11-25"]))?.errorCode == -32601)
    // And no handshake has come of it.
    #expect(client.ask(request(2, "tools/list"))?.errorCode == -32602)
  }

  @Test(
    "E-14: without an envelope, methods of the new era do not exist in a session, nor before it",
    arguments: ["server/discover", "subscriptions/listen", "tasks/get", "tasks/cancel", "tasks/update"])
  func newMethods(method: String) {
    #expect(TestClient().ask(request(1, method))?.errorCode == -32602)
    #expect(TestClient(.november2025).ask(request(1, method))?.errorCode == -32601)
  }

  @Test("E-20: a session keeps to what its revision knows", arguments: Revision.allCases.filter { !$0.isModern })
  func negotiated(revision: Revision) {
    let client = TestClient(revision)
    let result = client.ask(request(1, "tools/call", .object(call("pathbound_list_events"))))?["result"]
    #expect((result?["structuredContent"] != nil) == (revision >= .june2025))
    let tools = client.ask(request(2, "tools/list"))?["result"]?["tools"]
    #expect((tools?[3]?["outputSchema"] != nil) == (revision >= .june2025))
  }

  @Test(
    "E-23: the first answer comes soon, and no first message ends the process",
    arguments: ["nonsense", "[]", "{}", "\u{0}", "GET / HTTP/1.1"])
  func firstLine(line: String) throws {
    let begin = DispatchTime.now().uptimeNanoseconds
    let server = try ServerProcess(product: "FixtureServer")
    server.conversation.send(line)
    #expect(server.conversation.receive()?["error"] != nil)
    // The aim is 200 ms; a loaded machine that builds for debugging gets more.
    #expect(DispatchTime.now().uptimeNanoseconds - begin < 2_000_000_000)
    #expect(server.conversation.ask(modern(1, "server/discover"))?["result"] != nil)
    server.conversation.closeInput()
    #expect(server.waitForExit() == 0)
  }

  @Test("E-24: nothing is asked of the tools before a client asks for them")
  func noSideEffects() {
    let client = TestClient(UntouchedHost())
    #expect(client.ask(handshake(.june2025))?["result"] != nil)
    #expect(client.ask(modern(1, "server/discover"))?["result"] != nil)
    #expect(client.ask(request(2, "ping"))?["result"] != nil)
    #expect(client.end() == [])
  }

  @Test("E-25: a modern request means the same on every connection and in every process")
  func stateless() throws {
    let message = modern(1, "tools/call", call("pathbound_list_events", ["limit": 2]))
    let answers = try (0..<2).map { _ in
      let server = try ServerProcess(product: "FixtureServer")
      defer { server.conversation.closeInput() }
      return server.conversation.ask(message)
    }
    #expect(answers[0] == answers[1])
    #expect(answers[0]?["result"] != nil)
  }

  @Test("E-26: nothing of an authorization is asked for or looked at")
  func noAuthorization() {
    let client = TestClient()
    let usual = client.ask(modern(1, "tools/list"))
    #expect(client.ask(modern(1, "tools/list", meta: ["authorization": "Bearer x"])) == usual)
    #expect(usual?["result"] != nil)
  }
}

/// A host that must not be asked for anything.
private struct UntouchedHost: ToolHost {
  func writeToolList(_ form: ToolListForm, into writer: inout JSONWriter) { unexpected(()) }
  func hasTool(_ name: String) -> Bool { unexpected(false) }
  func call(_ request: ToolRequest, reply: ToolReply) { unexpected(()) }

  private func unexpected<Value>(_ value: Value) -> Value {
    Issue.record("the host was asked")
    return value
  }
}
