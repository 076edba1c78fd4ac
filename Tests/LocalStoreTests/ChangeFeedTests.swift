import Logging
import Platform
import Service
import TestSupport
import Testing

@testable import LocalStore

@Suite("Change feed")
struct ChangeFeedTests {
  /// Counts what a feed tells.
  private final class Ear: Sendable {
    private let count = Monitor(0)

    func hear() {
      count.withLock { $0 += 1 }
      count.notify()
    }

    var heard: Int { count.withLock { $0 } }

    func hears(more before: Int) -> Bool {
      count.wait(until: .after(milliseconds: 10_000)) { $0 > before ? true : nil } ?? false
    }
  }

  @Test("a commit is told, by this process or another, until the watch ends", arguments: [true, false])
  func commits(isOwn: Bool) throws {
    let folder = try TemporaryFolder()
    let watched = LocalStore(path: folder.file("w.db"), log: Log(level: .error))
    let writing = isOwn ? watched : LocalStore(path: folder.file("w.db"), log: Log(level: .error))
    let ear = Ear()
    let watch = watched.watch { ear.hear() }
    #expect(ear.hears(more: 0))
    for round in 1...3 {
      let before = ear.heard
      _ = try writing.writer.change { transaction throws(ServiceError) in transaction.count("round", by: Int64(round)) }
      #expect(ear.hears(more: before))
    }
    watch.end()
    // Another ear hears the next commit, the first one does not.
    let other = Ear()
    let second = watched.watch { other.hear() }
    let before = (ear.heard, other.heard)
    _ = try writing.writer.change { transaction throws(ServiceError) in transaction.count("round", by: 1) }
    #expect(other.hears(more: before.1))
    #expect(ear.heard == before.0)
    second.end()
  }

  @Test("in memory a commit is told too")
  func memory() throws {
    let store = LocalStore(path: ":memory:", log: Log(level: .error))
    let ear = Ear()
    let watch = store.watch { ear.hear() }
    #expect(ear.hears(more: 0))
    let before = ear.heard
    _ = try store.writer.change { transaction throws(ServiceError) in transaction.count("round", by: 1) }
    #expect(ear.hears(more: before))
    watch.end()
  }

  @Test("while nobody writes, nothing is told")
  func silence() throws {
    let folder = try TemporaryFolder()
    let store = LocalStore(path: folder.file("w.db"), log: Log(level: .error))
    let ear = Ear()
    let watch = store.watch { ear.hear() }
    #expect(ear.hears(more: 0))
    let before = ear.heard
    _ = try store.read { transaction throws(ServiceError) in try transaction.counter("round") }
    // Only the write is told: what reads would have been told before it.
    _ = try store.writer.change { transaction throws(ServiceError) in transaction.count("round", by: 1) }
    #expect(ear.hears(more: before))
    #expect(ear.heard == before + 1)
    watch.end()
  }
}
