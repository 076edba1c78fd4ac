internal import JSON
internal import Platform

/// Why the demo ended early.
struct DemoFailure: Error {
  let message: String
}

/// A client's end of a conversation with a server that runs as a child process, one request at a time.
final class Conversation {
  private let server: ChildProcess
  private var received: [UInt8] = []
  private var lastID: Int64 = 0

  /// Starts the program as a server.
  init(program: String, arguments: [String]) throws(DemoFailure) {
    do {
      server = try ChildProcess.start(program, arguments: arguments)
    } catch {
      throw DemoFailure(message: "the server could not be started: \(error)")
    }
  }

  /// Sends a request and waits for its result.
  func request(_ method: String, _ params: JSONObject) throws(DemoFailure) -> JSONValue {
    lastID += 1
    try send(["jsonrpc": "2.0", "id": .integer(lastID), "method": .string(method), "params": .object(params)])
    while true {
      let message = try nextMessage()
      guard message["id"]?.integerValue == lastID else { continue }
      if let result = message["result"] { return result }
      throw DemoFailure(message: "\(method): \(message["error"]?["message"]?.stringValue ?? message.text)")
    }
  }

  /// Sends a notification.
  func notify(_ method: String) throws(DemoFailure) { try send(["jsonrpc": "2.0", "method": .string(method)]) }

  /// Says goodbye as clients do, by closing the server's input, and waits until it has ended.
  func close() -> Int32 {
    server.input.close()
    let status = server.waitForExit()
    server.output.close()
    return status
  }

  private func send(_ message: JSONValue) throws(DemoFailure) {
    let line = message.serialized() + [UInt8(ascii: "\n")]
    let result: Result<Void, SystemError> = line.withUnsafeBytes { bytes in
      Result { () throws(SystemError) in try server.input.writeAll(bytes) }
    }
    if case .failure(let error) = result { throw DemoFailure(message: "the server does not listen: \(error)") }
  }

  private func nextMessage() throws(DemoFailure) -> JSONValue {
    while true {
      if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
        let line = Array(received[..<end])
        received.removeSubrange(...end)
        do {
          return try JSONValue(parsing: line)
        } catch {
          throw DemoFailure(message: "the server wrote something that is no JSON: \(error.message)")
        }
      }
      var part = [UInt8](repeating: 0, count: 64 << 10)
      let count = part.withUnsafeMutableBytes { bytes in (try? server.output.read(into: bytes)) ?? 0 }
      guard count > 0 else { throw DemoFailure(message: "the server ended before it answered") }
      received += part[..<count]
    }
  }
}
