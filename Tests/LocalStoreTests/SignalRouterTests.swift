import JSON
import Platform
import Service
import StoreSupport
import TestSupport
import Testing

@Suite("Signal router")
struct SignalRouterTests {
  let workspace = TestWorkspace()

  @Test("each listening workflow hears of a signal once, and the signal is actioned then")
  func once() throws {
    let first = try workspace.workflow(["name": "A"])
    let second = try workspace.workflow(["name": "B", "triggers": [[:]]])
    let deaf = try workspace.workflow(["name": "C", "triggers": [["type": "job_change"]]])
    let idle = try workspace.workflow(["name": "D", "active": false])
    let signal = try workspace.signal()
    #expect(try workspace.call("owlbound_list_signals")["signals"]?[0]?["actioned"] == false)
    for _ in 0..<3 { try workspace.flow() }
    #expect(try workspace.runs(first).map { $0["signalId"] } == [signal])
    #expect(try workspace.runs(second).map { $0["status"] } == ["completed"])
    #expect(try workspace.runs(deaf) == [] && workspace.runs(idle) == [])
    #expect(try workspace.call("owlbound_list_signals")["signals"]?[0]?["actioned"] == true)
    #expect(try workspace.actions().count == 2)
  }

  @Test("a workflow does not hear of what came in before it listened")
  func earlier() throws {
    try workspace.signal()
    let id = try workspace.workflow()
    let second = try workspace.signal()
    try workspace.flow()
    #expect(try workspace.runs(id).map { $0["signalId"] } == [second])
    _ = try workspace.call("owlbound_save_workflow", ["id": id, "name": "Visitors", "active": false])
    try workspace.signal()
    try workspace.flow()
    _ = try workspace.call("owlbound_save_workflow", ["id": id, "name": "Visitors", "active": true])
    try workspace.flow()
    #expect(try workspace.runs(id).count == 1)
    // A change of an active one keeps what waits for it.
    let last = try workspace.signal()
    _ = try workspace.call("owlbound_save_workflow", ["id": id, "name": "Guests"])
    try workspace.flow()
    #expect(try workspace.runs(id).map { $0["signalId"] } == [last, second])
  }

  @Test("more signals than one batch are routed in order, none twice")
  func batches() throws {
    let id = try workspace.workflow(["steps": [["type": "set_status", "status": "ready"]]])
    let contact = try workspace.owlContact(["firstName": "Ada"])
    for _ in 0..<700 { try workspace.signal(["contactId": .string(contact)]) }
    try workspace.flow()
    let open = try workspace.call("owlbound_list_signals", ["unactioned_only": true])["signals"]
    #expect(open == [])
    #expect(try workspace.runs(id).allSatisfy { $0["status"] == "completed" })
    #expect(try RunCounts.read(workspace.store) == 700)
  }

