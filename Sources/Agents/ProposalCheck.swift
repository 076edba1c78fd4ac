internal import JSON
internal import JSONSchema
internal import Operations
internal import Service

/// Checks what a provider suggests before it becomes a proposal: a type that exists, within the agent's capabilities,
/// with the type's parameters, for the person in question.
struct ProposalCheck: Sendable {
  private struct KnownType {
    let type: ActionType
    let schema: CompiledSchema
    let takesContact: Bool
  }

  /// The most proposals for one person.
  static let limit = 20

  private let types: [String: KnownType]

  init(types: [ActionType]) {
    self.types = Dictionary(
      types.map { type in
        let known = KnownType(
          type: type, schema: CompiledSchema(type.parameters), takesContact: type.parameters.hasProperty("contact_id"))
        return (type.name, known)
      }, uniquingKeysWith: { first, _ in first })
  }

  /// A suggestion that is not followed, and why.
  struct Refusal: Error {
    let reason: String
  }

  /// The suggestion as a proposal.
  func proposal(
    _ suggestion: ModelAnswer.Suggestion, contactID: String, run: ClaimedRun
  ) throws(Refusal) -> ContactResult.Proposal {
    guard let known = types[suggestion.type] else {
      throw Refusal(reason: "no action type is called \"\(suggestion.type.prefix(64))\"")
    }
    let capability = known.type.capability
    guard run.capabilities.isEmpty || run.capabilities.contains(capability) else {
      throw Refusal(
        reason: "\(suggestion.type) needs the capability \"\(capability)\", the agent has only "
          + run.capabilities.prefix(10).map { "\"\($0.prefix(40))\"" }.joined(separator: ", "))
    }
    return ContactResult.Proposal(
      type: suggestion.type, params: try params(of: suggestion, known, contactID: contactID),
      requiresApproval: run.requiresApproval || suggestion.wantsApproval)
  }

  private func params(
    of suggestion: ModelAnswer.Suggestion, _ known: KnownType, contactID: String
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

extension Schema {
  fileprivate func hasProperty(_ name: String) -> Bool {
    guard case .object(let properties, _) = kind else { return false }
    return properties.contains { $0.name == name }
  }
}
