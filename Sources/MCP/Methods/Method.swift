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
  }

  /// What must be advertised for a client to call the method.
  enum Capability: String, CaseIterable {
    case tools
    case logging
  }

  let name: String
  let eras: Eras
  /// Nil for the protocol's own housekeeping.
  let capability: Capability?
  let run: @Sendable (ServerSession, MethodCall) throws(RPCError) -> Void

  /// All there are, by name.
  ///
  /// The capabilities we advertise follow from it.
  static let all = [callTool, discover, initialize, listTools, ping, setLogLevel]

  /// The method of that name, if a caller of that era may use it.
  static func named(_ name: String, isModern: Bool) -> Method? {
    all.first { $0.name == name && $0.eras.contains(isModern ? .modern : .legacy) }
  }

  /// What we advertise: each capability that a method of that era stands behind.
  static func capabilities(isModern: Bool) -> JSONValue {
    let served = all.filter { $0.eras.contains(isModern ? .modern : .legacy) }.compactMap(\.capability)
    // Modern clients name the level in each request; there is no method for it.
    let names = Capability.allCases.filter { served.contains($0) || isModern && $0 == .logging }.map(\.rawValue)
    return .object(JSONObject(names.map { ($0, .object([:])) }))
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
