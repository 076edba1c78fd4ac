import Foundation
import JSON
import Platform
import TestSupport
import Testing

@Suite struct ServerTests {
  private let program = BuiltProgram()

  @Test("the handshake and the tool list touch no disk")
  func noDisk() throws {
    let session = try program.serve()
    let result = try session.initialize()
    #expect(result["serverInfo"]?["name"] == "bound-mcp")
    let listed = session.conversation.ask(["jsonrpc": "2.0", "id": 1, "method": "tools/list"])
    #expect(listed?["result"]?["tools"]?.arrayValue?.isEmpty == false)
    #expect(session.close() == 0)
    #expect(try Files.names(in: program.home) == [])
  }

  @Test("a workspace belongs to its owner alone")
  func permissions() throws {
    let session = try program.serve()
    try session.initialize()
    _ = try session.payload("pathbound_create_contact", ["email": "ada@example.com"])
    #expect(session.close() == 0)
    #expect(try Files.permissions(of: program.home + "/data/bound-mcp") == 0o700)
    #expect(try Files.permissions(of: program.databasePath) == 0o600)
  }

  @Test("what a client writes is there for the next one, and for a command")
  func remembers() throws {
    let first = try program.serve()
    try first.initialize()
    let made = try first.payload("pathbound_create_contact", ["email": "ada@example.com"])
    #expect(first.close() == 0)
    let id = try #require(made["contact"]?["_id"])
    let second = try program.serve()
    try second.initialize()
    let found = try second.payload("pathbound_get_contact", ["contact_id": id])
    #expect(found["contact"]?["properties"]?["email"] == "ada@example.com")
    #expect(second.close() == 0)
    let listed = try program.run(["call", "pathbound_list_contacts"])
    #expect(listed.output.contains("ada@example.com"))
  }

