internal import JSON
internal import JSONRPC

/// What a handshake has agreed on; it holds until the process ends.
struct LegacySession {
  let revision: Revision
  /// As sent: a repeated handshake must be the same.
  let params: JSONObject
  var caller: Caller
  /// A request other than the handshake has come.
  var isInUse = false
}

extension Method {
  /// The handshake (2025-11-25, lifecycle).
  ///
  /// Never agrees on a modern revision.
  static let initialize = Method(name: "initialize", eras: .legacy, capability: nil) { session, call throws(RPCError) in
    if let legacy = session.legacy, legacy.isInUse || legacy.params != call.params {
      throw .invalidRequest("The session has begun already and can't change its revision.")
    }
    if call.responder.batch != nil { throw .invalidRequest("\"initialize\" must not be part of an array.") }
    let agreed = try handshake(call.params)
    session.legacy = agreed
    call.responder.result { writer in
      writer.key("protocolVersion")
      writer.string(agreed.revision.name)
      writer.key("capabilities")
      writer.value(session.offers.capabilities(in: agreed.revision))
      writer.key("serverInfo")
      writer.value(session.info.description(in: agreed.revision))
      if let instructions = session.info.instructions {
        writer.key("instructions")
        writer.string(instructions)
      }
    }
  }

  private static func handshake(_ params: JSONObject) throws(RPCError) -> LegacySession {
    guard case .string(let name)? = params["protocolVersion"] else {
      throw .invalidParameters("\"protocolVersion\" must be a string.")
    }
    let info = try object("clientInfo", params)
    let capabilities = try object("capabilities", params)
    let asked = Revision(name: name) ?? .newestLegacy
    let revision = asked.isModern ? .newestLegacy : asked
    return LegacySession(
      revision: revision, params: params,
      caller: Caller(revision: revision, info: .object(info), capabilities: capabilities, isReady: false))
  }

  private static func object(_ key: String, _ params: JSONObject) throws(RPCError) -> JSONObject {
    switch params[key] {
    case nil: JSONObject()
    case .object(let members)?: members
    default: throw .invalidParameters("\"\(key)\" must be an object.")
    }
  }
}
