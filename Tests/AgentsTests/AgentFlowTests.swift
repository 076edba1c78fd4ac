import Agents
import Foundation
import JSON
import LocalStore
import Logging
import Outreach
import Platform
import Service
import StoreSupport
import TestSupport
import Testing

/// From an agent of the documentation's example to messages in the outbox, with each provider.
@Suite("An agent from its example to the outbox")
struct AgentFlowTests {
  /// What thinks for the agent.
  enum Thinker: String, CaseIterable, Sendable {
    case rules, anthropic, openai, client

    var wire: WireForm? { WireForm(rawValue: rawValue) }
  }

  private let folder: TemporaryFolder
  private let workspace: TestWorkspace
  private let clock = ManualClock()

  init() throws {
    folder = try TemporaryFolder()
    let clock = clock
    workspace = TestWorkspace(clock: clock) { store in
      RunRehearsal(
        history: store,
        performer: RunExecutor(providers: [RulesProvider(clock: clock)], log: Log(level: .error)))
    }
  }

  /// A lead who was at the pricing page three times, and one who was not.
  private func visitors() throws -> [String] {
    let ids = try ["ada@example.com", "bob@example.com"].map { email in
      let created = try workspace.call(
        "pathbound_create_contact",
        ["email": .string(email), "properties": ["firstname": "Ada", "lifecyclestage": "lead", "company": "Engines"]])
      return try #require(created["contact"]?["contact_id"]?.stringValue)
    }
    let visits = (17..<20).map { day -> JSONValue in
      [
        "event": "page_view", "contact_id": .string(ids[0]), "timestamp": .string("2026-11-\(day)T10:00:00Z"),
        "url": "https://shop.example/pricing", "data": ["path": "/pricing", "title": "Pricing"],
      ]
    }
    _ = try workspace.call("pathbound_track_events", ["events": .array(visits)])
    return ids
  }

  private func agent(_ thinker: Thinker, _ more: JSONObject = [:]) throws -> String {
    var arguments: JSONObject = [
      "name": "Pricing visitor follow-up",
      "description": "Drafts a personal email when a contact visits /pricing twice in 7 days.",
      "playbook": [
        "playbook_md": """
        You are an SDR. For each contact, look at their recent events. If they visited /pricing 2+ times in the last 7 \
        days and have not received an email from us in the last 3 days, propose a short, personal follow-up email \
        referencing what they did on the site. Keep it under 80 words. If conditions are not met, propose no action.
        """
      ],
      "capabilities": ["email"], "identity_id": "id_default",
      "monitoring": [
        "filter": ["lifecycle_stage": "lead"], "schedule_cron": "0 14 * * 1-5", "max_contacts_per_run": 25,
      ],
      "llm_config": ["provider": .string(thinker.rawValue), "model": "claude-opus-4-7", "temperature": 0.4],
      "enabled": true,
    ]
    // Rules can't read free text: the template says the same.
    if thinker == .rules { arguments["playbook_template"] = "pricing_visitor_followup" }
    for (key, value) in more { arguments[key] = value }
    let agent = try workspace.call("pathbound_create_agent", arguments)["agent"]
    return try #require(agent?["_id"]?.stringValue)
  }

  /// What a model that follows the playbook answers.
  private static func answer(to prompt: String) -> JSONValue {
    let visits = prompt.components(separatedBy: "shop.example/pricing\"").count - 1
    guard visits >= 2 else { return ["reasoning": "Was not at /pricing.", "actions": []] }
    return [
      "reasoning": "Visited /pricing 3 times this week, no email from us.",
      "actions": [
        ["type": "email_message", "params": ["subject": "Your look at our pricing", "message": "Hi Ada, can I help?"]]
      ],
    ]
  }

  private func work(_ thinker: Thinker, on run: String) throws {
    guard thinker != .client else {
      while let contact = try workspace.call("pathbound_get_run_work", ["runId": .string(run)])["contact_id"] {
        let context = try workspace.store.contact(contact.stringValue ?? "")?.context ?? [:]
        let answer = Self.answer(to: JSONValue.object(context).text)
        _ = try workspace.call(
          "pathbound_propose_run_actions",
          [
            "runId": .string(run), "contactId": contact, "reasoning": answer["reasoning"] ?? "",
            "actions": answer["actions"] ?? [],
          ])
        // Outlive the lease: the next call must not hand out the same person again.
        clock.advance(seconds: 700)
      }
      return
    }
    var providers: [any ModelProvider] = [RulesProvider(clock: clock)]
    var server: LoopbackServer?
    if let wire = thinker.wire {
      let model = LoopbackServer { request in wire.calling(Self.answer(to: wire.prompt(request).user)) }
      server = model
      providers.append(wire.provider(model))
    }
    let claimed = try #require(try workspace.store.claimRun())
    RunExecutor(providers: providers, log: Log(level: .error)).perform(claimed, queue: workspace.store) { false }
    #expect(server?.requests.count ?? 2 == 2)
  }

