import JSON
import Operations
import Service
import StoreSupport
import TestSupport
import Testing

@Suite("What waits for a decision")
struct PendingReviewTests {
  let workspace = TestWorkspace(performer: Performer { _ in .completed(result: [:], changes: []) })

  private func review(_ arguments: JSONObject = [:]) throws -> JSONObject {
    let answer = try workspace.answer("pathbound_review_pending_actions", arguments)
    #expect(String(decoding: answer.payload, as: UTF8.self).count <= 24_000)
    return try #require(try JSONValue(parsing: answer.payload).objectValue)
  }

  @Test("nothing waits in a fresh workspace")
  func empty() throws {
    #expect(try review() == ["waiting": ["actions": 0, "run_proposals": 0], "pending": []])
  }

  @Test("shows for whom, why, what would be sent and how to decide, actions and proposals together")
  func whole() throws {
    let contact = try workspace.contact("ada@example.com", ["firstname": "Ada", "lastname": "Lovelace"])
    let action = try workspace.queueMail(
      ["contact_id": .string(contact), "message": "Hello Ada"], ["require_approval": true, "description": "Pricing"])
    try workspace.queue()
    workspace.clock.advance(seconds: 60)
    let fixture = try RunFixture(workspace)
    let run = try fixture.trigger([contact])
    try fixture.work { [.mail(to: $0.id), .task()] }
    let payload = try review()
    #expect(payload["waiting"] == ["actions": 1, "run_proposals": 2])
    let entries = try #require(payload["pending"]?.arrayValue)
    #expect(entries.map { $0["kind"] } == ["action", "run_proposal", "run_proposal"])
    let first = entries[0]
    #expect(first["contact"] == ["contact_id": .string(contact), "name": "Ada Lovelace", "email": "ada@example.com"])
    #expect(first["reason"] == "Pricing")
    #expect(first["would_send"]?["email"] == "ada@example.com" && first["would_send"]?["subject"] == "Hello Ada")
    #expect(first["sent_as"]?["identity_id"] == "id_default")
    #expect(first["when"] == "as soon as approved")
    #expect(
      first["decide"]?["approve"] == [
        "tool": "pathbound_approve_action", "arguments": ["action_id": .string(action), "action": "approve"],
      ])
    #expect(entries[1]["reason"] == "Seen" && entries[1]["agent_id"] == .string(fixture.agent))
    #expect(entries[2]["would_do"]?["title"] == "Call")
    #expect(entries[2]["decide"]?["reject"]?["arguments"]?["runId"] == .string(run))
  }

  @Test("the calls it names decide")
  func decisions() throws {
    let contact = try workspace.contact("ada@example.com")
    try workspace.queue(["require_approval": true])
    let fixture = try RunFixture(workspace)
    _ = try fixture.trigger([contact])
    try fixture.work { _ in [.task()] }
    for word in ["approve", "reject"] {
      for entry in try #require(try review()["pending"]?.arrayValue) {
        let call = try #require(entry["decide"]?[word])
        _ = try workspace.call(
          try #require(call["tool"]?.stringValue), try #require(call["arguments"]?.objectValue))
      }
      #expect(try review()["pending"] == [])
      try workspace.queue(["require_approval": true, "item_id": .string(word)])
    }
  }

  @Test("an action of the workspace's own shows what it would change, from what to what")
  func effects() throws {
    let contact = try workspace.contact("ada@b.example", ["jobtitle": "CTO", "lifecyclestage": "lead", "city": "Rome"])
    _ = try workspace.contact("bob@b.example")
    let company = try #require(
      try workspace.call(
        "pathbound_create_company", ["domain": "acme.example", "properties": ["name": "Acme"]])["company"]?["_id"])
    func shown(_ type: String, _ params: JSONObject) throws -> JSONValue {
      let action = try workspace.queue(["type": .string(type), "params": .object(params), "require_approval": true])
      let entry = try review(["type": .string(type)])["pending"]?.arrayValue?.last
      let rehearsed = try workspace.call(
        "pathbound_approve_action", ["action_id": .string(action), "action": "approve", "dry_run": true])
      let planned = try #require(rehearsed["would_perform"]?[0])
      #expect(planned["would_change"] == entry?["would_change"] && planned["would_fail"] == entry?["would_fail"])
      return try #require(entry)
    }
    let properties: JSONObject = ["jobtitle": "CEO", "phone": "+44 1", "city": .null, "lifecyclestage": "lead"]
    #expect(
      try shown("update_contact", ["contact_id": .string(contact), "properties": .object(properties)])["would_change"]
        == [
          ["property": "jobtitle", "from": "CTO", "to": "CEO"], ["property": "phone", "from": .null, "to": "+44 1"],
          ["property": "city", "from": "Rome", "to": .null],
        ])
    #expect(
      try shown("update_lifecycle_stage", ["contact_id": .string(contact), "lifecycle_stage": "mql"])["would_change"]
        == [["property": "lifecyclestage", "from": "lead", "to": "mql"]])
    #expect(
      try shown("update_company", ["company_id": company, "properties": ["name": "Acme Ltd"]])["would_change"]
        == [["property": "name", "from": "Acme", "to": "Acme Ltd"]])
    let note = try shown("create_note", ["contact_id": .string(contact), "content": "Likes jazz"])
    #expect(note["would_do"]?["content"] == "Likes jazz" && note["would_change"] == nil)
    let taken = try shown(
      "update_contact", ["contact_id": .string(contact), "properties": ["email": "BOB@b.example"]])
    #expect(taken["would_change"] == [])
    #expect(taken["would_fail"]?.stringValue?.contains("has this e-mail") == true)
  }

  @Test("what a rule blocks says so")
  func blocked() throws {
    _ = try workspace.call("pathbound_save_outreach_rules", ["suppress": ["example.com"]])
    _ = try workspace.queueMail(["email": "ada@example.com", "subject": "Hi", "message": "x"])
    #expect(try review()["pending"]?[0]?["blocked_by"]?[0]?["rule"] == "suppression")
  }

  @Test("filters by contact, agent and type")
  func filters() throws {
    let ada = try workspace.contact("ada@example.com")
    let bob = try workspace.contact("bob@example.com")
    let fixture = try RunFixture(workspace)
    _ = try fixture.trigger([ada, bob])
    try fixture.work { _ in [.task()] }
    _ = try workspace.queueMail(["contact_id": .string(ada), "message": "x"])
    #expect(try review(["contact_id": .string(ada)])["pending"]?.arrayValue?.count == 2)
    #expect(try review(["agent_id": .string(fixture.agent)])["pending"]?.arrayValue?.count == 2)
    #expect(try review(["type": "email_message"])["pending"]?.arrayValue?.count == 1)
    #expect(try review(["type": "email_message", "contact_id": .string(bob)])["pending"] == [])
    #expect(try review(["contact_id": "ct_none"])["pending"] == [])
  }

  @Test("stays within what a model can be given, however much waits, and says what is left out")
  func bounded() throws {
    let text = String(repeating: "Very long words. ", count: 400)
    for item in 0..<30 {
      _ = try workspace.queueMail(
        ["email": "ada@example.com", "subject": "Hi", "message": .string(text)],
        ["require_approval": true, "item_id": .string("\(item)")])
    }
    let payload = try review(["limit": 100])
    let shown = try #require(payload["pending"]?.arrayValue)
    #expect(shown.count >= 4)
    #expect(payload["omitted"] == .integer(Int64(30 - shown.count)))
    #expect(shown[0]["would_send"]?["message"]?.stringValue?.contains("bytes more: see pathbound_get_action") == true)
  }

  @Test("shows what agents propose only to keys that may see runs")
  func scopes() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/workspace.db"
    let whole = TestWorkspace(path: path)
    _ = try whole.queue(["require_approval": true])
    let fixture = try RunFixture(whole)
    _ = try fixture.trigger([try whole.contact("ada@b.example")])
    try fixture.work { [.mail(to: $0.id)] }
    let all = try whole.call("pathbound_review_pending_actions")
    #expect(all["waiting"] == ["actions": 1, "run_proposals": 1])
    #expect(all["hidden"] == nil)
    whole.close()
    let narrow = TestWorkspace(path: path, account: Account(scopes: [.actionsRead]))
    let some = try narrow.call("pathbound_review_pending_actions")
    #expect(some["waiting"] == ["actions": 1, "run_proposals": 0])
    #expect(some["pending"]?.arrayValue?.map { $0["kind"] } == ["action"])
    #expect(some["hidden"]?.stringValue?.contains("agents:read") == true)
  }
}
