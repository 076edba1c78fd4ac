public import JSON
internal import JSONSchema
public import Operations

/// Checks what a model suggests before it becomes a proposal: a type that exists, within the agent's capabilities, with
/// the type's parameters, for the person in question.
///
/// Whatever a text from outside talks a model into, it can't get past this.
public struct ProposalCheck: Sendable {
  /// An action as a model wants it; not checked yet.
  public struct Suggestion: Sendable, Equatable {
    /// The action's type, such as `email_message`.
    public let type: String
    /// The action's parameters.
    public let params: JSONObject
    /// Asks for a decision where the playbook does not; false changes nothing.
    public let wantsApproval: Bool

    /// Creates a suggestion.
    public init(type: String, params: JSONObject, wantsApproval: Bool = false) {
      self.type = type
      self.params = params
      self.wantsApproval = wantsApproval
    }
  }

  /// A suggestion that is not followed, and why.
  public struct Refusal: Error {
    /// The rest of a sentence.
    public let reason: String
  }

  private struct KnownType {
    let type: ActionType
    let schema: CompiledSchema
    let takesContact: Bool
  }

  /// The most proposals for one person.
  public static let limit = 20

  private let types: [String: KnownType]

  /// A check that knows these types.
  public init(types: [ActionType]) {
    self.types = Dictionary(
      types.map { type in
        let known = KnownType(
          type: type, schema: CompiledSchema(type.parameters), takesContact: type.parameters.hasProperty("contact_id"))
        return (type.name, known)
      }, uniquingKeysWith: { first, _ in first })
  }

  /// The suggestion as a proposal.
  public func proposal(
    _ suggestion: Suggestion, contactID: String, run: ClaimedRun
  ) throws(Refusal) -> ContactResult.Proposal {
    guard let known = types[suggestion.type] else {
      throw Refusal(reason: "no action type is called \"\(suggestion.type.prefix(64))\"")
    }
    guard run.allows(known.type) else {
      throw Refusal(
        reason: "\(suggestion.type) needs the capability \"\(known.type.capability)\", the agent has only "
          + run.capabilities.prefix(10).map { "\"\($0.prefix(40))\"" }.joined(separator: ", "))
    }
    return ContactResult.Proposal(
      type: suggestion.type, params: try params(of: suggestion, known, contactID: contactID),
      requiresApproval: run.requiresApproval || suggestion.wantsApproval)
  }

  private func params(
    of suggestion: Suggestion, _ known: KnownType, contactID: String
  ) throws(Refusal) -> JSONObject {
    var params = suggestion.params
    if let given = params["contact_id"]?.stringValue, given != contactID {
      throw Refusal(reason: "\(suggestion.type) is for another contact")
    }
    // A note is for a contact or for a company.
    let isForCompany = params["company_id"]?.stringValue != nil
    if known.takesContact && !isForCompany { params["contact_id"] = .string(contactID) }
    do {
      return try known.schema.validate(params)
    } catch {
      let problems = error.violations.map { "\($0.path): \($0.message)" }.joined(separator: " ")
      throw Refusal(reason: "\(suggestion.type) has unfit parameters: \(problems)")
    }
  }
}

extension ClaimedRun {
  /// Whether the agent may propose actions of a type; without a list of capabilities nothing is ruled out.
  public func allows(_ type: ActionType) -> Bool {
    capabilities.isEmpty || capabilities.contains(type.capability)
  }
}

extension Schema {
  fileprivate func hasProperty(_ name: String) -> Bool {
    guard case .object(let properties, _) = kind else { return false }
    return properties.contains { $0.name == name }
  }
}
