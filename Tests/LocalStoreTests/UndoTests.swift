import JSON
import LocalStore
import Operations
import Platform
import Service
import StoreSupport
import TestSupport
import Testing

/// A write that is undone as if it had never been.
struct Reversal: Sendable, CustomTestStringConvertible {
  let tool: String
  let arguments: @Sendable (UndoFixture) throws -> JSONObject
  /// What must be there before.
  var before: @Sendable (UndoFixture) throws -> Void = { _ in }

  var testDescription: String { tool }

  static let all: [Reversal] = [
    Reversal(tool: "pathbound_create_contact") { _ in
      ["email": "new@b.example", "properties": ["firstname": "New"], "visitor_id": "v2"]
    },
    Reversal(tool: "pathbound_update_contact") {
      [
        "contact_id": .string($0.contact), "properties": ["city": "Turin", "firstname": .null, "email": "a@c.example"],
        "visitor_id": "v2",
      ]
    },
    Reversal(tool: "pathbound_delete_contact") { ["contact_id": .string($0.contact)] },
    Reversal(tool: "pathbound_create_contact_note") { ["contact_id": .string($0.contact), "content": "x"] },
    Reversal(tool: "pathbound_update_contact_note") {
      ["contact_id": .string($0.contact), "note_id": .string($0.note), "content": "Likes coffee"]
    },
    Reversal(tool: "pathbound_delete_contact_note") {
      ["contact_id": .string($0.contact), "note_id": .string($0.note)]
    },
    Reversal(
      tool: "pathbound_create_company",
      arguments: { _ in ["domain": "new.example", "properties": ["name": "New"]] },
      before: { _ = try $0.workspace.contact("joe@new.example") }),
    Reversal(tool: "pathbound_update_company") {
      ["company_id": .string($0.company), "properties": ["name": "Bee", "domain": "bee.example"]]
    },
    Reversal(tool: "pathbound_delete_company") { ["company_id": .string($0.company)] },
    Reversal(tool: "pathbound_create_company_note") { ["company_id": .string($0.company), "content": "x"] },
    Reversal(tool: "pathbound_update_company_note") {
      ["company_id": .string($0.company), "note_id": .string($0.companyNote), "content": "Small"]
    },
    Reversal(tool: "pathbound_delete_company_note") {
      ["company_id": .string($0.company), "note_id": .string($0.companyNote)]
    },
    Reversal(tool: "pathbound_create_identity") { _ in
      ["firstName": "Eve", "lastName": "New", "role": "Sales", "email": "eve@us.example"]
    },
    Reversal(tool: "pathbound_update_identity") { ["identity_id": $0.identity, "jobTitle": "CEO"] },
    Reversal(tool: "pathbound_delete_identity") { ["identity_id": $0.identity] },
    Reversal(tool: "pathbound_save_segment") {
      ["segment_id": $0.segment, "name": "Ladies", "filter": ["city": "Rome"]]
    },
    Reversal(tool: "pathbound_delete_segment") { ["segment_id": $0.segment] },
    Reversal(tool: "pathbound_save_outreach_rules") { _ in
      ["suppress": ["x@b.example", "c.example"], "quiet_hours": "20:00-08:00", "max_per_contact_per_day": 2]
    },
    Reversal(tool: "pathbound_create_agent") { _ in ["name": "Second", "identity_id": "id_default"] },
    Reversal(tool: "pathbound_update_agent") { ["id": $0.agent, "name": "Renamed", "enabled": false] },
    Reversal(
      tool: "pathbound_delete_agent", arguments: { ["id": $0.agent] },
      before: { _ = try $0.workspace.call("pathbound_trigger_agent", ["id": $0.agent]) }),
    Reversal(tool: "pathbound_trigger_agent") { ["id": $0.agent, "contact_ids": [.string($0.contact)]] },
    Reversal(tool: "pathbound_update_action") {
      ["action_id": .string($0.scheduled), "params": ["title": "Write"], "description": "Soon"]
    },
    Reversal(tool: "pathbound_cancel_action") { ["action_id": .string($0.scheduled)] },
    Reversal(tool: "pathbound_approve_action") {
      ["action_id": .string($0.pending), "action": "approve"]
    },
    Reversal(tool: "pathbound_reject_action") { ["action_id": .string($0.pending), "comment": "No"] },
    Reversal(tool: "owlbound_ingest_signal") {
      ["type": "website_visit", "data": ["page": "/"], "contactId": .string($0.owl)]
    },
    Reversal(tool: "owlbound_create_contact") { _ in
      ["firstName": "Nina", "email": "nina@b.example", "company": "Nix", "tags": ["a"]]
    },
    Reversal(tool: "owlbound_update_contact") {
      ["id": .string($0.owl), "title": "CEO", "company": "Acme", "tags": ["x"], "status": "contacted"]
    },
    Reversal(tool: "owlbound_archive_contact") { ["id": .string($0.owl), "reason": "left"] },
    Reversal(tool: "owlbound_upsert_company") { _ in
      ["linkedInUrl": "https://www.linkedin.com/company/acme", "name": "Acme"]
    },
    Reversal(tool: "owlbound_score_contact") { ["id": .string($0.owl), "icpProfileId": $0.profile] },
    Reversal(tool: "owlbound_enrich_contact") { ["id": .string($0.owl)] },
    Reversal(tool: "owlbound_enroll_in_sequence") { ["id": $0.sequence, "contactId": .string($0.owl)] },
    Reversal(tool: "owlbound_trigger_workflow") { ["id": $0.workflow, "contactId": .string($0.owl)] },
    Reversal(tool: "owlbound_save_icp_profile") { ["id": $0.profile, "name": "Payers", "titles": ["CEO"]] },
    Reversal(tool: "owlbound_save_sequence") {
      [
        "id": $0.sequence, "name": "Hello", "active": false,
        "steps": [["type": "email", "subject": "Hi", "message": "Hi"]],
      ]
    },
    Reversal(tool: "owlbound_save_workflow") { ["id": $0.workflow, "name": "Buyers", "active": false] },
    Reversal(tool: "owlbound_save_connector") { _ in
      ["integrationSlug": "slack", "config": ["token": "$SLACK_TOKEN"]]
    },
  ]

