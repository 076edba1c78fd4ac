import Agents
import JSON
import Logging
import Platform
import Service
import TestSupport
import Testing

/// Models behind an API, against a server that speaks their wire formats.
@Suite("Models behind an API")
struct RemoteModelTests {
  private let good: JSONValue = [
    "reasoning": "Came back twice.",
    "actions": [["type": "email_message", "params": ["subject": "Hi", "message": "Hello"]]],
  ]

  private func work(
    _ wire: WireForm, _ server: LoopbackServer, contacts: Int = 1, run: ClaimedRun? = nil, timeLimit: Int = 10_000
  ) -> RunQueueDouble {
    let queue = RunQueueDouble((0..<contacts).map { .named("ct_\($0)") })
    RunExecutor(providers: [wire.provider(server, timeLimit: timeLimit)], log: Log(level: .error))
      .perform(run ?? .asking(wire), queue: queue) { false }
    return queue
  }

  private func reason(_ queue: RunQueueDouble) -> String {
    if case .failed(let reason)? = queue.end { return reason }
    Issue.record("the run did not fail")
    return ""
  }

  @Test(
    "the model is told rules, playbook, types and person, and its call becomes a proposal", arguments: WireForm.allCases
  )
  func roundTrip(wire: WireForm) throws {
    let server = LoopbackServer(script: [wire.calling(good)])
    let queue = work(wire, server, run: .asking(wire, model: ["temperature": 0.4, "max_tokens": 900]))
    #expect(queue.end == .completed)
    let result = try #require(queue.results.first)
    #expect(result.reasoning == "Came back twice." && result.error == nil)
    #expect(result.proposals.map(\.type) == ["email_message"] && result.proposals.first?.requiresApproval == true)
    #expect(result.proposals.first?.params["contact_id"] == "ct_0")
    #expect(
      result.usage.requests == 1 && result.usage.inputTokens == 111 && result.usage.outputTokens == 7)

