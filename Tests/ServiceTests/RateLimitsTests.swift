import Platform
import Service
import TestSupport
import Testing

@Suite("Rate limits")
struct RateLimitsTests {
  private let clock = ManualClock()
  private let call = Call.of(.fixture())

  private func limits(_ windows: RateLimits.Window...) -> RateLimits { RateLimits(windows: windows, clock: clock) }

  private func admitted(_ limits: RateLimits, of attempts: Int) -> Int {
    (0..<attempts).count { _ in (try? limits.admit(call)) != nil }
  }

  @Test("calls beyond the window are refused with the time to wait, after which one passes")
  func refusal() throws {
    let limits = limits(.init(seconds: 60, calls: 3))
    #expect(admitted(limits, of: 5) == 3)
    let error = try #require(throws: ServiceError.self) { try limits.admit(call) }
    #expect(error.code == .rateLimited)
    let wait = try #require(error.retryAfter)
    #expect((60...61).contains(wait))
    #expect(error.message.contains("Retry in \(wait) s"))
    clock.advance(seconds: Int64(wait))
    try limits.admit(call)
  }

  @Test("no window of the promised length ever holds more calls than promised")
  func sliding() {
    let limits = limits(.init(seconds: 60, calls: 10))
    var times: [Int64] = []
    for _ in 0..<2000 {
      if (try? limits.admit(call)) != nil { times.append(clock.now().milliseconds) }
      clock.advance(milliseconds: 370)
    }
    #expect(times.count > 100)
    for (first, eleventh) in zip(times, times.dropFirst(10)) { #expect(eleventh - first >= 60_000) }
  }

  @Test("refused calls do not count, so who waits as told succeeds")
  func refusedAreFree() throws {
    let limits = limits(.init(seconds: 60, calls: 1))
    try limits.admit(call)
    #expect(admitted(limits, of: 1000) == 0)
    clock.advance(seconds: 61)
    try limits.admit(call)
  }

  @Test("of several windows the strictest decides, and a refusal counts in none")
  func several() throws {
    let limits = limits(.init(seconds: 60, calls: 2), .init(seconds: 3600, calls: 3))
    #expect(admitted(limits, of: 4) == 2)
    clock.advance(seconds: 61)
    #expect(admitted(limits, of: 4) == 1)
    clock.advance(seconds: 61)
    let error = try #require(throws: ServiceError.self) { try limits.admit(call) }
    #expect(try #require(error.retryAfter) > 3000)
    clock.advance(seconds: 3600)
    #expect(admitted(limits, of: 4) == 2)
  }

  @Test("a long silence and a clock that is set back end nothing")
  func clockJumps() throws {
    let limits = limits(.init(seconds: 60, calls: 2))
    #expect(admitted(limits, of: 3) == 2)
    clock.advance(seconds: 1_000_000)
    #expect(admitted(limits, of: 3) == 2)
    clock.advance(seconds: -500_000)
    #expect(admitted(limits, of: 3) == 2)
  }

  @Test("each plan admits as many calls as it promises", arguments: RateLimits.Plan.allCases)
  func plans(plan: RateLimits.Plan) throws {
    let limits = RateLimits(windows: plan.windows, clock: clock)
    let minute = try #require(plan.windows.first { $0.seconds == 60 })
    #expect(admitted(limits, of: minute.calls + 10) == minute.calls)
  }
}
