import FixtureServer
import JSON
import Logging
import MCP
import Platform
import TestSupport

/// A client of a server in the same process, over two pipes.
struct TestClient {
  let conversation: LineConversation
  let server: MCPServer
  private let reason = Monitor<MCPServer.Reason?>(nil)

  init(
    _ host: any ToolHost = FixtureHost(), offers: Offers = Offers(), options: ServerOptions = ServerOptions(),
    log: Log = Log(level: .error)
  ) {
    let (toServer, fromServer) = (TestPipe(), TestPipe())
    server = MCPServer(
      input: toServer.reading, output: fromServer.writing, host: host, offers: offers, info: .test,
      options: options, log: log)
    conversation = LineConversation(writing: toServer.writing, reading: fromServer.reading)
    let (server, reason) = (server, reason)
    Thread.start("server") {
      let result = server.serve()
      fromServer.writing.close()
      reason.withLock { $0 = result }
      reason.notify()
    }
  }

  /// A client that has shaken hands at that revision.
  init(
    _ revision: Revision, _ host: any ToolHost = FixtureHost(), offers: Offers = Offers(),
    options: ServerOptions = ServerOptions()
  ) {
    self.init(host, offers: offers, options: options)
    _ = ask(handshake(revision))
    send(["jsonrpc": "2.0", "method": "notifications/initialized"])
  }

  func send(_ message: JSONValue) { conversation.send(message) }

  func receive() -> JSONValue? { conversation.receive() }

  func ask(_ message: JSONValue) -> JSONValue? { conversation.ask(message) }

  /// Closes the input and gives all that still comes.
  func end() -> [JSONValue] {
    conversation.closeInput()
    return conversation.rest()
  }

  /// Why the server has ended; nil if it has not.
  func waitForEnd() -> MCPServer.Reason? { reason.wait(until: .after(milliseconds: 10_000)) { $0 } }
}

/// All answers to lines that a script sends at once before it closes its end.
func answers(_ lines: [String], host: any ToolHost = FixtureHost()) -> [JSONValue] {
  let client = TestClient(host)
  for line in lines { client.conversation.send(line) }
  return client.end()
}

extension ServerInfo {
  static let test = ServerInfo(
    name: "test-server", title: "Test", version: "1.2", summary: "For tests.", website: "https://example.org",
    instructions: "Be careful.")
}

/// A host of tools that are closures.
struct StubHost: ToolHost {
  var tools: [String: @Sendable (ToolRequest, ToolReply) -> Void] = [:]

  func writeToolList(_ form: ToolListForm, into writer: inout JSONWriter) {
    writer.value(.array(tools.keys.sorted().map { ["name": .string($0), "inputSchema": ["type": "object"]] }))
  }

  func hasTool(_ name: String) -> Bool { tools[name] != nil }

  func call(_ request: ToolRequest, reply: ToolReply) { tools[request.name]?(request, reply) }
}

/// Where a tool leaves its reply for the test to answer.
final class HeldReplies: Sendable {
  private let replies = Monitor<[ToolReply]>([])

  /// A host whose tool `hold` leaves its replies here, beside others.
  func host(_ others: [String: @Sendable (ToolRequest, ToolReply) -> Void] = [:]) -> StubHost {
    StubHost(tools: others.merging(["hold": { [self] _, reply in keep(reply) }]) { one, _ in one })
  }

  func keep(_ reply: ToolReply) {
    replies.withLock { $0.append(reply) }
    replies.notify()
  }

  /// The next reply, once its call has arrived.
  func next() -> ToolReply? {
    replies.wait(until: .after(milliseconds: 10_000)) { $0.isEmpty ? nil : $0.removeFirst() }
  }

  /// Forgets all that are here, once there are so many.
  func drop(_ count: Int) {
    _ = replies.wait(until: .after(milliseconds: 10_000)) { replies -> [ToolReply]? in
      guard replies.count >= count else { return nil }
      defer { replies = [] }
      return replies
    }
  }
}

// Messages.

func handshake(_ revision: Revision, id: JSONValue = "hs", capabilities: JSONValue = [:]) -> JSONValue {
  request(
    id, "initialize",
    [
      "protocolVersion": .string(revision.name), "capabilities": capabilities,
      "clientInfo": ["name": "probe", "version": "1.0"],
    ])
}

func request(_ id: JSONValue, _ method: String, _ params: JSONValue? = nil) -> JSONValue {
  var message: JSONObject = ["jsonrpc": "2.0", "id": id, "method": .string(method)]
  message["params"] = params
  return .object(message)
}

/// A request with an envelope.
func modern(
  _ id: JSONValue, _ method: String, _ params: JSONObject = [:], meta: JSONObject = [:], capabilities: JSONValue = [:]
) -> JSONValue {
  var envelope: JSONObject = [
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": ["name": "probe", "version": "1.0"],
    "io.modelcontextprotocol/clientCapabilities": capabilities,
  ]
  for member in meta { envelope[member.key] = member.value }
  var params = params
  params["_meta"] = .object(envelope)
  return request(id, method, .object(params))
}

func call(_ tool: String, _ arguments: JSONValue = [:]) -> JSONObject {
  ["name": .string(tool), "arguments": arguments]
}

func cancelled(_ id: JSONValue) -> JSONValue {
  ["jsonrpc": "2.0", "method": "notifications/cancelled", "params": ["requestId": id]]
}

extension JSONValue {
  /// The code of an error answer.
  var errorCode: Int64? { self["error"]?["code"]?.integerValue }

  /// The text of the first block of a tool's result.
  var resultText: String? { self["result"]?["content"]?[0]?["text"]?.stringValue }

  /// Whether `null` stands anywhere in it.
  var holdsNull: Bool {
    switch self {
    case .null: true
    case .array(let items): items.contains(where: \.holdsNull)
    case .object(let members): members.contains { $0.value.holdsNull }
    default: false
    }
  }
}

// A failing expectation shows the insides of what it is about, which ends the process at members that can't be copied
// (Mutex, Atomic); so nothing of them is shown.

extension TestClient: CustomReflectable {
  var customMirror: Mirror { Mirror(self, children: []) }
}

extension ToolReply: CustomReflectable {
  var customMirror: Mirror { Mirror(self, children: []) }
}

extension ServerProcess: CustomReflectable {
  var customMirror: Mirror { Mirror(self, children: []) }
}
