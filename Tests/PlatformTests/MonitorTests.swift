import Platform
import Testing

@Suite("Threads and monitors")
struct MonitorTests {
  @Test("who waits sees what another thread has changed")
  func handsOver() {
    let box = Monitor<[Int]>([])
    for number in 0..<8 {
      Thread.start("test-\(number)") {
        box.withLock { $0.append(number) }
        box.notify()
      }
    }
    let numbers = box.wait(until: .after(milliseconds: 10_000)) { $0.count == 8 ? $0.sorted() : nil }
    #expect(numbers == Array(0..<8))
  }

  @Test("a wait ends at its deadline with nothing")
  func endsAtDeadline() {
    let box = Monitor(0)
    let before = SystemClock().monotonic()
    let value: Int? = box.wait(until: .after(milliseconds: 20)) { _ in nil }
    #expect(value == nil)
    #expect(SystemClock().monotonic() - before >= 20_000_000)
  }

  @Test("a deadline in the past still looks once")
  func looksOnce() {
    let box = Monitor(5)
    #expect(box.wait(until: Deadline(nanoseconds: 0)) { $0 } == 5)
  }
}
