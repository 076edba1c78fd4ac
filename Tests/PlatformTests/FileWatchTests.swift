import Platform
import TestSupport
import Testing

@Suite("File watch")
struct FileWatchTests {
  @Test("writes are told, whoever makes them, and none after the end")
  func writes() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/file"
    let file = try Files.createExclusively(path)
    let seen = Monitor(0)
    let watch = try FileWatch(path) {
      seen.withLock { $0 += 1 }
      seen.notify()
    }
    for round in 1...3 {
      let before = seen.withLock { $0 }
      try file.writeAll(Array("round \(round)".utf8))
      #expect(seen.wait(until: .after(milliseconds: 10_000)) { $0 > before ? true : nil } == true)
    }
    watch.end()
    watch.end()
    // A second watch sees the write that the first one must not.
    let again = Monitor(false)
    let other = try FileWatch(path) {
      again.withLock { $0 = true }
      again.notify()
    }
    let before = seen.withLock { $0 }
    try file.writeAll(Array("more".utf8))
    #expect(again.wait(until: .after(milliseconds: 10_000)) { $0 ? true : nil } == true)
    #expect(seen.withLock { $0 } == before)
    other.end()
    file.close()
  }

  @Test("a file that is not there can't be watched")
  func missing() throws {
    let folder = try TemporaryFolder()
    #expect(throws: SystemError.self) { try FileWatch(folder.path + "/none") {} }
  }
}