  @Test("two clients at once see each other's writes")
  func together() throws {
    let (one, two) = (try program.serve(), try program.serve())
    try one.initialize()
    try two.initialize()
    for index in 0..<20 {
      let (writer, reader) = index.isMultiple(of: 2) ? (one, two) : (two, one)
      let id = try writer.payload("pathbound_create_contact", ["email": "p\(index)@example.com"])["contact"]?["_id"]
      _ = try reader.payload("pathbound_get_contact", ["contact_id": try #require(id)])
    }
    #expect(one.close() == 0 && two.close() == 0)
  }

  @Test("a script that pipes requests and closes its end gets every answer, in both eras")
  func endOfInput() throws {
    let count: Int64 = 500
    let session = try program.serve()
    let envelope: JSONValue = [
      "io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": [:],
      "io.modelcontextprotocol/clientInfo": ["name": "script", "version": "1"],
    ]
    var lines: [UInt8] = []
    for id in 0..<count {
      let name: JSONValue = id.isMultiple(of: 2) ? "pathbound_create_contact" : "pathbound_list_contacts"
      let arguments: JSONValue = id.isMultiple(of: 2) ? ["email": .string("p\(id)@example.com")] : ["limit": 1]
      let message: JSONValue = [
        "jsonrpc": "2.0", "id": .integer(id), "method": "tools/call",
        "params": ["name": name, "arguments": arguments, "_meta": envelope],
      ]
      lines += message.serialized() + [UInt8(ascii: "\n")]
    }
    session.conversation.send(bytes: lines)
    session.conversation.closeInput()
    let answers = session.conversation.rest()
    #expect(session.waitForExit() == 0)
    #expect(Set(answers.compactMap { $0["id"]?.integerValue }) == Set(0..<count))
    #expect(answers.allSatisfy { $0["result"]?["resultType"] == "complete" && $0["result"]?["isError"] == nil })
  }

  @Test("a read sees the write before it")
  func ordered() throws {
    let session = try program.serve()
    try session.initialize()
    let id = try session.payload("pathbound_create_contact", ["email": "ada@example.com"])["contact"]?["_id"]
    for round: Int64 in 0..<50 {
      session.conversation.send(
        Session.call(
          "pathbound_update_contact",
          ["contact_id": try #require(id), "properties": ["jobtitle": .string("Title \(round)")]], id: "write"))
      session.conversation.send(Session.call("pathbound_get_contact", ["contact_id": try #require(id)], id: "read"))
      let answers = [session.conversation.receive(), session.conversation.receive()]
      let read = try #require(answers.first { $0?["id"] == "read" } ?? nil)
      #expect(
        read["result"]?["structuredContent"]?["contact"]?["properties"]?["jobtitle"] == .string("Title \(round)"))
    }
    #expect(session.close() == 0)
  }

  @Test("an answered write survives kill -9")
  func killed() throws {
    let session = try program.serve()
    try session.initialize()
    for id: Int64 in 0..<2000 {
      session.conversation.send(
        Session.call("pathbound_create_contact", ["email": .string("p\(id)@example.com")], id: .integer(id)))
    }
    var answered = 0
    while answered < 200, let answer = session.conversation.receive() {
      #expect(answer["result"]?["isError"] == nil)
      answered += 1
    }
    session.send(signal: SIGKILL)
    #expect(session.waitForExit() == 128 + SIGKILL)
    answered += session.conversation.rest().count
    let counted = try program.run(["call", "pathbound_list_contacts", #"{"count_only": true}"#])
    let count = try #require(try JSONValue(parsing: counted.output)["count"]?.integerValue)
    #expect(count >= Int64(answered))
    #expect(answered >= 200)
  }

  @Test("what was used is in the ledger soon, also after kill -9")
  func usage() throws {
    let session = try program.serve()
    try session.initialize()
    for _ in 0..<20 { _ = try session.payload("owlbound_list_contacts") }
    // Another process sees it while this one lives.
    var credits: JSONValue?
    let end = Deadline.after(milliseconds: 30_000)
    repeat {
      let me = try program.run(["call", "owlbound_get_me"])
      credits = try JSONValue(parsing: me.output)["usage"]?["today"]?["credits"]
    } while credits != 20 && !end.hasPassed
    #expect(credits == 20)
    session.send(signal: SIGKILL)
    #expect(session.waitForExit() == 128 + SIGKILL)
    let after = try program.run(["call", "owlbound_get_me"])
    #expect(try JSONValue(parsing: after.output)["usage"]?["today"] == ["calls": 20, "credits": 20])
  }

  @Test("the program ends at once and cleanly when it is told to", arguments: [SIGTERM, SIGINT, SIGHUP])
  func signals(signal: Int32) throws {
    let session = try program.serve()
    try session.initialize()
    _ = try session.payload("pathbound_create_contact", ["email": "ada@example.com"])
    let start = SystemClock().monotonic()
    session.send(signal: signal)
    #expect(session.waitForExit() == 0)
    #expect(SystemClock().monotonic() - start < 1_500_000_000)
  }

  @Test("the program ends when nobody reads its answers any more")
  func readerGone() throws {
    let child = try program.startServer()
    child.output.close()
    try (Session.start.serialized() + [UInt8(ascii: "\n")]).withUnsafeBytes { try child.input.writeAll($0) }
    #expect(child.waitForExit() == 0)
    child.input.close()
  }

  @Test("nothing but messages of the protocol reaches standard output, whatever comes in")
  func purity() throws {
    let session = try program.serve(["--log-level", "error"])
    let junk = [
      "", "{", "null", "[]", "[1]", #"{"jsonrpc":"2.0"}"#, #"{"jsonrpc":"2.0","id":1,"method":"no/such"}"#,
      #"{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":7}}"#,
      #"{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"bound_lead_brief","arguments":[]}}"#,
      String(repeating: "[", count: 100_000), String(repeating: "x", count: 1_000_000),
    ]
    for line in junk { session.conversation.send(line) }
    let hostile: JSONObject = ["contact_id": "\u{0}\u{202E}'; DROP TABLE contacts"]
    session.conversation.send(Session.call("pathbound_get_contact", hostile, id: "no session"))
    session.conversation.send(Session.start)
    session.conversation.send(Session.call("pathbound_get_contact", hostile, id: "last"))
    session.conversation.closeInput()
    let answers = session.conversation.rest()
    #expect(answers.allSatisfy { $0["jsonrpc"] == "2.0" && ($0["error"] != nil || $0["id"] != nil) })
    let last = answers.first { $0["id"] == "last" }
    #expect(last?["result"]?["content"]?[0]?["text"]?.stringValue?.contains("NOT_FOUND") == true)
    #expect(session.waitForExit() == 0)
  }
}

@Suite struct RightsTests {
  private let program = BuiltProgram()

  @Test("a read-only server lists and does nothing that writes, and leaves the workspace as it was")
  func readOnly() throws {
    let session = try program.serve(["--read-only", "--toolsets", "all"])
    let result = try session.initialize()
    #expect(result["instructions"]?.stringValue?.contains("Nothing can be changed") == true)
    let listed = session.conversation.ask(["jsonrpc": "2.0", "id": 1, "method": "tools/list"])
    let tools = try #require(listed?["result"]?["tools"]?.arrayValue)
    #expect(tools.allSatisfy { $0["annotations"]?["readOnlyHint"] == true })
    let refused = try session.error("pathbound_create_contact", ["email": "ada@example.com"])
    #expect(refused["code"] == "FORBIDDEN")
    #expect(refused["message"]?.stringValue?.contains("--read-only") == true)
    let count = try session.payload("pathbound_list_contacts", ["count_only": true])
    #expect(count["count"] == 0)
    #expect(session.close() == 0)
  }

  @Test("an excluded tool is gone, whatever else names it")
  func excluded() throws {
    let session = try program.serve([
      "--exclude-tools", "pathbound_create_contact", "--tools", "pathbound_create_contact,pathbound_get_contact",
    ])
    try session.initialize()
    let listed = session.conversation.ask(["jsonrpc": "2.0", "id": 1, "method": "tools/list"])
    let names = listed?["result"]?["tools"]?.arrayValue?.compactMap { $0["name"]?.stringValue }
    #expect(names == ["pathbound_get_contact"])
    #expect(try session.error("pathbound_create_contact", ["email": "ada@example.com"])["code"] == "FORBIDDEN")
    #expect(session.close() == 0)
  }

  @Test("scopes from the environment decide, and what lacks one names it")
  func scopes() throws {
    let program = BuiltProgram(variables: ["BOUND_MCP_SCOPES=signals:write"])
    let session = try program.serve()
    try session.initialize()
    #expect(try session.payload("owlbound_ingest_signal", ["type": "job_change", "data": [:]])["signalId"] != nil)
    let refused = try session.error("owlbound_list_signals")
    #expect(refused["code"] == "INSUFFICIENT_SCOPE")
    #expect(refused["message"]?.stringValue?.contains("signals:read") == true)
    #expect(session.close() == 0)
  }

  @Test("only a person decides with --approvals human")
  func approvals() throws {
    let session = try program.serve(["--approvals", "human"])
    try session.initialize()
    let id = try session.payload("pathbound_create_contact", ["email": "ada@example.com"])["contact"]?["_id"]
    let action = try session.payload(
      "pathbound_queue_action",
      [
        "type": "email_message", "identity_id": "id_default", "require_approval": true,
        "params": ["contact_id": try #require(id), "subject": "Hello", "message": "Hello Ada"],
      ])["action_id"]
    let refused = try session.error(
      "pathbound_approve_action", ["action_id": try #require(action), "action": "approve"])
    #expect(refused["code"] == "FORBIDDEN")
    let found = try session.payload("pathbound_get_action", ["action_id": try #require(action)])
    #expect(found["action"]?["status"] == "pending_approval")
    #expect(session.close() == 0)
  }

  @Test("a plan's rate limit answers with the time to wait")
  func plan() throws {
    let session = try program.serve(["--plan", "starter"])
    try session.initialize()
    for _ in 0..<60 { _ = try session.payload("pathbound_list_contacts", ["count_only": true]) }
    let refused = try session.error("pathbound_list_contacts")
    #expect(refused["code"] == "RATE_LIMIT_EXCEEDED")
    #expect((1...61).contains(refused["retry_after"]?.integerValue ?? 0))
    #expect(session.close() == 0)
  }

  @Test("a platform with a key is asked at its hosted API, never answered from the workspace")
  func hosted() throws {
    let server = LoopbackServer(script: [
      .json(["data": ["contacts": []], "meta": ["requestId": "req_1", "credits": ["used": 1]]]),
      .json(["data": ["signalId": "s_1"], "meta": [:]]),
      .json(["error": ["code": "API_KEY_EXPIRED", "message": "Expired."]], status: 401),
      .json(["error": ["code": "API_KEY_EXPIRED", "message": "Expired."]], status: 401),
    ])
    let program = BuiltProgram(variables: [
      "OWLBOUND_API_KEY=gtm_sk_0123456789", "OWLBOUND_BASE_URL=\(server.url)/api/v1",
    ])
    let session = try program.serve()
    try session.initialize()
    #expect(try session.payload("owlbound_search_contacts", ["query": "ada"]) == ["contacts": []])
    let signal = try session.payload("owlbound_ingest_signal", ["type": "job_change", "data": [:]])
    #expect(signal == ["signalId": "s_1"])
    let refused = try session.error("owlbound_search_contacts", ["query": "ada"])
    #expect(refused["code"] == "API_KEY_EXPIRED")
    #expect(!refused.text.contains("gtm_sk_"))
    #expect(server.requests.map(\.target) == ["/api/v1/contacts/search", "/api/v1/signals", "/api/v1/contacts/search"])
    #expect(server.requests.allSatisfy { $0.header("X-API-Key") == "gtm_sk_0123456789" })

    let joined = try session.error("bound_lead_brief", ["email": "ada@example.com"])
    #expect(joined["code"] == "API_KEY_EXPIRED")
    #expect(try session.payload("pathbound_list_contacts", ["count_only": true])["count"] == 0)
    #expect(session.close() == 0)
  }

  @Test("a key is sent over the network encrypted, or not at all")
  func unencrypted() throws {
    let program = BuiltProgram(variables: [
      "OWLBOUND_API_KEY=gtm_sk_0123456789", "OWLBOUND_BASE_URL=http://api.example",
    ])
    let outcome = try program.run(["tools"])
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("OWLBOUND_BASE_URL") && outcome.errors.contains("https://"))
    #expect(!outcome.errors.contains("gtm_sk_"))
  }
}
