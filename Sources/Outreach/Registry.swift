public import Operations
public import Service

/// Pairs the action types with what does them.
///
/// A type that nobody does ends as failed, with the reason: never as done.
public struct Registry: ActionPerformer {
  private let executors: [any ActionExecutor]
  private let knownTypes: [String]

  /// A registry; of two executors for one type, the later one counts.
  ///
  /// - Parameter types: every type that actions can have.
  public init(types: [ActionType] = ActionType.all, executors: [any ActionExecutor]) {
    self.executors = executors
    knownTypes = types.map(\.name)
  }

  /// Has the type's executor do it.
  public func perform(_ action: ClaimedAction) -> ActionOutcome {
    if let executor = executor(of: action.type) { return executor.perform(action) }
    return .failed(reasonAgainst(action.type) ?? "")
  }

  /// Has the type's executor say what it would do.
  public func preview(_ action: ClaimedAction) -> ActionPreview {
    if let executor = executor(of: action.type) { return executor.preview(action) }
    return .failure(reasonAgainst(action.type) ?? "")
  }

  private func executor(of type: String) -> (any ActionExecutor)? { executors.last { $0.type == type } }

  /// Why actions of a type can't be done, and what to do instead; nil when they can.
  public func reasonAgainst(_ type: String) -> String? {
    if executor(of: type) != nil { return nil }
    if knownTypes.contains(type) {
      return "\(type) is not connected: \(MissingConnector.advice(for: type)) Nothing was done."
    }
    return "No action type is called \"\(type.prefix(64))\", so nothing was done. Types: "
      + "\(knownTypes.joined(separator: ", "))."
  }
}

/// What to do about the types that this version has no connector for.
enum MissingConnector {
  /// One or two sentences.
  static func advice(for type: String) -> String {
    switch type {
    case ActionType.linkedInConnection.name:
      """
      LinkedIn offers no interface for this, so a person has to send the request. Queue a create_task with the \
      profile's address and the message.
      """
    case ActionType.updateCompany.name:
      "this version changes contacts only. Queue a create_task or a create_note with the company's id."
    case ActionType.syncToCRM.name:
      "this version has no CRM connector, so there is nothing to configure yet. Queue a create_task for a person."
    case ActionType.sendSlackMessage.name:
      """
      this version has no Slack connector, so there is nothing to configure yet. Queue an escalate_to_human or a \
      create_task instead.
      """
    case ActionType.resendSendEmail.name:
      "this version has no Resend connector, so there is nothing to configure yet. Queue an email_message instead."
    case ActionType.resendCreateContact.name, ActionType.resendCreateBroadcast.name:
      "this version has no Resend connector, so there is nothing to configure yet. Queue a create_task for a person."
    case ActionType.mcpToolCall.name:
      """
      this version starts no other MCP servers, so there is nothing to configure yet. Let the agent that is connected \
      here call the tool itself.
      """
    default:
      "no executor of that type is registered in this installation."
    }
  }
}
