import Foundation
import JSON
import Platform
import Testing
import ToolServer

@Suite struct ReadmeTests {
  private static let path = BuiltProgram.packageFolder + "/README.md"

  /// With `BOUND_MCP_WRITE_README=1` the table is brought up to date instead.
  @Test("the README's table of tools is current")
  func table() throws {
    let readme = String(decoding: try Files.read(Self.path), as: UTF8.self)
    let current = try #require(ToolTable.updating(readme), "the README lacks the markers of the table")
    if ProcessInfo.processInfo.environment["BOUND_MCP_WRITE_README"] == "1" {
      try Files.write(Array(current.utf8), to: Self.path)
    } else {
      #expect(readme == current, "run make schemas and look at the difference")
    }
  }

  @Test("every command in the README does what it is there for", arguments: commands)
  func command(line: String) throws {
    let program = BuiltProgram()
    try prepare(program, for: line)
    if line == "bound-mcp worker" {
      // It ends when it is told to.
      let child = try program.start(["worker", "--json"])
      var byte: [UInt8] = [0]
      #expect(byte.withUnsafeMutableBytes { (try? child.output.read(into: $0)) ?? 0 } == 1)
      kill(child.id, SIGTERM)
      #expect(child.waitForExit() == 0)
      return
    }
    let outcome = try program.runShell(line)
    #expect(outcome.status == 0, "\(outcome.output)")
  }

  /// What the README's reader has by then: a workspace with something to do, and the files that a command reads.
  private func prepare(_ program: BuiltProgram, for line: String) throws {
    // Due in a moment: what is due at once is done by the call.
    let soon = Timestamp(milliseconds: SystemClock().now().milliseconds + 500).iso8601
    let action: JSONValue = [
      "type": "escalate_to_human", "params": ["reason": "Call Ada"], "identity_id": "id_default",
      "scheduled_time": .string(soon),
    ]
    let queued = try program.run(["call", "pathbound_queue_action", action.text])
    #expect(queued.status == 0, "\(queued.output)")
    if line.hasPrefix("bound-mcp restore") {
      #expect(try program.run(["backup", program.home + "/copy.db"]).status == 0)
    }
    guard line.hasPrefix("bound-mcp import") else { return }
    try Files.write(Array("email,first name\nada@example.com,Ada\n".utf8), to: program.home + "/contacts.csv")
    try Files.write(
      Array(#"{"event":"page_view","url":"https://example.com/pricing","visitorId":"v1"}"#.utf8),
      to: program.home + "/events.jsonl")
  }

  @Test("every target of make in the README is there")
  func targets() throws {
    let makefile = String(decoding: try Files.read(BuiltProgram.packageFolder + "/Makefile"), as: UTF8.self)
    let targets = Self.code.filter { $0.hasPrefix("make ") || $0.hasPrefix("sudo make ") }
    #expect(!targets.isEmpty)
    for line in targets {
      let target = line.split(separator: " ").drop { $0 == "make" || $0 == "sudo" }.first ?? ""
      #expect(makefile.contains("\n\(target):"), "\(line)")
    }
  }

  /// What a reader can copy: lines of shell blocks, and short code in the text.
  private static let code: [String] = {
    guard let bytes = try? Files.read(path) else { return [] }
    var code: [String] = []
    var isShell = false
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      if line.hasPrefix("```") {
        isShell = line == "```sh"
      } else if isShell {
        code.append(line.split(separator: "#")[0].trimmingCharacters(in: .whitespaces))
      } else {
        let spans = line.split(separator: "`", omittingEmptySubsequences: false)
        code += spans.indices.filter { $0 % 2 == 1 }.map { String(spans[$0]) }
      }
    }
    return code
  }()

  /// Those that name no placeholder (`FILE`, `chg_…`) and don't ask for what is done already.
  private static var commands: [String] {
    code.filter { line in
      let words = line.split(separator: " ")
      return words.first == "bound-mcp" && words.count > 1 && !line.contains("…")
        && !words.contains { $0.count > 2 && $0.allSatisfy { $0.isUppercase || $0 == "_" } }
    }
  }

  @Test("every option of the program stands in the README")
  func options() throws {
    let readme = String(decoding: try Files.read(Self.path), as: UTF8.self)
    let help = try BuiltProgram().run(["--help"]).output
    for word in help.split(whereSeparator: { $0 == " " || $0 == "\n" || $0 == "," }) where word.hasPrefix("--") {
      let isGeneral = ["--help", "--version", "--pretty", "--compact", "--check", "--json"].contains(word)
      #expect(isGeneral || readme.contains("`\(word)"), "\(word)")
    }
  }
}
