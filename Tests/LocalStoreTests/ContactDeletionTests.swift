import JSON
import Service
import StoreSupport
import TestSupport
import Testing

@testable import LocalStore

@Suite("Deleting a contact")
struct ContactDeletionTests {
  let workspace = TestWorkspace()

  private func delete(_ id: String) throws -> JSONObject {
    try workspace.call("pathbound_delete_contact", ["contact_id": .string(id)])
  }

  @Test("takes it from every list, and its e-mail is free again")
  func gone() throws {
    let id = try workspace.contact("ada@b.example", ["firstname": "Ada"])
    #expect(try delete(id) == ["deleted": true, "contact_id": .string(id), "cancelled_actions": 0])
    for tool in [
      "pathbound_get_contact", "pathbound_delete_contact", "pathbound_list_contact_notes",
      "pathbound_get_contact_timeline", "pathbound_get_contact_conversations", "pathbound_list_contact_email_threads",
    ] {
      #expect(try workspace.refusal(tool, ["contact_id": .string(id)]).code == .notFound, "\(tool)")
    }
    #expect(try workspace.call("pathbound_list_contacts", ["count_only": true]) == ["count": 0])
    #expect(try workspace.call("pathbound_list_contacts", ["search": "ada"]).totalItems == 0)
    #expect(try workspace.contact("ada@b.example") != id)
  }

  @Test("keeps its events without a contact, and lets its visitor become somebody else")
  func events() throws {
    let id = try workspace.contact("ada@b.example")
    _ = try workspace.call("pathbound_update_contact", ["contact_id": .string(id), "visitor_id": "v1"])
    try workspace.track(["event": "page_view", "visitorId": "v1"])
    _ = try delete(id)
    let events = try workspace.call("pathbound_list_events")["events"]
    #expect(events?[0]?["internal_contact_id"] == .null)
    #expect(try workspace.call("pathbound_list_events", ["identified_only": true]).totalItems == 0)
    let other = try workspace.contact("bob@b.example")
    _ = try workspace.call("pathbound_update_contact", ["contact_id": .string(other), "visitor_id": "v1"])
    #expect(try workspace.call("pathbound_list_events", ["contact_id": .string(other)]).totalItems == 1)
  }

  @Test("cancels what was not begun, with a line in the log, and leaves what is done")
  func actions() throws {
    let id = try workspace.contact("ada@b.example")
    let task: JSONValue = ["title": "Call", "contact_id": .string(id)]
    let done = try workspace.queue(["params": task, "item_id": "done"])
    try workspace.work()
    let rejected = try workspace.queue(["params": task, "require_approval": true, "item_id": "rejected"])
    _ = try workspace.call("pathbound_reject_action", ["action_id": .string(rejected)])
    let later: JSONValue = "2026-12-24T08:00:00Z"
    let scheduled = try workspace.queue(["params": task, "scheduled_time": later])
    let pending = try workspace.queue(["params": task, "require_approval": true])
    let approved = try workspace.queue([
      "params": task, "require_approval": true, "scheduled_time": later, "item_id": "approved",
    ])
    _ = try workspace.call("pathbound_approve_action", ["action_id": .string(approved), "action": "approve"])
    let other = try workspace.queue(["scheduled_time": later])
    workspace.clock.advance(seconds: 60)
    #expect(try delete(id)["cancelled_actions"] == 3)
    for action in [scheduled, pending, approved] {
      #expect(try workspace.status(action) == "cancelled")
      let log = try #require(try workspace.action(action)["logs"]?.arrayValue?.last)
      #expect(log["to"] == "cancelled")
      #expect(log["by"] == "tests")
      #expect(log["comment"] == "The contact was deleted.")
    }
    #expect(try workspace.status(done) == "completed")
    #expect(try workspace.status(rejected) == "rejected")
    #expect(try workspace.status(other) == "scheduled")
    #expect(try workspace.call("pathbound_list_actions", ["contact_id": .string(id)]).totalItems == 5)
    #expect(try workspace.call("pathbound_list_actions", ["status": "cancelled"]).totalItems == 3)
  }