  @Test("a run proposes, a person approves, and the message lies in the outbox", arguments: Thinker.allCases)
  func whole(thinker: Thinker) throws {
    let contacts = try visitors()
    let agent = try agent(thinker)
    let trigger = try workspace.call("pathbound_trigger_agent", ["id": .string(agent)])
    let run = try #require(trigger["run_id"]?.stringValue)
    try work(thinker, on: run)

    let result = try #require(try workspace.call("pathbound_get_agent_run", ["runId": .string(run)])["run"])
    #expect(result["status"] == "completed" && result["summary"]?["contacts_evaluated"] == 2)
    #expect(result["summary"]?["actions_pending_approval"] == 1 && result["summary"]?["errors"] == 0)
    #expect(result["contact_results"]?[0]?["contact_id"] == .string(contacts[0]))
    #expect(result["contact_results"]?[0]?["proposed_actions"]?[0]?["status"] == "pending_approval")
    #expect(result["contact_results"]?[1]?["proposed_actions"] == [])

    let approved = try workspace.call(
      "pathbound_approve_run_action",
      ["runId": .string(run), "contactId": .string(contacts[0]), "actionIndex": 0])
    let action = try #require(approved["action_id"]?.stringValue)
    #expect(approved["action"]?["agent_id"] == .string(agent) && approved["action"]?["run_id"] == .string(run))
    let outbox = folder.file("outbox")
    let sender = try Mailbox(parsing: "Grace <grace@example.com>", field: "sender")
    let registry = Registry(executors: [EmailMessage(outbox: outbox, sender: sender, clock: clock)])
    while let due = try workspace.store.claimDueAction() {
      _ = try workspace.store.finish(due, registry.perform(due))
    }
    let done = try workspace.call("pathbound_get_action", ["action_id": .string(action)])["action"]
    #expect(done?["status"] == "completed", "\(done?["error"]?.text ?? "")")
    let names = try FileManager.default.contentsOfDirectory(atPath: outbox + "/new")
    let message = try String(contentsOfFile: outbox + "/new/" + #require(names.first), encoding: .utf8)
    #expect(names.count == 1 && message.contains("To: ") && message.contains("ada@example.com"))
  }

  @Test("a dry run tells what would be proposed and stores nothing")
  func dryRun() throws {
    let contacts = try visitors()
    let agent = try agent(.rules)
    let payload = try workspace.call("pathbound_trigger_agent", ["id": .string(agent), "dry_run": true])
    #expect(payload["contacts"] == 2 && payload["contacts_evaluated"] == 2 && payload["actions_proposed"] == 1)
    let first = payload["contact_results"]?[0]
    #expect(first?["contact_id"] == .string(contacts[0]) && first?["contact"]?["email"] == "ada@example.com")
    #expect(first?["proposed_actions"]?[0]?["params"]?["email"] == "ada@example.com")
    #expect(first?["proposed_actions"]?[0]?["status"] == "pending_approval")
    #expect(payload["contact_results"]?[1]?["reasoning"]?.stringValue?.contains("0 times") == true)
    let bob = try workspace.call(
      "pathbound_trigger_agent", ["id": .string(agent), "dry_run": true, "contact_ids": [.string(contacts[1])]])
    #expect(bob["contacts"] == 1 && bob["actions_proposed"] == 0)
    #expect(try workspace.call("pathbound_list_agent_runs", ["id": .string(agent)])["total"] == 0)
    #expect(try workspace.store.claimRun() == nil)
  }

  @Test("a dry run that nobody can think for says so")
  func impossibleDryRun() throws {
    let contacts = try visitors()
    for (thinker, words) in [(Thinker.client, "connected agent"), (.anthropic, "anthropic")] {
      let agent = try agent(thinker, ["name": .string(thinker.rawValue)])
      let error = try #require(throws: ServiceError.self) {
        try workspace.call(
          "pathbound_trigger_agent", ["id": .string(agent), "dry_run": true, "contact_ids": [.string(contacts[0])]])
      }
      #expect(error.message.contains(words))
    }
  }
}
