import JSON
import Platform
import Service
import StoreSupport
import TestSupport
import Testing

@testable import LocalStore

@Suite("Triggering runs")
struct TriggerTests {
  let workspace = TestWorkspace()

  @Test("a triggered run exists at once, queued, with its job")
  func exists() throws {
    let ada = try workspace.contact("ada@example.com")
    let fixture = try RunFixture(workspace)
    let payload = try workspace.call(
      "pathbound_trigger_agent", ["id": .string(fixture.agent), "contact_ids": [.string(ada), .string(ada)]])
    #expect(payload["job_id"]?.stringValue?.hasPrefix("job_") == true)
    #expect(payload["contacts"] == 1)
    let runs = try workspace.call("pathbound_list_agent_runs", ["id": .string(fixture.agent)])
    #expect(runs["total"] == 1)
    let run = try #require(runs["runs"]?[0])
    #expect(run["status"] == "queued" && run["job_id"] == payload["job_id"] && run["_id"] == payload["run_id"])
    #expect(run["agent_id"] == .string(fixture.agent) && run["started_at"] == nil)
  }

  @Test("an empty list and unknown contacts are refused, the unknown ones by name")
  func badTargets() throws {
    let ada = try workspace.contact("ada@example.com")
    let id = JSONValue.string(try RunFixture(workspace).agent)
    #expect(try workspace.refusal("pathbound_trigger_agent", ["id": id, "contact_ids": []]).code == .validation)
    let error = try workspace.refusal(
      "pathbound_trigger_agent", ["id": id, "contact_ids": [.string(ada), "ct_nobody", "ct_noone"]])
    #expect(error.code == .validation)
    #expect(error.details.map(\.path) == ["/contact_ids/1", "/contact_ids/2"])
    #expect(try workspace.call("pathbound_list_agent_runs", ["id": id])["total"] == 0)
  }

  @Test("without a list the agent's filter decides, newest first and no more than its limit")
  func filtered() throws {
    for number in 0..<230 {
      _ = try workspace.contact("c\(number)@example.com", ["lifecyclestage": number % 2 == 0 ? "lead" : "customer"])
    }
    for (limit, expected) in [(3, 3), (150, 115), (nil, 100)] as [(Int64?, Int)] {
      var monitoring: JSONObject = ["filter": ["lifecycle_stage": "lead"]]
      if let limit { monitoring["max_contacts_per_run"] = .integer(limit) }
      let fixture = try RunFixture(
        workspace, ["monitoring": .object(monitoring), "description": .string("\(expected)")])
      _ = try fixture.trigger()
      var seen: [String] = []
      try fixture.work { contact in
        seen.append(contact.context["contact"]?["email"]?.stringValue ?? "")
        return []
      }
      #expect(seen.count == expected)
      #expect(seen.prefix(2) == ["c228@example.com", "c226@example.com"])
      #expect(Set(seen).count == expected)
    }
  }

  @Test("an explicit list is not capped, and a filter without a match gives a run of nobody")
  func explicit() throws {
    let contacts = try (0..<5).map { try workspace.contact("c\($0)@example.com") }
    let fixture = try RunFixture(
      workspace, ["monitoring": ["filter": ["country": "Nowhere"], "max_contacts_per_run": 2]])
    let run = try fixture.trigger(contacts)
    try fixture.work()
    #expect(try fixture.run(run)["summary"]?["contacts_evaluated"] == 5)
    let empty = try fixture.trigger()
    try fixture.work()
    #expect(try fixture.run(empty)["status"] == "completed")
    #expect(try fixture.run(empty)["contact_results"] == [])
  }
}

@Suite("Working on runs")
struct RunWorkTests {
  let workspace = TestWorkspace()

  @Test("a claimed run carries what the agent is made of")
  func claim() throws {
    let ada = try workspace.contact("ada@example.com")
    let fixture = try RunFixture(
      workspace,
      [
        "playbook_template": "cold_outreach", "playbook": ["require_approval": false], "capabilities": ["email"],
        "llm_config": ["provider": "rules"], "identity_id": "id_default",
      ])
    let id = try fixture.trigger([ada])
    let run = try fixture.claim()
    #expect(run.id == id && run.agentID == fixture.agent && run.template == "cold_outreach")
    #expect(run.capabilities == ["email"] && run.identityID == "id_default" && !run.requiresApproval)
    #expect(run.model == ["provider": "rules"])
    #expect(try fixture.run(id)["status"] == "running")
    #expect(try workspace.store.claimRun() == nil)
  }

