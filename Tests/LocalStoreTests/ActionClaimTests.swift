import JSON
import LocalStore
import Platform
import Service
import StoreSupport
import Synchronization
import TestSupport
import Testing

@Suite("Claiming actions")
struct ActionClaimTests {
  let workspace = TestWorkspace()
  private var store: LocalStore { workspace.store }

  @Test("what has been due longest comes first, and nothing before its time")
  func order() throws {
    let second = try workspace.queue(["scheduled_time": "2026-11-21T08:31:00Z"])
    let third = try workspace.queue(["scheduled_time": "2026-11-21T09:00:00Z"])
    let pending = try workspace.queue(["require_approval": true])
    let first = try workspace.queue()
    #expect(try workspace.work() == [first])
    #expect(try store.nextDueTime()?.iso8601 == "2026-11-21T08:31:00.000Z")
    workspace.clock.advance(seconds: 3600)
    #expect(try workspace.work() == [second, third])
    #expect(try store.nextDueTime() == nil)
    #expect(try workspace.status(pending) == "pending_approval")
  }

  @Test("a claimed action is running, holds what was approved, and can be neither claimed nor decided")
  func claimed() throws {
    let contact = try workspace.contact("ada@example.com")
    let id = try workspace.queue([
      "params": ["title": "Call", "contact_id": .string(contact)], "description": "Why",
    ])
    let action = try #require(try store.claimDueAction())
    #expect(action.id == id && action.type == "create_task" && action.summary == "Why")
    #expect(action.params == ["title": "Call", "contact_id": .string(contact)])
    #expect(action.contactID == contact && action.identity.id == "id_default")
    #expect(try workspace.status(id) == "running")
    #expect(try store.claimDueAction() == nil)
    #expect(try workspace.refusal("pathbound_execute_action", ["action_id": .string(id)]).code == .conflict)
  }

  @Test("an outcome ends the action with result or reason")
  func outcomes() throws {
    let done = try workspace.queue(["item_id": "1"])
    let broken = try workspace.queue(["item_id": "2"])
    let first = try #require(try store.claimDueAction())
    workspace.clock.advance(seconds: 2)
    let answer = try store.finish(first, .completed(result: ["path": "/out"], changes: []))
    #expect(try JSONValue(parsing: answer.payload)["action"] == .object(try workspace.action(done)))
    _ = try store.finish(try #require(try store.claimDueAction()), .failed("No line."))
    let completed = try workspace.action(done)
    #expect(completed["status"] == "completed" && completed["result"] == ["path": "/out"])
    #expect(completed["executed_at"] == "2026-11-21T08:30:02.000Z")
    let failed = try workspace.action(broken)
    #expect(failed["status"] == "failed" && failed["error"] == "No line." && failed["result"] == nil)
    #expect(failed["logs"]?[2]?["by"] == "worker")
  }

  @Test("an outcome is recorded once")
  func twice() throws {
    let id = try workspace.queue()
    let action = try #require(try store.claimDueAction())
    _ = try store.finish(action, .failed("First."))
    let error = try #require(throws: ServiceError.self) {
      try store.finish(action, .completed(result: [:], changes: []))
    }
    #expect(error.code == .conflict)
    #expect(try workspace.action(id)["error"] == "First.")
  }

  @Test("two stores on one file never claim one action twice")
  func concurrent() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("workspace.db")
    let first = TestWorkspace(path: path)
    let second = TestWorkspace(path: path, clock: first.clock)
    let count = 60
    let ids = try (0..<count).map { try first.queue(["item_id": .string("\($0)")]) }
    let claims = Monitor<(ids: [String], open: Int)>((ids: [], open: 4))
    for store in [first.store, second.store, first.store, second.store] {
      Thread.start("claimer") {
        while let action = try? store.claimDueAction() {
          claims.withLock { $0.ids.append(action.id) }
          _ = try? store.finish(action, .completed(result: [:], changes: []))
        }
        claims.withLock { $0.open -= 1 }
        claims.notify()
      }
    }
    let claimed = claims.wait(until: .after(milliseconds: 60_000)) { $0.open == 0 ? $0.ids : nil }
    #expect(try #require(claimed).sorted() == ids.sorted())
    let total = try second.call("pathbound_list_actions", ["status": "completed"])["pagination"]?["total_items"]
    #expect(total == .integer(Int64(count)))
    first.close()
    second.close()
  }

  @Test("an idle worker only reads")
  func idle() throws {
    let folder = try TemporaryFolder()
    let workspace = TestWorkspace(path: folder.file("workspace.db"))
    try workspace.queue(["scheduled_time": "2030-01-01T00:00:00Z"])
    let held = try HeldFile(workspace)
    #expect(try workspace.store.claimDueAction() == nil)
    #expect(try workspace.store.claimRun() == nil)
    #expect(try workspace.store.failAbandonedActions() == 0)
    held.release()
    workspace.close()
  }
}

