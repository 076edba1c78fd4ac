import JSON
import LocalStore
import Platform
import Service
import StoreSupport
import TestSupport
import Testing

/// Questions and work that clients come back to, as the workspace keeps them.
@Suite struct TaskBookTests {
  private let workspace = TestWorkspace()
  private var store: LocalStore { workspace.store }
  private var now: Timestamp { workspace.clock.now() }

  private func task(_ id: String, followed: TaskRecord.Followed? = nil) -> TaskRecord {
    TaskRecord(
      id: id, tool: "pathbound_process_actions", client: "tests", followed: followed,
      leaseUntil: followed == nil ? now.adding(milliseconds: TaskRecord.lease) : nil, created: now, updated: now)
  }

  @Test("a question is taken out once, for its call, and in time")
  func questions() throws {
    func decision(_ handle: String) -> OpenDecision {
      OpenDecision(
        handle: handle, call: [1, 2], shown: [3], round: 1, expires: now.adding(milliseconds: 600_000))
    }
    let first = decision("ask_1")
    try store.keep(first)
    try store.keep(decision("ask_2"))
    #expect(try store.take("ask_1", call: [9]) == nil)
    #expect(try store.take("ask_3", call: [1, 2]) == nil)
    #expect(try store.take("ask_1", call: [1, 2]) == first)
    #expect(try store.take("ask_1", call: [1, 2]) == nil)
    workspace.clock.advance(milliseconds: 600_000)
    #expect(try store.take("ask_2", call: [1, 2]) == nil)
  }

  @Test("TK-12: a task is found for a day, and what has ended stays as it is")
  func lifetime() throws {
    try store.add(task("tk_1"))
    #expect(try store.task("tk_1")?.status == .working)
    #expect(try store.task("tk_2") == nil)
    try store.end("tk_1", as: .completed, message: nil, payload: Array(#"{"done":1}"#.utf8), isError: false)
    try store.end("tk_1", as: .cancelled, message: "late", payload: nil, isError: true)
    let ended = try #require(try store.task("tk_1"))
    #expect(ended.status == .completed && ended.payload == Array(#"{"done":1}"#.utf8) && !ended.isError)
    workspace.clock.advance(milliseconds: TaskRecord.lifetime)
    #expect(try store.task("tk_1") == nil)
  }

  @Test("signs of life renew the lease and bring back which tasks are to end")
  func signs() throws {
    try store.add(task("tk_1"))
    try store.add(task("tk_2"))
    workspace.clock.advance(milliseconds: 30_000)
    try store.wishEnd(of: "tk_2")
    #expect(try store.renew([("tk_1", "3 done"), ("tk_2", nil)]) == ["tk_2"])
    let renewed = try #require(try store.task("tk_1"))
    #expect(renewed.message == "3 done")
    #expect(renewed.leaseUntil == now.adding(milliseconds: TaskRecord.lease))
  }

  @Test("a run that is cancelled really stops: who works on it has lost it, and nobody takes it up")
  func run() throws {
    let fixture = try RunFixture(workspace)
    let contact = try #require(
      try workspace.call("pathbound_create_contact", ["email": "ada@example.com"])["contact"]?["_id"]?.stringValue)
    let id = try fixture.trigger([contact])
    let job = try #require(try fixture.run(id)["job_id"]?.stringValue)
    let claimed = try fixture.claim()
    let followed = TaskRecord.Followed(operation: "pathbound_list_agent_runs", arguments: [:], job: job)
    #expect(try store.stop(followed))
    #expect(throws: ServiceError.self) {
      try store.record(ContactResult(contactID: contact, reasoning: "Seen", proposals: []), of: claimed)
    }
    #expect(try store.claimRun() == nil)
    #expect(try fixture.run(id)["status"] == "failed")
    #expect(try !store.stop(followed))
  }

  @Test("an enrichment that is cancelled is not taken up, and can be asked for anew")
  func enrichment() throws {
    let id = try #require(
      try workspace.call("owlbound_create_contact", ["firstName": "Ada", "email": "ada@example.com"])["contactId"])
    _ = try workspace.call("owlbound_enrich_contact", ["id": id])
    let followed = TaskRecord.Followed(operation: "owlbound_get_enrichment_status", arguments: ["contactId": id])
    #expect(try store.stop(followed))
    #expect(try workspace.call("owlbound_get_enrichment_status", ["contactId": id])["status"] == "failed")
    #expect(try !store.stop(followed))
    #expect(try workspace.call("owlbound_enrich_contact", ["id": id])["status"] == "queued")
  }
}
