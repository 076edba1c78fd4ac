internal import JSON
internal import JSONRPC

/// Who asks: all that a request may depend on beside its own parameters.
///
/// A request with an envelope brings it along; for one without, it is what the handshake agreed on. Neither ever mixes
/// with the other.
struct Caller {
  let revision: Revision
  let info: JSONValue?
  let capabilities: JSONObject
}

/// The keys of `_meta` that make a request modern (2026-07-28, basic).
enum Envelope {
  static let revision = "io.modelcontextprotocol/protocolVersion"
  static let info = "io.modelcontextprotocol/clientInfo"
  static let capabilities = "io.modelcontextprotocol/clientCapabilities"

  /// Whether any of the keys is there.
  ///
  /// Others with the same prefix don't count: 2025-11-25 has such.
  static func isPresent(in meta: JSONObject) -> Bool {
    meta.contains(revision) || meta.contains(capabilities) || meta.contains(info)
  }

  /// Who asks, by the envelope alone.
  static func open(_ meta: JSONObject) throws(RPCError) -> Caller {
    guard case .string(let name)? = meta[revision] else { throw incomplete(revision, "a string") }
    guard case .object(let capabilities)? = meta[capabilities] else { throw incomplete(capabilities, "an object") }
    guard let revision = Revision(name: name) else {
      throw unsupported(name, Revision.supportedNames, "This revision is not supported.")
    }
    guard revision.isModern else {
      throw unsupported(
        name, Revision.modernNames, "This revision has no request metadata; it begins with \"initialize\".")
    }
    return Caller(revision: revision, info: meta[info], capabilities: capabilities)
  }

  /// What a request without an envelope gets when there was no handshake either.
  static let missing = RPCError.invalidParameters(
    "params._meta needs \"\(revision)\" and \"\(capabilities)\" (or begin with \"initialize\").")

  private static func incomplete(_ key: String, _ type: String) -> RPCError {
    .invalidParameters("params._meta needs \"\(key)\": \(type).")
  }

  private static func unsupported(_ requested: String, _ supported: [String], _ message: String) -> RPCError {
    RPCError(
      .unsupportedRevision, message,
      data: ["supported": .array(supported.map { .string($0) }), "requested": .string(requested)])
  }
}
