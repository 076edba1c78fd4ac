import Foundation
import JSON
import LocalStore
import Platform
import Service
import StoreSupport
import TestSupport
import Testing

/// A model behind a loopback server that follows the playbook of the documentation's example.
final class ModelDouble: Sendable {
  let server: LoopbackServer
  /// How often each contact was asked about.
  private let asked: Monitor<[String: Int]>

  /// `hold` says of a contact's e-mail whether its question stays without an answer.
  init(_ wire: WireForm, hold: @escaping @Sendable (String) -> Bool = { _ in false }) {
    let asked = Monitor<[String: Int]>([:])
    self.asked = asked
    server = LoopbackServer { request in
      let prompt = wire.prompt(request).user
      let email = prompt.split(separator: "\"email\":\"").dropFirst().first?.prefix { $0 != "\"" } ?? ""
      asked.withLock { $0[String(email), default: 0] += 1 }
      asked.notify()
      return hold(String(email)) ? .silence : wire.calling(Self.answer(to: prompt))
    }
  }

  var counts: [String: Int] { asked.withLock { $0 } }

  /// Waits until a contact was asked about.
  func waitForQuestion(about email: String) -> Bool {
    asked.wait(until: .after(milliseconds: 60_000)) { $0[email] != nil ? true : nil } ?? false
  }

  /// What a model that follows the playbook proposes for a context.
  static func answer(to context: String) -> JSONValue {
    guard context.split(separator: "shop.example/pricing\"").count > 2 else {
      return ["reasoning": "Was not at /pricing twice.", "actions": []]
    }
    return [
      "reasoning": "Visited /pricing twice this week, no email from us.",
      "actions": [
        ["type": "email_message", "params": ["subject": "Your look at our pricing", "message": "Hi, can I help?"]]
      ],
    ]
  }
}

/// A program with people in its workspace, and an agent made by the documentation's example.
struct AgentBench {
  let program: BuiltProgram

  /// The variables by which a provider reaches its model.
  static func variables(_ wire: WireForm, _ model: ModelDouble) -> [String] {
    let name = wire.rawValue.uppercased()
    return ["\(name)_API_KEY=sk-test", "\(name)_BASE_URL=\(model.server.url)"]
  }

  /// Adds leads, those first who came to the pricing page twice, and gives their ids.
  func people(_ emails: [String], visitors: Int, _ session: Session) throws -> [String] {
    try session.initialize()
    let yesterday = SystemClock().now().adding(milliseconds: -86_400_000)
    return try emails.enumerated().map { number, email in
      let created = try session.payload(
        "pathbound_create_contact",
        ["email": .string(email), "properties": ["firstname": "Ada", "lifecyclestage": "lead", "company": "Engines"]])
      let id = try #require(created["contact"]?["contact_id"])
      if number < visitors {
        let visits = (0..<2).map { visit -> JSONValue in
          [
            "event": "page_view", "contact_id": id, "url": "https://shop.example/pricing",
            "timestamp": .string(yesterday.adding(milliseconds: visit * 1000).iso8601),
          ]
        }
        _ = try session.payload("pathbound_track_events", ["events": .array(visits)])
      }
      return id.stringValue ?? ""
    }
  }

  /// Makes the agent and gives its id.
  func agent(_ provider: String, _ session: Session, playbook more: JSONObject = [:]) throws -> JSONValue {
    var playbook: JSONObject = [
      "playbook_md": """
      You are an SDR. For each contact, look at their recent events. If they visited /pricing 2+ times in the last 7 \
      days and have not received an email from us in the last 3 days, propose a short, personal follow-up email.
      """
    ]
    for (key, value) in more { playbook[key] = value }
    var arguments: JSONObject = [
      "name": "Pricing visitor follow-up", "playbook": .object(playbook), "capabilities": ["email"],
      "identity_id": "id_default", "monitoring": ["filter": ["lifecycle_stage": "lead"], "max_contacts_per_run": 25],
      "llm_config": ["provider": .string(provider), "model": "claude-opus-4-7", "temperature": 0.4], "enabled": true,
    ]
    // Rules can't read free text: the template says the same.
    if provider == "rules" { arguments["playbook_template"] = "pricing_visitor_followup" }
    return try #require(try session.payload("pathbound_create_agent", arguments)["agent"]?["_id"])
  }

