import Foundation
import JSON
import Operations
import Service
import TestSupport
import Testing

@Suite("Rate limits in a file")
struct RateWindowFileTests {
  private let clock = ManualClock()
  private let call = Call.of(.fixture())

  private func limits(_ path: String, _ plan: RateLimits.Plan = .starter) -> RateLimits {
    RateLimits(windows: plan.windows, clock: clock, file: RateWindowFile(path: path))
  }

  private func admitted(_ limits: RateLimits, of attempts: Int) -> Int {
    (0..<attempts).count { _ in (try? limits.admit(call)) != nil }
  }

  @Test("the windows hold over restarts and over several processes")
  func shared() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("data/workspace.db-rates")
    let (first, second) = (limits(path), limits(path))
    #expect(admitted(first, of: 25) == 25)
    #expect(admitted(second, of: 25) == 25)
    #expect(admitted(limits(path), of: 25) == 10)
    #expect(admitted(first, of: 5) == 0)
    let error = try #require(throws: ServiceError.self) { try second.admit(call) }
    #expect(error.code == .rateLimited)
    let wait = try #require(error.retryAfter)
    #expect((59...61).contains(wait))
    clock.advance(seconds: Int64(wait))
    try second.admit(call)
  }

  @Test("minute, hour and day apply at once, and refused calls count in none")
  func windows() throws {
    let folder = try TemporaryFolder()
    var total = 0
    for minute in 0..<20 {
      total += admitted(limits(folder.file("rates")), of: minute == 19 ? 100 : 70)
      clock.advance(seconds: 61)
    }
    #expect(total == 1000)
    let error = try #require(throws: ServiceError.self) { try limits(folder.file("rates")).admit(call) }
    #expect(try #require(error.retryAfter) > 2000)
  }

  @Test("a damaged file counts as empty, and one that can't be made limits the process alone")
  func damaged() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("rates")
    #expect(admitted(limits(path), of: 100) == 60)
    try Data(repeating: 0xFF, count: 4000).write(to: URL(fileURLWithPath: path))
    #expect(admitted(limits(path), of: 100) == 60)
    try Data().write(to: URL(fileURLWithPath: path))
    #expect(admitted(limits(path), of: 100) == 60)
    let nowhere = limits("/dev/null/rates")
    #expect(admitted(nowhere, of: 100) == 60)
  }

  @Test("what Owlbound answers without a key does not count")
  func keyless() throws {
    let folder = try TemporaryFolder()
    let limits = limits(folder.file("rates"))
    let health = Call.of(.fixture("owlbound_get_health", platform: .owlbound, scope: nil))
    for _ in 0..<200 { try limits.admit(health) }
    #expect(admitted(limits, of: 100) == 60)
    try limits.admit(health)
  }
}

@Suite("Keys of Owlbound")
struct KeyTypeTests {
  @Test("a key's type is told by how it begins")
  func types() {
    #expect(KeyType(key: "gtm_sk_1") == .secret)
    #expect(KeyType(key: "gtm_pk_1") == .publishable)
    #expect(KeyType(key: "sk_1") == nil)
  }

  @Test("a publishable key can take signals in and nothing else of Owlbound")
  func publishable() throws {
    let scopes = Scopes(granted: nil, owlboundKey: .publishable)
    try scopes.admit(.of(.fixture("owlbound_ingest_signal", platform: .owlbound, scope: .signalsWrite)))
    try scopes.admit(.of(.fixture("owlbound_get_health", platform: .owlbound, scope: nil)))
    try scopes.admit(.of(.fixture(scope: .actionsWrite)))
    let read = Operation.fixture("owlbound_list_contacts", platform: .owlbound, scope: .contactsRead)
    #expect(!scopes.allows(read))
    let error = try #require(throws: ServiceError.self) { try scopes.admit(.of(read)) }
    #expect(error.code == .insufficientScope)
    #expect(error.message.contains("gtm_pk_"))
  }
}
