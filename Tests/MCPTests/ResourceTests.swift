import FixtureServer
import JSON
import MCP
import Testing

@Suite("Resources, prompts and completion")
struct ResourceTests {
  private func client(_ revision: Revision? = nil, _ traits: FixtureOffers.Traits = .init()) -> TestClient {
    let host = FixtureHost()
    let offers = FixtureOffers(host, traits: traits).offers
    return if let revision { TestClient(revision, host, offers: offers) } else { TestClient(host, offers: offers) }
  }

  @Test(
    "E-12, CO-01: what is served is advertised, in words that the client's revision knows", arguments: Revision.allCases
  )
  func capabilities(revision: Revision) {
    let client = client()
    let answer = revision.isModern ? client.ask(modern(1, "server/discover")) : client.ask(handshake(revision))
    let capabilities = answer?["result"]?["capabilities"]
    #expect(capabilities?["resources"] == ["subscribe": true])
    #expect(capabilities?["prompts"] == [:])
    #expect(capabilities?["completions"] == (revision == .november2024 ? nil : [:]))
  }

  @Test("E-12: a server that can't watch says so and knows no subscriptions")
  func noWatching() {
    var traits = FixtureOffers.Traits()
    traits.canWatch = false
    let client = client(.november2025, traits)
    let discovered = client.ask(modern(1, "server/discover"))
    #expect(discovered?["result"]?["capabilities"]?["resources"] == [:])
    #expect(client.ask(modern(2, "subscriptions/listen", ["notifications": [:]]))?.errorCode == -32601)
    #expect(client.ask(request(3, "resources/subscribe", ["uri": "pathbound://contacts"]))?.errorCode == -32601)
  }

  @Test("RS-01, TL-04, R-05: a list comes in pages, whose cursors lead on, each page private")
  func pages() {
    var traits = FixtureOffers.Traits()
    traits.pageSize = 2
    let client = client(nil, traits)
    let first = client.ask(modern(1, "resources/list"))?["result"]
    let cursor = first?["nextCursor"]?.stringValue ?? ""
    #expect(first?["resources"]?.arrayValue?.count == 2)
    #expect(first?["cacheScope"] == "private")
    let second = client.ask(modern(2, "resources/list", ["cursor": .string(cursor)]))?["result"]
    #expect(second?["resources"]?[0]?["uri"] == "pathbound://slow")
    #expect(second?["nextCursor"] == nil)
    #expect(second?["cacheScope"] == "private")
  }

  @Test(
    "TL-04: a cursor that is foreign or no string is refused",
    arguments: ["resources", "resources/templates", "prompts"],
    ["x", 7, .null] as [JSONValue])
  func cursors(list: String, cursor: JSONValue) {
    #expect(client().ask(modern(1, list + "/list", ["cursor": cursor]))?.errorCode == -32602)
  }

  @Test("R-15: bytes come as Base64 with their type, and nothing else beside it")
  func bytes() {
    let contents = client().ask(modern(1, "resources/read", ["uri": "pathbound://logo"]))?["result"]?["contents"]
    #expect(contents == [["uri": "pathbound://logo", "mimeType": "image/png", "blob": "iVBO"]])
  }

  @Test("R-04: what is read may not be kept, since a tool may change it")
  func lifetime() {
    let result = client().ask(modern(1, "resources/read", ["uri": "pathbound://contacts"]))?["result"]
    #expect(result?["ttlMs"] == 0)
    #expect(result?["cacheScope"] == "private")
    let legacy = client(.november2025).ask(request(1, "resources/read", ["uri": "pathbound://contacts"]))?["result"]
    #expect(legacy?["contents"]?.arrayValue?.count == 1)
    #expect(legacy?.objectValue?.count == 1)
  }

  @Test(
    "RS-03, RS-05: what is no URI is refused, whoever asks",
    arguments: ["", "contacts", "://x", "1x:y", "pathbound://a b", "pathbound://é", "pathbound://a\nb"])
  func uris(uri: String) {
    let client = client(.november2025)
    #expect(client.ask(modern(1, "resources/read", ["uri": .string(uri)]))?.errorCode == -32602)
    #expect(client.ask(request(2, "resources/subscribe", ["uri": .string(uri)]))?.errorCode == -32602)
  }

  @Test("a read that is forgotten is answered with an error, one that is cancelled not at all")
  func lateReads() {
    var traits = FixtureOffers.Traits()
    let kept = client(nil, traits)
    kept.send(modern("r", "resources/read", ["uri": "pathbound://slow"]))
    kept.send(cancelled("r"))
    #expect(kept.ask(modern(2, "prompts/list"))?["id"] == 2)
    #expect(kept.end() == [])
    traits.forgetsReplies = true
    #expect(client(nil, traits).ask(modern(1, "resources/read", ["uri": "pathbound://slow"]))?.errorCode == -32603)
  }

  @Test("CX-07: a read that takes too long ends with an error of the protocol")
  func deadline() {
    var options = ServerOptions()
    options.callDeadline = 50
    let host = FixtureHost()
    let client = TestClient(host, offers: FixtureOffers(host).offers, options: options)
    #expect(client.ask(modern(1, "resources/read", ["uri": "pathbound://slow"]))?.errorCode == -32603)
  }

  @Test("PR-02: arguments that are no strings, or far too long, are refused")
  func promptArguments() {
    let client = client()
    let wrong: [JSONValue] = [["week": 31], ["week": .string(String(repeating: "x", count: 5000))], [1], "week"]
    for arguments in wrong {
      let params: JSONObject = ["name": "pathbound_weekly_review", "arguments": arguments]
      #expect(client.ask(modern(1, "prompts/get", params))?.errorCode == -32602)
    }
  }

  @Test("CO-02: at most a hundred values are sent, and that there are more is said")
  func manyValues() {
    let params: JSONObject = [
      "ref": ["type": "ref/resource", "uri": "pathbound://contacts/{id}"], "argument": ["name": "many", "value": ""],
    ]
    let completion = client().ask(modern(1, "completion/complete", params))?["result"]?["completion"]
    #expect(completion?["values"]?.arrayValue?.count == 100)
    #expect(completion?["hasMore"] == true)
  }

  @Test(
    "CO-03: a request for values that lacks a part is refused",
    arguments: [
      [:], ["ref": ["type": "ref/prompt", "name": "p"]], ["argument": ["name": "week", "value": ""]],
      ["ref": ["type": "ref/other"], "argument": ["name": "week", "value": ""]],
      ["ref": ["type": "ref/prompt"], "argument": ["name": "week", "value": ""]],
      ["ref": ["type": "ref/prompt", "name": "pathbound_weekly_review"], "argument": ["name": "week", "value": 7]],
      [
        "ref": ["type": "ref/prompt", "name": "pathbound_weekly_review"], "argument": ["name": "week", "value": ""],
        "context": ["arguments": ["week": 1]],
      ],
    ] as [JSONObject])
  func incompleteCompletion(params: JSONObject) {
    #expect(client().ask(modern(1, "completion/complete", params))?.errorCode == -32602)
  }
}
