import JSON
import MCP
import Operations
import Platform
import Service
import Synchronization
import TestSupport
import Testing
import ToolServer

@Suite struct ToolCallTests {
  /// Sends the messages to a server over this backend, in one session, and gives the answers by id.
  private func converse(
    _ messages: [JSONValue], backend: FakeBackend = FakeBackend(), policies: [any Policy] = [],
    options: ToolSelection.Options = ToolSelection.Options(), onFirstCall: @escaping @Sendable () -> Void = {}
  ) throws -> [Int64: JSONValue] {
    let service = CallService(
      CallService.Parts(
        pathbound: backend, owlbound: backend, policies: policies, performer: NoActions(), actions: NoActions(),
        clock: SystemClock()))
    let host = ToolCallHost(
      service: service, selection: try ToolSelection(options), session: "test", onFirstCall: onFirstCall)
    let (input, output) = (TestPipe(), TestPipe())
    let server = MCPServer(
      input: input.reading, output: output.writing, host: host, info: Introduction.info(version: "1", listed: [])
    )
    let start: [JSONValue] = [
      [
        "jsonrpc": "2.0", "id": 0, "method": "initialize",
        "params": [
          "protocolVersion": "2025-11-25", "capabilities": [:], "clientInfo": ["name": "tests", "version": "7"],
        ],
      ],
      ["jsonrpc": "2.0", "method": "notifications/initialized"],
    ]
    input.write((start + messages).flatMap { $0.serialized() + [UInt8(ascii: "\n")] })
    input.writing.close()
    #expect(server.serve() == .endOfInput)
    output.writing.close()
    var answers: [Int64: JSONValue] = [:]
    for line in output.readToEnd().split(separator: UInt8(ascii: "\n")) {
      let answer = try JSONValue(parsing: Array(line))
      if let id = answer["id"]?.integerValue { answers[id] = answer }
    }
    return answers
  }

  private func call(_ tool: String, _ arguments: JSONObject, id: Int64 = 1) -> JSONValue {
    [
      "jsonrpc": "2.0", "id": .integer(id), "method": "tools/call",
      "params": ["name": .string(tool), "arguments": .object(arguments)],
    ]
  }

  /// The object under `error` of a failed result's text.
  private func error(of answer: JSONValue?) throws -> JSONValue {
    #expect(answer?["result"]?["isError"]?.boolValue == true)
    #expect(answer?["result"]?["structuredContent"] == nil)
    let text = try #require(answer?["result"]?["content"]?[0]?["text"]?.stringValue)
    return try #require(try JSONValue(parsing: text)["error"])
  }

