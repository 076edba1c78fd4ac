import FixtureServer
import JSON
import MCP
import Testing

@Suite("Subscriptions")
struct SubscriptionTests {
  private let host = FixtureHost()
  private static let contacts: JSONObject = ["uri": "pathbound://contacts"]
  private static let filter: JSONObject = ["notifications": ["resourceSubscriptions": ["pathbound://contacts"]]]

  private func client(_ revision: Revision) -> TestClient {
    TestClient(revision, host, offers: FixtureOffers(host).offers)
  }

  private func create(_ id: JSONValue) -> JSONValue {
    modern(id, "tools/call", call("pathbound_create_contact", ["name": "Ann", "email": "ann@example.org"]))
  }

  /// The methods of the notifications among the messages.
  private func updates(_ messages: [JSONValue]) -> Int {
    messages.count { $0["method"] == "notifications/resources/updated" }
  }

  @Test("RS-06: one may subscribe twice, hears once, and unsubscribes as often as one likes")
  func twice() {
    let client = client(.november2025)
    #expect(client.ask(request(1, "resources/subscribe", .object(Self.contacts)))?["result"] == [:])
    #expect(client.ask(request(2, "resources/subscribe", .object(Self.contacts)))?["result"] == [:])
    #expect(host.watchCount == 1)
    client.send(create(3))
    #expect(client.receive()?["method"] == "notifications/resources/updated")
    #expect(client.receive()?["id"] == 3)
    #expect(client.ask(request(4, "resources/unsubscribe", .object(Self.contacts)))?["result"] == [:])
    #expect(client.ask(request(5, "resources/unsubscribe", .object(Self.contacts)))?["result"] == [:])
    #expect(host.watchCount == 0)
    #expect(client.ask(create(6))?["id"] == 6)
    #expect(client.end() == [])
  }

  @Test("RS-06, R-13: what does not exist can't be subscribed to, and can be tried again")
  func unknown() {
    let client = client(.june2025)
    for id in 1...2 {
      let answer = client.ask(request(.integer(Int64(id)), "resources/subscribe", ["uri": "pathbound://nothing"]))
      #expect(answer?.errorCode == -32002)
      #expect(answer?["error"]?["data"]?["uri"] == "pathbound://nothing")
    }
  }

  @Test("E-19: nothing is told before the client says that it is ready, and then it is made up for")
  func readiness() {
    let client = TestClient(host, offers: FixtureOffers(host).offers)
    _ = client.ask(handshake(.november2025))
    #expect(client.ask(request(1, "resources/subscribe", .object(Self.contacts)))?["result"] == [:])
    #expect(client.ask(create(2))?["id"] == 2)
    #expect(client.ask(create(3))?["id"] == 3)
    client.send(["jsonrpc": "2.0", "method": "notifications/initialized"])
    #expect(client.receive()?["method"] == "notifications/resources/updated")
    #expect(client.end() == [])
  }

  @Test("LS-03: what can't be watched is left out of the acknowledgement")
  func filtered() {
    let client = client(.november2025)
    let filter: JSONObject = [
      "notifications": [
        "resourceSubscriptions": ["pathbound://nothing", "pathbound://contacts", "no uri", "pathbound://contacts"],
        "promptsListChanged": true,
      ]
    ]
    let acknowledged = client.ask(modern("l", "subscriptions/listen", filter))?["params"]
    #expect(acknowledged?["notifications"] == ["resourceSubscriptions": ["pathbound://contacts"]])
  }

  @Test(
    "LS-03: a filter of another form is refused",
    arguments: [
      [:], ["notifications": []], ["notifications": ["resourceSubscriptions": "x"]],
      ["notifications": ["resourceSubscriptions": [1]]],
    ] as [JSONObject])
  func malformed(params: JSONObject) {
    #expect(client(.november2025).ask(modern(1, "subscriptions/listen", params))?.errorCode == -32602)
  }

  @Test("LS-05: more than 32 streams are refused before any acknowledgement")
  func manyStreams() {
    let client = client(.november2025)
    for number in 1...32 {
      let answer = client.ask(modern(.integer(Int64(number)), "subscriptions/listen", Self.filter))
      #expect(answer?["method"] == "notifications/subscriptions/acknowledged")
    }
    #expect(client.ask(modern(33, "subscriptions/listen", Self.filter))?.errorCode == -32603)
    #expect(host.watchCount == 32)
    client.send(cancelled(5))
    #expect(client.ask(modern(34, "subscriptions/listen", Self.filter))?["method"] != nil)
  }

  @Test("LS-05, LS-06: each stream is told under its own id, and a cancelled one hears no more")
  func streams() {
    let client = client(.november2025)
    _ = client.ask(modern("a", "subscriptions/listen", Self.filter))
    _ = client.ask(modern("b", "subscriptions/listen", Self.filter))
    client.send(cancelled("a"))
    client.send(create(1))
    let update = client.receive()
    #expect(update?["params"]?["_meta"] == ["io.modelcontextprotocol/subscriptionId": "b"])
    #expect(client.receive()?["id"] == 1)
    #expect(host.watchCount == 1)
    #expect(client.end() == [])
  }

  @Test("F-13: the id of an open stream is taken")
  func takenID() {
    let client = client(.november2025)
    _ = client.ask(modern(1, "subscriptions/listen", Self.filter))
    #expect(client.ask(create(1))?.errorCode == -32600)
    #expect(host.watchCount == 1)
  }

  @Test("LS-09: who listens to tasks must know them")
  func tasks() {
    let client = client(.november2025)
    let filter: JSONObject = ["notifications": ["taskIds": ["t"]]]
    let answer = client.ask(modern(1, "subscriptions/listen", filter))
    #expect(answer?.errorCode == -32021)
    #expect(
      answer?["error"]?["data"]?["requiredCapabilities"]
        == ["extensions": ["io.modelcontextprotocol/tasks": [:]]])
    let knowing: JSONValue = ["extensions": ["io.modelcontextprotocol/tasks": [:]]]
    let acknowledged = client.ask(modern(2, "subscriptions/listen", filter, capabilities: knowing))
    #expect(acknowledged?["params"]?["notifications"] == [:])
  }

  @Test("at the end of input open streams end without a word, and all watches with them")
  func endOfInput() {
    let client = client(.november2025)
    _ = client.ask(modern(1, "subscriptions/listen", Self.filter))
    _ = client.ask(request(2, "resources/subscribe", .object(Self.contacts)))
    #expect(client.end() == [])
    #expect(client.waitForEnd() == .endOfInput)
    #expect(host.watchCount == 0)
  }

  @Test("LS-07: when we end, each stream gets its result, then the notice that it is over")
  func stopped() {
    let client = client(.november2025)
    _ = client.ask(modern("s", "subscriptions/listen", Self.filter))
    client.server.stop()
    let result = client.receive()
    #expect(result?["id"] == "s")
    #expect(result?["result"]?["resultType"] == "complete")
    #expect(result?["result"]?["_meta"]?["io.modelcontextprotocol/subscriptionId"] == "s")
    #expect(result?["result"]?["_meta"]?["io.modelcontextprotocol/serverInfo"]?["name"] == "test-server")
    #expect(client.receive()?["params"] == ["requestId": "s"])
  }
}

extension SubscriptionTests: CustomReflectable {
  var customMirror: Mirror { Mirror(self, children: []) }
}
