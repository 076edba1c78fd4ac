public import JSON
public import Operations

/// Who makes a call, as far as it is known; for the audit log and the repeat guard, never for rights.
public struct Caller: Sendable, Hashable {
  /// The client's own name and version, made harmless and cut to length by the protocol layer.
  public let client: String
  /// Tells this process's connection from others.
  public let session: String

  /// Creates a caller.
  public init(client: String, session: String) {
    self.client = client
    self.session = session
  }
}

/// The caller's hand on a running call.
public protocol CallControl: Sendable {
  /// The client no longer wants an answer.
  var isCancelled: Bool { get }
  /// Runs the handler when the client withdraws the call, at once if it has; dropped when the call is answered.
  func onCancel(_ handler: @escaping @Sendable () -> Void)
  /// Tells a waiting person how far it is; dropped when the client did not ask.
  func progress(_ done: Double, total: Double?, message: String?)
  /// Waits while the client has not taken what it was sent before; for reads that others may wait behind.
  func waitForRoom()
}

extension CallControl {
  /// There is always room where nobody says otherwise.
  public func waitForRoom() {}
}

/// One invocation: arguments are validated and hold their defaults.
public struct Call: Sendable {
  /// What is asked for.
  public let operation: Operation
  /// The arguments, as the operation's input schema says.
  public let arguments: JSONObject
  /// Who asks.
  public let caller: Caller
  /// Progress and cancellation; nil where nobody waits.
  public let control: (any CallControl)?
  /// That a person was asked and said yes; nil where nobody was asked.
  public internal(set) var consent: Consent?
  /// How a write is recognised and recorded; set by the service.
  public internal(set) var ticket: WriteTicket?

  /// Creates a call.
  public init(operation: Operation, arguments: JSONObject, caller: Caller, control: (any CallControl)? = nil) {
    self.operation = operation
    self.arguments = arguments
    self.caller = caller
    self.control = control
  }

  /// The same call with a person's comment instead of the caller's; for operations that take one.
  func commented(_ comment: String?) -> Call {
    guard let comment else { return self }
    var arguments = arguments
    arguments["comment"] = .string(comment)
    return Call(operation: operation, arguments: arguments, caller: caller, control: control)
  }

  /// The same call under another's control.
  public func controlled(by control: any CallControl) -> Call {
    var call = Call(operation: operation, arguments: arguments, caller: caller, control: control)
    call.consent = consent
    return call
  }

  /// The same call, only rehearsed.
  var rehearsing: Call {
    var arguments = arguments
    arguments["dry_run"] = true
    return Call(operation: operation, arguments: arguments, caller: caller, control: control)
  }

  /// Asked with `dry_run: true`: what it would do is told, and nothing of it stays.
  public var isRehearsal: Bool { arguments["dry_run"]?.boolValue ?? false }
}

/// What the store records of a write, in the same transaction.
public struct WriteTicket: Sendable {
  /// SHA-256 of the canonical arguments, without the idempotency key.
  public let digest: [UInt8]
  /// What makes a later call the same call; nil when every call counts.
  public let repeatKey: RepeatKey?

  /// Recognises a repeated call.
  public struct RepeatKey: Sendable {
    /// SHA-256 over the tool's name and either the caller's key or caller and arguments.
    public let bytes: [UInt8]
    /// An explicit key used with other arguments is a mistake; a window's key holds them already.
    public let isExplicit: Bool
    /// For how long the first receipt answers; nil for as long as the workspace keeps it.
    public let seconds: Int?
  }
}

/// Facts about an answer that are not part of the payload.
public struct Receipt: Sendable {
  /// Credits charged; nil where the platform has none.
  public var creditsUsed: Int?
  /// The request's id on the platform, for support and logs.
  public var requestID: String?
  /// The call had been made before: this is the first one's answer.
  public var replayed = false
  /// The call left work that is done in the background.
  public var leavesWork = false

  /// Creates a receipt.
  public init(creditsUsed: Int? = nil, requestID: String? = nil, replayed: Bool = false) {
    self.creditsUsed = creditsUsed
    self.requestID = requestID
    self.replayed = replayed
  }
}

/// A payload, one serialised JSON object, with its receipt.
public struct Answer: Sendable {
  /// The JSON object's bytes.
  public var payload: [UInt8]
  /// Facts beside it.
  public var receipt: Receipt

  /// Creates an answer.
  public init(payload: [UInt8], receipt: Receipt = Receipt()) {
    self.payload = payload
    self.receipt = receipt
  }
}