  /// The writes that have no such undo; each has a test of its own, or its reason is stated.
  static let others: Set<String> = [
    "pathbound_queue_action", "pathbound_bulk_queue_actions", "pathbound_execute_action",
    "pathbound_bulk_review_actions", "pathbound_process_actions", "pathbound_approve_run_action",
    "pathbound_reject_run_action", "pathbound_get_run_work", "pathbound_propose_run_actions", "pathbound_track_events",
    "pathbound_undo_change",
  ]
}

@Suite("Undo")
struct UndoTests {
  @Test("knows of every write: it is taken back as if it had never been, or the reason is stated")
  func complete() {
    let writes = Catalogue.all.filter { if case .write = $0.access { true } else { false } }.map(\.name)
    let known = Reversal.all.map(\.tool) + Reversal.others
    #expect(Set(writes).symmetricDifference(known).isEmpty, "give a new write a Reversal, or a stated reason")
  }

  @Test("puts back all of a change, and undone itself, all of it again", arguments: Reversal.all)
  func reversal(_ reversal: Reversal) throws {
    let fixture = try UndoFixture()
    try reversal.before(fixture)
    let before = try WorkspaceState.read(fixture.workspace)
    _ = try fixture.workspace.call(reversal.tool, try reversal.arguments(fixture))
    let after = try WorkspaceState.read(fixture.workspace)
    #expect(after != before)
    let change = try fixture.latest()
    #expect(change["tool"] == .string(reversal.tool) && change["undoable"] == true, "\(change.text)")

    fixture.workspace.clock.advance(seconds: 60)
    let undo = try fixture.undo(change)
    Self.expect(try WorkspaceState.read(fixture.workspace), before)
    #expect(try fixture.refusal(change).contains("undone already, by \(undo.stringValue ?? "")"))
    let listed = try fixture.latest()
    #expect(listed["id"] == undo && listed["undoes"] == change["id"] && listed["undoable"] == true, "\(listed.text)")

    let redo = try fixture.undo(undo)
    Self.expect(try WorkspaceState.read(fixture.workspace), after)
    #expect(redo != undo)
    try fixture.undo(change)
    Self.expect(try WorkspaceState.read(fixture.workspace), before)
  }

  /// The lines that differ, so that a failure can be read.
  private static func expect(_ state: [String], _ wanted: [String], at place: SourceLocation = #_sourceLocation) {
    let lost = wanted.filter { !state.contains($0) }
    let added = state.filter { !wanted.contains($0) }
    #expect(lost.isEmpty && added.isEmpty, "lost: \(lost)\nadded: \(added)", sourceLocation: place)
  }

