import JSON
import LocalStore
import Service
import StoreSupport
import Testing

/// An agent with a run, for tests of what becomes of it.
struct RunFixture {
  let workspace: TestWorkspace
  let agent: String

  init(_ workspace: TestWorkspace = TestWorkspace(), _ arguments: JSONObject = ["identity_id": "id_default"]) throws {
    self.workspace = workspace
    var whole = arguments
    whole["name"] = "Agent"
    let agent = try workspace.call("pathbound_create_agent", whole)["agent"]
    self.agent = try #require(agent?["_id"]?.stringValue)
  }

  /// Triggers a run for these contacts, or for those of the filter.
  func trigger(_ contacts: [String]? = nil) throws -> String {
    var arguments: JSONObject = ["id": .string(agent)]
    if let contacts { arguments["contact_ids"] = .array(contacts.map { .string($0) }) }
    let payload = try workspace.call("pathbound_trigger_agent", arguments)
    return try #require(payload["run_id"]?.stringValue)
  }

  func claim() throws -> ClaimedRun { try #require(try workspace.store.claimRun()) }

  /// Works on the next run: each contact gets what the body proposes.
  @discardableResult
  func work(_ propose: (RunContact) -> [ContactResult.Proposal] = { _ in [] }) throws -> ClaimedRun {
    let run = try claim()
    while let contact = try workspace.store.nextContact(of: run) {
      try workspace.store.record(
        ContactResult(contactID: contact.id, reasoning: "Seen", proposals: propose(contact)), of: run)
    }
    try workspace.store.finish(run, failure: nil)
    return run
  }

  func run(_ id: String, mode: String = "full") throws -> JSONValue {
    try #require(try workspace.call("pathbound_get_agent_run", ["runId": .string(id), "mode": .string(mode)])["run"])
  }

  func decide(_ word: String, _ run: String, _ contact: String, _ index: Int64, comment: String? = nil) throws
    -> JSONObject
  {
    var arguments: JSONObject = ["runId": .string(run), "contactId": .string(contact), "actionIndex": .integer(index)]
    if let comment { arguments["comment"] = .string(comment) }
    return try workspace.call("pathbound_\(word)_run_action", arguments, client: "ada")
  }
}

extension ContactResult.Proposal {
  /// A mail to the contact.
  static func mail(to contact: String, _ more: JSONObject = [:], needsApproval: Bool = true) -> Self {
    var params: JSONObject = ["contact_id": .string(contact), "message": "Hello there"]
    for (key, value) in more { params[key] = value }
    return Self(type: "email_message", params: params, requiresApproval: needsApproval)
  }

  /// A task that needs no contact.
  static func task(_ title: String = "Call", needsApproval: Bool = true) -> Self {
    Self(type: "create_task", params: ["title": .string(title)], requiresApproval: needsApproval)
  }
}
