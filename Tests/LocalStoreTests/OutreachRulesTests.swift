import JSON
import LocalStore
import Platform
import Service
import StoreSupport
import TestSupport
import Testing

@Suite("Outreach rules")
struct OutreachRulesTests {
  let workspace = TestWorkspace(performer: Performer { _ in .completed(result: [:], changes: []) })

  private func save(_ rules: JSONObject) throws { _ = try workspace.call("pathbound_save_outreach_rules", rules) }

  private func mail(_ email: String, _ more: JSONObject = [:], _ arguments: JSONObject = [:]) throws -> String {
    let params: JSONObject = ["email": .string(email), "subject": "Hi", "message": "Hello"]
    return try workspace.queueMail(params.adding(more), arguments)
  }

  /// Performs what is due as the worker does.
  private func work() throws {
    while let action = try workspace.store.claimDueAction() {
      _ = try workspace.store.perform(action, with: Performer { _ in .completed(result: [:], changes: []) })
    }
  }

  private func direct(_ email: String, item: String = "") throws -> ServiceError? {
    do {
      _ = try mail(email, [:], ["direct": true, "item_id": .string(item)])
      return nil
    } catch let error as ServiceError {
      return error
    }
  }

  @Test("nothing is in the way of a fresh workspace")
  func fresh() throws {
    let payload = try workspace.call("pathbound_get_outreach_rules")
    #expect(
      payload["rules"] == [
        "quiet_hours": nil, "utc_offset": "+00:00", "max_per_contact_per_day": nil, "max_per_domain_per_day": nil,
        "avoid_active_sequences": false,
      ])
    #expect(payload["suppressions"] == [] && payload["total"] == 0)
    for item in 0..<5 { #expect(try direct("ada@example.com", item: "\(item)") == nil) }
  }

