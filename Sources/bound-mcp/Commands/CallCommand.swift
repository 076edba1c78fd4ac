internal import JSON
internal import Platform
internal import Service
internal import Settings
internal import ToolServer

/// `call`: one tool, once; the result on standard output, an error on standard error.
struct CallCommand {
  private static let longestInput = 8 << 20

  let configuration: Configuration
  let invocation: Invocation

  /// Calls the tool, and does the work that the call made due: there is no server to do it later.
  func run() throws(UsageError) -> Int32 {
    let arguments = try readArguments()
    // Who waits for work waits for it to be done here.
    let waits = (arguments["wait_seconds"]?.integerValue ?? 0) > 0
    let wiring = try Wiring(configuration, background: waits ? .threads() : .beforeEnd)
    var status = Program.Status.success
    do {
      let payload = try wiring.host.callAndWait(
        invocation.operands[0], arguments, client: "bound-mcp call \(Version.current)")
      Console.output.write(shown(payload))
      Console.output.line()
    } catch {
      Console.errors.write(ResultMapping.text(of: error))
      Console.errors.line()
      status = Program.Status.failure
    }
    wiring.doDueWork()
    wiring.finish(by: .after(milliseconds: 10_000))
    return status
  }

  private func shown(_ payload: [UInt8]) -> [UInt8] {
    let isPretty =
      invocation.has(.pretty) || Console.output.isTerminal && !invocation.has(.compact)
    return isPretty ? Array(IndentedJSON.text(payload).utf8) : payload
  }

  private func readArguments() throws(UsageError) -> JSONObject {
    guard invocation.operands.count > 1 else { return [:] }
    let given = invocation.operands[1]
    let text = given == "-" ? try Self.standardInput() : Array(given.utf8)
    do {
      guard let arguments = try JSONValue(parsing: text).objectValue else {
        throw UsageError("the tool's arguments must be one JSON object, such as '{\"limit\": 5}'")
      }
      return arguments
    } catch let error as JSONError {
      throw UsageError("the tool's arguments: \(error.message)")
    } catch let error as UsageError {
      throw error
    } catch {
      throw UsageError("the tool's arguments can't be read")
    }
  }

  private static func standardInput() throws(UsageError) -> [UInt8] {
    var text: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = part.withUnsafeMutableBytes { bytes in (try? Descriptor.standardInput.read(into: bytes)) ?? 0 }
      if count == 0 { return text }
      text += part[..<count]
      guard text.count <= longestInput else { throw UsageError("the tool's arguments are longer than 8 MiB") }
    }
  }
}
