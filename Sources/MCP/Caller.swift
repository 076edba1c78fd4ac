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
  /// From which level on it wants to hear what goes on; nil for not at all.
  var noticeLevel: NoticeLevel?
  /// Whether it may be asked anything: after a handshake not before it says that it is ready.
  var isReady = true
}

/// The members of a request's `_meta` that mean something here.
struct RequestMeta {
  /// A string or integer; anything else is no token.
  private(set) var progressToken: RequestID?
  private var revision: JSONValue?
  private var info: JSONValue?
  private var capabilities: JSONValue?
  private var logLevel: JSONValue?

  private static let revisionKey = "io.modelcontextprotocol/protocolVersion"
  private static let infoKey = "io.modelcontextprotocol/clientInfo"
  private static let capabilitiesKey = "io.modelcontextprotocol/clientCapabilities"
  private static let logLevelKey = "io.modelcontextprotocol/logLevel"

  init() {}

  init(_ members: JSONObject) {
    for (key, value) in members {
      if key.hasSameBytes(as: Self.revisionKey) {
        revision = value
      } else if key.hasSameBytes(as: Self.capabilitiesKey) {
        capabilities = value
      } else if key.hasSameBytes(as: Self.infoKey) {
        info = value
      } else if key.hasSameBytes(as: Self.logLevelKey) {
        logLevel = value
      } else if key == "progressToken" {
        progressToken = RequestID(value)
      }
    }
  }
}

// The envelope (2026-07-28, basic).
extension RequestMeta {
  /// Whether any of the keys is there that make a request modern.
  ///
  /// Others with the same prefix don't count: 2025-11-25 has such.
  var isEnvelope: Bool { revision != nil || capabilities != nil || info != nil }

  /// Who asks, by the envelope alone.
  func caller() throws(RPCError) -> Caller {
    guard case .string(let name)? = revision else { throw Self.incomplete(Self.revisionKey, "a string") }
    guard case .object(let capabilities)? = capabilities else {
      throw Self.incomplete(Self.capabilitiesKey, "an object")
    }
    guard let revision = Revision(name: name) else {
      throw Self.unsupported(name, Revision.supportedNames, "This revision is not supported.")
    }
    guard revision.isModern else {
      throw Self.unsupported(
        name, Revision.modernNames, "This revision has no request metadata; it begins with \"initialize\".")
    }
    return Caller(revision: revision, info: info, capabilities: capabilities, noticeLevel: try noticeLevel())
  }

  private func noticeLevel() throws(RPCError) -> NoticeLevel? {
    guard let logLevel else { return nil }
    guard case .string(let name) = logLevel, let level = NoticeLevel(name: name) else { throw .unknownLogLevel }
    return level
  }

  /// What a request without an envelope gets when there was no handshake either.
  static let missing = RPCError.invalidParameters(
    "params._meta needs \"\(revisionKey)\" and \"\(capabilitiesKey)\" (or begin with \"initialize\").")

  private static func incomplete(_ key: String, _ type: String) -> RPCError {
    .invalidParameters("params._meta needs \"\(key)\": \(type).")
  }

  private static func unsupported(_ requested: String, _ supported: [String], _ message: String) -> RPCError {
    RPCError(
      .unsupportedRevision, message,
      data: ["supported": .array(supported.map { .string($0) }), "requested": .string(requested)])
  }
}