  @Test("a read's payload comes as structured content and as text")
  func read() throws {
    let backend = FakeBackend(payload: #"{"contact":{"_id":"ct_1"}}"#)
    let answer = try converse([call("pathbound_get_contact", ["contact_id": "ct_1"])], backend: backend)[1]
    #expect(answer?["result"]?["structuredContent"] == ["contact": ["_id": "ct_1"]])
    #expect(answer?["result"]?["content"]?[0]?["text"]?.stringValue == #"{"contact":{"_id":"ct_1"}}"#)
    #expect(answer?["result"]?["_meta"]?["ai.owlbound/creditsUsed"] == nil)
    #expect(backend.calls.first?.arguments["fields"] == "full")
  }

  @Test("what an Owlbound call costs and its request's id stand in the result's _meta")
  func receipt() throws {
    let answer = try converse([call("owlbound_get_contact", ["id": "c1"])])[1]
    #expect(answer?["result"]?["_meta"]?["ai.owlbound/creditsUsed"] == 1)
    #expect(answer?["result"]?["_meta"]?["ai.owlbound/requestId"]?.stringValue?.hasPrefix("req_") == true)
  }

  @Test("a write is recorded under the client's name and version")
  func caller() throws {
    let backend = FakeBackend()
    _ = try converse([call("pathbound_create_contact", ["email": "ada@example.com"])], backend: backend)
    #expect(backend.calls.first?.caller == Caller(client: "tests 7", session: "test"))
  }

  @Test("an answer that was given before says so first", arguments: ["{}", #"{"note":{"content":"hi"}}"#])
  func replay(payload: String) throws {
    let backend = FakeBackend(payload: payload, receipt: Receipt(replayed: true))
    let answer = try converse(
      [call("pathbound_create_contact_note", ["contact_id": "ct_1", "content": "hi"])], backend: backend)[1]
    #expect(answer?["result"]?["structuredContent"]?["replayed"] == true)
    #expect(answer?["result"]?["content"]?[0]?["text"]?.stringValue?.hasPrefix(#"{"replayed":true"#) == true)
  }

  @Test("arguments that break the schema are a result that names place and remedy; the backend is not asked")
  func invalidArguments() throws {
    let backend = FakeBackend()
    let answers = try converse(
      [
        call("pathbound_create_contact", ["email": "nobody"], id: 1),
        call("pathbound_list_events", ["limit": 1000, "contactId": "ct_1"], id: 2),
      ], backend: backend)
    let first = try error(of: answers[1])
    #expect(first["code"] == "VALIDATION_ERROR")
    #expect(first["status"] == 400)
    #expect(first["details"]?[0]?["path"] == "/email")
    let second = try error(of: answers[2])
    #expect(second["details"]?.arrayValue?.count == 2)
    #expect(second.text.contains("contact_id"))
    #expect(backend.calls.isEmpty)
  }

  @Test("an unknown tool is an error of the protocol")
  func unknownTool() throws {
    let answer = try converse([call("pathbound_make_coffee", [:])])[1]
    #expect(answer?["error"]?["code"] == -32602)
  }

  @Test("what the service refuses keeps its code, status and waiting time")
  func serviceError() throws {
    let refusal = ServiceError(.rateLimited, "Too many calls.", retryAfter: 12)
    let backend = FakeBackend(error: refusal)
    let answers = try converse(
      [
        call("pathbound_get_contact", ["contact_id": "ct_1"], id: 1),
        call("pathbound_create_contact", ["email": "ada@example.com"], id: 2),
      ], backend: backend)
    for id: Int64 in [1, 2] {
      let error = try error(of: answers[id])
      #expect(error["code"] == "RATE_LIMIT_EXCEEDED")
      #expect(error["status"] == 429)
      #expect(error["retry_after"] == 12)
    }
  }

  @Test("a denied tool is refused with the option that denies it, and not listed")
  func denied() throws {
    var options = ToolSelection.Options()
    options.isReadOnly = true
    options.excludedTools = ["pathbound_list_events"]
    let backend = FakeBackend()
    let answers = try converse(
      [
        call("pathbound_create_contact", ["email": "ada@example.com"], id: 1),
        call("pathbound_list_events", [:], id: 2),
        ["jsonrpc": "2.0", "id": 3, "method": "tools/list"],
      ], backend: backend, options: options)
    #expect(try error(of: answers[1])["message"]?.stringValue?.contains("--read-only") == true)
    #expect(try error(of: answers[2])["message"]?.stringValue?.contains("--exclude-tools") == true)
    let listed = answers[3]?["result"]?["tools"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? []
    #expect(listed.contains("pathbound_get_contact"))
    #expect(!listed.contains("pathbound_create_contact") && !listed.contains("pathbound_list_events"))
    #expect(backend.calls.isEmpty)
  }

  @Test("a scope that is not granted is a 403 that names it")
  func scope() throws {
    let scopes = Scopes(granted: [.contactsRead])
    var options = ToolSelection.Options()
    options.isGranted = { scopes.allows($0) }
    let answers = try converse(
      [call("pathbound_create_contact", ["email": "ada@example.com"])], policies: [scopes], options: options)
    let error = try error(of: answers[1])
    #expect(error["code"] == "INSUFFICIENT_SCOPE")
    #expect(error["status"] == 403)
    #expect(error["message"]?.stringValue?.contains("contacts:write") == true)
  }

  @Test("the first call is noted once; listing tools is no call")
  func firstCall() throws {
    let count = Mutex(0)
    let list: JSONValue = ["jsonrpc": "2.0", "id": 9, "method": "tools/list"]
    _ = try converse([list], onFirstCall: { count.withLock { $0 += 1 } })
    #expect(count.withLock { $0 } == 0)
    let reads = (1...3).map { call("pathbound_get_contact", ["contact_id": "ct_1"], id: $0) }
    _ = try converse(reads, onFirstCall: { count.withLock { $0 += 1 } })
    #expect(count.withLock { $0 } == 1)
  }

  @Test("the command line's way gives the payload, or the error")
  func command() throws {
    let service = CallService(
      CallService.Parts(
        pathbound: FakeBackend(), owlbound: FakeBackend(), policies: [], performer: NoActions(), actions: NoActions(),
        clock: SystemClock()))
    let host = ToolCallHost(service: service, selection: try ToolSelection(ToolSelection.Options()), session: "test")
    let payload = try host.callAndWait("pathbound_get_contact", ["contact_id": "ct_1"], client: "cli")
    #expect(String(decoding: payload, as: UTF8.self) == #"{"ok":true}"#)
    let unknown = #expect(throws: ServiceError.self) {
      try host.callAndWait("pathbound_get_contacts", [:], client: "cli")
    }
    #expect(unknown?.message.contains("pathbound_get_contact") == true)
  }
}
