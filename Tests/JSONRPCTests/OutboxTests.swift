import Foundation
import JSON
import JSONRPC
import Platform
import TestSupport
import Testing

@Suite("Outbox")
struct OutboxTests {
  @Test("F-03: lines of many threads arrive whole and each thread's in order, however slow the reader")
  func wholeLines() throws {
    let pipe = TestPipe()
    let outbox = Outbox(output: pipe.writing) {}
    let filler = String(repeating: "ä", count: 1000)
    let running = Monitor(8)
    for thread in 0..<8 {
      Thread.start("sender") {
        for number in 0..<Int64(100) {
          outbox.append(["thread": .integer(Int64(thread)), "n": .integer(number), "x": .string(filler)])
        }
        running.withLock { $0 -= 1 }
        running.notify()
      }
    }
    var next = Array(repeating: Int64(0), count: 8)
    for line in readLines(pipe, count: 800) {
      let message = try JSONValue(parsing: line)
      let thread = Int(try #require(message["thread"]?.integerValue))
      #expect(message["n"]?.integerValue == next[thread])
      #expect(message["x"]?.stringValue == filler)
      next[thread] += 1
    }
    #expect(next == Array(repeating: 100, count: 8))
    #expect(outbox.drain(patience: 1000))
  }

  @Test("F-03: a thread that appends does not wait for a reader that takes nothing")
  func neverWaits() {
    let pipe = TestPipe()
    let outbox = Outbox(output: pipe.writing) {}
    for number in 0..<Int64(300) {
      outbox.append(["n": .integer(number), "x": .string(String(repeating: "x", count: 10_000))])
    }
    // Nothing has been read so far: the pipe is full since the first few lines. Its flags are shared with the client.
    #expect(fcntl(pipe.writing.rawValue, F_GETFL) & O_NONBLOCK == 0)
    #expect(readLines(pipe, count: 300).count == 300)
    #expect(outbox.drain(patience: 1000))
  }

  @Test("what belongs together leaves in one write, other lines at once")
  func oneWrite() {
    let pipe = TestPipe(.packets)
    let outbox = Outbox(output: pipe.writing) {}
    outbox.append(["n": 0])
    outbox.together {
      outbox.append(["n": 1])
      outbox.together { outbox.append(["n": 2]) }
      outbox.append(["n": 3])
    }
    #expect(text(pipe.read()) == "{\"n\":0}\n")
    #expect(text(pipe.read()) == "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n")
  }

  @Test("another thread's line does not wait for those that belong together")
  func notHeldBack() {
    let pipe = TestPipe(.packets)
    let outbox = Outbox(output: pipe.writing) {}
    outbox.together {
      outbox.append(["n": 1])
      Thread.start("other") { outbox.append(["n": 2]) }
      #expect(text(pipe.read()) == "{\"n\":1}\n{\"n\":2}\n")
      outbox.append(["n": 3])
    }
    #expect(text(pipe.read()) == "{\"n\":3}\n")
  }

  @Test("F-09: whoever asks for room waits while too much has not left")
  func backPressure() {
    let pipe = TestPipe()
    let outbox = Outbox(output: pipe.writing, crowdedSize: 1 << 20) {}
    outbox.waitForRoom()
    for number in 0..<Int64(30) {
      outbox.append(["n": .integer(number), "x": .string(String(repeating: "x", count: 100_000))])
    }
    let hasRoom = Monitor(false)
    Thread.start("reader") {
      outbox.waitForRoom()
      hasRoom.withLock { $0 = true }
      hasRoom.notify()
    }
    #expect(!hasRoom.withLock { $0 })
    #expect(readLines(pipe, count: 30).count == 30)
    #expect(hasRoom.wait(until: .after(milliseconds: 5000)) { $0 ? true : nil } == true)
  }

  @Test("SH-04: a reader that is gone is told once, and lines after that go nowhere")
  func brokenPipe() {
    let pipe = TestPipe()
    let failures = Monitor(0)
    let outbox = Outbox(output: pipe.writing) { failures.withLock { $0 += 1 } }
    pipe.reading.close()
    for _ in 0..<3 { outbox.append(["n": 1]) }
    #expect(failures.withLock { $0 } == 1)
    #expect(!outbox.drain(patience: 10))
  }

  @Test("SH-04: a reader that goes away while the pipe is full is told too")
  func brokenWhileFull() {
    let pipe = TestPipe()
    let failures = Monitor(0)
    let outbox = Outbox(output: pipe.writing) {
      failures.withLock { $0 += 1 }
      failures.notify()
    }
    outbox.append(["x": .string(String(repeating: "x", count: 1 << 20))])
    pipe.reading.close()
    #expect(failures.wait(until: .after(milliseconds: 5000)) { $0 == 1 ? true : nil } == true)
  }

  @Test("SH-02: waiting for the rest ends when the reader takes nothing any more")
  func stalledDrain() {
    let pipe = TestPipe()
    let outbox = Outbox(output: pipe.writing) {}
    outbox.append(["x": .string(String(repeating: "x", count: 1 << 20))])
    #expect(!outbox.drain(patience: 20))
    outbox.close()
    #expect(!outbox.drain(patience: 20))
  }
}

extension Outbox {
  fileprivate func append(_ message: JSONValue) { append { $0.value(message) } }
}

private func readLines(_ pipe: TestPipe, count: Int) -> [String] {
  var bytes: [UInt8] = []
  var lines = 0
  while lines < count {
    let some = pipe.read()
    if some.isEmpty { break }
    lines += some.count { $0 == UInt8(ascii: "\n") }
    bytes += some
  }
  return bytes.split(separator: UInt8(ascii: "\n")).map { text($0) }
}

private func text(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