  @Test("the context tells who it is, what happened, and what was done and proposed, newest first")
  func context() throws {
    let ada = try workspace.contact(
      "ada@example.com", ["firstname": "Ada", "lifecyclestage": "lead", "company": "Engines", "plan": 7])
    let task = try workspace.queue(["params": ["title": "x", "contact_id": .string(ada)]])
    let fixture = try RunFixture(workspace)
    let earlier = try fixture.trigger([ada])
    workspace.clock.advance(seconds: 60)
    try fixture.work { [.mail(to: $0.id)] }
    workspace.clock.advance(seconds: 60)
    _ = try fixture.trigger([ada])
    let context = try #require(try workspace.store.nextContact(of: fixture.claim())).context
    #expect(
      context["contact"] == [
        "id": .string(ada), "email": "ada@example.com", "firstname": "Ada", "company": "Engines",
        "lifecyclestage": "lead",
        "properties": [
          "firstname": "Ada", "lifecyclestage": "lead", "company": "Engines", "plan": 7, "email": "ada@example.com",
        ],
      ])
    #expect(context["events"] == [])
    #expect(context["unified_profile"]?["total_events"] == 0 && context["unified_profile"]?["page_views"] == 0)
    #expect(
      context["recent_actions"] == [
        [
          "run_id": .string(earlier), "type": "email_message", "status": "pending_approval",
          "created_at": "2026-11-21T08:31:00.000Z", "subject": "Hello there",
        ],
        [
          "action_id": .string(task), "type": "create_task", "status": "scheduled",
          "created_at": "2026-11-21T08:30:00.000Z",
        ],
      ])
  }

  @Test("the context holds the newest hundred events, and the profile counts them all")
  func events() throws {
    let ada = try workspace.contact("ada@example.com")
    let events = (0..<130).map { number -> JSONValue in
      let page = number % 3 == 0 ? "/pricing" : "/docs"
      let time = "\(10 + number / 60):\(number % 60 < 10 ? "0" : "")\(number % 60)"
      return [
        "event": number == 129 ? "button_click" : "page_view", "contact_id": .string(ada),
        "timestamp": .string("2026-11-20T\(time):00Z"), "url": .string("https://shop.example" + page),
        "sessionId": .string("s\(number / 50)"), "data": ["path": .string(page), "title": "Shop"],
      ]
    }
    for part in [events[..<65], events[65...]] {
      _ = try workspace.call("pathbound_track_events", ["events": .array(Array(part))])
    }
    let fixture = try RunFixture(workspace)
    _ = try fixture.trigger([ada])
    let context = try #require(try workspace.store.nextContact(of: fixture.claim())).context
    let seen = try #require(context["events"]?.arrayValue)
    #expect(seen.count == 100 && context["events_omitted"] == 30)
    let first = try #require(seen.first)
    #expect(first["event"] == "button_click" && first["timestamp"] == "2026-11-20T12:09:00.000Z")
    #expect(first["url"] == "https://shop.example/pricing" && first["path"] == "/pricing" && first["title"] == "Shop")
    #expect(first["id"]?.stringValue?.hasPrefix("evt_") == true)
    #expect(seen.last?["timestamp"] == "2026-11-20T10:30:00.000Z")
    let profile = try #require(context["unified_profile"])
    #expect(profile["total_events"] == 130 && profile["page_views"] == 129 && profile["sessions"] == 3)
    #expect(profile["first_seen_at"] == "2026-11-20T10:00:00.000Z")
    #expect(profile["last_seen_at"] == "2026-11-20T12:09:00.000Z")
    #expect(
      profile["top_pages"] == [
        ["url": "https://shop.example/docs", "count": 86], ["url": "https://shop.example/pricing", "count": 43],
      ])
  }

  @Test("the context stays within its bounds, whatever outsiders send")
  func bounded() throws {
    let filler = String(repeating: "\u{202E}x", count: 1000)
    let ada = try workspace.contact("ada@example.com", ["a": .string(filler), "b": .string(filler)])
    for part in 0..<12 {
      let events = (0..<5).map { number -> JSONValue in
        ["event": "page_view", "contact_id": .string(ada), "data": ["title": .string("\(part) \(number)" + filler)]]
      }
      _ = try workspace.call("pathbound_track_events", ["events": .array(events)])
    }
    let fixture = try RunFixture(workspace)
    _ = try fixture.trigger([ada])
    let context = try #require(try workspace.store.nextContact(of: fixture.claim())).context
    #expect(RunContext.size(.object(context)) <= RunContext.usualLimit + 500)
    let events = try #require(context["events"]?.arrayValue)
    #expect(!events.isEmpty && events.allSatisfy { $0["data"] == nil && $0["data_omitted"] == true })
  }

  @Test("what a reviewer rejected is in the context, with the reason")
  func rejected() throws {
    let ada = try workspace.contact("ada@example.com")
    let fixture = try RunFixture(workspace)
    let earlier = try fixture.trigger([ada])
    try fixture.work { [.mail(to: $0.id)] }
    workspace.clock.advance(seconds: 60)
    _ = try fixture.decide("reject", earlier, ada, 0, comment: "Too pushy")
    _ = try fixture.trigger([ada])
    let context = try #require(try workspace.store.nextContact(of: fixture.claim())).context
    #expect(
      context["recent_actions"] == [
        [
          "run_id": .string(earlier), "type": "email_message", "status": "rejected",
          "created_at": "2026-11-21T08:30:00.000Z", "subject": "Hello there",
          "decided_at": "2026-11-21T08:31:00.000Z", "comment": "Too pushy",
        ]
      ])
  }

  @Test("who was deleted since the run was queued is passed over and noted")
  func deleted() throws {
    let contacts = try (0..<3).map { try workspace.contact("c\($0)@example.com") }
    let fixture = try RunFixture(workspace)
    let id = try fixture.trigger(contacts)
    try workspace.store.writer.change { transaction throws(ServiceError) in
      for contact in contacts.prefix(2) {
        let statement = try transaction.database.statement("DELETE FROM contacts WHERE id = ?1")
        statement.bind(try transaction.ids.require(.contact, contact), at: 1)
        try statement.run()
      }
    }
    var seen: [String] = []
    try fixture.work { contact in
      seen.append(contact.id)
      return []
    }
    #expect(seen == [contacts[2]])
    let run = try fixture.run(id)
    #expect(run["summary"]?["contacts_evaluated"] == 3 && run["summary"]?["errors"] == 2)
    #expect(run["contact_results"]?[0]?["error"] == "The contact was deleted.")
    #expect(run["contact_results"]?[0]?["contact"] == nil)
  }

  @Test("a run that was left is taken up where it stopped, and the first claim no longer counts")
  func resumed() throws {
    let contacts = try (0..<3).map { try workspace.contact("c\($0)@example.com") }
    let fixture = try RunFixture(workspace)
    let id = try fixture.trigger(contacts)
    let first = try fixture.claim()
    try workspace.store.record(.init(contactID: contacts[0], reasoning: "a", proposals: []), of: first)
    workspace.clock.advance(seconds: 59)
    #expect(try workspace.store.claimRun() == nil)
    #expect(try workspace.store.nextRunTime() == workspace.clock.now().adding(milliseconds: 1000))
    workspace.clock.advance(seconds: 1)
    let second = try fixture.claim()
    #expect(second.id == id)
    #expect(try workspace.store.nextContact(of: second)?.id == contacts[1])
    let late = ContactResult(contactID: contacts[1], reasoning: "late", proposals: [])
    for attempt: () throws -> Void in [
      { try workspace.store.record(late, of: first) }, { try workspace.store.finish(first, failure: nil) },
    ] {
      #expect(try #require(throws: ServiceError.self, performing: attempt).code == .conflict)
    }
    try workspace.store.record(late, of: second)
    #expect(try workspace.store.nextContact(of: second)?.id == contacts[2])
  }

  @Test("a person at whom process after process ended is passed over, and the others have their turn")
  func stalled() throws {
    let contacts = try (0..<2).map { try workspace.contact("c\($0)@example.com") }
    let fixture = try RunFixture(workspace)
    let id = try fixture.trigger(contacts)
    for _ in 0..<3 {
      #expect(try workspace.store.nextContact(of: fixture.claim())?.id == contacts[0])
      workspace.clock.advance(seconds: 600)
    }
    let run = try fixture.claim()
    #expect(try workspace.store.nextContact(of: run)?.id == contacts[1])
    try workspace.store.record(.init(contactID: contacts[1], reasoning: "Seen", proposals: []), of: run)
    try workspace.store.finish(run, failure: nil)
    let summary = try fixture.run(id)
    #expect(summary["summary"]?["contacts_evaluated"] == 2 && summary["summary"]?["errors"] == 1)
    #expect(summary["contact_results"]?[0]?["error"]?.stringValue?.contains("ended 3 times") == true)
  }

  @Test("a claim that is kept does not run out, and what a model used is on the run")
  func renewed() throws {
    let ada = try workspace.contact("ada@example.com")
    let fixture = try RunFixture(workspace)
    let id = try fixture.trigger([ada])
    let run = try fixture.claim()
    #expect(try fixture.run(id)["usage"] == nil)
    var usage = ModelUsage()
    (usage.requests, usage.inputTokens, usage.outputTokens) = (1, 900, 40)
    workspace.clock.advance(seconds: 59)
    try workspace.store.renew(run, usage: usage)
    workspace.clock.advance(seconds: 59)
    #expect(try workspace.store.claimRun() == nil)
    try workspace.store.record(.init(contactID: ada, reasoning: "", proposals: [], usage: usage), of: run)
    #expect(try fixture.run(id)["usage"] == ["requests": 2, "input_tokens": 1800, "output_tokens": 80])
    workspace.clock.advance(seconds: 60)
    _ = try fixture.claim()
    #expect(throws: ServiceError.self) { try workspace.store.renew(run, usage: usage) }
  }

  @Test("a run that is given back can be claimed at once; one that has ended stays as it is")
  func released() throws {
    let fixture = try RunFixture(workspace)
    let id = try fixture.trigger([try workspace.contact("ada@example.com")])
    try workspace.store.release(try fixture.claim())
    #expect(try fixture.run(id)["status"] == "queued")
    let ended = try fixture.work()
    try workspace.store.release(ended)
    #expect(try fixture.run(id)["status"] == "completed")
  }

  @Test("nobody gets two results in one run")
  func twice() throws {
    let ada = try workspace.contact("ada@example.com")
    let other = try workspace.contact("other@example.com")
    let fixture = try RunFixture(workspace)
    _ = try fixture.trigger([ada])
    let run = try fixture.claim()
    let result = ContactResult(contactID: ada, reasoning: "a", proposals: [.task()])
    try workspace.store.record(result, of: run)
    for contact in [ada, other] {
      let again = ContactResult(contactID: contact, reasoning: "b", proposals: [.task()])
      let error = try #require(throws: ServiceError.self) { try workspace.store.record(again, of: run) }
      #expect(error.code == .conflict)
    }
    #expect(try fixture.run(run.id)["summary"]?["actions_proposed"] == 1)
  }

  @Test("a failed run says why")
  func failed() throws {
    let fixture = try RunFixture(workspace)
    let id = try fixture.trigger([try workspace.contact("ada@example.com")])
    try workspace.store.finish(try fixture.claim(), failure: "No such model.")
    let run = try fixture.run(id, mode: "summary")
    #expect(run["status"] == "failed" && run["error"] == "No such model." && run["completed_at"] != nil)
    let failed = try workspace.call("pathbound_list_agent_runs", ["id": .string(fixture.agent), "status": "failed"])
    #expect(failed["total"] == 1)
    let queued = try workspace.call("pathbound_list_agent_runs", ["id": .string(fixture.agent), "status": "queued"])
    #expect(queued["runs"] == [])
  }
}
