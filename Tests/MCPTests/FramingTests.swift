import FixtureServer
import Foundation
import JSON
import JSONRPC
import Logging
import MCP
import Platform
import TestSupport
import Testing

@Suite("Framing and JSON-RPC")
struct FramingTests {
  @Test("F-01, F-02: what a tool prints does not reach the client")
  func strayOutput() throws {
    let server = try ServerProcess(product: "FixtureServer")
    let answer = server.conversation.ask(modern(1, "tools/call", call("fixture_print")))
    #expect(answer?["result"]?["structuredContent"] == [:])
    server.conversation.closeInput()
    #expect(server.conversation.rest() == [])
    #expect(server.waitForExit() == 0)
  }

  @Test("F-04: logs go elsewhere, as lines of UTF-8")
  func logs() throws {
    let logged = TestPipe()
    let client = TestClient(log: Log(level: .debug, output: logged.writing))
    #expect(client.ask(request(1, "ping"))?["result"] == [:])
    #expect(client.end() == [])
    _ = client.waitForEnd()
    logged.writing.close()
    let text = try #require(String(validating: logged.readToEnd(), as: UTF8.self))
    #expect(text.contains("end"))
    #expect(text.hasSuffix("\n"))
  }

  @Test("F-05, F-06, F-07, F-08, F-09: broken lines get an error without id, and serving goes on")
  func brokenLines() {
    let client = TestClient(options: small)
    client.conversation.send(bytes: Array("\u{FEFF}\r\n{\"jsonrpc\":\r\n".utf8) + [0x22, 0xC0, 0x80, 0x22, 0x0A])
    client.conversation.send(String(repeating: "[", count: 200))
    client.conversation.send(String(repeating: " ", count: 5000))
    client.conversation.send(#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#)
    let answers = client.end()
    #expect(answers.map(\.errorCode) == [-32700, -32700, -32700, -32700, nil])
    #expect(answers.dropLast().allSatisfy { $0["id"] == nil })
    #expect(answers.last == ["jsonrpc": "2.0", "id": 1, "result": [:]])
  }

  private var small: ServerOptions {
    var options = ServerOptions()
    options.lineLimit = 1000
    return options
  }

  @Test("F-07, F-10, F-11: what is no request is refused in every revision", arguments: Revision.allCases)
  func invalidRequests(revision: Revision) {
    let client = TestClient(min(revision, .newestLegacy))
    client.conversation.send("7")
    #expect(client.receive() == client.withoutMessage(code: -32600, id: nil))
    client.send(["jsonrpc": "1.0", "id": "a", "method": "ping"])
    #expect(client.receive()?["id"] == "a")
    client.send(["jsonrpc": "2.0", "id": nil, "method": "ping"])
    #expect(client.receive()?["id"] == nil)
    #expect(client.end() == [])
  }

  @Test(
    "F-12: the id comes back with the same type and value",
    arguments: ["7", 7, 0, "", 9_007_199_254_740_993, "é\u{202E}"] as [JSONValue])
  func ids(id: JSONValue) {
    let client = TestClient(.june2025)
    #expect(client.ask(request(id, "ping"))?["id"] == id)
    #expect(client.ask(request(id, "no/such"))?["id"] == id)
    #expect(client.ask(request(id, "tools/call", .object(call("pathbound_list_events"))))?["id"] == id)
    #expect(client.ask(modern(id, "tools/list"))?["id"] == id)
  }

  @Test("F-13, F-14: an id in use is refused and its tool does not run; after the answer it is free again")
  func duplicateIDs() throws {
    let held = HeldReplies()
    let runs = Monitor(0)
    let client = TestClient(
      held.host([
        "count": { _, reply in
          runs.withLock { $0 += 1 }
          reply.succeed([:])
        }
      ]))
    client.send(modern(5, "tools/call", call("hold")))
    let reply = try #require(held.next())
    #expect(client.ask(modern(5, "tools/call", call("count")))?.errorCode == -32600)
    #expect(client.ask(request(5, "ping"))?.errorCode == -32600)
    #expect(client.ask(modern("5", "tools/call", call("count")))?["result"] != nil)
    #expect(runs.withLock { $0 } == 1)
    reply.succeed([:])
    #expect(client.receive()?["id"] == 5)
    #expect(client.ask(modern(5, "tools/call", call("count")))?["result"] != nil)
    #expect(client.ask(modern(5, "tools/call", call("count")))?["result"] != nil)
    #expect(client.end() == [])
  }

  @Test("F-15: parameters must be an object; null counts as absent, for arguments too")
  func params() {
    let client = TestClient(.june2025)
    for params: JSONValue in [[1], "x", 5, true] {
      #expect(client.ask(request(1, "tools/list", params))?.errorCode == -32602)
    }
    #expect(client.ask(request(2, "tools/list", nil as JSONValue?))?["result"] != nil)
    #expect(client.ask(request(3, "tools/list", .null))?["result"] != nil)
    #expect(client.ask(request(4, "tools/call", .object(call("pathbound_list_events", nil))))?["result"] != nil)
  }

  @Test("F-16: unknown members are ignored everywhere")
  func unknownMembers() {
    let client = TestClient(.november2025)
    #expect(
      client.ask([
        "jsonrpc": "2.0", "id": 1, "method": "tools/call", "extra": [1],
        "params": [
          "name": "pathbound_list_events", "arguments": ["limit": 1], "more": nil, "_meta": ["x": ["y": 1]],
        ],
      ])?["result"]?["isError"] == nil)
    #expect(
      client.ask(modern(2, "server/discover", ["extra": 1], meta: ["io.modelcontextprotocol/x": 1]))?["error"] == nil)
  }

  @Test("F-17: nothing without an id is answered or run")
  func notifications() {
    let client = TestClient(.november2025)
    client.send(["jsonrpc": "2.0", "method": "no/such"])
    client.send(["jsonrpc": "1.0", "method": "ping"])
    client.send(["jsonrpc": "2.0", "method": 5])
    client.send(["jsonrpc": "2.0", "method": "ping", "params": [1]])
    client.send(["jsonrpc": "2.0", "method": "initialize"])
    client.send([
      "jsonrpc": "2.0", "method": "tools/call",
      "params": .object(call("pathbound_create_contact", ["name": "Ghost", "email": "ghost@example.org"])),
    ])
    #expect(
      client.ask(modern(1, "tools/call", call("fixture_contacts")))?["result"]?["structuredContent"] == ["names": []])
    #expect(client.end() == [])
  }

  @Test(
    "F-18, F-19, E-12: methods that are unknown, notifications, or behind what is not advertised do not exist",
    arguments: [
      "no/such", "notifications/initialized", "notifications/cancelled", "resources/list", "resources/read",
      "resources/templates/list", "prompts/list", "prompts/get", "completion/complete", "subscriptions/listen",
      "tasks/get", "tasks/list", "elicitation/create", "",
    ])
  func unknownMethods(method: String) {
    let client = TestClient(.november2025)
    #expect(client.ask(request(1, method))?.errorCode == -32601)
    #expect(client.ask(modern(2, method))?.errorCode == -32601)
  }

  @Test("F-20: responses to what was never asked are ignored")
  func strayResponses() {
    let client = TestClient(.november2025)
    client.send(["jsonrpc": "2.0", "id": "never-asked", "result": [:]])
    client.send(["jsonrpc": "2.0", "id": 7, "error": ["code": -1, "message": "no"]])
    client.send(["jsonrpc": "2.0", "id": 7, "result": [:], "error": ["code": -1, "message": "no"]])
    client.send(["jsonrpc": "2.0", "result": [:]])
    #expect(client.ask(request(4, "ping")) == ["jsonrpc": "2.0", "id": 4, "result": [:]])
    #expect(client.end() == [])
  }

  @Test("F-24: a tool's error keeps only codes that the client's revision knows")
  func codes() {
    let host = StubHost(tools: [
      "refuse": { request, reply in
        reply.reject(RPCError(RPCError.Code(request.arguments["code"]?.integerValue ?? 0), "No."))
      }
    ])
    let client = TestClient(.november2025, host)
    func codes(_ asked: Int64) -> [Int64?] {
      let params = call("refuse", ["code": .integer(asked)])
      return [client.ask(request(1, "tools/call", .object(params))), client.ask(modern(2, "tools/call", params))]
        .map { $0?.errorCode }
    }
    #expect(codes(-32602) == [-32602, -32602])
    #expect(codes(-32021) == [-32603, -32021])
    #expect(codes(-32022) == [-32603, -32022])
    #expect(codes(-32002) == [-32002, -32603])
    #expect(codes(-32042) == [-32603, -32603])
    #expect(codes(-32000) == [-32603, -32603])
    #expect(codes(-31999) == [-31999, -31999])
    #expect(codes(1) == [1, 1])
  }

  @Test("F-25, F-26: errors have code and message alone, and null stands nowhere")
  func shapes() {
    let client = TestClient()
    let messages = [
      request(1, "tools/list"), handshake(.june2025), request(2, "no/such"), request(3, "tools/list"),
      request(4, "tools/call", .object(call("pathbound_list_events", ["limit": 0]))), modern(5, "server/discover"),
      modern(6, "tools/call", call("no_such")), modern(7, "tools/list"), request(8, "ping"),
    ]
    let answers = messages.compactMap { client.ask($0) }
    #expect(answers.count == messages.count)
    #expect(answers.allSatisfy { !$0.holdsNull })
    for error in answers.compactMap({ $0["error"]?.objectValue }) {
      #expect(Array(error.keys) == ["code", "message"])
      #expect(error["message"]?.stringValue?.isEmpty == false)
    }
  }

  @Test("F-27: a request behind initialize in the same write sees the session, and a cancel behind a call hits it")
  func pipelined() throws {
    let held = HeldReplies()
    let client = TestClient(held.host())
    let lines = [
      handshake(.march2025), request(1, "tools/list"), request(2, "tools/call", .object(call("hold"))), cancelled(2),
      request(3, "ping"),
    ]
    client.conversation.send(bytes: lines.flatMap { $0.serialized() + [UInt8(ascii: "\n")] })
    #expect(client.receive()?["result"]?["protocolVersion"] == "2025-03-26")
    #expect(client.receive()?["result"]?["tools"] != nil)
    #expect(client.receive()?["id"] == 3)
    #expect(try #require(held.next()).isCancelled)
  }

  @Test("F-28: numbers come through exactly, and true is never 1")
  func numbers() {
    let host = StubHost(tools: [
      "echo": { request, reply in
        reply.complete(ToolResult(content: [], structuredContent: .object(request.arguments)))
      }
    ])
    let client = TestClient(.june2025, host)
    let text = #"{"big":9223372036854775807,"odd":9007199254740993,"tenth":0.1,"tiny":5e-324,"yes":true,"one":1}"#
    let line = #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":"# + text + "}}"
    client.conversation.send(line)
    let answer = client.receive()
    #expect(answer?["result"]?["structuredContent"]?.text == text)
    #expect(answer?.resultText == text)
  }

  @Test("F-29: a quick call is answered while a slow one runs, and both in the order in which they end")
  func interleaved() throws {
    let held = HeldReplies()
    let client = TestClient(held.host())
    client.send(modern("a", "tools/call", call("hold")))
    client.send(modern("b", "tools/call", call("hold")))
    let (first, second) = (try #require(held.next()), try #require(held.next()))
    #expect(client.ask(modern("c", "tools/list"))?["id"] == "c")
    second.succeed([:])
    first.succeed([:])
    #expect(client.receive()?["id"] == "b")
    #expect(client.receive()?["id"] == "a")
  }
}

extension TestClient {
  /// An error answer with whatever sentence the server gives for it.
  fileprivate func withoutMessage(code: Int64, id: JSONValue?) -> JSONValue {
    var members: JSONObject = ["jsonrpc": "2.0"]
    members["id"] = id
    members["error"] = ["code": .integer(code), "message": "A message must be a JSON object."]
    return .object(members)
  }
}
