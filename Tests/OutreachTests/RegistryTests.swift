import JSON
import JSONSchema
import Operations
import Outreach
import Platform
import Service
import Testing

@Suite("Registry")
struct RegistryTests {
  private let registry = Registry(executors: [
    EmailMessage(outbox: "/nonexistent/outbox", sender: nil), CreateNote(), CreateTask(), UpdateContact(),
    UpdateCompany(), LinkedInConnection(), UpdateLifecycleStage(), EscalateToHuman(),
  ])

  private func action(_ type: String, _ params: JSONObject = [:], contactID: String? = nil) -> ClaimedAction {
    ClaimedAction(
      id: "act_1", type: type, params: params, identity: .init(id: "id_default", name: "", email: nil),
      contactID: contactID, summary: nil, claim: 1)
  }

  private func failure(_ outcome: ActionOutcome) -> String? {
    if case .failed(let reason) = outcome { reason } else { nil }
  }

  private func change(_ outcome: ActionOutcome) throws -> WorkspaceChange {
    guard case .completed(_, let changes) = outcome else {
      Issue.record("\(outcome)")
      throw CancellationError()
    }
    #expect(changes.count == 1)
    return try #require(changes.first)
  }

  @Test("each built-in type has an executor or an honest reason", arguments: ActionType.all.map(\.name))
  func everyType(type: String) {
    let connected = [
      "email_message", "linkedin_connection", "create_note", "create_task", "update_contact", "update_company",
      "update_lifecycle_stage", "escalate_to_human",
    ]
    if connected.contains(type) {
      #expect(registry.reasonAgainst(type) == nil)
    } else {
      let reason = registry.reasonAgainst(type) ?? ""
      #expect(reason.hasPrefix("\(type) is not connected: "))
      #expect(!reason.contains("executors in config.json"), "a built-in type has advice of its own")
      #expect(failure(registry.perform(action(type))) == reason)
    }
  }

  @Test("there are fourteen built-in types")
  func fourteen() {
    #expect(ActionType.all.count == 14)
  }

  @Test("an unknown type fails and names the known ones")
  func unknownType() throws {
    let reason = try #require(failure(registry.perform(action("send_email"))))
    #expect(reason.contains("\"send_email\""))
    #expect(reason.contains("email_message"))
  }

  @Test("a type that the configuration adds is known, and performed once it has an executor")
  func addedType() throws {
    let type = ActionType(
      name: "ring_bell", purpose: "", capability: "bell", reach: .outside, parameters: .object([]))
    let without = Registry(types: ActionType.all + [type], executors: [])
    #expect(without.reasonAgainst("ring_bell")?.contains("is not connected") == true)
    struct Bell: ActionExecutor {
      let type = "ring_bell"
      func perform(_ action: ClaimedAction) -> ActionOutcome { .completed(result: ["rang": true], changes: []) }
    }
    guard case .completed(let result, _) = Registry(executors: [Bell()]).perform(action("ring_bell")) else {
      Issue.record("not performed")
      return
    }
    #expect(result["rang"] == true)
  }

  @Test("a note is for the contact or the company that it names, else for the action's contact")
  func note() throws {
    let content: JSONObject = ["content": "Called"]
    guard
      case .createNote("ct_1", nil, "Called") = try change(
        registry.perform(action("create_note", content, contactID: "ct_1")))
    else {
      Issue.record("not the action's contact")
      return
    }
    guard
      case .createNote(nil, "co_1", "Called") = try change(
        registry.perform(action("create_note", ["content": "Called", "company_id": "co_1"], contactID: "ct_1")))
    else {
      Issue.record("not the company")
      return
    }
    #expect(failure(registry.perform(action("create_note", content)))?.contains("contact_id") == true)
    let both: JSONObject = ["content": "x", "company_id": "co_1", "contact_id": "ct_1"]
    #expect(failure(registry.perform(action("create_note", both)))?.contains("not both") == true)
    #expect(failure(registry.perform(action("create_note", ["contact_id": "ct_1"])))?.contains("content") == true)
  }

  @Test("a task has a title and may have details, a time and a contact")
  func task() throws {
    let params: JSONObject = [
      "title": "Call", "description": "by noon", "due_date": "2026-11-21", "contact_id": "ct_2",
    ]
    guard
      case .createTask("Call", "by noon", let due?, "ct_2") = try change(
        registry.perform(action("create_task", params)))
    else {
      Issue.record("not the task")
      return
    }
    #expect(due.iso8601 == "2026-11-21T00:00:00.000Z")
    guard
      case .createTask("Call", nil, nil, nil) = try change(
        registry.perform(action("create_task", ["title": "Call", "due_date": nil])))
    else {
      Issue.record("not the short task")
      return
    }
    let broken: JSONObject = ["title": "Call", "due_date": "tomorrow"]
    #expect(failure(registry.perform(action("create_task", broken)))?.contains("due_date") == true)
    #expect(failure(registry.perform(action("create_task", ["title": " "])))?.contains("title") == true)
  }

  @Test("properties of a contact are handed over as they are, null included")
  func update() throws {
    let params: JSONObject = ["contact_id": "ct_1", "properties": ["city": "Berlin", "fax": nil]]
    guard case .updateContact("ct_1", let properties) = try change(registry.perform(action("update_contact", params)))
    else {
      Issue.record("not the update")
      return
    }
    #expect(properties == ["city": "Berlin", "fax": nil])
    let broken: [JSONObject] = [
      ["properties": ["a": 1]], ["contact_id": "ct_1"], ["contact_id": "ct_1", "properties": [:]],
    ]
    for params in broken { #expect(failure(registry.perform(action("update_contact", params))) != nil) }
  }

  @Test("properties of a company are handed over as they are")
  func updateCompany() throws {
    let params: JSONObject = ["company_id": "co_1", "properties": ["tier": "gold"]]
    guard
      case .updateCompany("co_1", let properties) = try change(registry.perform(action("update_company", params)))
    else {
      Issue.record("not the update")
      return
    }
    #expect(properties == ["tier": "gold"])
    #expect(
      failure(registry.perform(action("update_company", ["properties": ["a": 1]])))?.contains("company_id") == true)
  }

  @Test("a lifecycle stage is one of the nine", arguments: Vocabulary.lifecycleStages)
  func stage(stage: String) throws {
    let params: JSONObject = ["contact_id": "ct_1", "lifecycle_stage": .string(stage)]
    guard
      case .setLifecycleStage("ct_1", stage) = try change(
        registry.perform(action("update_lifecycle_stage", params)))
    else {
      Issue.record("not the stage")
      return
    }
    let broken: JSONObject = ["contact_id": "ct_1", "lifecycle_stage": .string(stage.uppercased())]
    #expect(failure(registry.perform(action("update_lifecycle_stage", broken)))?.contains("evangelist") == true)
  }

  @Test("an escalation needs a reason")
  func escalation() throws {
    guard
      case .escalate("angry", "ct_1") = try change(
        registry.perform(action("escalate_to_human", ["reason": "angry"], contactID: "ct_1")))
    else {
      Issue.record("not the escalation")
      return
    }
    #expect(failure(registry.perform(action("escalate_to_human")))?.contains("reason") == true)
  }
}