  @Test("of a dry run changes nothing and says what it would")
  func rehearsal() throws {
    let fixture = try UndoFixture()
    _ = try fixture.workspace.call("pathbound_delete_contact", ["contact_id": .string(fixture.contact)])
    let state = try WorkspaceState.read(fixture.workspace)
    let change = try fixture.latest()
    let shown = try fixture.workspace.call(
      "pathbound_undo_change", ["change_id": change["id"] ?? "", "dry_run": true])
    #expect(shown["dry_run"] == true && shown["undone"] == change["id"])
    #expect(shown["would_change"]?[0]?["after"]?["firstname"] == "Ada")
    #expect(shown["would_perform"]?.arrayValue?.count == 2)
    #expect(try WorkspaceState.read(fixture.workspace) == state)
    try fixture.undo(change)
  }

  @Test("is refused while a later change stands on it, which is named, and goes back one by one")
  func later() throws {
    let fixture = try UndoFixture()
    let original = try WorkspaceState.read(fixture.workspace)
    var changes: [JSONValue] = []
    for city in ["Rome", "Turin", "Milan"] as [JSONValue] {
      fixture.workspace.clock.advance(seconds: 1)
      _ = try fixture.workspace.call(
        "pathbound_update_contact", ["contact_id": .string(fixture.contact), "properties": ["city": city]])
      changes.append(try fixture.latest())
    }
    let last = try #require(changes[2]["id"]?.stringValue)
    #expect(try fixture.refusal(changes[0]).contains("changed later by \(last) (pathbound_update_contact)"))
    #expect(changes[2]["summary"] == "city: Turin → Milan")
    for change in changes.reversed() { try fixture.undo(change) }
    Self.expect(try WorkspaceState.read(fixture.workspace), original)
  }

  @Test("of a new record is refused where something came to it later, and of one that is gone")
  func dependents() throws {
    let fixture = try UndoFixture()
    let workspace = fixture.workspace
    let id = try workspace.contact("new@b.example")
    let created = try fixture.latest()
    _ = try workspace.call("pathbound_create_contact_note", ["contact_id": .string(id), "content": "Important"])
    let noted = try fixture.latest()
    let state = try WorkspaceState.read(workspace)
    #expect(try fixture.refusal(created).contains("came later, by \(noted["id"]?.stringValue ?? "?")"))
    #expect(try WorkspaceState.read(workspace) == state)
    try fixture.undo(noted)
    _ = try workspace.call("pathbound_delete_contact", ["contact_id": .string(id)])
    let deleted = try fixture.latest()
    #expect(try fixture.refusal(created).contains("is gone, by \(deleted["id"]?.stringValue ?? "?")"))
    try fixture.undo(deleted)
    try fixture.undo(created)
    #expect(try workspace.refusal("pathbound_get_contact", ["contact_id": .string(id)]).code == .notFound)
  }

  @Test("of a deletion is refused when somebody else has the address by now")
  func taken() throws {
    let fixture = try UndoFixture()
    _ = try fixture.workspace.call("pathbound_delete_contact", ["contact_id": .string(fixture.contact)])
    let change = try fixture.latest()
    _ = try fixture.workspace.contact("ada@b.example")
    let state = try WorkspaceState.read(fixture.workspace)
    #expect(try fixture.refusal(change).contains("has its place"))
    #expect(try WorkspaceState.read(fixture.workspace) == state)
  }

  @Test("of a queued action cancels it, and the same call may be made again")
  func queued() throws {
    let fixture = try UndoFixture()
    let arguments: JSONObject = [
      "type": "create_task", "params": ["title": "Ring"], "identity_id": "id_default", "require_approval": true,
    ]
    let first = try fixture.workspace.call("pathbound_queue_action", arguments)["action_id"]?.stringValue ?? ""
    let undone = try fixture.workspace.call("pathbound_undo_change", ["change_id": try fixture.latest()["id"] ?? ""])
    #expect(undone["notes"]?[0]?.stringValue?.contains("cancelled") == true)
    #expect(try fixture.workspace.status(first) == "cancelled")
    #expect(try fixture.workspace.call("pathbound_queue_action", arguments)["action_id"] != .string(first))
    let action = try fixture.workspace.action(first)
    #expect(action["logs"]?.text.contains("undo") ?? action["log"]?.text.contains("undo") ?? false, "\(action)")
    try fixture.undo(undone["undo_id"])
    #expect(try fixture.workspace.status(first) == "pending_approval")
  }

