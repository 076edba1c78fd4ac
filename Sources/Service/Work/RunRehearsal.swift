public import JSON
internal import Operations

/// A run as it would be, and whom it would look at.
public struct RunPlan: Sendable {
  /// The run; there is none with its id.
  public let run: ClaimedRun
  /// The ids of the people, in order.
  public let contacts: [String]

  /// Creates a plan.
  public init(run: ClaimedRun, contacts: [String]) {
    self.run = run
    self.contacts = contacts
  }
}

/// What would become of a proposal.
public struct JudgedProposal: Sendable {
  /// The action's type.
  public let type: String
  /// With everything that the server fills in; as given when it would be dropped.
  public let params: JSONObject
  /// `pending_approval` or `auto_approved`; nil when it would be dropped.
  public let status: ActionStatus?
  /// Why it would wait or be dropped.
  public let comment: String?
  /// What would stand against performing it now.
  public let obstacles: [OutreachObstacle]

  /// Creates a judgement; see the properties.
  public init(
    type: String, params: JSONObject, status: ActionStatus?, comment: String? = nil, obstacles: [OutreachObstacle] = []
  ) {
    self.type = type
    self.params = params
    self.status = status
    self.comment = comment
    self.obstacles = obstacles
  }
}

/// Reads what a run that is only rehearsed needs; nothing of it is stored.
public protocol RunHistory: Sendable {
  /// The run that a call of `pathbound_trigger_agent` would start.
  func plan(_ call: Call) throws(ServiceError) -> RunPlan

  /// What the agent may know of a person; nil when there is no such contact.
  func contact(_ id: String) throws(ServiceError) -> RunContact?

  /// What would become of proposals for a person.
  func judge(
    _ proposals: [ContactResult.Proposal], for contactID: String, run: ClaimedRun
  ) throws(ServiceError) -> [JudgedProposal]
}

/// Works through a run on the stored history and tells what it would have proposed.
public protocol RunRehearser: Sendable {
  /// The answer to a call of `pathbound_trigger_agent` with `dry_run`; may take long.
  func rehearse(_ call: Call) throws(ServiceError) -> Answer
}

extension Call {
  /// Asks what a run would propose: models may be asked, so that it is no matter for the writer.
  var isRunRehearsal: Bool { isRehearsal && operation.name == PathboundAgents.triggerAgent.name }
}
