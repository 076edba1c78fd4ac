import Foundation
import JSON
import Platform
import Testing

@Suite struct DemoTests {
  @Test("the demo ends with a message in the outbox and the configuration of clients, also on a used workspace")
  func twice() throws {
    let program = BuiltProgram()
    let database = program.home + "/demo.db"
    for round in 1...2 {
      let outcome = try program.run(["demo", "--db", database])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.errors.isEmpty)
      for tool in ["pathbound_create_contact", "owlbound_score_contact", "pathbound_approve_run_action"] {
        #expect(outcome.output.contains("→ tools/call \(tool)"))
      }
      #expect(outcome.output.contains(/claude mcp add bound -- \/.+\/bound-mcp serve/))
      #expect(!outcome.output.contains("\u{1B}"))
      let messages = try Files.names(in: program.home + "/demo-outbox/new")
      #expect(messages.count == round)
      #expect(messages.contains { outcome.output.contains("\(program.home)/demo-outbox/new/\($0)") })
    }
  }

  @Test("the demo workspace is the same each time, ids included, and is replaced by one command")
  func workspace() throws {
    let program = BuiltProgram()
    let database = program.home + "/team.db"
    func make(_ more: [String] = []) throws -> BuiltProgram.Outcome {
      try program.run(["demo", "--workspace", database, "--at", "2026-11-21T08:00:00Z"] + more, silence: 300_000)
    }
    func look(_ tool: String, _ arguments: String = "{}") throws -> JSONValue {
      try JSONValue(parsing: try program.run(["call", tool, arguments, "--db", database]).output)
    }
    func looks() throws -> [JSONValue] {
      try [
        look("pathbound_list_contacts"), look("pathbound_review_pending_actions"), look("owlbound_list_signals"),
        look("pathbound_list_actions", #"{"status": "completed"}"#), look("pathbound_get_event_stats"),
      ]
    }
    let made = try make()
    #expect(made.status == 0 && made.output.contains("400 contacts"), "\(made.errors)")
    let first = try looks()
    #expect(first[0]["pagination"]?["total_items"] == 400)
    #expect(first[0]["contacts"]?[0]?["_id"] == "ct_00000cgcagr9ng7jm1b0")
    #expect(try look("pathbound_list_companies")["pagination"]?["total_items"] == 60)
    #expect(first[4]["stats"]?["total_events"] == 20_000)
    #expect(first[1]["waiting"]?["actions"] == 8 && first[1]["waiting"]?["run_proposals"] == 16)
    #expect(try look("pathbound_list_agents")["total"] == 4)
    #expect(try Files.names(in: program.home + "/team-outbox/new").count > 20)

    // It is not replaced by mistake, and nothing else is replaced at all.
    #expect(try make().status == 2)
    _ = try program.run(["call", "pathbound_create_contact", #"{"email": "new@example.com"}"#, "--db", database])
    let other = program.home + "/own.db"
    _ = try program.run(["call", "pathbound_create_contact", #"{"email": "own@example.com"}"#, "--db", other])
    let refused = try program.run(["demo", "--workspace", other, "--reset"])
    #expect(refused.status == 2 && refused.errors.contains("no demo workspace") && Files.exists(other))
    #expect(try program.run(["demo", "--reset"]).status == 2)
    #expect(try make(["--reset"]).status == 0)
    #expect(try looks() == first)
  }
}