    let request = try #require(server.requests.first)
    #expect(request.method == "POST" && request.json["model"] == "some-model" && request.json["temperature"] == 0.4)
    #expect(request.header("content-type") == "application/json")
    let tool: JSONValue?
    switch wire {
    case .anthropic:
      #expect(request.target == "/v1/messages" && request.header("x-api-key") == "sk-test-secret")
      #expect(request.header("anthropic-version") == "2023-06-01" && request.json["max_tokens"] == 900)
      #expect(request.json["tool_choice"] == ["type": "tool", "name": "propose_actions"])
      tool = request.json["tools"]?[0]?["input_schema"]
    case .openai:
      #expect(request.target == "/chat/completions")
      #expect(request.header("authorization") == "Bearer sk-test-secret" && request.json["max_tokens"] == 900)
      #expect(request.json["tool_choice"] == ["type": "function", "function": ["name": "propose_actions"]])
      tool = request.json["tools"]?[0]?["function"]?["parameters"]
    }
    #expect(tool?["required"] == ["reasoning", "actions"])
    #expect(
      tool?["properties"]?["actions"]?["items"]?["properties"]?["type"]?["enum"] == ["email_message", "create_note"])
    let prompt = wire.prompt(request)
    #expect(prompt.system.contains("Write to those who came back.") && prompt.system.contains("\"create_note\""))
    #expect(!prompt.system.contains("create_task") && !prompt.system.contains("ada@example.com"))
    #expect(prompt.user.contains("ada@example.com") && prompt.user.contains("2026-11-21T08:30:00.000Z"))
  }

  @Test(
    "an answer that breaks the form is asked for once more, and the model is told why", arguments: WireForm.allCases)
  func askedAgain(wire: WireForm) throws {
    let broken: [LoopbackReply] = [
      wire.saying("I would rather write a poem."), wire.calling(["actions": []]), wire.calling("text"),
      wire.calling(["reasoning": "x", "actions": [["type": "dance", "params": [:]]]]),
      wire.calling(["reasoning": "x", "actions": [], "approve": true]), wire.cutOff,
      wire.calling(["reasoning": "x", "actions": [["type": "create_note", "params": ["text": "x"]]]]),
      .response(status: 200, body: Array("<html>".utf8)), .json([:]), .json([1, 2]),
    ]
    for reply in broken {
      let server = LoopbackServer(script: [reply, wire.calling(good)])
      let queue = work(wire, server)
      #expect(queue.results.first?.proposals.count == 1 && queue.results.first?.error == nil)
      #expect(server.requests.count == 2)
      #expect(wire.prompt(try #require(server.requests.last)).user.contains("could not be used"))
    }
  }

  @Test(
    "an answer that breaks the form twice is that contact's error, and the run goes on", arguments: WireForm.allCases)
  func brokenTwice(wire: WireForm) {
    let nonsense = wire.saying("No.")
    let server = LoopbackServer(script: [nonsense, nonsense, wire.calling(good)])
    let queue = work(wire, server, contacts: 2)
    #expect(queue.results.map(\.proposals.count) == [0, 1])
    #expect(queue.results[0].error?.contains("twice") == true)
    #expect(queue.results[0].usage.requests == 2)
    #expect(queue.end == .completed)
  }

  @Test(
    "what still does not fit after the second answer is left out, and the rest is kept", arguments: WireForm.allCases)
  func partly(wire: WireForm) {
    let answer = wire.calling([
      "reasoning": "x",
      "actions": [
        ["type": "create_note", "params": ["content": "fine"]],
        ["type": "create_note", "params": ["content": "x", "contact_id": "ct_9"]],
      ],
    ])
    let queue = work(wire, LoopbackServer(script: [answer, answer]))
    #expect(queue.results.first?.proposals.count == 1)
    #expect(queue.results.first?.error?.contains("another contact") == true)
  }

  @Test("an answer in a text is read where a service knows no tools", arguments: WireForm.allCases)
  func fenced(wire: WireForm) {
    let server = LoopbackServer(script: [wire.saying("Here:\n```json\n\(good.text)\n```\n")])
    #expect(work(wire, server).results.first?.proposals.count == 1)
  }

  @Test(
    "a busy service is asked again, after the time that it names", arguments: WireForm.allCases, [429, 500, 503, 529])
  func retries(wire: WireForm, status: Int) {
    let server = LoopbackServer(script: [
      wire.error(status, "busy", headers: ["Retry-After": "0"]), wire.error(status, "busy"), wire.calling(good),
    ])
    let queue = work(wire, server)
    #expect(queue.results.first?.proposals.count == 1)
    #expect(server.requests.count == 3)
  }

  @Test(
    "a service that stays busy, or asks for too long a wait, is an error of the contact; three end the run",
    arguments: WireForm.allCases)
  func outage(wire: WireForm) {
    let server = LoopbackServer { _ in wire.error(503, "Overloaded", headers: ["Retry-After": "3600"]) }
    let queue = work(wire, server, contacts: 5)
    #expect(queue.results.count == 2)
    #expect(queue.results.allSatisfy { $0.error?.contains("503") == true && $0.error?.contains("Overloaded") == true })
    #expect(reason(queue).contains("3 contacts in a row"))
    #expect(server.requests.count == 3)
  }

  @Test(
    "a refused key fails the run, names the variable and says nothing of the key", arguments: WireForm.allCases,
    [401, 403])
  func refusedKey(wire: WireForm, status: Int) {
    let server = LoopbackServer { _ in wire.error(status, "Incorrect API key provided: sk-test-secret") }
    let reason = reason(work(wire, server))
    #expect(reason.contains(wire == .anthropic ? "ANTHROPIC_API_KEY" : "OPENAI_API_KEY"))
    #expect(reason.contains("\"client\"") && !reason.contains("sk-test"))
  }

  @Test("an unknown model and a refused request fail the run with the service's words", arguments: WireForm.allCases)
  func refused(wire: WireForm) {
    #expect(reason(work(wire, LoopbackServer { _ in wire.error(404, "no such model") })).contains("no such model"))
    #expect(reason(work(wire, LoopbackServer { _ in wire.error(400, "bad tools") })).contains("bad tools"))
    let later = work(wire, LoopbackServer(script: [wire.calling(good), wire.error(400, "too long")]), contacts: 2)
    #expect(later.results.map { $0.error?.contains("too long") } == [nil, true] && later.end == .completed)
    let moved = LoopbackServer { _ in .response(status: 301, headers: ["Location": "https://elsewhere.example/"]) }
    #expect(reason(work(wire, moved)).contains("another address"))
    #expect(moved.requests.count == 1)
  }

  @Test("a model that takes no temperature is asked without", arguments: WireForm.allCases)
  func temperature(wire: WireForm) {
    let server = LoopbackServer { request in
      request.json["temperature"] == nil
        ? wire.calling(good) : wire.error(400, "Unsupported value: 'temperature' is not supported with this model.")
    }
    let queue = work(wire, server, run: .asking(wire, model: ["temperature": 0.4]))
    #expect(queue.results.first?.proposals.count == 1 && server.requests.count == 2)
  }

  @Test(
    "a cut stream, half an answer and silence end in the contact's error within the time limit",
    arguments: WireForm.allCases)
  func broken(wire: WireForm) {
    let half = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{\"content\": [{"
    for reply in [LoopbackReply.cut, .raw(half), .raw("nonsense\r\n\r\n"), .silence] {
      let server = LoopbackServer { _ in reply }
      let queue = work(wire, server, timeLimit: 300)
      #expect(queue.results.first?.error?.contains("could not be reached") == true)
      #expect(queue.end == .completed && server.requests.count == 3)
    }
  }

  @Test("without a key the run fails and says what to set, or what needs none", arguments: WireForm.allCases)
  func missingKey(wire: WireForm) {
    let queue = RunQueueDouble([.named("ct_0")])
    RunExecutor(providers: [wire.provider(url: nil, key: nil)], log: Log(level: .error))
      .perform(.asking(wire), queue: queue) { false }
    let reason = reason(queue)
    #expect(reason.contains(wire == .anthropic ? "ANTHROPIC_API_KEY" : "OPENAI_API_KEY"))
    #expect(reason.contains("\"client\"") && reason.contains("\"rules\""))
  }

  @Test("a key goes unencrypted to this computer only, and a service of one's own needs none")
  func addresses() {
    for url in [
      "http://models.example", "ftp://127.0.0.1", "http://127.0.0.1.example", "http://localhost@evil.example",
    ] {
      let queue = RunQueueDouble([.named("ct_0")])
      RunExecutor(providers: [WireForm.openai.provider(url: url)], log: Log(level: .error))
        .perform(.asking(.openai), queue: queue) { false }
      #expect(reason(queue).contains("OPENAI_BASE_URL"), "\(url)")
    }
    for (wire, suffix, target) in [
      (WireForm.anthropic, "/v1/", "/v1/messages"), (.anthropic, "/proxy", "/proxy/v1/messages"),
      (.openai, "/v1", "/v1/chat/completions"),
    ] {
      let server = LoopbackServer(script: [wire.calling(good)])
      RunExecutor(providers: [wire.provider(url: server.url + suffix)], log: Log(level: .error))
        .perform(.asking(wire), queue: RunQueueDouble([.named("ct_0")])) { false }
      #expect(server.requests.map(\.target) == [target])
    }
    let server = LoopbackServer(script: [WireForm.openai.calling(good)])
    let queue = RunQueueDouble([.named("ct_0")])
    RunExecutor(providers: [WireForm.openai.provider(server, key: nil)], log: Log(level: .error))
      .perform(.asking(.openai), queue: queue) { false }
    #expect(queue.results.first?.proposals.count == 1 && server.requests.first?.header("authorization") == nil)
  }

  @Test("without a model's name the run fails and says so", arguments: WireForm.allCases)
  func missingModel(wire: WireForm) {
    let server = LoopbackServer(script: [])
    #expect(reason(work(wire, server, run: .asking(wire, model: ["model": ""]))).contains("llm_config.model"))
    #expect(server.requests.isEmpty)
  }

  @Test("when the process ends, the request is given up and the person has no result", arguments: WireForm.allCases)
  func cancelled(wire: WireForm) {
    let server = LoopbackServer { _ in .silence }
    let cancellation = Cancellation()
    let queue = RunQueueDouble([.named("ct_0")])
    let ended = Monitor(false)
    Thread.start("run") {
      RunExecutor(
        providers: [wire.provider(url: server.url, cancellation: cancellation)], log: Log(level: .error)
      ).perform(.asking(wire), queue: queue) { false }
      ended.withLock { $0 = true }
      ended.notify()
    }
    #expect(server.waitForRequests(1))
    cancellation.cancel()
    #expect(ended.wait(until: .after(milliseconds: 5000)) { $0 ? true : nil } == true)
    #expect(queue.results.isEmpty && queue.end == nil)
  }
}