  @Test("takes its notes and mail threads with it, and no one else's")
  func belongings() throws {
    let id = try workspace.contact("ada@b.example")
    let other = try workspace.contact("bob@b.example")
    for contact in [id, other] {
      _ = try workspace.call("pathbound_create_contact_note", ["contact_id": .string(contact), "content": "x"])
      try workspace.send(to: contact, "Hello")
    }
    _ = try delete(id)
    #expect(
      try workspace.call("pathbound_list_contact_notes", ["contact_id": .string(other)])["notes"]?.arrayValue?.count
        == 1)
    #expect(
      try workspace.call("pathbound_list_contact_email_threads", ["contact_id": .string(other)])["threads"]?.arrayValue?
        .count == 1)
  }

  @Test("rejects what agents propose for it and keeps the run's results")
  func proposals() throws {
    let id = try workspace.contact("ada@b.example")
    let fixture = try RunFixture(workspace)
    let run = try fixture.trigger([id])
    try fixture.work { [.mail(to: $0.id)] }
    _ = try delete(id)
    let result = try #require(try fixture.run(run)["contact_results"]?[0])
    #expect(result["contact_id"]?.stringValue == id)
    #expect(result["proposed_actions"]?[0]?["status"] == "rejected")
    #expect(result["proposed_actions"]?[0]?["comment"] == "The contact was deleted.")
    let error = try #require(throws: ServiceError.self) { try fixture.decide("approve", run, id, 0) }
    #expect(error.code == .conflict)
  }

  @Test("ends what a run was about to say of it: nothing is proposed for who is gone")
  func duringRun() throws {
    let id = try workspace.contact("ada@b.example")
    let fixture = try RunFixture(workspace)
    let run = try fixture.trigger([id])
    let claimed = try fixture.claim()
    let contact = try #require(try workspace.store.nextContact(of: claimed))
    _ = try delete(id)
    let proposals: [ContactResult.Proposal] = [.task(needsApproval: false)]
    try workspace.store.record(
      ContactResult(contactID: contact.id, reasoning: "Seen", proposals: proposals), of: claimed)
    try workspace.store.finish(claimed, failure: nil)
    #expect(try fixture.run(run)["summary"]?["actions_proposed"] == 0)
    #expect(try fixture.run(run)["summary"]?["errors"] == 1)
    #expect(try workspace.call("pathbound_list_actions").totalItems == 0)
  }

  @Test("is in the audit log with what was there")
  func audit() throws {
    let id = try workspace.contact("ada@b.example")
    _ = try workspace.call("pathbound_delete_contact", ["contact_id": .string(id)])
    let row = try #require(try AuditRows.read(workspace).last)
    #expect(row.contains(id))
    #expect(row.contains("ada@b.example"))
  }

  /// A contact with more events than are released at once.
  private func busyContact(in workspace: TestWorkspace, events count: Int = 1300) throws -> String {
    let id = try workspace.contact("ada@b.example")
    _ = try workspace.call("pathbound_update_contact", ["contact_id": .string(id), "visitor_id": "v1"])
    for start in stride(from: 0, to: count, by: 100) {
      let events = (start..<start + 100).map {
        JSONValue.object(["event": "page_view", "visitorId": "v1", "data": ["n": .integer(Int64($0))]])
      }
      _ = try workspace.call("pathbound_track_events", ["events": .array(events)])
    }
    return id
  }

  private func left(_ workspace: TestWorkspace) throws -> Int64? {
    try workspace.store.read { (transaction) throws(ServiceError) in
      try transaction.database.integer("SELECT count(*) FROM events WHERE contact_id IS NOT NULL")
    }
  }

  @Test("releases many events little by little, and nobody sees meanwhile whose they were")
  func manyEvents() throws {
    let id = try busyContact(in: workspace)
    _ = try delete(id)
    #expect(try left(workspace) == 800)
    func check() throws {
      for arguments: JSONObject in [
        ["limit": 100], ["limit": 100, "fields": "summary"], ["limit": 100, "domain": "b.example"],
      ] {
        for event in try workspace.call("pathbound_list_events", arguments)["events"]?.arrayValue ?? [] {
          #expect(event["internal_contact_id"] ?? event["contact_id"] == .null)
          #expect(event["contact"] == nil)
        }
      }
      #expect(try workspace.call("pathbound_list_events", ["contact_id": .string(id)]).totalItems == 0)
      #expect(
        try workspace.call("pathbound_list_events", ["contact_id": .string(id), "count_only": true]) == ["count": 0])
      #expect(try workspace.call("pathbound_list_events", ["identified_only": true]).totalItems == 0)
      let stats = try workspace.call("pathbound_get_event_stats")["stats"]
      #expect(stats?["identified_events"] == 0)
      #expect(stats?["unique_contacts"] == 0)
      let groups = try workspace.call("pathbound_aggregate", ["entity": "events", "group_by": "contact_id"])["groups"]
      #expect(groups?.arrayValue?.compactMap { $0["key"] } == [.null])
    }
    try check()
    #expect(try workspace.upkeep() == 2)
    #expect(try left(workspace) == 0)
    try check()
    #expect(try workspace.upkeep() == 0)
  }

  @Test("gives a visitor's events to who it becomes meanwhile")
  func visitorReturns() throws {
    let id = try busyContact(in: workspace)
    _ = try delete(id)
    let other = try workspace.contact("bob@b.example")
    _ = try workspace.call("pathbound_update_contact", ["contact_id": .string(other), "visitor_id": "v1"])
    _ = try workspace.upkeep()
    #expect(try workspace.call("pathbound_list_events", ["contact_id": .string(other)]).totalItems == 1300)
  }

  @Test("goes on after its process has ended in the middle")
  func afterEnd() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/workspace.db"
    var first: TestWorkspace? = TestWorkspace(path: path)
    _ = try first?.call("pathbound_delete_contact", ["contact_id": .string(try busyContact(in: try #require(first)))])
    let work = try #require(first?.store.upkeep.first)
    #expect(try work.doNext(shouldStop: { true }))
    first?.close()
    first = nil
    let second = TestWorkspace(path: path)
    #expect(try left(second) == 300)
    #expect(try second.call("pathbound_list_events", ["identified_only": true]).totalItems == 0)
    #expect(try second.upkeep() == 1)
    #expect(try left(second) == 0)
  }
}

extension TestWorkspace {
  /// Does what keeps the workspace in order, and gives the number of steps that it took.
  fileprivate func upkeep() throws -> Int {
    var steps = 0
    for kind in store.upkeep { while try kind.doNext(shouldStop: { false }) { steps += 1 } }
    return steps
  }
}
