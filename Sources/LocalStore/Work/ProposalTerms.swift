internal import JSON
internal import Operations
internal import Service

/// On what terms an agent may propose something for a person: what can't be proposed, and what a person must decide.
struct ProposalTerms {
  let run: ClaimedRun
  /// The person's row.
  let contact: Int64
  let transaction: ReadTransaction

  /// Checks a proposal against what is stored, and fills it in as it would be sent.
  ///
  /// - Parameter size: the bytes of the parameters of the person's other proposals.
  /// - Throws: `VALIDATION_ERROR` when it can't be done, or is for others than the contact.
  func content(of proposal: ContactResult.Proposal, besides size: Int) throws(ServiceError) -> ActionContent {
    let content = try ActionContent.check(type: proposal.type, params: proposal.params, in: transaction)
    guard content.contact ?? contact == contact else { throw ServiceError(.validation, "It is for another contact.") }
    try Recipients(of: content, contact: contact, transaction).requireNoOtherContact()
    // Whoever decides must be able to see all of it in one answer.
    guard size + content.params.count <= ActionContent.paramsLimit else {
      throw ServiceError(.validation, "The proposals for this contact are too long together.")
    }
    return content
  }

  /// Why a person must decide although the agent may act alone; nil when nothing stands against it.
  func obstacle(to content: ActionContent) throws(ServiceError) -> String? {
    guard try identity() != nil else { return "Waits for a decision: the agent has no identity to act as." }
    if let refusal = try refusal(of: content) { return "Waits for a decision: \(refusal)" }
    return try Recipients(of: content, contact: contact, transaction).obstacle()
  }

  /// What rule forbids it for good; one that only puts it off is seen to when it is performed.
  private func refusal(of content: ActionContent) throws(ServiceError) -> String? {
    guard let obstacle = try obstacles(to: content).first(where: { $0.until == nil }) else { return nil }
    return "\(obstacle.rule.rawValue): \(obstacle.reason)"
  }

  /// What stands against performing it now.
  func obstacles(to content: ActionContent) throws(ServiceError) -> [OutreachObstacle] {
    let params = (try? JSONValue(parsing: content.params))?.objectValue ?? [:]
    return try OutreachCheck(type: content.type.name, params: params, contact: contact, in: transaction).obstacles()
  }

  /// Who the agent acts as; nil when it has nobody.
  func identity() throws(ServiceError) -> Int64? {
    if let id = run.identityID { try transaction.existing(.identity, id) } else { nil }
  }
}
