import JSON
import LocalStore
import Service
import StoreSupport
import TestSupport
import Testing

/// Runs whose model is the connected agent.
@Suite("Runs that await proposals")
struct ClientRunTests {
  let workspace = TestWorkspace()

  private func fixture(_ more: JSONObject = [:]) throws -> RunFixture {
    var arguments: JSONObject = [
      "identity_id": "id_default", "llm_config": ["provider": "client"], "capabilities": ["email", "notes"],
      "playbook": ["playbook_md": "Write to those who came back."],
    ]
    for (key, value) in more { arguments[key] = value }
    return try RunFixture(workspace, arguments)
  }

  private func work(_ run: String? = nil, _ more: JSONObject = [:]) throws -> JSONObject {
    var arguments = more
    if let run { arguments["runId"] = .string(run) }
    return try workspace.call("pathbound_get_run_work", arguments)
  }

  private func arguments(_ run: String, _ contact: String, _ actions: JSONValue) -> JSONObject {
    ["runId": .string(run), "contactId": .string(contact), "reasoning": "Came back twice", "actions": actions]
  }

  private func propose(_ run: String, _ contact: String, _ actions: JSONValue) throws -> JSONObject {
    try workspace.call("pathbound_propose_run_actions", arguments(run, contact, actions))
  }

  private let mail: JSONValue = [["type": "email_message", "params": ["subject": "Hi", "message": "Hello"]]]

  @Test("a run goes from contact to contact until all have an answer, and what is proposed waits for a person")
  func whole() throws {
    let contacts = try (0..<2).map { try workspace.contact("c\($0)@example.com") }
    let fixture = try fixture()
    let started = try workspace.call(
      "pathbound_trigger_agent",
      ["id": .string(fixture.agent), "contact_ids": .array(contacts.map { .string($0) })])
    let run = try #require(started["run_id"]?.stringValue)
    #expect(started["status"] == "awaiting_proposals" && started["next"]?.stringValue?.contains("get_run_work") == true)
    #expect(try fixture.run(run)["status"] == "awaiting_proposals")
    #expect(try workspace.store.claimRun() == nil)

    let first = try work()
    #expect(first["run_id"] == .string(run) && first["contact_id"] == .string(contacts[0]) && first["remaining"] == 2)
    #expect(first["playbook"]?["playbook_md"] == "Write to those who came back.")
    #expect(first.texts("type", of: "action_types") == ["email_message", "create_note"])
    #expect(first["context"]?["contact"]?["email"] == "c0@example.com")
    #expect(first["instructions"]?.stringValue?.contains("pathbound_propose_run_actions") == true)
    let taken = try propose(run, contacts[0], mail)
    #expect(taken["proposed_actions"] == [["action_index": 0, "type": "email_message", "status": "pending_approval"]])
    #expect(taken["remaining"] == 1 && taken["status"] == "awaiting_proposals")

    let second = try work(run, ["brief": true])
    #expect(second["contact_id"] == .string(contacts[1]) && second["playbook"] == nil && second["context"] != nil)
    let last = try propose(run, contacts[1], [])
    #expect(last["remaining"] == 0 && last["status"] == "completed")

    let result = try fixture.run(run)
    #expect(result["status"] == "completed" && result["completed_at"] != nil && result["started_at"] != nil)
    #expect(result["summary"]?["contacts_evaluated"] == 2 && result["summary"]?["actions_pending_approval"] == 1)
    #expect(result["contact_results"]?[0]?["reasoning"] == "Came back twice")
    #expect(try fixture.decide("approve", run, contacts[0], 0)["action"]?["status"] == "approved")
    #expect(try work(run)["status"] == "completed")
    #expect(try work()["next"]?.stringValue?.contains("No run awaits proposals") == true)
  }

  @Test("who does not answer gives the contact back, and the first answer counts")
  func abandoned() throws {
    let ada = try workspace.contact("ada@example.com")
    let run = try fixture().trigger([ada])
    #expect(try work(run)["contact_id"] == .string(ada))
    workspace.clock.advance(seconds: 590)
    let waiting = try work(run)
    #expect(waiting["contact_id"] == nil && waiting["retry_after"] == 10)
    workspace.clock.advance(seconds: 10)
    #expect(try work(run)["contact_id"] == .string(ada))
    _ = try propose(run, ada, mail)
    #expect(try workspace.refusal("pathbound_propose_run_actions", arguments(run, ada, [])).code == .conflict)
  }