  @Test("rules are set one by one and switched off again")
  func settings() throws {
    try save(["quiet_hours": "20:00-08:00", "utc_offset": "+01:00", "max_per_contact_per_day": 2])
    try save(["max_per_domain_per_day": 5, "avoid_active_sequences": true])
    #expect(
      try workspace.call("pathbound_get_outreach_rules")["rules"] == [
        "quiet_hours": "20:00-08:00", "utc_offset": "+01:00", "max_per_contact_per_day": 2,
        "max_per_domain_per_day": 5, "avoid_active_sequences": true,
      ])
    try save(["utc_offset": "-05:30"])
    #expect(try workspace.call("pathbound_get_outreach_rules")["rules"]?["quiet_hours"] == "20:00-08:00")
    try save(["quiet_hours": "off", "max_per_contact_per_day": 0])
    let rules = try workspace.call("pathbound_get_outreach_rules")["rules"]
    #expect(rules?["quiet_hours"] == .null && rules?["max_per_contact_per_day"] == .null)
    for bad: JSONObject in [
      ["quiet_hours": "20-8"], ["quiet_hours": "25:00-08:00"], ["quiet_hours": "08:00-08:00"], ["utc_offset": "+1"],
      ["suppress": ["nonsense"]], ["suppress": ["a b@example.com"]], ["max_per_contact_per_day": -1],
      ["suppress": ["example.com"], "unsuppress": ["@example.com"]],
    ] {
      #expect(try workspace.refusal("pathbound_save_outreach_rules", bad).code == .validation, "\(bad)")
    }
  }

  @Test(
    "who is suppressed is not written to, by whatever way, and the rule is named",
    arguments: ["Ada@Example.com", "example.com", "@example.com", "*.example.com"])
  func suppression(entry: String) throws {
    try save(["suppress": [.string(entry)], "suppress_reason": "unsubscribed"])
    let error = try #require(try direct("ada@example.com"))
    #expect(error.code == .forbidden)
    #expect(error.message.contains("suppression") && error.message.contains("unsubscribed"))
    let queued = try workspace.call(
      "pathbound_queue_action",
      [
        "type": "email_message",
        "params": ["email": "bob@else.org", "subject": "Hi", "message": "x", "cc": "ada@example.com"],
        "identity_id": "id_default", "require_approval": true,
      ])
    #expect(queued["blocked_by"]?[0]?["rule"] == "suppression")
    let id = try #require(queued["action_id"])
    let approved = try workspace.call("pathbound_approve_action", ["action_id": id, "action": "approve"])
    #expect(approved["blocked_by"]?[0]?["rule"] == "suppression")
    try work()
    let action = try workspace.action(id.stringValue ?? "")
    #expect(action["status"] == "failed")
    #expect(action["error"]?.stringValue?.contains("suppression") == true)
  }

  @Test("an address is suppressed alone, not its neighbours; taking it off lets it be written to again")
  func neighbours() throws {
    try save(["suppress": ["ada@example.com", "bad.example"]])
    #expect(try direct("bob@example.com") == nil)
    #expect(try direct("x@notbad.example") == nil)
    #expect(try direct("x@mail.bad.example") != nil)
    #expect(
      try workspace.call("pathbound_get_outreach_rules", ["address": "ADA@example.com"])["address"]?["suppressed"]
        == true)
    let saved = try workspace.call(
      "pathbound_save_outreach_rules", ["unsuppress": ["Ada@example.com", "none.example"]])
    #expect(saved["unsuppressed"] == 1)
    #expect(try direct("ada@example.com") == nil)
  }

  @Test(
    "a contact whose properties say so counts as suppressed", arguments: ["unsubscribed", "do_not_contact", "bounced"])
  func properties(name: String) throws {
    let contact = try workspace.contact("ada@example.com", [name: true])
    #expect(try direct("ada@example.com")?.message.contains(name) == true)
    let linkedIn = try workspace.call(
      "pathbound_queue_action",
      [
        "type": "linkedin_connection", "identity_id": "id_default", "require_approval": true,
        "params": ["linkedin_url": "https://linkedin.com/in/ada", "contact_id": .string(contact)],
      ])
    #expect(linkedIn["blocked_by"]?[0]?["rule"] == "suppression")
    _ = try workspace.call("pathbound_update_contact", ["contact_id": .string(contact), "properties": [name: false]])
    #expect(try direct("ada@example.com") == nil)
  }

  @Test("work in the workspace is nobody's outreach")
  func inward() throws {
    let contact = try workspace.contact("ada@example.com", ["unsubscribed": true])
    let id = try workspace.queue(["params": ["title": "Call", "contact_id": .string(contact)]])
    try work()
    #expect(try workspace.status(id) == "completed")
  }

  @Test("in quiet hours a message waits for their end, and is not lost")
  func quietHours() throws {
    // It is 08:30 UTC, 09:30 on these clocks.
    try save(["quiet_hours": "22:00-10:00", "utc_offset": "+01:00"])
    let error = try #require(try direct("ada@example.com"))
    #expect(error.message.contains("quiet_hours") && error.retryAfter == 1801)
    let id = try mail("ada@example.com")
    try work()
    #expect(try workspace.status(id) == "scheduled")
    #expect(try workspace.action(id)["scheduled_time"] == "2026-11-21T09:00:00.000Z")
    #expect(try workspace.action(id)["logs"]?[1]?["event"] == "put_off")
    workspace.clock.advance(seconds: 1800)
    try work()
    #expect(try workspace.status(id) == "completed")
  }

  @Test("a person gets no more than the cap in 24 hours; the next one waits, and what failed does not count")
  func contactCap() throws {
    try save(["max_per_contact_per_day": 2])
    let contact = try workspace.contact("ada@example.com")
    let failed = try mail("ada@example.com", ["contact_id": .string(contact)])
    let claimed = try #require(try workspace.store.claimDueAction())
    _ = try workspace.store.finish(claimed, .failed("No line."))
    #expect(try workspace.status(failed) == "failed")
    let first = try mail("ada@example.com", ["contact_id": .string(contact)], ["item_id": "1"])
    try work()
    workspace.clock.advance(seconds: 3600)
    let second = try mail("ada@example.com", [:], ["item_id": "2"])
    try work()
    let third = try mail("ada@example.com", ["contact_id": .string(contact)], ["item_id": "3"])
    let other = try mail("bob@example.com", [:], ["item_id": "4"])
    try work()
    #expect(try [first, second, other].allSatisfy { try workspace.status($0) == "completed" })
    #expect(try workspace.status(third) == "scheduled")
    workspace.clock.advance(seconds: 82_801)
    try work()
    #expect(try workspace.status(third) == "completed")
  }

  @Test("a domain gets no more than its cap, however many people are there")
  func domainCap() throws {
    try save(["max_per_domain_per_day": 1])
    #expect(try direct("ada@example.com") == nil)
    #expect(try direct("bob@example.com")?.message.contains("domain_cap") == true)
    #expect(try direct("ada@else.org") == nil)
  }

  @Test("executing is refused as long as a rule stands against it, and the action stays")
  func execute() throws {
    try save(["suppress": ["ada@example.com"]])
    let id = try mail("ada@example.com", [:], ["require_approval": true])
    let refusal = try workspace.refusal("pathbound_execute_action", ["action_id": .string(id)])
    #expect(refusal.code == .forbidden && refusal.message.contains("suppression"))
    #expect(try workspace.status(id) == "pending_approval")
    let rehearsed = try workspace.call("pathbound_execute_action", ["action_id": .string(id), "dry_run": true])
    #expect(rehearsed["blocked_by"] == ["suppression"])
    #expect(rehearsed["would_perform"]?[0]?["blocked_by"]?[0]?["reason"]?.stringValue?.contains("manual") == true)
  }

  @Test("who is in a sequence gets nothing beside it, and the sequence itself goes on")
  func sequences() throws {
    let contact = try workspace.owlContact(["firstName": "Ada", "email": "ada@example.com"])
    try workspace.enroll(
      contact, try workspace.sequence(["steps": [["type": "email", "subject": "Hello", "message": "Hi"]]]))
    try save(["avoid_active_sequences": true])
    let error = try #require(try direct("ada@example.com"))
    #expect(error.message.contains("active_sequence") && error.message.contains("Welcome"))
    #expect(try direct("bob@example.com") == nil)
    for kind in workspace.store.flowWork { while try kind.doNext(shouldStop: { false }) {} }
    try work()
    let own = try #require(try workspace.call("pathbound_list_actions", ["status": "completed"])["actions"]?.arrayValue)
    #expect(own.contains { $0["params"]?["subject"] == "Hello" })
    try save(["avoid_active_sequences": false])
    #expect(try direct("ada@example.com") == nil)
  }

  @Test("what a rule forbids for good is not approved by an agent's configuration, but waits for a person")
  func proposals() throws {
    try save(["suppress": ["example.com"]])
    let contact = try workspace.contact("ada@example.com")
    let fixture = try RunFixture(workspace)
    let run = try fixture.trigger([contact])
    try fixture.work { [.mail(to: $0.id, needsApproval: false)] }
    let proposal = try fixture.run(run)["contact_results"]?[0]?["proposed_actions"]?[0]
    #expect(proposal?["status"] == "pending_approval")
    let approved = try fixture.decide("approve", run, contact, 0)
    #expect(approved["blocked_by"]?[0]?["rule"] == "suppression")
  }

  @Test("changing the rules is in the audit log")
  func audit() throws {
    try save(["suppress": ["ada@example.com"], "max_per_contact_per_day": 1])
    let row = try #require(try AuditRows.read(workspace).last)
    #expect(row.contains("outreach_rules") && row.contains("ada@example.com"))
  }

  @Test("many mails held back together are put off, and what is behind them runs")
  func manyPutOff() throws {
    try save(["quiet_hours": "08:00-09:00"])
    for item in 0..<230 { _ = try mail("ada@example.com", [:], ["item_id": .string("\(item)")]) }
    let task = try workspace.queue()
    try work()
    #expect(try workspace.status(task) == "completed")
    #expect(try workspace.store.nextDueTime()?.iso8601 == "2026-11-21T09:00:00.000Z")
  }
}
