import Foundation
import JSON
import Platform
import Testing

@Suite("The commands history and undo", .serialized)
struct HistoryCommandTests {
  private let program = BuiltProgram(variables: ["NO_COLOR=1"])

  private func call(_ tool: String, _ arguments: JSONValue) throws -> JSONValue {
    let outcome = try program.run(["call", tool, arguments.text])
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try JSONValue(parsing: outcome.output)
  }

  private func contact(_ email: String) throws -> String {
    try #require(
      try call("pathbound_create_contact", ["email": .string(email)])["contact"]?["contact_id"]?.stringValue)
  }

  private func changes(_ options: String...) throws -> [JSONValue] {
    let outcome = try program.run(["history", "--json"] + options)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try #require(try JSONValue(parsing: outcome.output)["changes"]?.arrayValue)
  }

  @Test("a person sees what was changed in 80 columns, and takes it back and again")
  func people() throws {
    let id = try contact("ada@b.example")
    _ = try call(
      "pathbound_update_contact",
      [
        "contact_id": .string(id),
        "properties": ["city": "Rome", "notes": .string(String(repeating: "long ", count: 60))],
      ])
    let shown = try program.run(["history", "--of", id])
    #expect(shown.status == 0)
    #expect(shown.output.contains("Update Pathbound contact") && shown.output.contains("city: – → Rome"))
    for line in shown.output.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }

    let change = try #require(try changes("--of", id)[0]["id"]?.stringValue)
    let rehearsed = try program.run(["undo", change, "--dry-run"])
    #expect(rehearsed.status == 0 && rehearsed.output.contains("would be undone"), "\(rehearsed.errors)")
    #expect(rehearsed.output.contains("Nothing was changed."))
    #expect(try changes("--of", id).count == 2)

    let undone = try program.run(["undo", change])
    #expect(undone.status == 0 && undone.output.contains("is undone: Update Pathbound contact"), "\(undone.errors)")
    #expect(try call("pathbound_get_contact", ["contact_id": .string(id)])["contact"]?["properties"]?["city"] == nil)
    let again = try program.run(["undo", change])
    #expect(again.status == 1 && again.output.isEmpty && again.errors.contains("undone already"))
    let newest = try changes("--of", id)[0]
    #expect(newest["undoes"] == .string(change))
    #expect(try program.run(["undo", newest["id"]?.stringValue ?? ""]).status == 0)
    #expect(
      try call("pathbound_get_contact", ["contact_id": .string(id)])["contact"]?["properties"]?["city"] == "Rome")
  }

  @Test("a script reads JSON, and hears in JSON what stands against an undo")
  func scripts() throws {
    let id = try contact("bob@b.example")
    let created = try #require(try changes("--of", id, "--limit", "1")[0]["id"]?.stringValue)
    _ = try call("pathbound_delete_contact", ["contact_id": .string(id)])
    let refused = try program.run(["undo", created, "--json"])
    #expect(refused.status == 1 && refused.output.isEmpty)
    let error = try JSONValue(parsing: refused.errors)["error"]
    #expect(error?["code"] == "CONFLICT")
    #expect(error?["message"]?.stringValue?.contains("pathbound_delete_contact") == true)
    #expect(try program.run(["undo", "chg_nothing", "--json"]).status == 1)
    let deleted = try changes("--tool", "pathbound_delete_contact")
    let answer = try program.run(["undo", deleted[0]["id"]?.stringValue ?? "", "--json"])
    #expect(try JSONValue(parsing: answer.output)["record"] == .string(id))
  }

  @Test("all that one client did goes from the newest to the oldest, and stops at what stays")
  func session() throws {
    let kept = try contact("kept@b.example")
    _ = try call("pathbound_track_events", ["events": [["event": "page_view"]]])
    let first = try contact("first@b.example")
    _ = try call("pathbound_update_contact", ["contact_id": .string(first), "properties": ["city": "Rome"]])
    let outcome = try program.run(["undo", "--client", "bound-mcp call", "--since", "1h"])
    #expect(outcome.status == 1 && outcome.output.contains("2 undone."), "\(outcome.output)")
    #expect(outcome.errors.contains("Events are a record"))
    #expect(try program.run(["call", "pathbound_get_contact", "{\"contact_id\":\"\(first)\"}"]).status == 1)
    #expect(try program.run(["call", "pathbound_get_contact", "{\"contact_id\":\"\(kept)\"}"]).status == 0)
  }

  @Test("what can't be followed is said with the nearest, and read-only undoes nothing")
  func mistakes() throws {
    let id = try contact("eve@b.example")
    let misspelt = try program.run(["histroy"])
    #expect(misspelt.status == 2 && misspelt.errors.contains("history"))
    let option = try program.run(["history", "--limt", "3"])
    #expect(option.status == 2 && option.errors.contains("--limit"))
    let tool = try program.run(["history", "--tool", "pathbound_update_contat"])
    #expect(tool.status == 2 && tool.errors.contains("pathbound_update_contact"))
    #expect(try program.run(["history", "--limit", "0"]).status == 2)
    #expect(try program.run(["history", "--since", "yesterday"]).status == 2)
    #expect(try program.run(["undo"]).status == 2)
    #expect(try program.run(["undo", "--client", "x"]).status == 2)
    let change = try #require(try changes("--of", id)[0]["id"]?.stringValue)
    let readOnly = try program.run(["undo", change, "--read-only"])
    #expect(readOnly.status == 1 && readOnly.errors.contains("--read-only"), "\(readOnly.errors)")
    let human = try program.run(["undo", change, "--approvals", "human"])
    #expect(human.status == 1 && human.errors.contains("person") && human.errors.contains("`bound-mcp undo`"))
    #expect(try program.run(["history", "--scopes", "contacts:read"]).status == 1)
    #expect(try program.run(["history", "--of", "ct_nothing"]).output == "Nothing like that was changed.")
  }
}