  /// The run as it is when it has ended.
  func ended(_ run: JSONValue, _ session: Session) throws -> JSONValue {
    let end = Deadline.after(milliseconds: 60_000)
    while true {
      let arguments: JSONObject = ["runId": run, "wait_seconds": 5]
      let now = try #require(try session.payload("pathbound_get_agent_run", arguments)["run"])
      if now["status"] == "completed" || now["status"] == "failed" || end.hasPassed { return now }
    }
  }

  /// Waits until an action has ended, and gives its status.
  func status(of action: JSONValue, _ session: Session) throws -> JSONValue? {
    let end = Deadline.after(milliseconds: 30_000)
    while true {
      let now = try session.payload("pathbound_get_action", ["action_id": action])["action"]?["status"]
      if now == "completed" || now == "failed" || end.hasPassed { return now }
    }
  }

  /// The texts of the messages in the outbox.
  func outbox() throws -> [String] {
    let folder = program.home + "/data/bound-mcp/workspace-outbox/new"
    guard Files.exists(folder) else { return [] }
    return try Files.names(in: folder).map { String(decoding: try Files.read(folder + "/" + $0), as: UTF8.self) }
  }
}

@Suite("Runs of the built program", .serialized)
struct AgentRunTests {
  private static let emails = ["ada@example.com", "bob@example.com", "cyd@example.com"]

