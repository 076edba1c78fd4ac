import JSON
import Service
import StoreSupport
import TestSupport
import Testing

/// What a caller may rely on of signals, sequences and workflows (Owlbound API 11 and 13).
@Suite("Contract: signals, sequences, workflows", .serialized)
struct FlowContractTests {
  private func contact(_ workspace: TestWorkspace) throws -> JSONValue {
    try #require(
      try workspace.call("owlbound_create_contact", ["firstName": "Ada", "email": "ada@b.example"])["contactId"])
  }

  private func refusal(
    _ workspace: TestWorkspace, _ tool: String, _ arguments: JSONObject
  ) throws -> ServiceError {
    try #require(throws: ServiceError.self) { try workspace.call(tool, arguments) }
  }

  @Test("a signal of each type is taken in, listed, filtered and counted", arguments: Place.allCases)
  func signals(place: Place) throws {
    let folder = try TemporaryFolder()
    let workspace = place.workspace(folder)
    let contact = try contact(workspace)
    let types = [
      "job_change", "company_growth", "funding_round", "website_visit", "content_download", "job_posting",
      "technology_adoption", "custom_webhook",
    ]
    for type in types {
      let answer = try workspace.call(
        "owlbound_ingest_signal", ["type": .string(type), "data": ["x": 1], "contactId": contact, "priority": "low"])
      #expect(answer["signalId"]?.stringValue?.isEmpty == false)
    }
    for arguments in [
      ["type": "signal", "data": [:]], ["type": "job_change"], ["type": "job_change", "data": 5],
      ["type": "job_change", "data": [:], "priority": "critical"],
      ["type": "job_change", "data": ["x": .string(String(repeating: "x", count: 10_240))]],
    ] as [JSONObject] {
      #expect(try refusal(workspace, "owlbound_ingest_signal", arguments).code == .validation)
    }
    #expect(
      try refusal(
        workspace, "owlbound_ingest_signal", ["type": "job_change", "data": [:], "contactId": "none"]
      ).code == .notFound)
    let all = try workspace.call("owlbound_list_signals")["signals"]?.arrayValue ?? []
    #expect(all.compactMap { $0["type"]?.stringValue } == types.reversed())
    #expect(all.allSatisfy { $0["contactId"] == contact && $0["actioned"] == false && $0["source"] == "api" })
    let one = try workspace.call("owlbound_list_signals", ["type": "job_posting", "priority": "low", "limit": 1])
    #expect(one["signals"]?.arrayValue?.count == 1)
    #expect(try workspace.call("owlbound_list_signals", ["priority": "high"])["signals"] == [])
    let stats = try workspace.call("owlbound_get_signal_stats", ["time_range": "day"])
    #expect(stats["total"] == 8 && stats["byType"]?["job_change"] == 1)
    #expect(stats["byPriority"] == ["high": 0, "medium": 0, "low": 8])
    workspace.close()
  }

  @Test("a contact is enrolled once, and refused by the name of the rule", arguments: Place.allCases)
  func enrollment(place: Place) throws {
    let folder = try TemporaryFolder()
    let workspace = place.workspace(folder)
    let contact = try contact(workspace)
    let saved = try workspace.call(
      "owlbound_save_sequence",
      ["name": "Welcome", "active": false, "steps": [["type": "email", "message": "Hi {{firstName}}"]]])["sequence"]
    let sequence = try #require(saved?["id"])
    func rule() throws -> String? {
      let error = try refusal(workspace, "owlbound_enroll_in_sequence", ["id": sequence, "contactId": contact])
      #expect(error.code == .validation)
      return error.details.first?.message.split(separator: ":").first.map(String.init)
    }
    #expect(try rule() == "sequence_inactive")
    _ = try workspace.call("owlbound_save_sequence", ["id": sequence, "name": "Welcome", "active": true])
    let enrolled = try workspace.call(
      "owlbound_enroll_in_sequence", ["id": sequence, "contactId": contact, "source": "api"])
    #expect(enrolled["status"] == "active" && enrolled["enrollmentId"]?.stringValue?.isEmpty == false)
    #expect(enrolled["sequenceId"] == sequence && enrolled["contactId"] == contact)
    #expect(try rule() == "already_enrolled")
    for arguments in [["id": "seq123", "contactId": contact], ["id": sequence, "contactId": "contact123"]]
      as [JSONObject]
    {
      #expect(try refusal(workspace, "owlbound_enroll_in_sequence", arguments).code == .notFound)
    }
    let listed = try workspace.call("owlbound_list_sequences", ["id": sequence])["sequences"]?[0]
    #expect(listed?["enrollments"]?[0]?["status"] == "active")
    let read = try workspace.call("owlbound_get_contact", ["id": contact])["contact"]
    #expect(read?["enrollments"]?[0]?["enrollmentId"] == enrolled["enrollmentId"])
    workspace.close()
  }

  @Test("a triggered workflow gets a signal of its own, and its runs are shown", arguments: Place.allCases)
  func workflows(place: Place) throws {
    let folder = try TemporaryFolder()
    let workspace = place.workspace(folder)
    let contact = try contact(workspace)
    let saved = try workspace.call(
      "owlbound_save_workflow",
      [
        "name": "Hot", "triggers": [["type": "website_visit", "priority": "high"]],
        "steps": [["type": "set_status", "status": "ready"]],
      ])
    let workflow = try #require(saved["workflow"]?["id"])
    let answer = try workspace.call(
      "owlbound_trigger_workflow", ["id": workflow, "contactId": contact, "data": ["source": "webhook"]])
    #expect(answer["status"] == "triggered" && answer["workflowId"] == workflow && answer["contactId"] == contact)
    #expect(
      try refusal(workspace, "owlbound_trigger_workflow", ["id": "wf123", "contactId": contact]).code == .notFound)
    _ = try workspace.call(
      "owlbound_ingest_signal",
      ["type": "website_visit", "data": ["pageUrl": "/pricing"], "contactId": contact, "priority": "high"])
    try workspace.flow()
    let runs = try workspace.call("owlbound_list_workflows", ["id": workflow])["workflows"]?[0]?["recentRuns"]
    #expect(runs?.arrayValue?.map { $0["signalType"] } == ["website_visit", "custom_webhook"])
    #expect(runs?[1]?["signalId"] == answer["signalId"] && runs?[1]?["status"] == "completed")
    #expect(try workspace.call("owlbound_get_contact", ["id": contact])["contact"]?["status"] == "ready")
    #expect(try workspace.call("owlbound_list_signals", ["unactioned_only": true])["signals"] == [])
    _ = try workspace.call("owlbound_save_workflow", ["id": workflow, "name": "Hot", "active": false])
    let inactive = try refusal(workspace, "owlbound_trigger_workflow", ["id": workflow, "contactId": contact])
    #expect(inactive.details.first?.message.hasPrefix("workflow_inactive") == true)
    workspace.close()
  }

  @Test("a brief joins both platforms' records of one person", arguments: Place.allCases)
  func brief(place: Place) throws {
    let folder = try TemporaryFolder()
    let workspace = place.workspace(folder)
    let owlbound = try contact(workspace)
    let pathbound = try workspace.call("pathbound_create_contact", ["email": "ADA@b.example"])["contact"]?["_id"]
    let brief = try workspace.call("bound_lead_brief", ["email": "ada@b.example"])
    #expect(brief["person"]?["owlbound_contact_id"] == owlbound)
    #expect(brief["person"]?["pathbound_contact_id"] == pathbound)
    #expect(brief["next_step"]?.stringValue?.isEmpty == false)
    #expect(try refusal(workspace, "bound_lead_brief", ["email": "eve@b.example"]).code == .notFound)
    workspace.close()
  }
}
