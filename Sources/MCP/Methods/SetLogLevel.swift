internal import JSON
internal import JSONRPC

extension Method {
  /// From which level on a legacy client wants to hear what goes on in its calls (2025-11-25, logging).
  ///
  /// Nothing is sent before the first.
  static let setLogLevel = Method(name: "logging/setLevel", eras: .legacy, capability: .logging) {
    session, call throws(RPCError) in
    guard case .string(let name)? = call.params["level"], let level = NoticeLevel(name: name) else {
      throw .unknownLogLevel
    }
    session.legacy?.caller.noticeLevel = level
    call.responder.result()
  }
}

extension RPCError {
  /// A level that is none of the eight.
  static let unknownLogLevel = RPCError.invalidParameters(
    "The level must be one of \(NoticeLevel.allCases.map(\.name).joined(separator: ", ")).")
}
