/// The nine statuses of an action (Pathbound API 11.4).
public enum ActionStatus: String, Sendable, CaseIterable {
  /// Waits for its time or for the worker.
  case scheduled
  /// Waits for a decision.
  case pendingApproval = "pending_approval"
  /// Released by a person, queued.
  case approved
  /// Released by configuration, queued.
  case autoApproved = "auto_approved"
  /// Refused by a reviewer.
  case rejected
  /// Being executed.
  case running
  /// Done.
  case completed
  /// Ended with an error.
  case failed
  /// Withdrawn before execution.
  case cancelled

  /// Waiting to be executed, no decision needed.
  public var isQueued: Bool { self == .scheduled || self == .approved || self == .autoApproved }

  /// May still be changed or decided.
  public var isOpen: Bool { isQueued || self == .pendingApproval }

  /// Nothing more will happen to it.
  public var isFinal: Bool { !isOpen && self != .running }
}

/// What moves an action from one status to another.
public enum ActionEvent: String, Sendable, CaseIterable {
  /// A reviewer releases it.
  case approve
  /// A reviewer refuses it.
  case reject
  /// A reviewer changes what would be done; it still waits.
  case edit
  /// A caller wants it run now.
  case execute
  /// The worker takes what is due.
  case process
  /// A caller withdraws it.
  case cancel
  /// Its fields are changed.
  case update
  /// Its fields are changed and it must be approved (again).
  case requireApproval
  /// The contact it is for is deleted.
  case contactDeleted
  /// The company it is for is deleted.
  case companyDeleted
  /// The executor did it.
  case succeed
  /// The executor could not, or its outcome is unknown.
  case fail
}

/// The one statement of which transition is legal (Pathbound API 11.5); everything else is a conflict.
public enum ActionTransitions {
  /// The status after an event, or nil when the event is not possible from there.
  public static func status(after event: ActionEvent, from status: ActionStatus) -> ActionStatus? {
    switch (status, event) {
    case (.pendingApproval, .approve): .approved
    case (.pendingApproval, .reject): .rejected
    case (.pendingApproval, .edit): .pendingApproval
    case (.pendingApproval, .execute): .running
    case (.scheduled, .execute), (.approved, .execute), (.autoApproved, .execute): .running
    case (.scheduled, .process), (.approved, .process), (.autoApproved, .process): .running
    case (.scheduled, .cancel), (.approved, .cancel), (.autoApproved, .cancel): .cancelled
    case (.scheduled, .update), (.approved, .update), (.autoApproved, .update), (.pendingApproval, .update): status
    case (.scheduled, .requireApproval), (.approved, .requireApproval), (.autoApproved, .requireApproval),
      (.pendingApproval, .requireApproval):
      .pendingApproval
    case (.scheduled, .contactDeleted), (.approved, .contactDeleted), (.autoApproved, .contactDeleted),
      (.pendingApproval, .contactDeleted):
      .cancelled
    case (.scheduled, .companyDeleted), (.approved, .companyDeleted), (.autoApproved, .companyDeleted),
      (.pendingApproval, .companyDeleted):
      .cancelled
    case (.running, .succeed): .completed
    case (.running, .fail): .failed
    default: nil
    }
  }

  /// What a caller can do from a status, in the words of the tools.
  public static func possibilities(from status: ActionStatus) -> [ActionEvent] {
    let calls: [ActionEvent] = [.approve, .reject, .edit, .execute, .cancel, .update]
    return calls.filter { self.status(after: $0, from: status) != nil }
  }

  /// The status after an event.
  ///
  /// - Throws: `CONFLICT` that names the status and what is possible from it.
  public static func apply(_ event: ActionEvent, to status: ActionStatus) throws(ServiceError) -> ActionStatus {
    if let next = self.status(after: event, from: status) { return next }
    let possible = possibilities(from: status).map(\.rawValue)
    let way =
      possible.isEmpty
      ? "Nothing can be done with it any more; queue a new action instead."
      : "Possible from here: \(possible.joined(separator: ", "))."
    throw ServiceError(.conflict, "The action is \(status.rawValue), so \(event.rawValue) is not possible. \(way)")
  }

  /// Whether a change between the two can be taken back: neither may say that somebody has begun to perform it.
  public static func isReversible(from status: ActionStatus, to earlier: ActionStatus) -> Bool {
    [status, earlier].allSatisfy { $0.isOpen || $0 == .rejected || $0 == .cancelled }
  }

  /// Refuses to put an action back that was performed, or that would seem to have been.
  ///
  /// - Throws: `CONFLICT` that names the status.
  public static func checkReversal(from status: ActionStatus, to earlier: ActionStatus) throws(ServiceError) {
    if isReversible(from: status, to: earlier) { return }
    throw ServiceError(.conflict, "The action is \(status.rawValue), so that this change can't be taken back.")
  }
}