  @Test("of what was performed says honestly that it is gone")
  func performed() throws {
    let fixture = try UndoFixture()
    let mail = try fixture.workspace.queueMail(["contact_id": .string(fixture.contact), "message": "Hello"])
    let queued = try fixture.latest()
    _ = try fixture.workspace.call("pathbound_approve_action", ["action_id": .string(mail), "action": "approve"])
    let approved = try fixture.latest()
    _ = try fixture.workspace.work()
    for change in [queued, approved, try fixture.latest()] {
      #expect(try fixture.refusal(change).contains("The e-mail has left: it can't be called back."))
    }
    let task = try fixture.workspace.call(
      "pathbound_queue_action",
      ["type": "create_task", "params": ["title": "x"], "identity_id": "id_default", "direct": true])
    #expect(task["action_id"] != nil)
    let list = try fixture.workspace.call("pathbound_list_changes", ["tool": "pathbound_queue_action", "limit": 1])
    #expect(list["changes"]?[0]?["undoable"] == false)
    #expect(list["changes"]?[0]?["reason"]?.stringValue?.contains("was performed") == true)
  }

  @Test("of what an action did puts its record back")
  func outcome() throws {
    let fixture = try UndoFixture()
    _ = try fixture.workspace.queue([
      "type": "update_lifecycle_stage",
      "params": ["contact_id": .string(fixture.contact), "lifecycle_stage": "customer"],
    ])
    _ = try fixture.workspace.work(
      .completed(result: [:], changes: [.setLifecycleStage(contactID: fixture.contact, stage: "customer")]))
    let changes = try fixture.workspace.call(
      "pathbound_list_changes", ["record": .string(fixture.contact), "limit": 1])
    #expect(changes["changes"]?[0]?["summary"] == "lifecyclestage: – → customer", "\(changes)")
    try fixture.undo(changes["changes"]?[0])
    let contact = try fixture.workspace.call("pathbound_get_contact", ["contact_id": .string(fixture.contact)])
    #expect(contact["contact"]?["properties"]?["lifecyclestage"] == nil)
  }

  @Test("of an enrollment whose sequence has begun takes the contact out and stops what was not sent")
  func begunSequence() throws {
    let fixture = try UndoFixture()
    let sequence = try fixture.workspace.sequence(["name": "Asked", "requireApproval": true])
    try fixture.workspace.enroll(fixture.owl, sequence)
    let change = try fixture.latest()
    try fixture.workspace.flow()
    let action = try #require(try fixture.workspace.enrollments(sequence)[0]["actionId"]?.stringValue)
    let answer = try fixture.workspace.call("pathbound_undo_change", ["change_id": change["id"] ?? ""])
    #expect(answer["notes"]?[0]?.stringValue?.contains("left the sequence") == true)
    #expect(try fixture.workspace.enrollments(sequence)[0]["status"] == "stopped")
    #expect(try fixture.workspace.status(action) == "rejected")
  }

  @Test("of decisions on a run's proposals makes them wait again")
  func runDecisions() throws {
    let fixture = try RunFixture()
    let contact = try fixture.workspace.contact("ada@b.example")
    let run = try fixture.trigger([contact])
    try fixture.work { [.mail(to: $0.id), .task()] }
    let before = try WorkspaceState.read(fixture.workspace)
    for (word, index) in [("approve", 0), ("reject", 1)] as [(String, Int64)] {
      _ = try fixture.decide(word, run, contact, index)
      let change = try #require(try fixture.workspace.call("pathbound_list_changes", ["limit": 1])["changes"]?[0])
      #expect(change["undoable"] == true, "\(change.text)")
      _ = try fixture.workspace.call("pathbound_undo_change", ["change_id": change["id"] ?? ""])
    }
    let after = try WorkspaceState.read(fixture.workspace).filter {
      !$0.hasPrefix("actions:") && !$0.hasPrefix("counter: actions")
    }
    #expect(after == before)
  }

  @Test("of many actions goes one by one")
  func bulk() throws {
    let fixture = try UndoFixture()
    _ = try fixture.workspace.call(
      "pathbound_bulk_review_actions", ["action_ids": [.string(fixture.pending)], "action": "approve"])
    let list = try fixture.workspace.call(
      "pathbound_list_changes", ["tool": "pathbound_bulk_review_actions", "undoable": true])
    #expect(list["changes"]?.arrayValue?.count == 1)
    try fixture.undo(list["changes"]?[0])
    #expect(try fixture.workspace.status(fixture.pending) == "pending_approval")
  }

