import JSON
import Service
import StoreSupport
import Synchronization
import TestSupport
import Testing

@testable import LocalStore

@Suite("Attaching a visitor with many events")
struct VisitorAttachingTests {
  let workspace = TestWorkspace()

  /// Stores more events than are given to a contact at once.
  private func track(_ who: JSONObject, count: Int = 1300, in workspace: TestWorkspace) throws {
    for start in stride(from: 0, to: count, by: 100) {
      let events = (start..<start + 100).map { number in
        var event: JSONObject = ["event": "page_view", "url": .string("https://a.example/\(number)")]
        for (name, value) in who { event[name] = value }
        return JSONValue.object(event)
      }
      _ = try workspace.call("pathbound_track_events", ["events": .array(events)])
      workspace.clock.advance(seconds: 1)
    }
  }

  private func attach(_ visitor: String, to contact: String) throws {
    _ = try workspace.call(
      "pathbound_update_contact", ["contact_id": .string(contact), "visitor_id": .string(visitor)])
  }

  private func total(_ arguments: JSONObject) throws -> Int64? {
    try workspace.call("pathbound_list_events", arguments).totalItems
  }

  /// The number of events whose row names a contact already.
  private func linked(_ workspace: TestWorkspace) throws -> Int64? {
    try workspace.store.read { (transaction) throws(ServiceError) in
      try transaction.database.integer("SELECT count(*) FROM events WHERE contact_id IS NOT NULL")
    }
  }

  private func upkeep(_ workspace: TestWorkspace, most: Int = .max) throws -> Int {
    var steps = 0
    for kind in workspace.store.upkeep { while steps < most, try kind.doNext(shouldStop: { false }) { steps += 1 } }
    return steps
  }

  @Test("gives the newest at once and the others little by little, and lists and statistics know them all meanwhile")
  func piecewise() throws {
    try track(["visitorId": "v1"], in: workspace)
    try track(["visitorId": "v2"], count: 100, in: workspace)
    let id = try workspace.contact("ada@b.example")
    try attach("v1", to: id)
    #expect(try linked(workspace) == 500)
    func check() throws {
      for filter: JSONObject in [[:], ["event_type": "page_view"], ["search": "a.example"], ["sort_by": "createdAt"]] {
        var filter = filter
        filter["contact_id"] = .string(id)
        #expect(try total(filter) == 1300)
        filter["count_only"] = true
        #expect(try workspace.call("pathbound_list_events", filter) == ["count": 1300])
      }
      #expect(try total(["identified_only": true]) == 1300)
      for fields: JSONObject in [[:], ["fields": "summary"]] {
        var oldest: JSONObject = ["contact_id": .string(id), "sort_dir": "asc", "limit": 1]
        for (name, value) in fields { oldest[name] = value }
        let event = try workspace.call("pathbound_list_events", oldest)["events"]?[0]
        #expect(event?["url"] == "https://a.example/0")
        #expect(event?["internal_contact_id"] ?? event?["contact_id"] == .string(id))
      }
      let stats = try workspace.call("pathbound_get_event_stats")["stats"]
      #expect(stats?["identified_events"] == 1300 && stats?["unique_contacts"] == 1)
      let groups = try workspace.call("pathbound_aggregate", ["entity": "events", "group_by": "contact_id"])["groups"]
      #expect(groups?[0]?["key"] == .string(id) && groups?[0]?["count"] == 1300)
      let newest = try workspace.call("pathbound_get_contact", ["contact_id": .string(id)])["events"]
      #expect(newest?[0]?["url"] == "https://a.example/1299")
    }
    try check()
    #expect(try upkeep(workspace) == 2)
    #expect(try linked(workspace) == 1300)
    try check()
    #expect(try upkeep(workspace) == 0)
  }

  @Test("keeps where the person came from at first, and new events of the visitor are theirs at once")
  func firstTouch() throws {
    try track(["visitorId": "v1", "referrer": "https://news.example/"], in: workspace)
    let id = try workspace.contact("ada@b.example")
    try attach("v1", to: id)
    let contact = try workspace.call("pathbound_get_contact", ["contact_id": .string(id)])["contact"]
    #expect(contact?["creation_landing_page"] == "https://a.example/0")
    try track(["visitorId": "v1"], count: 100, in: workspace)
    #expect(try linked(workspace) == 600)
    #expect(try total(["contact_id": .string(id)]) == 1400)
  }

  @Test("who becomes that visitor meanwhile gets later events alone")
  func another() throws {
    try track(["visitorId": "v1"], in: workspace)
    let ada = try workspace.contact("ada@b.example")
    let bob = try workspace.contact("bob@b.example")
    try attach("v1", to: ada)
    try attach("v1", to: bob)
    try track(["visitorId": "v1"], count: 100, in: workspace)
    _ = try upkeep(workspace)
    #expect(try total(["contact_id": .string(ada)]) == 1300)
    #expect(try total(["contact_id": .string(bob)]) == 100)
  }

  @Test("a contact that is deleted meanwhile leaves the others to nobody, or to who comes next")
  func deleted() throws {
    try track(["visitorId": "v1"], in: workspace)
    let ada = try workspace.contact("ada@b.example")
    try attach("v1", to: ada)
    _ = try workspace.call("pathbound_delete_contact", ["contact_id": .string(ada)])
    #expect(try total(["identified_only": true]) == 0)
    let bob = try workspace.contact("bob@b.example")
    try attach("v1", to: bob)
    _ = try upkeep(workspace)
    #expect(try total(["contact_id": .string(bob)]) == 1300)
    #expect(try linked(workspace) == 1300)
  }

  @Test("goes on after its process has ended in the middle")
  func afterEnd() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/workspace.db"
    let first = TestWorkspace(path: path)
    try track(["visitorId": "v1"], in: first)
    _ = try first.call("pathbound_create_contact", ["email": "ada@b.example", "visitor_id": "v1"])
    first.close()
    let second = TestWorkspace(path: path)
    #expect(try linked(second) == 500)
    #expect(try upkeep(second) == 2)
    #expect(try linked(second) == 1300)
  }

  @Test("events that name another system's id come in the same way")
  func externalID() throws {
    try track(["external_contact_id": "crm-7"], in: workspace)
    let id = try workspace.contact("ada@b.example", ["external_id": "crm-7"])
    #expect(try linked(workspace) == 500)
    #expect(try total(["contact_id": .string(id)]) == 500)
    #expect(try upkeep(workspace) == 2)
    #expect(try total(["contact_id": .string(id)]) == 1300)
  }

  @Test("tells the worker, so that the others do not wait long")
  func due() throws {
    let heard = Heard()
    workspace.store.onDueWork { heard.note() }
    try track(["visitorId": "v1"], count: 100, in: workspace)
    _ = try workspace.call("pathbound_create_contact", ["email": "ada@b.example", "visitor_id": "v1"])
    #expect(heard.count == 0)
    try track(["visitorId": "v2"], in: workspace)
    _ = try workspace.call("pathbound_create_contact", ["email": "bob@b.example", "visitor_id": "v2"])
    #expect(heard.count == 1)
  }
}

/// How often somebody was told.
private final class Heard: Sendable {
  private let number = Mutex(0)
  var count: Int { number.withLock { $0 } }
  func note() { number.withLock { $0 += 1 } }
}
