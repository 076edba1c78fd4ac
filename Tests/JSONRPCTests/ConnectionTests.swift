import JSON
import JSONRPC
import Platform
import TestSupport
import Testing

@Suite("Connection")
struct ConnectionTests {
  @Test("F-06, F-08, F-09: a line that can't be read is reported, and the next one is read")
  func unreadable() throws {
    let deep = String(repeating: "[", count: 129) + String(repeating: "]", count: 129)
    let receiver = try receive(
      Array("{\"jsonrpc\":\n".utf8) + [0x22, 0xFF, 0x22, 0x0A] + Array("\(deep)\n{\"a\":1,\"a\":2}\n".utf8)
        + Array(repeating: UInt8(ascii: "1"), count: 1001) + Array("\n[]\n".utf8))
    #expect(receiver.seen == ["-32700", "-32700", "-32700", "-32700", "-32700", "batch 0"])
  }

  @Test("F-09: nesting at the limit is read")
  func nesting() throws {
    let deep = String(repeating: "[", count: 128) + String(repeating: "]", count: 128)
    #expect(try receive(Array(deep.utf8)).seen == ["batch 1"])
  }

  @Test("answers to lines that one read brought leave in one write, after the end of the batch is told")
  func oneWritePerRead() throws {
    let output = TestPipe(.packets)
    let line = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\"}\n"
    let receiver = try receive(Array((line + line + line).utf8), output: output)
    #expect(receiver.batches == ["m m m", ""])
    #expect(output.read().count { $0 == UInt8(ascii: "\n") } == 4)
  }

  @Test("SH-03: nothing is taken any more once the receiver wants no more")
  func stops() throws {
    let line = "{\"jsonrpc\":\"2.0\",\"method\":\"last\"}\n"
    #expect(try receive(Array((line + line).utf8)).seen == ["last"])
  }
}

/// Runs a connection over the bytes, which fit into a pipe, to their end.
private func receive(_ bytes: [UInt8], output: TestPipe = TestPipe()) throws -> Recorder {
  let input = TestPipe()
  input.write(bytes)
  input.writing.close()
  let outbox = Outbox(output: output.writing) {}
  let recorder = Recorder(outbox)
  try Connection(input: input.reading, outbox: outbox, lineLimit: 1000, nestingLimit: 128).run(recorder)
  return recorder
}

private final class Recorder: MessageReceiver {
  private let outbox: Outbox
  private var batch: [String] = []
  var seen: [String] = []
  var batches: [String] = []
  var isReceiving = true

  init(_ outbox: Outbox) { self.outbox = outbox }

  func receive(_ incoming: Incoming) {
    switch incoming {
    case .message(.request(let request)): note(request.method)
    case .message(.notification(let notification)):
      note(notification.method)
      isReceiving = notification.method != "last"
    case .message: note("other")
    case .batch(let messages): note("batch \(messages.count)")
    case .unreadable(let error): note("\(error.code.value)")
    }
    outbox.append { $0.raw("1") }
  }

  func endOfBatch() {
    batches.append(batch.joined(separator: " "))
    batch = []
    outbox.append { $0.raw("2") }
  }

  private func note(_ what: String) {
    seen.append(what)
    batch.append(what)
  }
}