@Suite("Abandoned actions")
struct AbandonedActionTests {
  private func mail(_ workspace: TestWorkspace) throws -> String {
    try workspace.queue([
      "type": "email_message", "params": ["email": "ada@example.com", "subject": "Hi", "message": "x"],
    ])
  }

  @Test("what a dead process left running is failed once its lease has ended, and never repeated")
  func crash() throws {
    let folder = try TemporaryFolder()
    let clock = ManualClock()
    let id = try {
      let doomed = TestWorkspace(path: folder.file("workspace.db"), clock: clock)
      let id = try mail(doomed)
      #expect(try doomed.store.claimDueAction()?.id == id)
      doomed.close()
      return id
    }()
    let next = TestWorkspace(path: folder.file("workspace.db"), clock: clock)
    clock.advance(seconds: 59)
    #expect(try next.store.failAbandonedActions() == 0)
    #expect(try next.store.nextDueTime() == clock.now().adding(milliseconds: 1000))
    clock.advance(seconds: 1)
    #expect(try next.store.failAbandonedActions() == 1)
    let action = try next.action(id)
    #expect(action["status"] == "failed")
    #expect(action["error"]?.stringValue?.contains("check whether it was done") == true)
    #expect(action["logs"]?[2]?["event"] == "fail")
    #expect(try next.store.claimDueAction() == nil)
    #expect(try next.store.failAbandonedActions() == 0)
    next.close()
  }

  @Test("work in the workspace alone is known to have changed nothing")
  func workspaceOnly() throws {
    let workspace = TestWorkspace()
    let id = try workspace.queue()
    _ = try workspace.store.claimDueAction()
    workspace.clock.advance(seconds: 60)
    #expect(try workspace.store.failAbandonedActions() == 1)
    #expect(try workspace.action(id)["error"]?.stringValue?.contains("Nothing was changed") == true)
  }

  @Test("an outcome that comes after the lease was taken away does not overwrite")
  func stale() throws {
    let workspace = TestWorkspace()
    let id = try mail(workspace)
    let action = try #require(try workspace.store.claimDueAction())
    workspace.clock.advance(seconds: 60)
    #expect(try workspace.store.failAbandonedActions() == 1)
    let before = try workspace.action(id)
    for outcome: ActionOutcome in [.completed(result: ["x": 1], changes: []), .failed("late")] {
      let error = try #require(throws: ServiceError.self) { try workspace.store.finish(action, outcome) }
      #expect(error.code == .conflict)
    }
    #expect(throws: ServiceError.self) { try workspace.store.renew(action) }
    #expect(try workspace.action(id) == before)
  }

  @Test("a renewed claim holds on")
  func renewed() throws {
    let workspace = TestWorkspace()
    let id = try mail(workspace)
    let action = try #require(try workspace.store.claimDueAction())
    workspace.clock.advance(seconds: 50)
    try workspace.store.renew(action)
    workspace.clock.advance(seconds: 50)
    #expect(try workspace.store.failAbandonedActions() == 0)
    _ = try workspace.store.finish(action, .completed(result: [:], changes: []))
    #expect(try workspace.status(id) == "completed")
  }

  @Test("a direct call whose process died is answered with the failure when it is repeated")
  func direct() throws {
    let workspace = TestWorkspace(performer: Performer { _ in .failed("unused") })
    let id = try mail(workspace)
    _ = try workspace.store.claimDueAction()
    workspace.clock.advance(seconds: 60)
    _ = try workspace.store.failAbandonedActions()
    #expect(try workspace.refusal("pathbound_execute_action", ["action_id": .string(id)]).code == .conflict)
  }
}

@Suite("Outcomes in the workspace")
struct OutcomeTests {
  let workspace = TestWorkspace()

