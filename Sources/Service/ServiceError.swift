/// Why a call did not do what it was asked: something that the caller can mend, or should know.
///
/// The codes are Owlbound's own (Owlbound API 3); Pathbound's answers carry the same names by HTTP status, and
/// `CONFLICT`.
public struct ServiceError: Error, Sendable, Equatable {
  /// The kind of refusal.
  public enum Code: String, Sendable {
    /// 400: the arguments break a rule.
    case validation = "VALIDATION_ERROR"
    /// 401: no key.
    case missingKey = "MISSING_API_KEY"
    /// 401: unknown key.
    case invalidKey = "API_KEY_INVALID"
    /// 401: the key's time is over.
    case expiredKey = "API_KEY_EXPIRED"
    /// 401: the key was taken back.
    case revokedKey = "API_KEY_REVOKED"
    /// 403: a scope is not granted, or a policy refuses.
    case insufficientScope = "INSUFFICIENT_SCOPE"
    /// 403: a policy of this workspace refuses, whatever the scopes.
    case forbidden = "FORBIDDEN"
    /// 404: no such record.
    case notFound = "NOT_FOUND"
    /// 409: the record's state does not allow it.
    case conflict = "CONFLICT"
    /// 429: too many calls; see `retryAfter`.
    case rateLimited = "RATE_LIMIT_EXCEEDED"
    /// 500: our fault or the store's.
    case `internal` = "INTERNAL_ERROR"
    /// 503: another process holds what is needed, or a part is not configured.
    case unavailable = "SERVICE_UNAVAILABLE"
    /// 499: the client withdrew the call.
    case cancelled = "CANCELLED"

    /// The HTTP status that the API would answer with.
    public var status: Int {
      switch self {
      case .validation: 400
      case .missingKey, .invalidKey, .expiredKey, .revokedKey: 401
      case .insufficientScope, .forbidden: 403
      case .notFound: 404
      case .conflict: 409
      case .rateLimited: 429
      case .internal: 500
      case .unavailable: 503
      case .cancelled: 499
      }
    }
  }

  /// One broken rule.
  public struct Detail: Sendable, Equatable {
    /// JSON Pointer into the arguments, such as `/limit`.
    public let path: String
    /// What is wrong, and what would be right.
    public let message: String

    /// Creates a detail.
    public init(path: String, message: String) {
      self.path = path
      self.message = message
    }
  }

  /// The kind of refusal.
  public let code: Code
  /// What is wrong and what would be right, in a sentence or two.
  public let message: String
  /// The broken rules one by one; may be empty.
  public let details: [Detail]
  /// Seconds after which the same call may succeed.
  public let retryAfter: Int?
  private let remoteStatus: Int?

  /// The HTTP status: the hosted API's own, where it answered with another than the code's.
  public var status: Int { remoteStatus ?? code.status }

  /// Creates an error.
  public init(
    _ code: Code, _ message: String, details: [Detail] = [], retryAfter: Int? = nil, remoteStatus: Int? = nil
  ) {
    self.code = code
    self.message = message
    self.details = details
    self.retryAfter = retryAfter
    self.remoteStatus = remoteStatus
  }

  /// The arguments break one rule.
  public static func invalid(_ path: String, _ message: String) -> ServiceError {
    ServiceError(.validation, message, details: [Detail(path: path, message: message)])
  }

  /// No such record; `what` is its kind, such as "contact".
  public static func notFound(_ what: String, _ id: String) -> ServiceError {
    ServiceError(.notFound, "No \(what) has the id \"\(id.prefix(64))\". Ids come from the list and create calls.")
  }
}
