internal import JSON
internal import JSONRPC

/// A method that clients may call: in which eras, behind which capability, and what it does.
struct Method: Sendable {
  /// The ways of speaking in which a method exists.
  struct Eras: OptionSet {
    let rawValue: Int
    /// With a handshake.
    static let legacy = Eras(rawValue: 1)
    /// With an envelope in each request.
    static let modern = Eras(rawValue: 2)
    /// Both.
    static let both: Eras = [.legacy, .modern]
  }

  /// What must be advertised for a client to call the method.
  enum Capability: String, CaseIterable {
    case tools, resources, prompts, completions, logging
    /// Changes of resources are told; a flag of `resources`.
    case watching
    /// An extension, for modern clients only.
    case tasks
  }

  let name: String
  let eras: Eras
  /// Nil for the protocol's own housekeeping.
  let capability: Capability?
  let run: @Sendable (ServerSession, MethodCall) throws(RPCError) -> Void

  /// All there are, by name.
  ///
  /// The capabilities we advertise follow from it.
  static let all = [
    callTool, cancelTask, complete, discover, getPrompt, getTask, initialize, listPrompts, listResources, listTemplates,
    listTools, listen,
    ping, readResource, setLogLevel, subscribe, unsubscribe, updateTask,
  ]

  /// The method of that name, if a caller of that era may use it.
  static func named(_ name: String, isModern: Bool) -> Method? {
    all.first { $0.name == name && $0.eras.contains(isModern ? .modern : .legacy) }
  }
}

extension Offers {
  /// What we advertise to clients of that revision: each capability that is served.
  func capabilities(in revision: Revision) -> JSONValue {
    var members = JSONObject()
    for capability in Method.Capability.allCases where serves(capability) {
      switch capability {
      case .watching: members["resources"] = ["subscribe": true]
      // Never as a capability of its own: the tasks of 2025-11-25 were others.
      case .tasks: if revision.isModern { members["extensions"] = .object([TaskSnapshot.extensionName: [:]]) }
      // Unknown to clients of the first revision, though the method is there.
      case .completions where revision < .march2025: break
      default: members[capability.rawValue] = [:]
      }
    }
    return .object(members)
  }
}

/// One call of a method.
struct MethodCall {
  /// Empty when the request had none.
  let params: JSONObject
  /// Under which progress is to be told; nil when it is not.
  let progressToken: RequestID?
  let caller: Caller
  let responder: Responder
}