  /// Ends a new action with these changes.
  private func end(_ changes: [WorkspaceChange]) throws -> JSONObject {
    let id = try workspace.queue(["idempotency_key": .string("\(Self.number.add(1, ordering: .relaxed).newValue)")])
    try workspace.work(.completed(result: ["kept": true], changes: changes))
    return try workspace.action(id)
  }

  private static let number = Atomic<Int>(0)

  private func contact(_ id: String) throws -> JSONValue? {
    try workspace.call("pathbound_get_contact", ["contact_id": .string(id)])["contact"]
  }

  @Test("notes, tasks and escalations are stored, and the result has their ids")
  func records() throws {
    let ada = try workspace.contact("ada@example.com")
    let note = try end([.createNote(contactID: ada, companyID: nil, content: "Tea")])
    #expect(note["result"]?["note_id"]?.stringValue?.hasPrefix("note_") == true)
    #expect(note["result"]?["kept"] == true)
    let task = try end([.createTask(title: "Call", details: nil, due: nil, contactID: ada)])
    let escalation = try end([.escalate(reason: "Angry\nvery", contactID: nil)])
    for action in [task, escalation] {
      #expect(action["result"]?["task_id"]?.stringValue?.hasPrefix("task_") == true)
    }
  }

  @Test("properties are merged, null removes one, and a stage is set")
  func contactChanges() throws {
    let ada = try workspace.contact("ada@example.com", ["firstname": "Ada", "plan": "free"])
    let action = try end([
      .updateContact(id: ada, properties: ["plan": nil, "firstname": "Augusta", "email": "Augusta@example.com"]),
      .setLifecycleStage(contactID: ada, stage: "customer"),
    ])
    #expect(action["status"] == "completed")
    #expect(
      try contact(ada)?["properties"]
        == ["firstname": "Augusta", "email": "Augusta@example.com", "lifecyclestage": "customer"])
  }

  @Test("when one change can't be made, none is, and the action says why")
  func allOrNothing() throws {
    let ada = try workspace.contact("ada@example.com")
    _ = try workspace.contact("bob@example.com")
    let before = try contact(ada)
    let impossible: [(WorkspaceChange, String)] = [
      (.updateContact(id: ada, properties: ["email": "BOB@example.com"]), "e-mail"),
      (.setLifecycleStage(contactID: ada, stage: "friend"), "lifecyclestage"),
      (.createNote(contactID: "ct_gone", companyID: nil, content: "x"), "ct_gone"),
      (.createNote(contactID: nil, companyID: nil, content: "x"), "company"),
      (.createTask(title: "x", details: nil, due: nil, contactID: "ct_gone"), "ct_gone"),
    ]
    for (change, word) in impossible {
      let action = try end([
        .updateContact(id: ada, properties: ["firstname": "Augusta"]),
        .createNote(contactID: ada, companyID: nil, content: "Tea"), change,
      ])
      #expect(action["status"] == "failed")
      #expect(action["error"]?.stringValue?.contains(word) == true)
      #expect(action["error"]?.stringValue?.contains("Nothing was changed") == true)
      #expect(action["result"] == nil)
      #expect(try contact(ada) == before)
    }
    #expect(try AuditRows.read(workspace).allSatisfy { !$0.contains("note_") })
  }

  @Test("a mail that went out is completed whatever became of its contact or thread")
  func mailOnItsWay() throws {
    let mail = SentMail(
      threadID: "th_gone", messageID: "<1@x>", references: [], subject: "Hi", contactID: "ct_gone")
    let action = try end([.recordMail(mail)])
    #expect(action["status"] == "completed")
    #expect(action["result"]?["thread_id"]?.stringValue?.hasPrefix("th_") == true)
  }

  @Test("what the worker changes is in the audit log, before and after")
  func audit() throws {
    let ada = try workspace.contact("ada@example.com")
    _ = try end([.updateContact(id: ada, properties: ["firstname": "Ada"])])
    let rows = try AuditRows.read(workspace).filter { $0.hasPrefix("worker create_task") }
    #expect(rows.count == 2)
    #expect(
      rows.first == "worker create_task \(ada) {\"email\":\"ada@example.com\"} "
        + "{\"email\":\"ada@example.com\",\"firstname\":\"Ada\"}")
    #expect(rows.last?.contains("running") == true && rows.last?.contains("completed") == true)
  }
}
