// A conversation with the server in Swift, with Foundation alone:
//
//     swift session.swift [PATH-OF-BOUND-MCP [OPTIONS OF SERVE]]
//
// Creates a contact and prints its id.
import Foundation

struct Failure: Error { let reason: String }

final class Server {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private var received = Data()
  private var number = 0

  init(_ program: String, _ options: [String]) throws {
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = ["serve"] + options
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    _ = try request(
      "initialize",
      [
        "protocolVersion": "2025-11-25", "capabilities": [String: Any](),
        "clientInfo": ["name": "session.swift", "version": "1"],
      ])
    try send(["method": "notifications/initialized"])
  }

  func call(_ tool: String, _ arguments: [String: Any]) throws -> [String: Any] {
    let result = try request("tools/call", ["name": tool, "arguments": arguments])
    if result["isError"] as? Bool == true {
      let content = result["content"] as? [[String: Any]]
      throw Failure(reason: content?.first?["text"] as? String ?? "an error without a text")
    }
    return result["structuredContent"] as? [String: Any] ?? [:]
  }

  func close() -> Int32 {
    input.fileHandleForWriting.closeFile()
    process.waitUntilExit()
    return process.terminationStatus
  }

  private func request(_ method: String, _ params: [String: Any]) throws -> [String: Any] {
    number += 1
    try send(["id": number, "method": method, "params": params])
    while let line = readLine() {
      guard let answer = try JSONSerialization.jsonObject(with: line) as? [String: Any],
        answer["id"] as? Int == number
      else { continue }
      guard let result = answer["result"] as? [String: Any] else { throw Failure(reason: "\(answer)") }
      return result
    }
    throw Failure(reason: "the server has ended")
  }

  private func send(_ message: [String: Any]) throws {
    var message = message
    message["jsonrpc"] = "2.0"
    input.fileHandleForWriting.write(try JSONSerialization.data(withJSONObject: message) + Data("\n".utf8))
  }

  private func readLine() -> Data? {
    while true {
      if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
        defer { received.removeSubrange(...end) }
        return received[..<end]
      }
      let part = output.fileHandleForReading.availableData
      guard !part.isEmpty else { return nil }
      received.append(part)
    }
  }
}

let arguments = CommandLine.arguments.dropFirst()
do {
  let server = try Server(arguments.first ?? "/usr/local/bin/bound-mcp", Array(arguments.dropFirst()))
  let made = try server.call(
    "pathbound_create_contact", ["email": "alan@example.com", "properties": ["firstname": "Alan"]])
  let contact = made["contact"] as? [String: Any]
  print(contact?["_id"] ?? "no contact")
  exit(server.close())
} catch {
  FileHandle.standardError.write(Data("\(error)\n".utf8))
  exit(1)
}
