import HTTP
import Platform
import TestSupport
import Testing

@Suite("HTTPRetries")
struct HTTPRetriesTests {
  /// Gives scripted outcomes and counts.
  private final class Script: HTTPClient {
    private let outcomes: Monitor<[Result<HTTPResponse, HTTPError>]>
    private let sent = Monitor(0)

    init(_ outcomes: [Result<HTTPResponse, HTTPError>]) { self.outcomes = Monitor(outcomes) }

    var count: Int { sent.withLock { $0 } }

    func send(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
      sent.withLock { $0 += 1 }
      return try outcomes.withLock { $0.removeFirst() }.get()
    }
  }

  private let waits = Monitor<[Int]>([])
  private let clock = ManualClock("2026-11-21T08:30:00.000Z")

  private func retries(safe: Bool, attempts: Int = 3) -> HTTPRetries {
    var retries = HTTPRetries(isSafeToRepeat: safe, attempts: attempts)
    retries.sleep = { [waits] wait in
      waits.withLock { $0.append(wait) }
      return true
    }
    retries.jitter = { 1 }
    return retries
  }

  private func run(_ script: Script, _ retries: HTTPRetries) -> Result<Int, HTTPError> {
    do {
      return .success(try retries.send(HTTPRequest("POST", "http://a/"), with: script, clock: clock).status)
    } catch {
      return .failure(error)
    }
  }

  private func response(_ status: Int, retryAfter: String? = nil) -> Result<HTTPResponse, HTTPError> {
    .success(HTTPResponse(status: status, headers: retryAfter.map { ["Retry-After": $0] } ?? [:]))
  }

  @Test("a refusal that names a wait is followed by another attempt after it")
  func retryAfter() {
    let script = Script([
      response(429, retryAfter: "2"), response(429, retryAfter: "Sat, 21 Nov 2026 08:30:05 GMT"), response(200),
    ])
    #expect(run(script, retries(safe: false)) == .success(200))
    #expect(waits.withLock { $0 } == [2000, 5000])
  }

  @Test("a server that asks for a longer wait than allowed is not asked again")
  func longWait() {
    let script = Script([response(429, retryAfter: "3600")])
    #expect(run(script, retries(safe: false)) == .success(429))
    #expect(script.count == 1)
  }

  @Test("without a wait of the server's, pauses double, and attempts end")
  func doubling() {
    let script = Script([response(503), response(502), response(504), response(503)])
    #expect(run(script, retries(safe: true, attempts: 4)) == .success(503))
    #expect(waits.withLock { $0 } == [500, 1000, 2000])
  }

  @Test(
    "what is not safe to repeat is repeated only when it provably did not leave", arguments: HTTPError.Kind.allCases)
  func unsafe(kind: HTTPError.Kind) {
    let lost = Script([.failure(HTTPError(kind, "", reachedServer: .maybe)), response(200)])
    #expect(run(lost, retries(safe: false)) == .failure(HTTPError(kind, "", reachedServer: .maybe)))
    #expect(lost.count == 1)
    let unsent = Script([.failure(HTTPError(kind, "", reachedServer: .no)), response(200)])
    let mayHelp: [HTTPError.Kind] = [.unreachable, .timedOut, .broken, .helperEnded]
    _ = run(unsent, retries(safe: false))
    #expect(unsent.count == (mayHelp.contains(kind) ? 2 : 1))
  }

  @Test("a status that does not say that nothing was done is the result of an unsafe request")
  func serverError() {
    let script = Script([response(503), response(200)])
    #expect(run(script, retries(safe: false)) == .success(503))
  }

  @Test("when nobody wants the result any more, the last answer stands")
  func withdrawn() {
    let cancellation = Cancellation()
    cancellation.cancel()
    let script = Script([response(429), response(200)])
    #expect(run(script, HTTPRetries(isSafeToRepeat: true, cancellation: cancellation)) == .success(429))
  }

  @Test(
    "nonsense in Retry-After counts as no wait of the server's",
    arguments: ["soon", "", "-", "Sat, 31 Feb 2026 08:30:05 GMT", "Sat, 21 Nov 2026 08:30 GMT", "nan"])
  func nonsense(text: String) {
    #expect(HTTPResponse(status: 429, headers: ["Retry-After": text]).retryAfter(now: clock.now()) == nil)
  }

  @Test("a time in the past and a negative wait are none, a huge one is bounded")
  func extremes() {
    func wait(_ text: String) -> Int? {
      HTTPResponse(status: 429, headers: ["Retry-After": text]).retryAfter(now: clock.now())
    }
    #expect(wait("-5") == 0)
    #expect(wait("Sat, 21 Nov 2020 08:30:05 GMT") == 0)
    #expect(wait("1e300") == 1_000_000_000_000)
  }
}
