internal import JSON
internal import Platform
internal import Service

/// Decisions on what a run proposed (Pathbound API 12.5).
extension Handlers {
  /// Approves a proposal: it becomes a queued action.
  static func approveRunAction(
    _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
  ) throws(ServiceError) -> ClaimedAction? {
    let proposal = try StoredProposal.require(call.arguments, in: transaction)
    _ = try ActionTransitions.apply(.approve, to: proposal.status)
    guard let identity = proposal.identity else {
      throw .invalid(
        "/runId",
        "The agent has no identity_id, so there is nobody to act as. Nothing was approved; queue the action "
          + "with pathbound_queue_action and an identity, or give the agent one.")
    }
    let params = (try? JSONValue(parsing: proposal.params))?.objectValue ?? [:]
    let content = try ActionContent.check(type: proposal.type, params: params, in: transaction.reading)
    let agent = "agent " + transaction.ids.text(.agent, proposal.origin.agent)
    let pending = try Actions.insert(
      ActionDraft(content: content, identity: identity, requiresApproval: true), .pendingApproval,
      origin: proposal.origin, by: agent, in: transaction)
    let actor = call.actor
    let comment = try Actions.comment(call.arguments)
    let action = try Actions.transition(pending, .approve, by: actor, comment: comment, in: transaction)
    try proposal.decide(.approved, action: action.row, by: actor, comment: comment, in: transaction)
    transaction.audit(
      .action, action.row, before: Actions.statusText(.pendingApproval), after: Actions.statusText(action.status))
    payload.beginObject()
    payload.key("action_id")
    transaction.ids.write(.action, action.row, into: &payload)
    payload.key("action")
    try Actions.writeWhole(action.row, transaction.database, transaction.ids, into: &payload)
    payload.obstacles(try OutreachCheck(action, in: transaction.reading).obstacles())
    payload.endObject()
    return nil
  }

  /// Rejects a proposal: it never runs.
  static func rejectRunAction(
    _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
  ) throws(ServiceError) -> ClaimedAction? {
    let proposal = try StoredProposal.require(call.arguments, in: transaction)
    let status = try ActionTransitions.apply(.reject, to: proposal.status)
    let comment = try Actions.comment(call.arguments)
    try proposal.decide(status, action: nil, by: call.actor, comment: comment, in: transaction)
    transaction.audit(
      .run, proposal.origin.run, before: Actions.statusText(proposal.status), after: Actions.statusText(status))
    payload.beginObject()
    payload.key("run_id")
    transaction.ids.write(.run, proposal.origin.run, into: &payload)
    payload.key("contact_id")
    transaction.ids.write(.contact, proposal.origin.contact, into: &payload)
    payload.key("proposed_action")
    payload.beginObject()
    payload.key("action_index")
    payload.integer(proposal.origin.index)
    payload.key("type")
    payload.string(proposal.type)
    payload.key("status")
    payload.string(status.rawValue)
    if let comment {
      payload.key("comment")
      payload.string(comment)
    }
    payload.endObject()
    payload.endObject()
    return nil
  }
}

/// A proposal as a decision needs it.
struct StoredProposal {
  let origin: Actions.Origin
  let type: String
  /// Serialised JSON.
  let params: [UInt8]
  /// That of its action once it has one.
  let status: ActionStatus
  /// The agent's.
  let identity: Int64?

  /// Reads the proposal that a call addresses.
  ///
  /// - Throws: `NOT_FOUND` that says which part of the address is unknown.
  static func require(
    _ arguments: JSONObject, in transaction: WriteTransaction
  ) throws(ServiceError) -> StoredProposal {
    let run = try transaction.reading.require(.run, arguments["runId"]?.stringValue ?? "")
    let contactID = arguments["contactId"]?.stringValue ?? ""
    // The contact may be gone; what was proposed is still there to be decided.
    let contact = try transaction.ids.require(.contact, contactID)
    let index = arguments["actionIndex"]?.integerValue ?? -1
    let statement = try transaction.database.statement(
      """
      SELECT p.type, p.params, coalesce(x.status, p.status), a.id, a.identity_id
      FROM run_proposals AS p JOIN runs AS r ON r.id = p.run_id JOIN agents AS a ON a.id = r.agent_id
      LEFT JOIN actions AS x ON x.id = p.action_id
      WHERE p.run_id = ?1 AND p.contact_id = ?2 AND p.action_index = ?3
      """)
    statement.bind(run, at: 1)
    statement.bind(contact, at: 2)
    statement.bind(index, at: 3)
    defer { statement.reset() }
    guard try statement.step(), let status = ActionStatus(rawValue: statement.string(2)) else {
      throw ServiceError(
        .notFound,
        "This run proposed no action \(index) for the contact \(contactID.prefix(64)). See pathbound_get_agent_run.")
    }
    return StoredProposal(
      origin: .init(agent: statement.integer(3), run: run, contact: contact, index: index), type: statement.string(0),
      params: Array(statement.text(1)), status: status, identity: statement.optionalInteger(4))
  }

  /// Stores a decision.
  func decide(
    _ status: ActionStatus, action: Int64?, by actor: String, comment: String?, in transaction: WriteTransaction
  ) throws(ServiceError) {
    let statement = try transaction.database.statement(
      """
      UPDATE run_proposals SET status = ?4, action_id = ?5, comment = coalesce(?6, comment), decided_by = ?7,
        decided_at = ?8 WHERE run_id = ?1 AND contact_id = ?2 AND action_index = ?3
      """)
    statement.bind(origin.run, at: 1)
    statement.bind(origin.contact, at: 2)
    statement.bind(origin.index, at: 3)
    statement.bind(status.rawValue, at: 4)
    statement.bind(action, at: 5)
    statement.bind(comment, at: 6)
    statement.bind(actor, at: 7)
    statement.bind(transaction.now.milliseconds, at: 8)
    try statement.run()
  }
}
