import JSON
import LocalStore
import Service
import StoreSupport
import Testing

@Suite("Proposals of a run")
struct RunProposalTests {
  let workspace = TestWorkspace()

  private func proposals(_ run: JSONValue, _ contact: String) throws -> [JSONValue] {
    let results = try #require(run["contact_results"]?.arrayValue)
    return try #require(results.first { $0["contact_id"] == .string(contact) }?["proposed_actions"]?.arrayValue)
  }

  @Test("a run shows for each contact the reasoning and what is proposed, as it would be sent")
  func shown() throws {
    let ada = try workspace.contact("ada@example.com", ["firstname": "Ada"])
    let fixture = try RunFixture(workspace)
    let id = try fixture.trigger([ada])
    try fixture.work { [.mail(to: $0.id), .task()] }
    let run = try fixture.run(id)
    #expect(run["status"] == "completed" && run["awaiting_decision"] == 2)
    #expect(
      run["summary"] == [
        "contacts_evaluated": 1, "actions_proposed": 2, "actions_auto_approved": 0, "actions_pending_approval": 2,
        "errors": 0,
      ])
    let result = try #require(run["contact_results"]?[0])
    #expect(result["reasoning"] == "Seen")
    #expect(result["contact"] == ["email": "ada@example.com", "firstname": "Ada"])
    let mail = try proposals(run, ada)[0]
    #expect(mail["action_index"] == 0 && mail["status"] == "pending_approval" && mail["action_id"] == nil)
    #expect(mail["params"]?["email"] == "ada@example.com" && mail["params"]?["subject"] == "Hello there")
    let summary = try fixture.run(id, mode: "summary")
    #expect(summary["contact_results"] == nil && summary["summary"] == run["summary"])
    #expect(try workspace.call("pathbound_list_actions")["pagination"]?["total_items"] == 0)
  }

  @Test("an approved proposal becomes a queued action, and both show the same status from then on")
  func approve() throws {
    let ada = try workspace.contact("ada@example.com")
    let fixture = try RunFixture(workspace)
    let run = try fixture.trigger([ada])
    try fixture.work { [.task(), .mail(to: $0.id)] }
    let payload = try fixture.decide("approve", run, ada, 1, comment: "Go")
    let id = try #require(payload["action_id"]?.stringValue)
    let action = try workspace.action(id)
    #expect(action["status"] == "approved" && action["type"] == "email_message")
    #expect(action["agent_id"] == .string(fixture.agent) && action["run_id"] == .string(run))
    #expect(action["contact_id"] == .string(ada) && action["action_index"] == 1)
    #expect(action["identity_id"] == "id_default")
    #expect(action["params"] == (try proposals(try fixture.run(run), ada)[1]["params"]))
    #expect(action["logs"]?[1]?["by"] == "ada" && action["logs"]?[1]?["comment"] == "Go")
    #expect(try workspace.work() == [id])
    let shown = try proposals(try fixture.run(run), ada)
    #expect(shown.map { $0["status"] } == ["pending_approval", "completed"])
    #expect(shown[1]["action_id"] == .string(id))
    #expect(try fixture.run(run)["awaiting_decision"] == 1)
    #expect(try fixture.run(run)["summary"]?["actions_pending_approval"] == 2)
    let listed = try workspace.call("pathbound_list_actions", ["agent_id": .string(fixture.agent)])
    #expect(listed.texts("action_id", of: "actions") == [id])
  }

  @Test("a rejected proposal never runs, and a second decision is a conflict that names the first")
  func reject() throws {
    let ada = try workspace.contact("ada@example.com")
    let fixture = try RunFixture(workspace)
    let run = try fixture.trigger([ada])
    try fixture.work { _ in [.task("a"), .task("b")] }
    let payload = try fixture.decide("reject", run, ada, 0, comment: "No")
    #expect(payload["proposed_action"]?["status"] == "rejected")
    _ = try fixture.decide("approve", run, ada, 1)
    for (index, status) in [(0, "rejected"), (1, "approved")] as [(Int64, String)] {
      for word in ["approve", "reject"] {
        let error = try #require(throws: ServiceError.self) { try fixture.decide(word, run, ada, index) }
        #expect(error.code == .conflict)
        #expect(error.message.contains(status))
      }
    }
    let shown = try proposals(try fixture.run(run), ada)
    #expect(shown[0]["comment"] == "No")
    #expect(try workspace.call("pathbound_list_actions")["pagination"]?["total_items"] == 1)
  }

  @Test("a proposal that is not there is not found")
  func unknown() throws {
    let ada = try workspace.contact("ada@example.com")
    let fixture = try RunFixture(workspace)
    let run = try fixture.trigger([ada])
    try fixture.work { _ in [.task()] }
    for (run, contact, index) in [(run, ada, 1), (run, "ct_nobody", 0), ("run_none", ada, 0)]
      as [(String, String, Int64)]
    {
      let error = try #require(throws: ServiceError.self) { try fixture.decide("approve", run, contact, index) }
      #expect(error.code == .notFound)
    }
  }

  @Test("an agent without identity can propose, but its proposal can't be approved")
  func noIdentity() throws {
    let ada = try workspace.contact("ada@example.com")
    let fixture = try RunFixture(workspace, [:])
    let run = try fixture.trigger([ada])
    try fixture.work { _ in [.task(needsApproval: false)] }
    #expect(try fixture.run(run)["summary"]?["actions_auto_approved"] == 0)
    let error = try #require(throws: ServiceError.self) { try fixture.decide("approve", run, ada, 0) }
    #expect(error.code == .validation)
    #expect(error.message.contains("identity"))
    #expect(try fixture.run(run)["awaiting_decision"] == 1)
  }

  @Test("what needs no decision is queued at once")
  func automatic() throws {
    let ada = try workspace.contact("ada@example.com")
    let fixture = try RunFixture(workspace)
    let run = try fixture.trigger([ada])
    try fixture.work { [.mail(to: $0.id, needsApproval: false), .task(needsApproval: true)] }
    let shown = try fixture.run(run)
    #expect(shown["summary"]?["actions_auto_approved"] == 1 && shown["summary"]?["actions_pending_approval"] == 1)
    let proposals = try proposals(shown, ada)
    #expect(proposals.map { $0["status"] } == ["auto_approved", "pending_approval"])
    let id = try #require(proposals[0]["action_id"]?.stringValue)
    #expect(try workspace.action(id)["logs"]?[0]?["by"] == .string("agent " + fixture.agent))
    #expect(try workspace.work() == [id])
  }

  @Test("an agent that may act alone may not choose who else reads the mail")
  func otherReaders() throws {
    let ada = try workspace.contact("ada@example.com")
    let fixture = try RunFixture(workspace)
    let run = try fixture.trigger([ada])
    try fixture.work { contact in
      [
        .mail(to: contact.id, ["email": "mallory@example.net"], needsApproval: false),
        .mail(to: contact.id, ["bcc": ["mallory@example.net"]], needsApproval: false),
        .mail(to: contact.id, ["email": "ADA@example.com"], needsApproval: false),
      ]
    }
    let shown = try proposals(try fixture.run(run), ada)
    #expect(shown.map { $0["status"] } == ["pending_approval", "pending_approval", "auto_approved"])
    #expect(shown[0]["comment"]?.stringValue?.contains("others than the contact") == true)
  }

  @Test("a proposal that can't be done is dropped and noted; the others keep their places")
  func dropped() throws {
    let ada = try workspace.contact("ada@example.com")
    let bob = try workspace.contact("bob@example.com")
    let fixture = try RunFixture(workspace)
    let run = try fixture.trigger([ada])
    try fixture.work { contact in
      [
        .init(type: "email_message", params: ["contact_id": .string(contact.id)], requiresApproval: true),
        .task("kept"), .mail(to: bob), .init(type: "dance", params: [:], requiresApproval: true),
      ]
    }
    let shown = try fixture.run(run)
    #expect(try proposals(shown, ada).map { $0["action_index"] } == [0])
    #expect(shown["summary"]?["actions_proposed"] == 1 && shown["summary"]?["errors"] == 1)
    let error = try #require(shown["contact_results"]?[0]?["error"]?.stringValue)
    #expect(error.contains("email_message") && error.contains("dance") && error.contains("another contact"))
  }

  @Test("however much a model says, a run's answer can be shown, with every proposal whole")
  func longWinded() throws {
    let ada = try workspace.contact("ada@example.com")
    let fixture = try RunFixture(workspace)
    let run = try fixture.trigger([ada])
    let claimed = try fixture.claim()
    let text = String(repeating: "blah ", count: 1500)
    let task = ContactResult.Proposal(
      type: "create_task", params: ["title": "x", "description": .string(text)], requiresApproval: true)
    let result = ContactResult(
      contactID: ada, reasoning: String(repeating: "ééé ", count: 3000), proposals: Array(repeating: task, count: 20))
    try workspace.store.record(result, of: claimed)
    let shown = try fixture.run(run)
    #expect(try proposals(shown, ada).count == 2)
    #expect(try proposals(shown, ada).allSatisfy { $0["params"]?["description"] == .string(text) })
    #expect(shown["contact_results"]?[0]?["error"]?.stringValue?.contains("too long together") == true)
    let reasoning = try #require(shown["contact_results"]?[0]?["reasoning"]?.stringValue)
    #expect(reasoning.hasSuffix("…") && (3990...4010).contains(reasoning.utf8.count))
  }

  @Test("of many contacts those come first who have something to decide, then those with other proposals")
  func firstTwentyFive() throws {
    let contacts = try (0..<40).map { try workspace.contact("c\($0)@example.com") }
    let fixture = try RunFixture(workspace)
    let run = try fixture.trigger(contacts)
    let proposing = [contacts[30], contacts[35], contacts[39]]
    try fixture.work { proposing.contains($0.id) ? [.task()] : [] }
    func shown() throws -> [String] {
      let results = try #require(try fixture.run(run)["contact_results"]?.arrayValue)
      return results.compactMap { $0["contact_id"]?.stringValue }
    }
    #expect(try shown() == proposing + contacts.prefix(22))
    _ = try fixture.decide("reject", run, contacts[30], 0)
    #expect(try shown() == [contacts[35], contacts[39], contacts[30]] + contacts.prefix(22))
    #expect(try fixture.run(run)["summary"]?["contacts_evaluated"] == 40)
  }
}
