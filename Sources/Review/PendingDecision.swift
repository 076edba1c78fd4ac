public import JSON
internal import Platform

/// Something that waits for a decision, as the review tool tells it.
public struct PendingDecision: Sendable {
  /// What names it.
  public enum Address: Sendable, Equatable {
    /// A queued action.
    case action(String)
    /// What an agent's run proposed for a contact.
    case proposal(run: String, contact: String, index: Int64)
  }

  /// A tool with its arguments.
  public typealias Step = (tool: String, arguments: JSONObject)

  /// What names it.
  public let address: Address
  /// All that the tool tells.
  public let facts: JSONObject

  /// Reads an item of the tool's list; nil when it names nothing that could be decided.
  public init?(_ facts: JSONObject) {
    self.facts = facts
    if let id = facts["action_id"]?.stringValue {
      address = .action(id)
    } else if let run = facts["run_id"]?.stringValue, let index = facts["action_index"]?.integerValue,
      let contact = facts["decide"]?["approve"]?["arguments"]?["contactId"]?.stringValue
        ?? facts["contact"]?["contact_id"]?.stringValue
    {
      address = .proposal(run: run, contact: contact, index: index)
    } else {
      return nil
    }
  }

  /// The name for command lines: `act_…`, or `run_…/ct_…/0` for what a run proposed.
  public var id: String { address.id }

  /// What is sent or done.
  public var params: JSONObject { (facts["would_send"] ?? facts["would_do"])?.objectValue ?? [:] }

  /// Whether a text in `params` ends with how much is missing.
  public var isCut: Bool { params.values.contains { $0.stringValue?.holds("bytes more: see ") == true } }

  /// For whom it is: name and address, as far as they are known, else where it goes.
  public var person: String {
    let known = Self.person(facts["contact"])
    guard known.isEmpty else { return known }
    for name in ["email", "to", "linkedin_url", "channel", "contact_id"] {
      if let text = params[name]?.stringValue, !text.isEmpty { return text }
    }
    return ""
  }

  /// As whom it is done.
  public var sender: String { Self.person(facts["sent_as"] ?? facts["done_as"]) }

  /// The identity of the sender; nil where there is none.
  public var identity: String? { (facts["sent_as"] ?? facts["done_as"])?["identity_id"]?.stringValue }

  /// What it says, in a few words.
  public var summary: String {
    for name in ["subject", "title", "message", "content", "reason", "tool", "channel"] {
      if let text = params[name]?.stringValue, !text.isEmpty { return text }
    }
    return params.isEmpty ? "" : JSONValue.object(params).text
  }

  /// A fact that is a text, empty where there is none.
  public func text(_ name: String) -> String { facts[name]?.stringValue ?? "" }

  /// The rules that stand against it now, each in a sentence.
  public var obstacles: [String] {
    (facts["blocked_by"]?.arrayValue ?? []).map { obstacle in
      (obstacle["reason"] ?? obstacle["message"] ?? obstacle["rule"])?.stringValue ?? obstacle.text
    }
  }

  /// What it would change in the workspace, `jobtitle: CTO → CEO`; empty where it sets nothing.
  public var changes: [String] {
    (facts["would_change"]?.arrayValue ?? []).map { change in
      let values = [change["from"], change["to"]].map { value in
        value.map { $0.stringValue ?? ($0.isNull ? "nothing" : $0.text) } ?? "nothing"
      }
      return "\(change["property"]?.stringValue ?? ""): \(values[0]) → \(values[1])"
    }
  }

  private static func person(_ facts: JSONValue?) -> String {
    let name = facts?["name"]?.stringValue ?? ""
    guard let email = facts?["email"]?.stringValue, !email.isEmpty else {
      return name.isEmpty ? (facts?["contact_id"] ?? facts?["identity_id"])?.stringValue ?? "" : name
    }
    return name.isEmpty ? email : "\(name) <\(email)>"
  }
}

extension PendingDecision.Address {
  /// Reads the name from a command line; nil when it is none.
  public init?(parsing id: String) {
    let parts = id.split(separator: "/", omittingEmptySubsequences: false)
    if parts.count == 3, let index = Int64(parts[2]), index >= 0, !parts[0].isEmpty, !parts[1].isEmpty {
      self = .proposal(run: String(parts[0]), contact: String(parts[1]), index: index)
    } else if parts.count == 1, !id.isEmpty {
      self = .action(id)
    } else {
      return nil
    }
  }

  /// The name for command lines.
  public var id: String {
    switch self {
    case .action(let id): id
    case .proposal(let run, let contact, let index): "\(run)/\(contact)/\(index)"
    }
  }

  /// The call that lets it happen.
  public func approval(comment: String?) -> PendingDecision.Step {
    switch self {
    case .action(let id):
      ("pathbound_approve_action", Self.commented(["action_id": .string(id), "action": "approve"], comment))
    case .proposal: ("pathbound_approve_run_action", Self.commented(arguments, comment))
    }
  }

  /// The call that ends it.
  public func rejection(comment: String?) -> PendingDecision.Step {
    switch self {
    case .action: ("pathbound_reject_action", Self.commented(arguments, comment))
    case .proposal: ("pathbound_reject_run_action", Self.commented(arguments, comment))
    }
  }

  private var arguments: JSONObject {
    switch self {
    case .action(let id): ["action_id": .string(id)]
    case .proposal(let run, let contact, let index):
      ["runId": .string(run), "contactId": .string(contact), "actionIndex": .integer(index)]
    }
  }

  private static func commented(_ arguments: JSONObject, _ comment: String?) -> JSONObject {
    var arguments = arguments
    if let comment, !comment.isEmpty { arguments["comment"] = .string(comment) }
    return arguments
  }
}
