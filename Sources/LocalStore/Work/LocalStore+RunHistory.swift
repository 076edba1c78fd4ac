internal import JSON
internal import Operations
public import Service

extension LocalStore: RunHistory {
  /// The run that a call of `pathbound_trigger_agent` would start.
  public func plan(_ call: Call) throws(ServiceError) -> RunPlan {
    try read { reading throws(ServiceError) in
      try reading.onOneState { () throws(ServiceError) in
        let agent = try reading.require(.agent, call.arguments.text("id") ?? "")
        let contacts = try RunTargets.rows(of: agent, call.arguments["contact_ids"]?.arrayValue, reading)
        let statement = try reading.database.statement(
          """
          SELECT id, playbook_template, playbook, capabilities, identity_id, llm_config, 0 FROM agents WHERE id = ?1
          """)
        statement.bind(agent, at: 1)
        defer { statement.reset() }
        _ = try statement.step()
        return RunPlan(
          run: Runs.run(from: statement, id: "dry run", reading.ids),
          contacts: contacts.map { reading.ids.text(.contact, $0) })
      }
    }
  }

  /// What the agent may know of a person; nil when there is no such contact.
  public func contact(_ id: String) throws(ServiceError) -> RunContact? {
    try read { reading throws(ServiceError) in
      guard let row = reading.ids.row(.contact, id) else { return nil }
      return try reading.onOneState { () throws(ServiceError) in
        try RunContext(contact: row, transaction: reading).build()
      }
    }
  }

  /// What would become of proposals for a person.
  public func judge(
    _ proposals: [ContactResult.Proposal], for contactID: String, run: ClaimedRun
  ) throws(ServiceError) -> [JudgedProposal] {
    try read { reading throws(ServiceError) in
      let terms = ProposalTerms(run: run, contact: try reading.require(.contact, contactID), transaction: reading)
      var judged: [JudgedProposal] = []
      var size = 0
      for proposal in proposals {
        do throws(ServiceError) {
          let content = try terms.content(of: proposal, besides: size)
          size += content.params.count
          judged.append(try terms.judge(content, requiresApproval: proposal.requiresApproval))
        } catch {
          guard error.code == .validation else { throw error }
          judged.append(
            JudgedProposal(type: proposal.type, params: proposal.params, status: nil, comment: error.message))
        }
      }
      return judged
    }
  }
}

extension ProposalTerms {
  fileprivate func judge(
    _ content: ActionContent, requiresApproval: Bool
  ) throws(ServiceError) -> JudgedProposal {
    let obstacle = try obstacle(to: content)
    let params = (try? JSONValue(parsing: content.params))?.objectValue ?? [:]
    return JudgedProposal(
      type: content.type.name, params: params,
      status: requiresApproval || obstacle != nil ? .pendingApproval : .autoApproved,
      comment: requiresApproval ? nil : obstacle, obstacles: try obstacles(to: content))
  }
}