  @Test("two processes and a restart between them run each workflow once per signal")
  func processes() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("workspace.db")
    let first = TestWorkspace(path: path)
    let second = TestWorkspace(path: path, clock: first.clock)
    try first.workflow(["name": "A"])
    try second.workflow(["name": "B", "steps": [["type": "notify", "message": "Second."]]])
    let open = Monitor(4)
    for workspace in [first, second, first, second] {
      Thread.start("router") {
        for _ in 0..<20 {
          _ = try? workspace.signal()
          try? workspace.flow()
        }
        open.withLock { $0 -= 1 }
        open.notify()
      }
    }
    #expect(open.wait(until: .after(milliseconds: 60_000)) { $0 == 0 ? true : nil } == true)
    try first.signal()
    first.close()
    second.close()
    let third = TestWorkspace(path: path, clock: first.clock)
    try third.flow()
    try third.flow()
    #expect(try RunCounts.read(third.store) == 162)
    let total = try third.call("pathbound_list_actions", ["type": "create_task"])["pagination"]?["total_items"]
    #expect(total == 162)
    third.close()
  }

  @Test("a triggered workflow runs alone, with a custom_webhook signal of its own")
  func trigger() throws {
    let named = try workspace.workflow(["name": "Named", "triggers": []])
    let other = try workspace.workflow(["name": "Other", "triggers": [["type": "custom_webhook"]]])
    let contact = try workspace.owlContact(["firstName": "Ada"])
    let answer = try workspace.call(
      "owlbound_trigger_workflow",
      ["id": named, "contactId": .string(contact), "data": ["source": "webhook"]])
    #expect(answer["workflowId"] == named && answer["contactId"]?.stringValue == contact)
    #expect(answer["status"] == "triggered")
    try workspace.signal(["type": "custom_webhook"])
    try workspace.flow()
    #expect(try workspace.runs(named).map { $0["signalId"] } == [answer["signalId"]])
    #expect(try workspace.runs(other).count == 1)
    let signal = try workspace.call("owlbound_list_signals")["signals"]?[1]
    #expect(signal?["type"] == "custom_webhook" && signal?["data"] == ["source": "webhook"])
    #expect(signal?["source"] == "api" && signal?["priority"] == "medium" && signal?["actioned"] == true)
  }

  @Test("an inactive workflow and an archived contact are refused by name")
  func triggerRefusals() throws {
    let contact = JSONValue.string(try workspace.owlContact(["firstName": "Ada"]))
    let id = try workspace.workflow(["active": false])
    let inactive = try workspace.refusal("owlbound_trigger_workflow", ["id": id, "contactId": contact])
    #expect(inactive.code == .validation)
    #expect(inactive.details.first?.message.hasPrefix("workflow_inactive") == true)
    #expect(
      try workspace.refusal("owlbound_trigger_workflow", ["id": "none", "contactId": contact]).code == .notFound)
    #expect(try workspace.refusal("owlbound_trigger_workflow", ["id": id, "contactId": "none"]).code == .notFound)
    let long = JSONValue.string(String(repeating: "x", count: 11_000))
    let tooLong = try workspace.refusal(
      "owlbound_trigger_workflow", ["id": id, "contactId": contact, "data": ["x": long]])
    #expect(tooLong.details.first?.path == "/data")
    #expect(try workspace.call("owlbound_list_signals")["signals"] == [])
  }
}

@Suite("Workflow steps")
struct WorkflowStepTests {
  let workspace = TestWorkspace()