  @Test("of tracked events is refused with the reason")
  func events() throws {
    let fixture = try UndoFixture()
    _ = try fixture.workspace.track(["event": "page_view"])
    #expect(try fixture.refusal(fixture.latest()).contains("Events are a record of what happened"))
    #expect(
      try fixture.workspace.refusal("pathbound_undo_change", ["change_id": "chg_nothing"]).code == .notFound)
  }

  @Test("of a deletion gives events back that were released in the background")
  func manyEvents() throws {
    let fixture = try UndoFixture()
    for _ in 0..<12 {
      let events = [JSONValue](repeating: ["event": "page_view", "visitorId": "v1"], count: 100)
      _ = try fixture.workspace.call("pathbound_track_events", ["events": .array(events)])
    }
    let before = try WorkspaceState.read(fixture.workspace)
    for rounds in [0, 1, 9] {
      _ = try fixture.workspace.call("pathbound_delete_contact", ["contact_id": .string(fixture.contact)])
      for _ in 0..<rounds { try fixture.keepUp() }
      try fixture.undo(fixture.latest())
      for _ in 0..<4 { try fixture.keepUp() }
      Self.expect(try WorkspaceState.read(fixture.workspace), before)
    }
  }

  @Test("of more than is kept is refused, and so is what was dropped after its time")
  func bounds() throws {
    let fixture = try UndoFixture()
    let text = JSONValue.string(String(repeating: "long ", count: 1900))
    for _ in 0..<220 {
      _ = try fixture.workspace.call(
        "pathbound_create_contact_note",
        [
          "contact_id": .string(fixture.contact), "content": text,
          "idempotency_key": .string("\(UInt64.random(in: 0 ... .max))"),
        ])
    }
    let noted = try fixture.latest()
    _ = try fixture.workspace.call("pathbound_delete_contact", ["contact_id": .string(fixture.contact)])
    #expect(try fixture.refusal(fixture.latest()).contains("more records than are kept"))
    fixture.workspace.clock.advance(seconds: 91 * 86_400)
    for _ in 0..<5 { try fixture.keepUp() }
    #expect(try fixture.refusal(noted).contains("kept for 90 days"))
  }

  @Test("of an agent's deletion starts no run for a time that has passed")
  func schedule() throws {
    let fixture = try UndoFixture()
    _ = try fixture.workspace.call("pathbound_delete_agent", ["id": fixture.agent])
    let change = try fixture.latest()
    fixture.workspace.clock.advance(seconds: 3 * 86_400)
    try fixture.undo(change)
    #expect(
      try WorkspaceState.read(fixture.workspace).contains { $0.hasPrefix("agents:") && $0.contains("next_run_at=0") })
  }
}

@Suite("The history")
struct HistoryTests {
  @Test("is filtered by record, tool, client, time and what can be undone, page by page")
  func filters() throws {
    let fixture = try UndoFixture()
    let workspace = fixture.workspace
    let start = workspace.clock.now()
    for index in 0..<5 {
      workspace.clock.advance(seconds: 60)
      _ = try workspace.call(
        "pathbound_update_contact",
        ["contact_id": .string(fixture.contact), "properties": ["city": .string("City \(index)")]],
        client: index == 2 ? "Other/2" : "tests")
    }
    func list(_ arguments: JSONObject) throws -> [JSONValue] {
      try #require(try workspace.call("pathbound_list_changes", arguments)["changes"]?.arrayValue)
    }
    #expect(try list(["since": .string(start.adding(milliseconds: 1000).iso8601)]).count == 5)
    #expect(try list(["record": .string(fixture.contact), "tool": "pathbound_update_contact"]).count == 6)
    #expect(try list(["client": "other"]).count == 1)
    let cities = try list([
      "record": .string(fixture.contact), "until": .string(start.adding(milliseconds: 120_000).iso8601),
    ])
    #expect(cities.first?["summary"]?.stringValue?.hasSuffix("City 1") == true)
    #expect(try list(["tool": "pathbound_track_events", "undoable": true]).isEmpty)
    #expect(try list(["since": "2099-01-01T00:00:00Z"]).isEmpty)

    var ids: [String] = []
    var cursor: JSONValue = .null
    repeat {
      var arguments: JSONObject = ["limit": 3]
      if !cursor.isNull { arguments["cursor"] = cursor }
      let page = try workspace.call("pathbound_list_changes", arguments)
      ids += page["changes"]?.arrayValue?.compactMap { $0["id"]?.stringValue } ?? []
      cursor = page["nextCursor"] ?? .null
    } while !cursor.isNull
    #expect(ids == ids.sorted(by: >) && Set(ids).count == ids.count)
    #expect(try AuditRows.read(workspace).count == ids.count)
    #expect(try workspace.refusal("pathbound_list_changes", ["cursor": "x"]).code == .validation)
  }
}
