import Foundation
import JSON
import Operations
import Platform
import Testing
import ToolServer

@Suite struct CommandTests {
  private let program = BuiltProgram()

  @Test("help and version go to standard output and succeed", arguments: ["--help", "--version", "help call"])
  func help(line: String) throws {
    let outcome = try program.run(line.split(separator: " ").map(String.init))
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("bound-mcp"))
    #expect(outcome.errors.isEmpty)
  }

  @Test(
    "what can't be followed names the nearest and ends with status 2",
    arguments: [
      ("serv", "serve"), ("--toolset core", "--toolsets"), ("serve --toolsets pathbound_contact", "pathbound_contacts"),
      ("serve --exclude-tools pathbound_list_contact", "pathbound_list_contacts"), ("tools --plan gold", "starter"),
    ])
  func usage(line: String, hint: String) throws {
    let outcome = try program.run(line.split(separator: " ").map(String.init))
    #expect(outcome.status == 2)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains(hint))
  }

  @Test("a call that waits for a run has it done meanwhile")
  func waiting() throws {
    func call(_ tool: String, _ arguments: JSONValue) throws -> JSONValue {
      let outcome = try program.run(["call", tool, arguments.text])
      #expect(outcome.status == 0, "\(outcome.errors)")
      return try JSONValue(parsing: outcome.output)
    }
    let contact = try call("pathbound_create_contact", ["email": "ada@example.com"])["contact"]?["_id"]
    let agent = try call(
      "pathbound_create_agent",
      [
        "name": "Follow-up", "playbook_template": "cold_outreach", "identity_id": "id_default",
        "capabilities": ["email"], "llm_config": ["provider": "rules"],
      ])["agent"]?["_id"]
    let done = try call(
      "pathbound_trigger_agent",
      ["id": agent ?? .null, "contact_ids": [contact ?? .null], "wait_seconds": 50])
    #expect(done["run"]?["status"] == "completed", "\(done.text)")
  }

  @Test("a configuration file that can't be followed ends with status 2 and says why")
  func badFile() throws {
    try Files.createDirectories(program.home + "/config/bound-mcp")
    try Files.write(Array(#"{"toolset": "all"}"#.utf8), to: program.home + "/config/bound-mcp/config.json")
    let outcome = try program.run(["tools"])
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("toolsets"))
  }

  @Test("the tools are shown as a table, and as clients get them")
  func tools() throws {
    let table = try program.run(["tools"])
    #expect(table.status == 0)
    for operation in Catalogue.all { #expect(table.output.contains(operation.name)) }
    let json = try program.run(["tools", "--toolsets", "all", "--json"])
    #expect(try JSONValue(parsing: json.output).arrayValue?.count == Catalogue.all.count)
    let readOnly = try program.run(["tools", "--toolsets", "all", "--read-only", "--json"])
    let kept = try JSONValue(parsing: readOnly.output).arrayValue ?? []
    #expect(!kept.isEmpty && kept.allSatisfy { $0["annotations"]?["readOnlyHint"] == true })
  }

  @Test("the definitions in schemas/ are current")
  func schemas() throws {
    let outcome = try program.run(["schemas", "--check", BuiltProgram.packageFolder + "/schemas"])
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  @Test("a difference in schemas/ is found, and mended by writing it")
  func changedSchemas() throws {
    let folder = program.home + "/schemas"
    #expect(try program.run(["schemas", folder]).status == 0)
    #expect(try program.run(["schemas", "--check", folder]).status == 0)
    try Files.write(Array("{}".utf8), to: folder + "/bound_lead_brief.json")
    try Files.write(Array("{}".utf8), to: folder + "/pathbound_gone.json")
    let outcome = try program.run(["schemas", "--check", folder])
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("bound_lead_brief.json") && outcome.errors.contains("pathbound_gone.json"))
    #expect(try program.run(["schemas", folder]).status == 0)
    #expect(try program.run(["schemas", "--check", folder]).status == 0)
  }

  @Test("call prints a result on standard output, and an error on standard error with status 1")
  func call() throws {
    let made = try program.run(["call", "pathbound_create_contact", #"{"email": "ada@example.com"}"#])
    #expect(made.status == 0, "\(made.errors)")
    let id = try #require(try JSONValue(parsing: made.output)["contact"]?["_id"]?.stringValue)
    let pretty = try program.run(
      ["call", "pathbound_get_contact", "-", "--pretty"], input: #"{"contact_id": "\#(id)"}"#)
    #expect(pretty.output.contains("\n  \"contact\": {"))
    let refused = try program.run(["call", "pathbound_create_contact", #"{"email": "ada@example.com"}"#])
    #expect(refused.status == 1)
    #expect(refused.output.isEmpty)
    #expect(try JSONValue(parsing: refused.errors)["error"]?["code"] == "CONFLICT")
  }

  @Test(
    "call refuses an unknown tool and arguments that are no object",
    arguments: [
      (["pathbound_get_contacts"], 1, "pathbound_get_contact"),
      (["pathbound_list_contacts", "[]"], 2, "one JSON object"),
      (["pathbound_list_contacts", "{"], 2, "Invalid JSON"),
    ] as [([String], Int32, String)])
  func callRefused(operands: [String], status: Int32, hint: String) throws {
    let outcome = try program.run(["call"] + operands)
    #expect(outcome.status == status)
    #expect(outcome.errors.contains(hint))
  }

  @Test("call does the work that it made due before it ends")
  func callDrains() throws {
    let contact = try create("pathbound_create_contact", ["email": "ada@example.com"])["contact"]?["_id"]
    let action = try create(
      "pathbound_queue_action",
      [
        "type": "create_note", "identity_id": "id_default",
        "params": ["contact_id": contact ?? nil, "content": "Called her."],
      ])["action_id"]
    let found = try create("pathbound_get_action", ["action_id": action ?? nil])
    #expect(found["action"]?["status"] == "completed")
  }

  private func create(_ tool: String, _ arguments: JSONObject) throws -> JSONValue {
    let outcome = try program.run(["call", tool, JSONValue.object(arguments).text])
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try JSONValue(parsing: outcome.output)
  }
}