  @Test(
    "the example's agent runs with each provider, is reviewed, and its messages lie in the outbox",
    arguments: ["rules", "client", "anthropic", "openai"])
  func providers(provider: String) throws {
    let wire = WireForm(rawValue: provider)
    let model = wire.map { ModelDouble($0) }
    var variables: [String] = []
    if let wire, let model { variables = AgentBench.variables(wire, model) }
    let bench = AgentBench(program: BuiltProgram(variables: variables))
    let session = try bench.program.serve()
    let people = try bench.people(Self.emails, visitors: 2, session)
    let agent = try bench.agent(provider, session)
    let triggered = try session.payload("pathbound_trigger_agent", ["id": agent])
    let run = try #require(triggered["run_id"])
    #expect(triggered["job_id"]?.stringValue?.hasPrefix("job_") == true && triggered["contacts"] == 3)
    if provider == "client" {
      #expect(triggered["status"] == "awaiting_proposals")
      while let contact = try session.payload("pathbound_get_run_work", ["runId": run])["contact_id"] {
        let context = try session.payload("pathbound_list_events", ["contact_id": contact]).text
        let answer = ModelDouble.answer(to: context)
        _ = try session.payload(
          "pathbound_propose_run_actions",
          [
            "runId": run, "contactId": contact, "reasoning": answer["reasoning"] ?? "",
            "actions": answer["actions"] ?? [],
          ])
      }
    }
    let result = try bench.ended(run, session)
    #expect(result["status"] == "completed", "\(result.text)")
    #expect(result["summary"]?["contacts_evaluated"] == 3 && result["summary"]?["actions_pending_approval"] == 2)
    #expect(result["summary"]?["errors"] == 0)
    if let model { #expect(model.counts == Dictionary(uniqueKeysWithValues: Self.emails.map { ($0, 1) })) }

    let queue = try session.payload("pathbound_review_pending_actions")
    #expect(queue.text.contains(people[0]) && queue.text.contains(people[1]))
    for person in people.prefix(2) {
      let address: JSONObject = ["runId": run, "contactId": .string(person), "actionIndex": 0]
      let approved = try session.payload("pathbound_approve_run_action", address)
      #expect(try bench.status(of: try #require(approved["action_id"]), session) == "completed")
      #expect(try session.error("pathbound_approve_run_action", address)["code"] == "CONFLICT")
    }
    let messages = try bench.outbox()
    #expect(messages.count == 2)
    for email in Self.emails.prefix(2) { #expect(messages.contains { $0.contains("To: ") && $0.contains(email) }) }
    #expect(session.close() == 0)
  }

  @Test("a caller sees progress contact by contact, and triggering is answered before anybody was looked at")
  func progress() throws {
    let gate = Monitor(false)
    let server = LoopbackServer { _ in
      _ = gate.wait(until: .after(milliseconds: 60_000)) { $0 ? true : nil }
      return WireForm.openai.calling(["reasoning": "No.", "actions": []])
    }
    let bench = AgentBench(program: BuiltProgram(variables: ["OPENAI_BASE_URL=\(server.url)"]))
    let session = try bench.program.serve()
    _ = try bench.people(Self.emails, visitors: 0, session)
    let run = try #require(
      try session.payload("pathbound_trigger_agent", ["id": try bench.agent("openai", session)])["run_id"])
    var wait =
      Session.call("pathbound_get_agent_run", ["runId": run, "wait_seconds": 50], id: "wait").objectValue ?? [:]
    var params = wait["params"]?.objectValue ?? [:]
    params["_meta"] = ["progressToken": "t"]
    wait["params"] = .object(params)
    session.conversation.send(.object(wait))
    var last = -1.0
    let answer = {
      while let message = session.conversation.receive(within: 60_000) {
        guard message["method"] == "notifications/progress" else { return message as JSONValue? }
        #expect(message["params"]?["progressToken"] == "t" && message["params"]?["total"] == 3)
        let progress = message["params"]?["progress"]?.doubleValue ?? -1
        #expect(progress > last)
        last = progress
        if progress == 0 {
          // Nobody was looked at yet; other calls are answered meanwhile.
          gate.withLock { $0 = true }
          gate.notify()
        }
      }
      return nil
    }()
    #expect(last == 3)
    #expect(answer?["id"] == "wait")
    #expect(answer?["result"]?["structuredContent"]?["run"]?["status"] == "completed", "\(answer?.text ?? "")")
    // Triggering waits, too, when asked to.
    let whole = try session.payload(
      "pathbound_trigger_agent",
      ["id": try bench.agent("openai", session), "wait_seconds": 50, "idempotency_key": "second"])
    #expect(whole["run"]?["status"] == "completed" && whole["run"]?["summary"]?["contacts_evaluated"] == 3)
    #expect(session.close() == 0)
  }

  @Test("a process killed in the middle of a run loses no result, and the next goes on with the next contact")
  func killed() throws {
    let model = ModelDouble(.anthropic, hold: { $0 == Self.emails[1] })
    let bench = AgentBench(program: BuiltProgram(variables: AgentBench.variables(.anthropic, model)))
    let session = try bench.program.serve()
    let people = try bench.people(Self.emails, visitors: 3, session)
    let agent = try bench.agent("anthropic", session)
    let run = try #require(
      try session.payload(
        "pathbound_trigger_agent", ["id": agent, "contact_ids": .array(people.map { .string($0) })])["run_id"])
    #expect(model.waitForQuestion(about: Self.emails[1]))
    session.send(signal: SIGKILL)
    #expect(session.waitForExit() == 128 + SIGKILL)

    let clock = ManualClock(SystemClock().now().iso8601)
    let later = TestWorkspace(path: bench.program.databasePath, clock: clock)
    #expect(try later.store.claimRun() == nil)
    clock.advance(seconds: 61)
    let claim = try #require(try later.store.claimRun())
    // Nobody else has it now.
    #expect(try later.store.claimRun() == nil)
    #expect(claim.id == run.stringValue)
    for person in people.dropFirst() {
      let contact = try #require(try later.store.nextContact(of: claim))
      #expect(contact.id == person)
      try later.store.record(ContactResult(contactID: contact.id, reasoning: "Later.", proposals: []), of: claim)
    }
    #expect(try later.store.nextContact(of: claim) == nil)
    try later.store.finish(claim, failure: nil)
    later.close()
    let outcome = try bench.program.run(["call", "pathbound_get_agent_run", #"{"runId": "\#(claim.id)"}"#])
    let result = try JSONValue(parsing: outcome.output)["run"]
    #expect(result?["status"] == "completed" && result?["summary"]?["contacts_evaluated"] == 3)
    #expect(result?["summary"]?["actions_pending_approval"] == 1)
    #expect(result?["contact_results"]?[0]?["contact_id"] == .string(people[0]))
    #expect(model.counts[Self.emails[0]] == 1 && model.counts[Self.emails[2]] == nil)
  }

  @Test("a process that is told to end gives its run back, and the next completes it at once")
  func ended() throws {
    let model = HeldModel()
    let bench = AgentBench(program: BuiltProgram(variables: AgentBench.variables(.openai, model.double)))
    let session = try bench.program.serve()
    _ = try bench.people(Self.emails, visitors: 3, session)
    let agent = try bench.agent("openai", session)
    let run = try #require(try session.payload("pathbound_trigger_agent", ["id": agent])["run_id"])
    #expect(model.double.waitForQuestion(about: model.held))
    session.send(signal: SIGTERM)
    #expect(session.waitForExit() == 0)
    model.release()
    let next = try bench.program.serve()
    try next.initialize()
    let result = try bench.ended(run, next)
    #expect(result["status"] == "completed" && result["summary"]?["contacts_evaluated"] == 3, "\(result.text)")
    #expect(result["summary"]?["errors"] == 0)
    // Only the question that was given up was asked again.
    #expect(model.double.counts.filter { $0.key != model.held }.values.allSatisfy { $0 == 1 })
    #expect(model.double.counts[model.held] == 2)
    #expect(next.close() == 0)
  }

  @Test("two processes share the runs of a workspace, and each contact of each run is asked about once")
  func two() throws {
    let model = ModelDouble(.anthropic)
    let bench = AgentBench(program: BuiltProgram(variables: AgentBench.variables(.anthropic, model)))
    let session = try bench.program.serve()
    let emails = (0..<6).map { "p\($0)@example.com" }
    _ = try bench.people(emails, visitors: 6, session)
    let workers = try (0..<2).map { _ in try bench.program.start(["worker"]) }
    var runs: [JSONValue] = []
    for number in 0..<5 {
      let agent = try bench.agent("anthropic", session, playbook: ["number": .integer(Int64(number))])
      runs.append(try #require(try session.payload("pathbound_trigger_agent", ["id": agent])["run_id"]))
    }
    for run in runs {
      let result = try bench.ended(run, session)
      #expect(result["status"] == "completed" && result["summary"]?["contacts_evaluated"] == 6)
      #expect(result["summary"]?["errors"] == 0)
    }
    for worker in workers { worker.terminate() }
    #expect(workers.map { $0.waitForExit() } == [0, 0])
    #expect(model.counts == Dictionary(uniqueKeysWithValues: emails.map { ($0, runs.count) }))
    #expect(session.close() == 0)
  }

  @Test("proposals that need no approval are sent, but never against the rules for outreach")
  func rules() throws {
    let bench = AgentBench(program: BuiltProgram())
    let session = try bench.program.serve()
    let people = try bench.people(Self.emails, visitors: 3, session)
    _ = try session.payload("pathbound_save_outreach_rules", ["suppress": [.string(Self.emails[1])]])
    let agent = try bench.agent("rules", session, playbook: ["require_approval": false])
    let run = try #require(try session.payload("pathbound_trigger_agent", ["id": agent])["run_id"])
    let result = try bench.ended(run, session)
    #expect(result["summary"]?["actions_auto_approved"] == 2 && result["summary"]?["actions_pending_approval"] == 1)
    let results = try #require(result["contact_results"]?.arrayValue)
    let waiting = try #require(results.first { $0["contact_id"] == .string(people[1]) }?["proposed_actions"]?[0])
    #expect(waiting["status"] == "pending_approval")
    #expect(waiting["comment"]?.stringValue?.contains("suppress") == true, "\(waiting.text)")
    for result in results where result["contact_id"] != .string(people[1]) {
      let action = try #require(result["proposed_actions"]?[0]?["action_id"])
      #expect(try bench.status(of: action, session) == "completed")
    }
    // Who approves it is told, and it is not sent all the same.
    let approved = try session.payload(
      "pathbound_approve_run_action", ["runId": run, "contactId": .string(people[1]), "actionIndex": 0])
    #expect(approved["blocked_by"]?.text.contains("suppress") == true, "\(approved.text)")
    #expect(try bench.status(of: try #require(approved["action_id"]), session) == "failed")
    let messages = try bench.outbox()
    #expect(messages.count == 2 && !messages.contains { $0.contains(Self.emails[1]) })
    #expect(session.close() == 0)
  }
}

/// A model that leaves the second question unanswered until it is released.
private final class HeldModel: Sendable {
  let double: ModelDouble
  let held = "bob@example.com"
  private let isHeld: Monitor<Bool>

  init() {
    let isHeld = Monitor(true)
    self.isHeld = isHeld
    double = ModelDouble(.openai, hold: { $0 == "bob@example.com" && isHeld.withLock { $0 } })
  }

  func release() { isHeld.withLock { $0 = false } }
}
