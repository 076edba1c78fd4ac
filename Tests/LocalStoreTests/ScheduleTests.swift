import JSON
import LocalStore
import Platform
import Service
import StoreSupport
import TestSupport
import Testing

@Suite("Schedules")
struct ScheduleTests {
  let workspace = TestWorkspace()

  /// Saturday, 21 November 2026, 08:30 is the time; the agent runs on weekdays at 14:00.
  @discardableResult
  private func agent(_ more: JSONObject = [:]) throws -> String {
    var arguments: JSONObject = [
      "name": "Weekdays", "enabled": true, "monitoring": ["schedule_cron": "0 14 * * 1-5"],
    ]
    for (key, value) in more { arguments[key] = value }
    return try #require(
      try workspace.call("pathbound_create_agent", arguments)["agent"]?["_id"]?.stringValue)
  }

  private func runs(_ agent: String) throws -> [JSONValue] {
    try #require(try workspace.call("pathbound_list_agent_runs", ["id": .string(agent)])["runs"]?.arrayValue)
  }

  private let day: Int64 = 86_400

  @Test("an enabled agent is started when it is due, and not before")
  func due() throws {
    let ada = try workspace.contact("ada@example.com")
    let id = try agent()
    #expect(try workspace.store.nextScheduledTime() == Timestamp(iso8601: "2026-11-23T14:00:00Z"))
    #expect(try !workspace.store.startDueAgent())
    workspace.clock.advance(seconds: 2 * day + 19_799)
    #expect(try !workspace.store.startDueAgent())
    workspace.clock.advance(seconds: 1)
    #expect(try workspace.store.startDueAgent())
    #expect(try !workspace.store.startDueAgent())
    let run = try #require(try runs(id).first)
    #expect(run["status"] == "queued" && run["scheduled_for"] == "2026-11-23T14:00:00.000Z")
    #expect(try workspace.store.nextScheduledTime() == Timestamp(iso8601: "2026-11-24T14:00:00Z"))
    let claimed = try #require(try workspace.store.claimRun())
    #expect(try workspace.store.nextContact(of: claimed)?.id == ada)
  }

  @Test("times that passed while nobody looked are made up for once")
  func missed() throws {
    let id = try agent()
    workspace.clock.advance(seconds: 10 * day)
    #expect(try workspace.store.startDueAgent())
    #expect(try !workspace.store.startDueAgent())
    #expect(try runs(id).map { $0["scheduled_for"] } == ["2026-11-23T14:00:00.000Z"])
    #expect(try workspace.store.nextScheduledTime() == Timestamp(iso8601: "2026-12-01T14:00:00Z"))
  }

  @Test("of two processes one starts the run")
  func once() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("workspace.db")
    let first = TestWorkspace(path: path)
    let second = TestWorkspace(path: path, clock: first.clock)
    _ = try first.call(
      "pathbound_create_agent",
      ["name": "Hourly", "enabled": true, "monitoring": ["schedule_cron": "0 * * * *"]])
    first.clock.advance(seconds: day)
    #expect([try first.store.startDueAgent(), try second.store.startDueAgent()] == [true, false])
    first.close()
    second.close()
  }

  @Test("a disabled agent is not started, one that is enabled later is, and a changed schedule counts from now")
  func changes() throws {
    let id = try agent(["enabled": false])
    #expect(try workspace.store.nextScheduledTime() == nil)
    workspace.clock.advance(seconds: 10 * day)
    _ = try workspace.call("pathbound_update_agent", ["id": .string(id), "enabled": true])
    #expect(try !workspace.store.startDueAgent())
    _ = try workspace.call(
      "pathbound_update_agent", ["id": .string(id), "monitoring": ["schedule_cron": "45 8 * * *"]])
    #expect(try workspace.store.nextScheduledTime() == Timestamp(iso8601: "2026-12-01T08:45:00Z"))
    _ = try workspace.call("pathbound_update_agent", ["id": .string(id), "monitoring": ["schedule_cron": .null]])
    #expect(try workspace.store.nextScheduledTime() == nil)
  }

  @Test("no second run piles up behind one that has not ended, and a run by hand is no hindrance")
  func unfinished() throws {
    let id = try agent()
    _ = try workspace.call("pathbound_trigger_agent", ["id": .string(id)])
    workspace.clock.advance(seconds: 3 * day)
    #expect(try workspace.store.startDueAgent())
    #expect(try runs(id).count == 2)
    workspace.clock.advance(seconds: day)
    #expect(try workspace.store.startDueAgent())
    #expect(try runs(id).count == 2)
    #expect(try !workspace.store.startDueAgent())
  }
}
