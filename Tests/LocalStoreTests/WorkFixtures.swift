import JSON
import LocalStore
import Service
import StoreSupport
import Testing

/// Short ways to what tests of actions and runs begin with.
extension TestWorkspace {
  /// A new contact's id.
  func contact(_ email: String, _ properties: JSONObject = [:]) throws -> String {
    let created = try call("pathbound_create_contact", ["email": .string(email), "properties": .object(properties)])
    return try #require(created["contact"]?["contact_id"]?.stringValue)
  }

  /// Queues a task, or what the arguments say, and gives the action's id.
  @discardableResult
  func queue(_ arguments: JSONObject = [:], client: String = "tests") throws -> String {
    var whole: JSONObject = ["type": "create_task", "params": ["title": "Call back"], "identity_id": "id_default"]
    for (key, value) in arguments { whole[key] = value }
    let payload = try call("pathbound_queue_action", whole, client: client)
    return try #require(payload["action_id"]?.stringValue)
  }

  /// Queues an e-mail that waits for approval, and gives its id.
  func queueMail(_ params: JSONObject, _ arguments: JSONObject = ["require_approval": true]) throws -> String {
    var whole = arguments
    whole["type"] = "email_message"
    whole["params"] = .object(params)
    return try queue(whole)
  }

  /// The action as it now is.
  func action(_ id: String) throws -> JSONObject {
    try #require(try call("pathbound_get_action", ["action_id": .string(id)])["action"]?.objectValue)
  }

  /// The status of an action.
  func status(_ id: String) throws -> String? { try action(id)["status"]?.stringValue }

  /// Claims what is due and ends it with this outcome; the ids in order.
  @discardableResult
  func work(_ outcome: ActionOutcome = .completed(result: [:], changes: [])) throws -> [String] {
    var ids: [String] = []
    while let action = try store.claimDueAction() {
      _ = try store.finish(action, outcome)
      ids.append(action.id)
    }
    return ids
  }

  /// Calls a tool that must refuse, and gives the refusal.
  func refusal(_ tool: String, _ arguments: JSONObject) throws -> ServiceError {
    try #require(throws: ServiceError.self) { try call(tool, arguments) }
  }

  /// Queues an action that must be refused, and gives the refusal.
  func queueRefusal(_ arguments: JSONObject) throws -> ServiceError {
    try #require(throws: ServiceError.self) { try queue(arguments) }
  }
}

extension JSONObject {
  /// The texts of the members of that name of a list's objects.
  func texts(_ name: String, of list: String) -> [String] {
    (self[list]?.arrayValue ?? []).compactMap { $0[name]?.stringValue }
  }
}
