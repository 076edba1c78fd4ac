public import JSON
internal import Operations
public import Platform

/// An action that this process alone may perform now: its status is `running` in the store.
public struct ClaimedAction: Sendable {
  /// The action's id, `act_…`.
  public let id: String
  /// The action's type, such as `email_message`.
  public let type: String
  /// As approved: what was approved is what runs.
  public let params: JSONObject
  /// The sender.
  public let identity: Sender
  /// The person it is for.
  public let contactID: String?
  /// What it is for, in words.
  public let summary: String?
  /// Proves the claim when the outcome is recorded.
  public let claim: Int64
  /// Why it must not be performed after all, whatever its type: a rule has come to stand against it.
  public var refusal: String?
  /// Ends the performance where it stands; what has left by then counts as unknown.
  public var cancellation: Cancellation?

  /// Who an action is done as.
  public struct Sender: Sendable {
    /// The identity's id, `id_…`.
    public let id: String
    /// Full name; may be empty.
    public let name: String
    /// Mail address; nil when none is set.
    public let email: String?

    /// Creates a sender.
    public init(id: String, name: String, email: String?) {
      self.id = id
      self.name = name
      self.email = email
    }
  }

  /// Creates a claim.
  public init(
    id: String, type: String, params: JSONObject, identity: Sender, contactID: String?, summary: String?,
    claim: Int64
  ) {
    self.id = id
    self.type = type
    self.params = params
    self.identity = identity
    self.contactID = contactID
    self.summary = summary
    self.claim = claim
  }
}

/// A change of the workspace that an action brings about; applied in the transaction that records its outcome.
public enum WorkspaceChange: Sendable {
  /// A note on a contact or a company; exactly one id is set.
  case createNote(contactID: String?, companyID: String?, content: String)
  /// A task for a person.
  case createTask(title: String, details: String?, due: Timestamp?, contactID: String?)
  /// Properties merged into a contact; null removes one.
  case updateContact(id: String, properties: JSONObject)
  /// Properties merged into a company; null removes one.
  case updateCompany(id: String, properties: JSONObject)
  /// One of the nine stages.
  case setLifecycleStage(contactID: String, stage: String)
  /// A person is to look at it, with the reason.
  case escalate(reason: String, contactID: String?)
  /// A mail that was handed over, so that a later one can follow it up.
  case recordMail(SentMail)
}

/// A mail as the thread list needs it.
public struct SentMail: Sendable {
  /// The thread it belongs to; nil starts one.
  public let threadID: String?
  /// With angle brackets.
  public let messageID: String
  /// The ids of the messages before it, oldest first, with angle brackets.
  public let references: [String]
  /// As sent.
  public let subject: String
  /// The person it is for.
  public let contactID: String?

  /// Creates a record.
  public init(threadID: String?, messageID: String, references: [String], subject: String, contactID: String?) {
    self.threadID = threadID
    self.messageID = messageID
    self.references = references
    self.subject = subject
    self.contactID = contactID
  }
}

/// How the performance of an action ended.
public enum ActionOutcome: Sendable {
  /// Done: `result` goes on the action, the changes into the workspace.
  case completed(result: JSONObject, changes: [WorkspaceChange])
  /// Not done, and why, in a sentence that says what to do.
  case failed(String)
}

/// Performs actions, one executor per type.
public protocol ActionPerformer: Sendable {
  /// Does it, on the calling thread; never throws: what goes wrong is the outcome.
  func perform(_ action: ClaimedAction) -> ActionOutcome

  /// What performing it would send or change; does nothing and asks nobody, so that it may be called at any time.
  func preview(_ action: ClaimedAction) -> ActionPreview
}

extension ActionPerformer {
  /// The parameters, as they are.
  public func preview(_ action: ClaimedAction) -> ActionPreview { .content(action.params) }
}

/// What performing an action would do.
public enum ActionPreview: Sendable {
  /// What would be sent, posted or changed, member by member: for an e-mail `from`, `to`, `subject`, `text`, …
  case content(JSONObject)
  /// It would fail, and why, in a sentence that says what to do.
  case failure(String)
}

/// Actions that are due, claimed so that no two processes perform one.
public protocol ActionQueue: Sendable {
  /// Takes the action that has been due longest; nil when none is due.
  ///
  /// What a rule holds back for now is put off, and what a rule forbids for good is claimed with its refusal.
  func claimDueAction(by actor: String) throws(ServiceError) -> ClaimedAction?

  /// Takes this action, whatever its time.
  ///
  /// - Throws: `CONFLICT` when it can't run from where it is, `FORBIDDEN` when a rule stands against it.
  func claimAction(_ id: String, by actor: String) throws(ServiceError) -> ClaimedAction

  /// Calls off an action that nobody has begun.
  ///
  /// - Throws: `CONFLICT` when it has been begun, or is over.
  func cancelAction(_ id: String, by actor: String) throws(ServiceError)

  /// Records the outcome and applies the changes in one transaction; the answer is the action as it now is.
  ///
  /// A change that can't be applied (its contact is gone) makes the action `failed`.
  func finish(_ action: ClaimedAction, _ outcome: ActionOutcome) throws(ServiceError) -> Answer

  /// Keeps the claim while the work goes on.
  func renew(_ action: ClaimedAction) throws(ServiceError)

  /// Marks `failed`, outcome unknown, what was `running` when its process died; the number of such actions.
  func failAbandonedActions() throws(ServiceError) -> Int

  /// When there is something to do next: an action becomes due, or the claim of a running one runs out; nil when there
  /// are none.
  func nextDueTime() throws(ServiceError) -> Timestamp?
}

extension ActionQueue {
  /// Takes the action that has been due longest for the worker; nil when none is due.
  public func claimDueAction() throws(ServiceError) -> ClaimedAction? { try claimDueAction(by: "worker") }

  /// Performs a claimed action on the calling thread and records how it ended; the answer is the action as it now is.
  ///
  /// The claim is kept while work that reaches outside goes on, however long other systems take. What was done can't be
  /// undone, so an outcome that finds the store held by others is offered again.
  ///
  /// - Parameters:
  ///   - control: who waits; its withdrawal ends the performance.
  ///   - interval: milliseconds after which the claim is renewed, again and again; less than its lease.
  public func perform(
    _ action: ClaimedAction, with performer: any ActionPerformer, control: (any CallControl)? = nil,
    renewingEvery interval: UInt64 = 15_000
  ) throws(ServiceError) -> Answer {
    var action = action
    if let control {
      let cancellation = Cancellation()
      control.onCancel { cancellation.cancel() }
      action.cancellation = cancellation
    }
    let outcome: ActionOutcome
    if let refusal = action.refusal {
      outcome = .failed(refusal)
    } else if ActionType.named(action.type)?.reach == .workspace {
      outcome = performer.perform(action)
    } else {
      let claimed = action
      let keeper = ClaimKeeper(every: interval) { () throws(ServiceError) in try renew(claimed) }
      outcome = performer.perform(action)
      keeper.stop()
    }
    for _ in 1...2 {
      do throws(ServiceError) {
        return try finish(action, outcome)
      } catch {
        guard error.code == .unavailable else { throw error }
      }
    }
    return try finish(action, outcome)
  }
}
