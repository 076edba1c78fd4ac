import FixtureServer
import JSON
import MCP
import Platform
import Synchronization
import TestSupport
import Testing

/// Questions to the person at the client, in both eras.
@Suite struct QuestionTests {
  private let seen = Seen()

  /// What the host of these tests was given back.
  private final class Seen: Sendable {
    private let answers = Monitor<[QuestionAnswer]>([])
    let replies = Mutex<[ToolReply]>([])

    func add(_ answer: QuestionAnswer?) {
      answers.withLock { $0.append(answer ?? .unusable) }
      answers.notify()
    }

    func next() -> QuestionAnswer? {
      answers.wait(until: .after(milliseconds: 10_000)) { $0.isEmpty ? nil : $0.removeFirst() }
    }
  }

  /// A tool that asks at once and ends with what it gets.
  private var host: StubHost {
    StubHost(tools: [
      "decide": { [seen] request, reply in
        if let answers = request.answers {
          seen.add(answers["decision"])
          reply.succeed(["state": .string(answers.state)])
        } else if request.capabilities.elicitsForms {
          reply.ask(Self.question, state: "s1", in: request)
        } else {
          reply.fail(text: "Nobody can be asked.")
        }
      },
      "quick": { _, reply in reply.succeed([:]) },
    ])
  }

  private static let question = Question(
    key: "decision", message: "Send it?",
    fields: [
      .init("decision", title: "Decision", .choice([("approve", "Send it"), ("leave", "Leave it")])),
      .init("comment", title: "Comment", .text(longest: 5), isRequired: false),
    ])

  private func client(
    _ revision: Revision = .november2025, capabilities: JSONValue = ["elicitation": [:]],
    options: ServerOptions = ServerOptions()
  ) -> TestClient {
    let client = TestClient(host, options: options)
    _ = client.ask(handshake(revision, capabilities: capabilities))
    return client
  }

  private func ready(_ client: TestClient) -> TestClient {
    client.send(["jsonrpc": "2.0", "method": "notifications/initialized"])
    return client
  }

  private func answer(_ id: JSONValue, _ result: JSONValue) -> JSONValue {
    ["jsonrpc": "2.0", "id": id, "result": result]
  }

