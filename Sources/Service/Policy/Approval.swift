internal import JSON
internal import Operations

/// Who may let outbound work happen: `--approvals`.
public struct Approval: Policy {
  /// The three ways.
  public enum Mode: String, Sendable, CaseIterable {
    /// Ask the person through the client where it can; otherwise the client's own confirmation counts.
    case ask
    /// Only a person decides: refuse where the client can't ask one.
    case human
    /// The scope suffices.
    case key
  }

  private let mode: Mode

  /// Applies the mode to every operation that lets outbound work happen.
  public init(mode: Mode) { self.mode = mode }

  /// Refuses decisions that no person can be asked for.
  public func admit(_ call: Call) throws(ServiceError) {
    guard mode == .human, call.consent == nil, Self.isDecision(call) else { return }
    let way =
      call.operation === History.undoChange
      ? "Nothing was undone. Undo it in a terminal with `bound-mcp undo`"
      : "Nothing was decided; the action waits. Decide in a terminal with `bound-mcp review`"
    throw ServiceError(
      .forbidden,
      "Only a person may decide here (--approvals human), and this client can't ask one. \(way), in a client that can "
        + "show forms, or with a server started with --approvals ask or key.")
  }

  /// Whether a call lets outbound work happen; saying no and changing what waits does not.
  static func isDecision(_ call: Call) -> Bool {
    guard case .write = call.operation.access, !call.isRehearsal else { return false }
    if call.operation.decides {
      guard case .string(let choice)? = call.arguments["action"] else { return true }
      return choice != "reject" && choice != "edit"
    }
    let items = call.arguments["actions"]?.arrayValue ?? []
    return call.arguments["direct"]?.boolValue == true || call.letsAgentActAlone
      || items.contains { $0["direct"]?.boolValue == true }
  }
}

extension Call {
  /// Lets an agent send what it proposes without anyone looking: whoever may say that decides on all of it beforehand.
  var letsAgentActAlone: Bool {
    let changesAgent = [PathboundAgents.createAgent.name, PathboundAgents.updateAgent.name].contains(operation.name)
    return changesAgent && arguments["playbook"]?["require_approval"]?.boolValue == false
  }
}
