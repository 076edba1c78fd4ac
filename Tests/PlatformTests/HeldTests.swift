import Platform
import Synchronization
import Testing

@Suite("Held closures")
struct HeldTests {
  @Test("a closure in a lock can be called however often it was looked at")
  func manyLooks() {
    let calls = Mutex(0)
    let closure: @Sendable () -> Void = { calls.withLock { $0 += 1 } }
    let held = Mutex<Held<@Sendable () -> Void>?>(Held(closure))
    for _ in 0..<500_000 { _ = held.withLock { $0 } }
    held.withLock { $0 }?.value()
    #expect(calls.withLock { $0 } == 1)
  }
}
