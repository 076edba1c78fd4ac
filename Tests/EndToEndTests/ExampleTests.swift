import Foundation
import JSON
import Platform
import Testing

/// What lies in examples/ does what it says.
@Suite struct ExampleTests {
  private let program = BuiltProgram()

  private static let folder = BuiltProgram.packageFolder + "/examples"

  private func example(_ path: String) throws -> String {
    String(decoding: try Files.read("\(Self.folder)/\(path)"), as: UTF8.self)
  }

  /// Runs a program with the built server's path behind its arguments, and gives what it prints.
  private func run(_ path: String, _ arguments: [String]) throws -> String {
    let run = ProgramRun(
      path, arguments: arguments, environment: ["HOME=\(program.home)", "PATH=/usr/bin:/bin"], timeLimit: 120_000)
    let ending = try run.run()
    let errors = String(decoding: ending.errors, as: UTF8.self)
    #expect(ending.cause == .exit && ending.status == 0, "\(errors)")
    return String(decoding: ending.output, as: UTF8.self)
  }

  /// The path of a tool that the tests' own PATH has; nil where there is none.
  private static func tool(_ name: String) -> String? { Files.findProgram(name) }

  @Test("the shell's conversation prints the addresses of the contacts")
  func shell() throws {
    #expect(try run("/bin/sh", [Self.folder + "/scripts/session.sh", BuiltProgram.path]) == "ada@example.com\n")
  }

  @Test("Python's conversation prints what waits for a decision", .enabled(if: tool("python3") != nil))
  func python() throws {
    let python = try #require(Self.tool("python3"))
    let output = try run(python, [Self.folder + "/scripts/session.py", BuiltProgram.path])
    #expect(output == "email_message\tgrace@example.com\tHello\n")
  }

  @Test("Swift's conversation prints the contact that it made", .enabled(if: tool("swiftc") != nil))
  func swift() throws {
    let compiler = try #require(Self.tool("swiftc"))
    let built = program.home + "/session"
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    let ending = try ProgramRun(
      compiler, arguments: ["-o", built, Self.folder + "/scripts/session.swift"],
      environment: ["HOME=\(program.home)", "PATH=\(path)"], timeLimit: 300_000
    ).run()
    #expect(ending.status == 0, "\(String(decoding: ending.errors, as: UTF8.self))")
    let output = try run(built, [BuiltProgram.path])
    #expect(output.hasPrefix("ct_") && output.hasSuffix("\n"))
  }

  @Test(
    "each playbook makes an agent", arguments: ["playbooks/pricing-follow-up", "playbooks/champion-research"])
  func playbook(name: String) throws {
    let outcome = try program.run(["call", "pathbound_create_agent", "-"], input: try example(name + ".json"))
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  @Test("an agent tells another MCP server, once a person has said yes", .enabled(if: tool("python3") != nil))
  func otherServer() throws {
    let python = try #require(Self.tool("python3"))
    let leads = program.home + "/leads.jsonl"
    let configuration = try example("agents/config.json")
      .replacing("/absolute/path/to/leads.jsonl", with: leads)
      .replacing("/absolute/path/to/examples", with: Self.folder)
      .replacing("\"python3\"", with: "\"\(python)\"")
    try Files.createDirectories(program.home + "/config/bound-mcp")
    try Files.write(Array(configuration.utf8), to: program.home + "/config/bound-mcp/config.json")

    let session = try program.serve()
    try session.initialize()
    let contact = try session.payload("pathbound_create_contact", ["email": "ada@example.com"])["contact"]?["_id"]
    let given = try #require(try JSONValue(parsing: try example("agents/crm-by-mcp.json")).objectValue)
    let agent = try session.payload("pathbound_create_agent", given)["agent"]?["_id"]
    let run = try session.payload("pathbound_trigger_agent", ["id": agent ?? nil, "contact_ids": [contact ?? nil]])
    let work = try session.payload("pathbound_get_run_work", ["runId": run["run_id"] ?? nil])
    #expect(work.text.contains("add_lead"))
    _ = try session.payload(
      "pathbound_propose_run_actions",
      [
        "runId": run["run_id"] ?? nil, "contactId": contact ?? nil, "reasoning": "Two visits.",
        "actions": [
          [
            "type": "mcp_tool_call",
            "params": ["server": "crm", "tool": "add_lead", "arguments": ["email": "ada@example.com"]],
          ]
        ],
      ])
    #expect(session.close() == 0)
    #expect(!Files.exists(leads))

    let id = try #require(
      try JSONValue(parsing: try program.run(["review", "--json"]).output)["pending"]?[0]?["id"]?.stringValue)
    let approved = try program.run(["review", "approve", id, "--json"])
    #expect(try JSONValue(parsing: approved.output)["performed"]?[0]?["status"] == "completed", "\(approved.errors)")
    #expect(String(decoding: try Files.read(leads), as: UTF8.self).contains("ada@example.com"))
  }

  @Test("the unit and the crontab start the worker as it can be started", arguments: ["service", "crontab"])
  func worker(kind: String) throws {
    let text = try example(kind == "service" ? "systemd/bound-mcp-worker.service" : "systemd/crontab")
    let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") && $0.contains("/bound-mcp worker") }
    let line = try #require(lines.first)
    let words = line.split(separator: " ").drop { !$0.hasSuffix("/bound-mcp") }.dropFirst().prefix { $0 != ">>" }
    // The unit's runs until it is told to end; here each does what is due and ends.
    let outcome = try program.run(words.map(String.init) + ["--once"])
    #expect(outcome.status == 0, "\(outcome.errors)")
  }
}