  @Test("MR-13, MR-14, SR-03: the form is flat and has titles that every revision knows")
  func form() throws {
    let client = ready(client())
    let asked = client.ask(request(1, "tools/call", .object(call("decide"))))
    #expect(asked?["method"] == "elicitation/create")
    #expect(
      asked?["params"] == [
        "mode": "form", "message": "Send it?",
        "requestedSchema": [
          "type": "object",
          "properties": [
            "decision": [
              "type": "string", "enum": ["approve", "leave"], "enumNames": ["Send it", "Leave it"],
              "title": "Decision",
            ],
            "comment": ["type": "string", "maxLength": 5, "title": "Comment"],
          ], "required": ["decision"],
        ],
      ])
  }

  @Test(
    "SR-06: whatever a client answers comes back to the tool, once",
    arguments: [
      (["action": "accept", "content": ["decision": "approve"]], .accepted(["decision": "approve"])),
      (["action": "accept"], .accepted([:])), (["action": "decline"], .declined), (["action": "cancel"], .cancelled),
      (["action": "perhaps"], .unusable), ([], .unusable), ("yes", .unusable),
    ] as [(JSONValue, QuestionAnswer)])
  func answers(result: JSONValue, expected: QuestionAnswer) throws {
    let client = ready(client())
    let id = try #require(client.ask(request(1, "tools/call", .object(call("decide"))))?["id"])
    client.send(answer(id, result))
    #expect(client.receive()?["result"]?["structuredContent"] == ["state": "s1"])
    #expect(seen.next() == expected)
    client.send(answer(id, result))
    #expect(client.ask(request(2, "tools/call", .object(call("quick"))))?["id"] == 2)
    #expect(client.end() == [])
  }

  @Test("SR-06: a client that can't ask after all says so with an error")
  func refusal() throws {
    let client = ready(client())
    let id = try #require(client.ask(request(1, "tools/call", .object(call("decide"))))?["id"])
    client.send(["jsonrpc": "2.0", "id": id, "error": ["code": -32601, "message": "No."]])
    #expect(client.receive()?["id"] == 1)
    #expect(seen.next() == .unusable)
  }

  @Test("SR-04: silence ends the question, and a late answer changes nothing")
  func silence() throws {
    var options = ServerOptions()
    options.questionPatience = 20
    let client = ready(client(options: options))
    let id = try #require(client.ask(request(1, "tools/call", .object(call("decide"))))?["id"])
    #expect(client.receive()?["params"]?["requestId"] == id)
    #expect(client.receive()?["id"] == 1)
    #expect(seen.next() == .silent)
    client.send(answer(id, ["action": "accept", "content": ["decision": "approve"]]))
    #expect(client.ask(request(2, "tools/call", .object(call("quick"))))?["id"] == 2)
  }

  @Test("a person may take longer than a call")
  func patience() throws {
    var options = ServerOptions()
    options.callDeadline = 20
    options.questionPatience = 150
    let client = ready(client(options: options))
    let id = try #require(client.ask(request(1, "tools/call", .object(call("decide"))))?["id"])
    // The first thing that comes is that the question is given up, not that the call was too long.
    #expect(client.receive()?["params"]?["requestId"] == id)
    #expect(client.receive()?["result"]?["structuredContent"] == ["state": "s1"])
  }

  @Test("SR-01: nobody is asked before the client is ready, or at a revision or client without forms")
  func unasked() {
    let early = client()
    #expect(early.ask(request(1, "tools/call", .object(call("decide"))))?.resultText == "Nobody can be asked.")
    for (revision, capabilities) in [
      (.november2025, [:]), (.november2025, ["elicitation": ["url": [:]]]), (.march2025, ["elicitation": [:]]),
    ] as [(Revision, JSONValue)] {
      let client = ready(client(revision, capabilities: capabilities))
      #expect(client.ask(request(1, "tools/call", .object(call("decide"))))?.resultText == "Nobody can be asked.")
    }
    // What a handshake declared says nothing about a request with an envelope.
    let other = ready(client())
    #expect(other.ask(modern(1, "tools/call", call("decide")))?.resultText == "Nobody can be asked.")
  }

  @Test("SR-05: at the end of input open questions are given up, and the call is answered")
  func endOfInput() {
    let client = ready(client())
    #expect(client.ask(request(1, "tools/call", .object(call("decide"))))?["method"] == "elicitation/create")
    #expect(client.end().first?["id"] == 1)
    #expect(seen.next() == .silent)
  }

  @Test(
    "SR-07: a client with many calls that ask is served on, and more questions than a person can be shown are refused")
  func many() {
    var options = ServerOptions()
    options.openQuestionLimit = 3
    options.openCallLimit = 4
    let client = ready(client(options: options))
    for id in 1...5 { client.send(request(.integer(Int64(id)), "tools/call", .object(call("decide")))) }
    let messages = (1...5).compactMap { _ in client.receive() }
    #expect(messages.filter { $0["method"] == "elicitation/create" }.count == 3)
    #expect(messages.compactMap { $0["result"] == nil ? nil : $0["id"]?.integerValue }.sorted() == [4, 5])
    for message in messages where message["method"] != nil {
      client.send(answer(message["id"] ?? .null, ["action": "decline"]))
    }
    #expect(Set((1...3).compactMap { _ in client.receive()?["id"]?.integerValue }) == [1, 2, 3])
  }

  @Test(
    "MR-10: answers of the wrong form are refused, and what has no state is a new call",
    arguments: [
      (["inputResponses": 5], true), (["inputResponses": []], true), (["inputResponses": ["decision": "yes"]], true),
      (["requestState": 5], true), (["requestState": ["a": 1]], true),
      (["inputResponses": ["decision": ["action": "accept"]]], false),
    ] as [(JSONObject, Bool)])
  func malformed(members: JSONObject, isRefused: Bool) {
    let client = TestClient(host)
    var params = call("decide")
    for member in members { params[member.key] = member.value }
    let answer = client.ask(modern(1, "tools/call", params, capabilities: ["elicitation": [:]]))
    if isRefused {
      #expect(answer?.errorCode == -32602)
    } else {
      #expect(answer?["result"]?["resultType"] == "input_required")
    }
  }

  @Test("what was filled in must fit the form")
  func fitting() {
    let form = Self.question
    for good: JSONObject in [
      ["decision": "approve"], ["decision": "leave", "comment": "fine"], ["decision": "approve", "other": 5],
      ["decision": "approve", "comment": nil],
    ] { #expect(form.isAnswered(by: good), "\(good)") }
    for bad: JSONObject in [
      [:], ["decision": "maybe"], ["decision": true], ["decision": nil],
      ["decision": "approve", "comment": "too long"],
      ["decision": "approve", "comment": 5],
    ] { #expect(!form.isAnswered(by: bad), "\(bad)") }
  }
}

/// What a client hears about what goes on in its calls.
@Suite struct NoticeTests {
  private let host = StubHost(tools: [
    "talk": { _, reply in
      for level in NoticeLevel.allCases { reply.notice(level, "at \(level)") }
      for number in 0..<200 { reply.notice(.emergency, "again \(number)") }
      reply.succeed([:])
    }
  ])

  @Test("LG-02, LG-05: a call tells what its own level asks for, and not without end")
  func levels() {
    let client = TestClient(host)
    client.send(modern(1, "tools/call", call("talk"), meta: ["io.modelcontextprotocol/logLevel": "alert"]))
    #expect(client.receive()?["params"] == ["level": "alert", "logger": "tools", "data": "at alert"])
    #expect(client.receive()?["params"]?["level"] == "emergency")
    var count = 2
    while client.receive()?["id"] == nil { count += 1 }
    #expect(count == 100)
    #expect(client.ask(modern(2, "tools/call", call("talk")))?["id"] == 2)
    #expect(
      client.ask(modern(3, "tools/call", call("talk"), meta: ["io.modelcontextprotocol/logLevel": 5]))?.errorCode
        == -32602)
  }

  @Test("E-03: what a session has set says nothing about a request with an envelope")
  func separate() {
    let client = TestClient(.june2025, host)
    #expect(client.ask(request(1, "logging/setLevel", ["level": "debug"]))?["result"] == [:])
    #expect(client.ask(modern(2, "tools/call", call("talk")))?["id"] == 2)
  }
}
