internal import JSON
internal import Operations
internal import Platform

/// What a person is shown before a decision: all that the call would let happen.
public struct DecisionPlan: Sendable {
  /// One thing that would be done.
  public struct Item: Sendable {
    /// The action, as an executor would get it.
    public let planned: Rehearsal.PlannedAction
    /// What it would send or change.
    public let preview: ActionPreview
  }

  /// What would be done.
  public let items: [Item]
  /// The records that would be changed where nothing would be done, such as the rules for outreach.
  public let changes: [Rehearsal.Change]
  /// Stands for all of it; see ``Consent``.
  public let digest: [UInt8]

  /// The plan of a rehearsed call.
  init(_ rehearsal: Rehearsal, _ performer: any ActionPerformer) {
    let released = rehearsal.releasedActions
    items = released.map { Item(planned: $0, preview: performer.preview($0.action)) }
    changes = rehearsal.actions.isEmpty ? rehearsal.changes : []
    digest = rehearsal.digest
  }

  /// Whether anything would leave the workspace.
  public var reachesOutside: Bool { items.contains { ActionType.named($0.planned.action.type)?.reach != .workspace } }
}

extension Rehearsal {
  /// The actions that nobody has to decide on any more after the call.
  var releasedActions: [PlannedAction] { actions.filter { $0.status != .pendingApproval } }

  /// What the call would do, whoever rehearses it and when: SHA-256 over the actions that it releases, or else over the
  /// records that it changes as they were before.
  public var digest: [UInt8] {
    let released = releasedActions.map { planned in
      JSONValue.object([
        "type": .string(planned.action.type), "params": .object(planned.action.params),
        "identity": .string(planned.action.identity.id),
        "contact": planned.action.contactID.map { .string($0) } ?? .null,
        "status": .string(planned.status.rawValue),
      ])
    }
    // The records of actions tell their times, which differ each time.
    let records = actions.isEmpty ? changes : []
    let before = records.map { change in
      JSONValue.array([
        .string(change.record), change.before.map { .string(String(decoding: $0, as: UTF8.self)) } ?? .null,
      ])
    }
    return SHA256.digest(JSONValue.array([.array(released), .array(before)]).canonicalized())
  }
}
