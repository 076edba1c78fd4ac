public import Operations
public import Platform
public import Service

/// Pairs the action types with what does them.
///
/// A type that nobody does ends as failed, with the reason: never as done.
public struct Registry: ActionPerformer {
  private let executors: [any ActionExecutor]
  private let knownTypes: [String]
  private let stopping: Cancellation?

  /// A registry; of two executors for one type, the later one counts.
  ///
  /// - Parameters:
  ///   - types: every type that actions can have.
  ///   - stopping: ends whatever is being performed, when the program can't wait any longer.
  public init(
    types: [ActionType] = ActionType.all, executors: [any ActionExecutor], stopping: Cancellation? = nil
  ) {
    self.stopping = stopping
    self.executors = executors
    knownTypes = types.map(\.name)
  }

  /// Has the type's executor do it.
  public func perform(_ action: ClaimedAction) -> ActionOutcome {
    guard let executor = executor(of: action.type) else { return .failed(reasonAgainst(action.type) ?? "") }
    let cancellation = Cancellation()
    let sources = [action.cancellation, stopping].compactMap { $0 }
    let registrations = sources.map { source in (source, source.onCancel { cancellation.cancel() }) }
    defer { for (source, registration) in registrations { source.remove(registration) } }
    var action = action
    action.cancellation = cancellation
    return executor.perform(action)
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

/// What to configure for the types that have no connector by themselves.
enum MissingConnector {
  /// One or two sentences.
  static func advice(for type: String) -> String {
    switch type {
    case ActionType.syncToCRM.name:
      "set HUBSPOT_ACCESS_TOKEN (or hubspot_access_token in config.json) to the token of a HubSpot private app."
    case ActionType.sendSlackMessage.name:
      """
      set SLACK_BOT_TOKEN to the token of a bot with the scope chat:write, or SLACK_WEBHOOK_URL to the address of an \
      incoming webhook; both may stand in config.json.
      """
    case ActionType.resendSendEmail.name, ActionType.resendCreateContact.name, ActionType.resendCreateBroadcast.name:
      "set RESEND_API_KEY (or resend_api_key in config.json) to a key of Resend's API."
    case ActionType.mcpToolCall.name:
      """
      name the server under mcpServers in config.json, in the form that MCP clients use: \
      {"mcpServers":{"NAME":{"command":"PROGRAM","args":[],"env":{}}}}.
      """
    default:
      "name a program for it under executors in config.json."
    }
  }
}
