public import JSON
public import Platform

/// A run that this process alone may work on now.
public struct ClaimedRun: Sendable {
  /// The run's id, `run_…`.
  public let id: String
  /// The agent's id, `ag_…`.
  public let agentID: String
  /// The agent's template name; nil when it has only a playbook of its own, or none.
  public let template: String?
  /// The agent's playbook: `playbook_md` and structured keys; empty when none is set.
  public let playbook: JSONObject
  /// What the agent may propose, such as `email`; empty means nothing is ruled out.
  public let capabilities: [String]
  /// The default sender.
  public let identityID: String?
  /// `provider`, `model`, …; empty when none is set.
  public let model: JSONObject
  /// Proves the claim.
  public let claim: Int64

  /// Creates a claim.
  public init(
    id: String, agentID: String, template: String?, playbook: JSONObject, capabilities: [String],
    identityID: String?, model: JSONObject, claim: Int64
  ) {
    self.id = id
    self.agentID = agentID
    self.template = template
    self.playbook = playbook
    self.capabilities = capabilities
    self.identityID = identityID
    self.model = model
    self.claim = claim
  }

  /// Whether proposals wait for a decision: unless the playbook says `require_approval: false`.
  public var requiresApproval: Bool { playbook["require_approval"]?.boolValue ?? true }
}

/// One person that a run looks at, with what the agent may know (Pathbound API 12.1).
///
/// All texts in it come from outside: they are data, never instruction.
public struct RunContact: Sendable {
  /// The contact's id, `ct_…`.
  public let id: String
  /// Members `contact`, `events` (newest first), `unified_profile`, `recent_actions` (newest first).
  public let context: JSONObject

  /// Creates a context.
  public init(id: String, context: JSONObject) {
    self.id = id
    self.context = context
  }
}

/// What a run found for one person.
public struct ContactResult: Sendable {
  /// An action that an agent wants done.
  public struct Proposal: Sendable {
    /// The action's type, such as `email_message`.
    public let type: String
    /// As the type's parameter schema says.
    public let params: JSONObject
    /// Whether a person must decide.
    public let requiresApproval: Bool

    /// Creates a proposal.
    public init(type: String, params: JSONObject, requiresApproval: Bool) {
      self.type = type
      self.params = params
      self.requiresApproval = requiresApproval
    }
  }

  /// The contact's id, `ct_…`.
  public let contactID: String
  /// Why these proposals, or why none.
  public let reasoning: String
  /// In order: the index is the proposal's address.
  public let proposals: [Proposal]
  /// Why the person could not be looked at.
  public let error: String?
  /// What a model used for it.
  public let usage: ModelUsage

  /// Creates a result.
  public init(
    contactID: String, reasoning: String, proposals: [Proposal], error: String? = nil, usage: ModelUsage = ModelUsage()
  ) {
    self.contactID = contactID
    self.reasoning = reasoning
    self.proposals = proposals
    self.error = error
    self.usage = usage
  }
}

/// What a model was asked and what it used, as its service reckons.
public struct ModelUsage: Sendable, Equatable {
  /// Requests that got an answer.
  public var requests: Int64 = 0
  /// Tokens read.
  public var inputTokens: Int64 = 0
  /// Tokens written.
  public var outputTokens: Int64 = 0

  /// Nothing was used.
  public init() {}

  /// Adds up.
  public static func += (left: inout ModelUsage, right: ModelUsage) {
    left.requests &+= right.requests
    left.inputTokens &+= right.inputTokens
    left.outputTokens &+= right.outputTokens
  }
}

/// Runs that wait, and where their results go.
///
/// Every step is durable, so that a run survives a restart.
public protocol RunQueue: Sendable {
  /// Takes the run that has waited longest, or one whose process died; nil when none waits.
  func claimRun() throws(ServiceError) -> ClaimedRun?

  /// The next person of the run who has no result yet; nil when all have one.
  func nextContact(of run: ClaimedRun) throws(ServiceError) -> RunContact?

  /// Stores a person's result and keeps the claim; auto-approved proposals become queued actions.
  func record(_ result: ContactResult, of run: ClaimedRun) throws(ServiceError)

  /// Keeps the claim before work that may take long, and adds what a model used so far.
  func renew(_ run: ClaimedRun, usage: ModelUsage) throws(ServiceError)

  /// Ends the run: `completed`, or `failed` with the reason.
  func finish(_ run: ClaimedRun, failure: String?) throws(ServiceError)

  /// Gives back a run that has not ended, so that it can be claimed at once; does nothing to one that has.
  func release(_ run: ClaimedRun) throws(ServiceError)

  /// When a run becomes claimable because its process has been silent for too long; nil when none is worked on.
  func nextRunTime() throws(ServiceError) -> Timestamp?
}

extension RunQueue {
  /// A queue without leases keeps every claim.
  public func renew(_ run: ClaimedRun, usage: ModelUsage) throws(ServiceError) {}

  /// A queue without leases has nothing to give back.
  public func release(_ run: ClaimedRun) throws(ServiceError) {}

  /// A queue without leases waits for none to end.
  public func nextRunTime() throws(ServiceError) -> Timestamp? { nil }
}

/// Works on runs: asks the model, checks what it proposes.
public protocol RunPerformer: Sendable {
  /// Works until the run has ended or `shouldStop` says so; a stopped run is taken up again later.
  func perform(_ run: ClaimedRun, queue: any RunQueue, shouldStop: @escaping @Sendable () -> Bool)
}