  @Test("two agents work on one run side by side")
  func shared() throws {
    let contacts = try (0..<3).map { try workspace.contact("c\($0)@example.com") }
    let run = try fixture().trigger(contacts)
    #expect(try (0..<3).map { _ in try work(run)["contact_id"] } == contacts.map { .string($0) })
    for contact in contacts.reversed() { _ = try propose(run, contact, []) }
    #expect(try work(run)["status"] == "completed")
  }

  @Test("what can't be proposed is named with its place, and nothing is kept until all is good")
  func refusals() throws {
    let ada = try workspace.contact("ada@example.com")
    let bob = try workspace.contact("bob@example.com")
    let run = try fixture().trigger([ada])
    _ = try work(run)
    let bad: [(JSONValue, String)] = [
      (["type": "create_task", "params": ["title": "x"]], "capability"),
      (["type": "dance", "params": [:]], "no action type"), (["params": [:]], "no action type"),
      (["type": "create_note", "params": [:]], "/content"),
      (["type": "create_note", "params": ["content": "x", "contact_id": .string(bob)]], "another contact"),
      (["type": "email_message", "params": ["message": "x", "email": "BOB@example.com"]], "another contact"),
      (["type": "email_message", "params": ["message": "x", "cc": "bob@example.com"]], "another contact"),
      (["type": "email_message", "params": ["message": "x", "subjekt": "y"]], "subject"),
    ]
    for (action, words) in bad {
      let error = try workspace.refusal(
        "pathbound_propose_run_actions",
        arguments(run, ada, [["type": "create_note", "params": ["content": "fine"]], action]))
      #expect(error.code == .validation && error.details.map(\.path) == ["/actions/1"])
      #expect(error.message.contains(words), "\(error.message)")
    }
    #expect(try propose(run, ada, mail)["status"] == "completed")
  }

  @Test("with require_approval false what only reaches the contact is approved by the playbook, all else waits")
  func automatic() throws {
    let ada = try workspace.contact("ada@example.com")
    let run = try fixture(["playbook": ["playbook_md": "x", "require_approval": false]]).trigger([ada])
    _ = try work(run)
    let payload = try propose(
      run, ada,
      [
        ["type": "email_message", "params": ["subject": "Hi", "message": "Hello"]],
        ["type": "email_message", "params": ["subject": "Hi", "message": "Hello", "email": "eve@example.net"]],
        ["type": "create_note", "params": ["content": "x"], "requires_approval": true],
      ])
    #expect(
      payload.texts("status", of: "proposed_actions") == ["auto_approved", "pending_approval", "pending_approval"])
  }

  @Test("a run of nobody is completed at once, and one that awaits nothing says so")
  func nothing() throws {
    let fixture = try fixture(["monitoring": ["filter": ["country": "Nowhere"]]])
    let empty = try fixture.trigger()
    #expect(try fixture.run(empty)["status"] == "completed")
    let ada = try workspace.contact("ada@example.com")
    let other = try RunFixture(workspace, ["llm_config": ["provider": "rules"], "description": "x"]).trigger([ada])
    #expect(try work(other)["status"] == "queued")
    #expect(try workspace.refusal("pathbound_propose_run_actions", arguments(other, ada, [])).code == .conflict)
    #expect(try workspace.refusal("pathbound_get_run_work", ["runId": "run_none"]).code == .notFound)
  }

  @Test("an agent that is given to the connected agent later hands over the runs that wait")
  func handedOver() throws {
    let ada = try workspace.contact("ada@example.com")
    let fixture = try fixture(["llm_config": ["provider": "rules"]])
    let run = try fixture.trigger([ada])
    _ = try workspace.call(
      "pathbound_update_agent", ["id": .string(fixture.agent), "llm_config": ["provider": "client"]])
    #expect(try workspace.store.claimRun() == nil)
    #expect(try work(run)["contact_id"] == .string(ada))
  }

  @Test("work with the longest playbook and the fullest context can be given to a model")
  func bounded() throws {
    let filler = String(repeating: "\u{202E}x", count: 1000)
    let ada = try workspace.contact("ada@example.com", ["a": .string(filler), "b": .string(filler)])
    for _ in 0..<10 {
      let event: JSONValue = ["event": "page_view", "contact_id": .string(ada), "data": ["title": .string(filler)]]
      _ = try workspace.call("pathbound_track_events", ["events": .array(Array(repeating: event, count: 5))])
    }
    let long = String(repeating: "Be kind. ", count: 2210)
    let run = try fixture(["playbook": ["playbook_md": .string(long)], "capabilities": []]).trigger([ada])
    let work = try work(run)
    #expect(work["action_types"]?.arrayValue?.count == 14 && work["events"] == nil)
    #expect(work["context"]?["unified_profile"]?["total_events"] == 50)
  }
}
