import JSON
import Platform
import Service
import Testing

@Suite("Quiet hours")
struct QuietHoursTests {
  @Test(
    "hold from their start to their end, also over midnight and on other clocks",
    arguments: [
      ("20:00-08:00", "+00:00", "2026-11-21T19:59:59Z", nil),
      ("20:00-08:00", "+00:00", "2026-11-21T20:00:00Z", "2026-11-22T08:00:00.000Z"),
      ("20:00-08:00", "+00:00", "2026-11-21T07:59:30Z", "2026-11-21T08:00:00.000Z"),
      ("20:00-08:00", "+00:00", "2026-11-21T08:00:00Z", nil),
      ("12:00-13:30", "+00:00", "2026-11-21T12:15:00Z", "2026-11-21T13:30:00.000Z"),
      ("20:00-08:00", "+02:00", "2026-11-21T18:00:00Z", "2026-11-22T06:00:00.000Z"),
      ("20:00-08:00", "-05:30", "2026-11-21T01:29:00Z", nil),
      ("20:00-08:00", "-05:30", "2026-11-21T01:30:00Z", "2026-11-21T13:30:00.000Z"),
      ("20:00-08:00", "+00:00", "1969-12-31T23:59:59Z", "1970-01-01T08:00:00.000Z"),
    ])
  func end(_ hours: String, _ offset: String, _ moment: String, _ end: String?) throws {
    let quiet = try #require(QuietHours(hours, offset: offset))
    #expect(quiet.end(at: try #require(Timestamp(iso8601: moment)))?.iso8601 == end)
    #expect(quiet.text == hours && quiet.offsetText == offset)
  }

  @Test(
    "are two different times of day",
    arguments: [
      "", "20:00", "20:00-20:00", "24:00-08:00", "20:60-08:00", "8:00-20:00", "20:00-08:00-09:00", "２0:00-08:00",
    ])
  func malformed(hours: String) {
    #expect(QuietHours(hours) == nil)
  }

  @Test("know only offsets that clocks have", arguments: ["", "1", "+1:00", "+15:00", "01:00", "±01:00"])
  func offsets(offset: String) {
    #expect(QuietHours("20:00-08:00", offset: offset) == nil)
  }

  @Test("stop at the ends of time")
  func extremes() throws {
    let quiet = try #require(QuietHours("20:00-19:59"))
    for moment in [Int64.min, Int64.max] { _ = quiet.end(at: Timestamp(milliseconds: moment)) }
  }

  @Test("rules survive being written down")
  func json() {
    var rules = OutreachRules()
    rules.quietHours = QuietHours("20:00-08:00", offset: "-03:30")
    rules.contactCap = 2
    rules.domainCap = 10
    rules.avoidsActiveSequences = true
    #expect(OutreachRules(json: rules.json) == rules)
    #expect(OutreachRules(json: OutreachRules().json) == OutreachRules())
  }
}

@Suite("Claims")
struct ClaimTests {
  @Test("are kept while work outside goes on")
  func kept() throws {
    let queue = FakeActionQueue()
    let performer = WaitingPerformer(queue: queue, renewals: 3)
    _ = try queue.perform(.fixture("act_1", type: "email_message"), with: performer, renewingEvery: 1)
    #expect(queue.state.withLock(\.finished) == ["act_1"])
    #expect(queue.state.withLock(\.renewals) >= 3)
  }

  @Test("with a refusal end as failed, and nothing is performed")
  func refused() throws {
    let queue = FakeActionQueue()
    let performer = FakePerformer()
    var action = ClaimedAction.fixture()
    action.refusal = "A rule forbids it."
    _ = try queue.perform(action, with: performer)
    #expect(performer.performed == 0)
    #expect(queue.state.withLock(\.finished) == ["act_1"])
  }
}

/// Ends when its claim has been renewed so many times.
private struct WaitingPerformer: ActionPerformer {
  let queue: FakeActionQueue
  let renewals: Int

  func perform(_ action: ClaimedAction) -> ActionOutcome {
    let isKept: Bool? = queue.state.wait(until: .after(milliseconds: 60_000)) { $0.renewals >= renewals ? true : nil }
    return isKept == true ? .completed(result: [:], changes: []) : .failed("The claim was not renewed.")
  }
}
