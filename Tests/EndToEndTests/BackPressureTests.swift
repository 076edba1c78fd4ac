import Foundation
import JSON
import Platform
import TestSupport
import Testing

/// Clients that send without reading, or read without haste; with the built program.
@Suite struct BackPressureTests {
  private let program = BuiltProgram()

  /// What a process has in memory, in KiB.
  private func memory(of process: ChildProcess) throws -> Int {
    let text = String(decoding: try Files.read("/proc/\(process.id)/status"), as: UTF8.self)
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
    return try #require(line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) })
  }

  /// A workspace whose list of contacts is long.
  private func fill() throws {
    let session = try program.serve()
    try session.initialize()
    let text = String(repeating: "words ", count: 300)
    for number in 0..<50 {
      _ = try session.payload(
        "pathbound_create_contact",
        ["email": .string("p\(number)@example.com"), "properties": ["company": .string("\(number) \(text)")]])
    }
    #expect(session.close() == 0)
  }

  private static func lines(_ messages: [JSONValue]) -> [UInt8] {
    messages.flatMap { $0.serialized() + [UInt8(ascii: "\n")] }
  }

  @Test("ten thousand requests in a row are all answered, each once")
  func pipelined() throws {
    let session = try program.serve()
    try session.initialize()
    session.conversation.send(
      bytes: (1...10_000).flatMap { number in
        Self.lines([Session.call("pathbound_list_contacts", ["count_only": true], id: .integer(number))])
      })
    var ids = Set<Int64>()
    for _ in 1...10_000 {
      let id = try #require(session.conversation.receive()?["id"]?.integerValue)
      try #require(ids.insert(id).inserted)
    }
    #expect(ids == Set(1...10_000))
    #expect(session.close() == 0)
  }

  @Test("a client that stops reading does not make the server grow, and gets everything once it reads")
  func stoppedReader() throws {
    try fill()
    let child = try program.startServer()
    let total: Int64 = 3_000
    let list: JSONObject = ["limit": 50, "fields": "full"]
    let written = Monitor(false)
    Platform.Thread.start("sender") {
      var messages = [Session.start, ["jsonrpc": "2.0", "method": "notifications/initialized"]]
      for number in 1...total {
        // Every other one is a search, which is answered on another thread.
        let arguments = number % 2 == 0 ? list.merging(["search": "example"]) : list
        messages.append(Session.call("pathbound_list_contacts", arguments, id: .integer(number)))
      }
      try? child.input.writeAll(Self.lines(messages))
      child.input.close()
      written.withLock { $0 = true }
      written.notify()
    }
    // The server stops taking requests, so that the sender stays behind: some hundred kilobytes are all that waits.
    let isWritten: Bool? = written.wait(until: .after(milliseconds: 1_500)) { $0 ? true : nil }
    #expect(isWritten == nil)
    let stopped = try memory(of: child)
    #expect(stopped < 40_000, "\(stopped) KiB")

    var seen = Set<Int64>()
    var line: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = part.withUnsafeMutableBytes({ (try? child.output.read(into: $0)) ?? 0 }), count > 0 {
      for byte in part[..<count] {
        if byte != UInt8(ascii: "\n") {
          line.append(byte)
          continue
        }
        if let id = try JSONValue(parsing: line)["id"]?.integerValue { #expect(seen.insert(id).inserted) }
        line.removeAll(keepingCapacity: true)
      }
    }
    #expect(seen.count == Int(total))
    #expect(child.waitForExit() == 0)
  }

  @Test("a client that never reads does not keep the server alive")
  func deafReader() throws {
    try fill()
    let child = try program.startServer()
    Platform.Thread.start("sender") {
      let messages = (1...2_000).map { number in
        Session.call("pathbound_list_contacts", ["limit": 50], id: .integer(number))
      }
      try? child.input.writeAll(Self.lines([Session.start] + messages))
      child.input.close()
    }
    // Once it serves, it has its hands on signals.
    var part = [UInt8](repeating: 0, count: 1 << 10)
    #expect(part.withUnsafeMutableBytes { (try? child.output.read(into: $0)) ?? 0 } > 0)
    kill(child.id, SIGTERM)
    #expect(child.waitForExit() == 0)
    child.output.close()
  }
}

extension JSONObject {
  fileprivate func merging(_ other: JSONObject) -> JSONObject {
    var result = self
    for member in other { result[member.key] = member.value }
    return result
  }
}
