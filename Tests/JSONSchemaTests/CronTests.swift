import JSONSchema
import Platform
import Testing

@Suite("Cron expressions")
struct CronTests {
  @Test(
    "the next time is the first minute after the moment that fits all fields",
    arguments: [
      ("0 14 * * 1-5", "2026-11-21T08:30", "2026-11-23T14:00"), ("* * * * *", "2026-11-21T08:30", "2026-11-21T08:31"),
      ("*/15 * * * *", "2026-11-21T08:45", "2026-11-21T09:00"),
      ("5/20 3 * * *", "2026-11-21T03:05", "2026-11-21T03:25"),
      ("0 0 1 JAN *", "2026-11-21T08:30", "2027-01-01T00:00"),
      ("30 9 * * mon,FRI", "2026-11-21T08:30", "2026-11-23T09:30"),
      ("0 0 29 2 *", "2026-11-21T08:30", "2028-02-29T00:00"), ("0 0 29 2 *", "2096-02-29T00:00", "2104-02-29T00:00"),
      ("59 23 31 12 *", "2026-12-31T23:59", "2027-12-31T23:59"), ("0 12 * * 7", "2026-11-21T08:30", "2026-11-22T12:00"),
      // Restricted both ways, either day suffices; a step over all is no restriction in this sense.
      ("0 0 13 * 5", "2026-11-21T08:30", "2026-11-27T00:00"), ("0 0 */2 * 1", "2026-11-21T08:30", "2026-11-23T00:00"),
      ("0 0 29 2 */7", "2026-11-21T08:30", "2032-02-29T00:00"),
    ])
  func next(text: String, moment: String, expected: String) throws {
    let expression = try #require(CronExpression(text))
    let start = try #require(Timestamp(iso8601: moment))
    #expect(expression.next(after: start) == Timestamp(iso8601: expected))
    #expect(expression.next(after: start.adding(milliseconds: -1)).map { $0 >= start } == true)
  }

  @Test("seconds within a minute do not matter")
  func seconds() throws {
    let expression = try #require(CronExpression("31 8 * * *"))
    let start = try #require(Timestamp(iso8601: "2026-11-21T08:30:59.999Z"))
    #expect(expression.next(after: start) == Timestamp(iso8601: "2026-11-21T08:31"))
    let before = Timestamp(milliseconds: -1)
    #expect(CronExpression("* * * * *")?.next(after: before) == Timestamp(milliseconds: 0))
  }

  @Test("a day that no month has never comes", arguments: ["0 0 30 2 *", "0 0 31 4,6,9,11 *", "0 0 30-31 FEB *"])
  func never(text: String) throws {
    #expect(try #require(CronExpression(text)).next(after: Timestamp(milliseconds: 1_800_000_000_000)) == nil)
    #expect(CronExpression(text)?.times(3, after: Timestamp(milliseconds: 0)) == [])
  }

  @Test("times follow one another")
  func times() throws {
    let start = try #require(Timestamp(iso8601: "2026-11-20T13:59"))
    let times = CronExpression("0 14 * * 1-5")?.times(3, after: start).map(\.iso8601)
    #expect(times == ["2026-11-20T14:00:00.000Z", "2026-11-23T14:00:00.000Z", "2026-11-24T14:00:00.000Z"])
  }

  @Test(
    "what has not five good fields is none",
    arguments: [
      "", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8", "5-1 * * * *",
      "*/0 * * * *", "a * * * *", "1,, * * * *", "1//2 * * * *", "-1 * * * *", "* * * FOO *", "@daily",
    ])
  func malformed(text: String) {
    #expect(CronExpression(text) == nil)
  }
}