  @Test("steps score, enroll, change the status, queue an action, tell a person and enrich")
  func all() throws {
    let profile = try #require(
      try workspace.call("owlbound_save_icp_profile", ["name": "P", "titles": ["CTO"]])["profile"]?["id"])
    let sequence = try workspace.sequence()
    let contact = try workspace.owlContact([
      "firstName": "Ada", "email": "ada@b.example", "title": "CTO", "company": "Acme",
    ])
    let id = try workspace.workflow([
      "steps": [
        ["type": "score", "icpProfileId": profile], ["type": "enroll", "sequenceId": sequence],
        ["type": "set_status", "status": "ready"],
        [
          "type": "queue_action", "action": "email_message",
          "params": ["subject": "Hello {{firstName}}", "message": "How is {{company|work}}?"],
        ],
        ["type": "notify", "message": "{{firstName}} of {{company}} came by"],
        ["type": "enrich", "priority": "low"],
      ]
    ])
    let signal = try workspace.signal(["contactId": .string(contact)])
    try workspace.flow()
    let run = try #require(try workspace.runs(id).first)
    #expect(run["status"] == "completed" && run["contactId"]?.stringValue == contact)
    #expect(run["steps"]?.arrayValue?.map { $0["status"] } == ["done", "done", "done", "done", "done", "done"])
    #expect(run["steps"]?[0]?["result"]?["score"] == 100)
    #expect(run["steps"]?[5]?["result"] == ["status": "queued", "priority": "low"])
    let job = try workspace.call("owlbound_get_enrichment_status", ["contactId": .string(contact)])
    #expect(job["priority"] == "low")
    let read = try workspace.call("owlbound_get_contact", ["id": .string(contact)])["contact"]
    #expect(read?["status"] == "ready" && read?["score"] == 100)
    #expect(try workspace.enrollments(sequence).first?["source"] == "workflow")
    let mail = try workspace.action(try #require(run["steps"]?[3]?["result"]?["actionId"]?.stringValue))
    #expect(mail["status"] == "pending_approval")
    #expect(mail["params"]?["subject"] == "Hello Ada" && mail["params"]?["message"] == "How is Acme?")
    #expect(mail["params"]?["email"] == "ada@b.example")
    #expect(mail["item_id"] == signal && mail["list_id"] == id)
    let task = try workspace.action(try #require(run["steps"]?[4]?["result"]?["actionId"]?.stringValue))
    #expect(task["type"] == "create_task" && task["status"] == "scheduled")
    #expect(task["params"]?["title"] == "Ada of Acme came by")
    // Whom Pathbound did not know is known there now.
    let pathbound = try workspace.call("pathbound_list_contacts", ["search": "ada"])["contacts"]
    #expect(pathbound?[0]?["_id"] == mail["contact_id"])
    #expect(pathbound?[0]?["properties"]?["jobtitle"] == "CTO")
    #expect(try AuditRows.read(workspace).contains { $0.hasPrefix("workflow owlbound_update_contact") })
  }

  @Test("a failing step says why, changes nothing, and ends the run; what was done stays and is not repeated")
  func failure() throws {
    let sequence = try workspace.sequence(["active": false])
    let id = try workspace.workflow([
      "steps": [
        ["type": "notify", "message": "One"], ["type": "enroll", "sequenceId": sequence],
        ["type": "set_status", "status": "ready"],
      ]
    ])
    let contact = try workspace.owlContact(["firstName": "Ada"])
    try workspace.signal(["contactId": .string(contact)])
    for _ in 0..<3 { try workspace.flow() }
    let run = try #require(try workspace.runs(id).first)
    #expect(run["status"] == "failed")
    #expect(run["steps"]?.arrayValue?.map { $0["status"] } == ["done", "failed", "skipped"])
    #expect(run["steps"]?[1]?["error"]?.stringValue?.contains("not active") == true)
    #expect(try workspace.actions().count == 1)
    #expect(try workspace.call("owlbound_get_contact", ["id": .string(contact)])["contact"]?["status"] == "new")
  }

  @Test("a step that may fail lets the others go on")
  func tolerated() throws {
    let id = try workspace.workflow([
      "steps": [
        ["type": "set_status", "status": "ready", "onFailure": "continue"],
        ["type": "notify", "message": "{{firstName|Somebody}} came by"],
        ["type": "notify", "message": "{{firstName}} came by"],
      ]
    ])
    try workspace.signal()
    try workspace.flow()
    let run = try #require(try workspace.runs(id).first)
    #expect(run["status"] == "failed")
    #expect(run["steps"]?.arrayValue?.map { $0["status"] } == ["failed", "done", "failed"])
    #expect(run["steps"]?[0]?["error"]?.stringValue?.contains("contactId") == true)
    #expect(run["steps"]?[2]?["error"]?.stringValue?.contains("{{firstName|…}}") == true)
    #expect(try workspace.actions().first?["params"]?["title"] == "Somebody came by")
  }

  @Test("a channel makes the notice a Slack message")
  func slack() throws {
    try workspace.workflow(["steps": [["type": "notify", "message": "A visit.", "channel": "#sales"]]])
    try workspace.signal()
    try workspace.flow()
    let action = try workspace.actions().first
    #expect(action?["type"] == "send_slack_message")
    #expect(action?["params"] == ["channel": "#sales", "message": "A visit."])
  }
}
