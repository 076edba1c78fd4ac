import FixtureServer
import JSON
import JSONRPC
import MCP
import TestSupport
import Testing

@Suite("Tools")
struct ToolTests {
  @Test("TL-01: the list holds what the host offers, also when that is nothing")
  func list() {
    let names = TestClient().ask(modern(1, "tools/list"))?["result"]?["tools"]?.arrayValue?.map { $0["name"] }
    #expect(
      names == [
        "owlbound_ingest_signal", "owlbound_rebuild_index", "pathbound_create_contact", "pathbound_list_events",
      ])
    #expect(TestClient(StubHost()).ask(modern(1, "tools/list"))?["result"]?["tools"] == [])
  }

  @Test("TL-02, TL-03: the list has the same bytes on every connection and after whatever came before")
  func stableList() throws {
    let message = modern(1, "tools/list")
    let used = TestClient(.march2025)
    _ = used.ask(request("a", "tools/call", .object(call("pathbound_list_events"))))
    used.send(message)
    let fresh = TestClient()
    fresh.send(message)
    let line = try #require(used.conversation.receiveLine())
    #expect(fresh.conversation.receiveLine() == line)
    fresh.send(message)
    #expect(fresh.conversation.receiveLine() == line)
  }

  @Test(
    "TL-04: there is one page, without a cursor, and none that a cursor leads to",
    arguments: ["", "not-ours", 5, nil, [:]] as [JSONValue])
  func cursors(cursor: JSONValue) {
    let client = TestClient(.november2025)
    #expect(client.ask(modern(1, "tools/list"))?["result"]?["nextCursor"] == nil)
    #expect(client.ask(modern(2, "tools/list", ["cursor": cursor]))?.errorCode == -32602)
    #expect(client.ask(request(3, "tools/list", ["cursor": cursor]))?.errorCode == -32602)
  }

  @Test("TL-05, TL-06, TL-07, TL-08, TL-13, TL-19: the definitions obey the rules for definitions")
  func definitions() {
    for form in ToolListForm.allCases {
      var list = JSONWriter()
      FixtureHost().writeToolList(form, into: &list)
      #expect(ToolListRules.faults(in: list.finish()) == [])
    }
  }

  @Test(
    "TL-09, TL-14: an unknown name is an error of the protocol, and names differ by case",
    arguments: ["pathbound_no_such", "PATHBOUND_LIST_EVENTS", "", "pathbound_list_events "])
  func unknownTool(name: String) {
    let client = TestClient(.june2025)
    #expect(client.ask(modern(1, "tools/call", call(name)))?.errorCode == -32602)
    #expect(client.ask(request(2, "tools/call", .object(call(name))))?.errorCode == -32602)
    #expect(client.end() == [])
  }

  @Test(
    "TL-10: a malformed call is an error of the protocol",
    arguments: [
      [:], ["name": 5], ["name": nil], ["name": "pathbound_list_events", "arguments": "all"],
      ["name": "pathbound_list_events", "arguments": [1]], ["name": "no_such", "arguments": 1],
    ] as [JSONObject])
  func malformed(params: JSONObject) {
    let client = TestClient(.november2025)
    #expect(client.ask(modern(1, "tools/call", params))?.errorCode == -32602)
    #expect(client.ask(request(2, "tools/call", .object(params)))?.errorCode == -32602)
  }

  @Test("TL-10: arguments may be left out")
  func noArguments() {
    let client = TestClient()
    let answer = client.ask(modern(1, "tools/call", ["name": "pathbound_list_events"]))
    #expect(answer?["result"]?["structuredContent"]?["events"]?.arrayValue?.count == 20)
  }

  @Test("TL-11, TL-12, TL-15: what the tool refuses is a result that says why", arguments: Revision.allCases)
  func refusals(revision: Revision) {
    let host = StubHost(tools: ["busy": { _, reply in reply.fail(text: "Too many calls: retry in 7 s.") }])
    let params = call("busy")
    let answer =
      revision.isModern
      ? TestClient(host).ask(modern(1, "tools/call", params))
      : TestClient(revision, host).ask(request(1, "tools/call", .object(params)))
    #expect(answer?["error"] == nil)
    #expect(answer?["result"]?["isError"] == true)
    #expect(answer?.resultText == "Too many calls: retry in 7 s.")
  }

  @Test("TL-12: a tool that forgets its call is our fault: an internal error that shows nothing of the inside")
  func forgotten() {
    let held = HeldReplies()
    let client = TestClient(held.host(["drop": { _, _ in }]))
    let answer = client.ask(modern(1, "tools/call", call("drop")))
    #expect(answer?["error"] == ["code": -32603, "message": "The tool gave no answer."])
    client.send(modern(2, "tools/call", call("hold")))
    held.drop(1)
    #expect(client.receive()?.errorCode == -32603)
    #expect(client.ask(modern(2, "tools/call", call("drop")))?.errorCode == -32603)
  }

  @Test("TL-12: only the first answer of a tool counts")
  func firstAnswer() {
    let host = StubHost(tools: [
      "twice": { _, reply in
        reply.fail(text: "first")
        reply.complete(ToolResult(content: [.text("second")]))
        reply.reject(RPCError(.internalError, "third"))
      }
    ])
    let client = TestClient(host)
    #expect(client.ask(modern(1, "tools/call", call("twice")))?.resultText == "first")
    #expect(client.end() == [])
  }

  @Test("TL-17, TL-18: a legacy task member changes nothing in either era")
  func taskMember() {
    let client = TestClient(.november2025)
    var params = call("pathbound_list_events", ["limit": 1])
    let usual = [
      client.ask(modern(1, "tools/call", params)), client.ask(request(2, "tools/call", .object(params))),
    ]
    params["task"] = ["ttl": 60000]
    #expect(client.ask(modern(1, "tools/call", params)) == usual[0])
    #expect(client.ask(request(2, "tools/call", .object(params))) == usual[1])
    #expect(usual[0]?["result"]?["structuredContent"] != nil)
  }

  @Test("a host learns who calls, what it speaks and what it can do")
  func callerFacts() throws {
    let facts = HeldFacts()
    let client = TestClient(.june2025, facts.host)
    _ = client.ask(request(1, "tools/call", .object(call("look", ["a": 1]))))
    #expect(facts.last?.revision == .june2025)
    #expect(facts.last?.arguments == ["a": 1])
    #expect(facts.last?.client.name == "probe")
    #expect(facts.last?.capabilities.elicitsForms == false)
    _ = client.ask(modern(2, "tools/call", call("look"), capabilities: ["elicitation": [:]]))
    #expect(facts.last?.revision == .july2026)
    #expect(facts.last?.capabilities.elicitsForms == true)
    _ = client.ask(modern(3, "tools/call", call("look"), capabilities: ["elicitation": ["url": [:]]]))
    #expect(facts.last?.capabilities.elicitsForms == false)
    _ = client.ask(modern(4, "tools/call", call("look"), capabilities: ["elicitation": ["form": [:], "url": [:]]]))
    #expect(facts.last?.capabilities.elicitsForms == true)
  }

  @Test("the host is told once when all that arrived together was handed over")
  func endOfBatch() {
    let host = GatheringHost()
    let client = TestClient(host)
    let lines = (0..<5).map { modern(.integer($0), "tools/call", call("gather")) }
    client.conversation.send(bytes: lines.flatMap { $0.serialized() + [UInt8(ascii: "\n")] })
    #expect((0..<5).map { _ in client.receive()?["id"] } == [0, 1, 2, 3, 4])
    #expect(client.end() == [])
  }
}
