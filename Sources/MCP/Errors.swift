internal import JSON
public import JSONRPC

/// The protocol's own kinds of errors.
extension RPCError.Code {
  /// The client has not declared a capability without which the request can't be served (2026-07-28).
  public static let missingClientCapability = RPCError.Code(-32021)
  /// The revision that the request asks for is not spoken here (2026-07-28).
  static let unsupportedRevision = RPCError.Code(-32022)
  /// There is no such resource (up to 2025-11-25).
  static let resourceNotFound = RPCError.Code(-32002)
}

extension RPCError {
  /// There is no resource with that URI; told differently to old and new clients.
  public static func resourceNotFound(_ uri: String, revision: Revision) -> RPCError {
    RPCError(
      revision.isModern ? .invalidParameters : .resourceNotFound, "There is no such resource.",
      data: ["uri": .string(uri)])
  }

  /// Our own fault, in a sentence.
  public static func internalError(_ message: String) -> RPCError { RPCError(.internalError, message) }

  static func methodNotFound(_ method: String) -> RPCError {
    RPCError(.methodNotFound, "There is no method \"\(method.abbreviated(to: 80))\" here.")
  }

  static func invalidParameters(_ message: String) -> RPCError { RPCError(.invalidParameters, message) }

  static func invalidRequest(_ message: String) -> RPCError { RPCError(.invalidRequest, message) }

  /// The same error with a code that a client of that revision may see; any other code counts as our own fault.
  func permitted(in revision: Revision) -> RPCError {
    let isPermitted =
      switch code {
      case .parseError, .invalidRequest, .methodNotFound, .invalidParameters, .internalError: true
      case .missingClientCapability, .unsupportedRevision: revision.isModern
      case .resourceNotFound: !revision.isModern
      default: code.value < -32768 || code.value > -32000
      }
    return isPermitted ? self : RPCError(.internalError, message)
  }
}

extension String {
  /// At most that many characters (Unicode scalars), with `…` where something was cut.
  func abbreviated(to length: Int) -> String {
    guard utf8.count > length, let end = unicodeScalars.index(startIndex, offsetBy: length, limitedBy: endIndex),
      end < endIndex
    else { return self }
    return self[..<end] + "…"
  }
}
