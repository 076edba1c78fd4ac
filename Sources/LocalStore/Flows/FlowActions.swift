internal import JSON
internal import JSONSchema
internal import Operations
internal import Service

/// Queues Pathbound actions for workflows and sequences, by the same checks as those that callers queue.
struct FlowActions {
  /// Who asks, for the logs.
  let actor: String
  /// The sender's row.
  let identity: Int64
  /// Whether a person must decide.
  let requiresApproval: Bool
  let transaction: WriteTransaction

  /// The identity that every workspace has.
  static let defaultIdentity: Int64 = 1

  /// Checks the parameters and stores the action.
  ///
  /// - Throws: `VALIDATION_ERROR`, or what an outreach rule refuses with; nothing is stored then.
  func queue(
    _ type: String, _ params: JSONObject, summary: String?, list: String? = nil, item: String? = nil
  ) throws(ServiceError) -> StoredAction {
    let content = try ActionContent.check(type: type, params: params, in: transaction.reading)
    var draft = ActionDraft(content: content, identity: identity)
    draft.summary = summary
    draft.listID = list
    draft.itemID = item
    draft.requiresApproval = requiresApproval
    let status: ActionStatus = requiresApproval ? .pendingApproval : .scheduled
    let action = try Actions.insert(draft, status, by: actor, in: transaction)
    transaction.audit(.action, action.row, after: try Actions.serialized(action.row, in: transaction))
    try AuditLog.record(client: actor, tool: type, digest: action.paramsDigest, transaction)
    return action
  }

  /// The parameters with the contact and the LinkedIn profile of the person whom the action is for, where its type has
  /// them and they are not given.
  static func addressed(
    _ params: JSONObject, _ type: String, to person: FlowPerson, in transaction: WriteTransaction
  ) throws(ServiceError) -> JSONObject {
    guard let type = ActionType.named(type) else { return params }
    var params = params
    if type.takes("contact_id"), params["contact_id"] == nil, params["company_id"] == nil,
      let row = try person.pathboundRow(in: transaction)
    {
      params["contact_id"] = .string(transaction.ids.text(.contact, row))
    }
    if type.takes("linkedin_url"), params["linkedin_url"] == nil, let linkedIn = person.linkedIn {
      params["linkedin_url"] = .string(linkedIn)
    }
    return params
  }
}

extension ActionType {
  /// Whether a parameter of that name is known.
  func takes(_ name: String) -> Bool {
    guard case .object(let properties, _) = parameters.kind else { return false }
    return properties.contains { $0.name == name }
  }
}
