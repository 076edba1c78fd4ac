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
}
