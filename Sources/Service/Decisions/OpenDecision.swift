internal import JSON
internal import Operations
public import Platform

/// A question to a person that waits for its answer, perhaps in another process.
public struct OpenDecision: Sendable, Equatable {
  /// Names the question to the client: 160 random bits, which nobody can guess.
  public let handle: String
  /// The digest of the call that it was asked for: an answer lets no other call happen.
  public let call: [UInt8]
  /// The digest of what the person is shown.
  public let shown: [UInt8]
  /// How often it was asked before.
  public let round: Int
  /// When an answer comes too late.
  public let expires: Timestamp

  /// Describes a question.
  public init(handle: String, call: [UInt8], shown: [UInt8], round: Int, expires: Timestamp) {
    self.handle = handle
    self.call = call
    self.shown = shown
    self.round = round
    self.expires = expires
  }
}

/// Where questions are kept until they are answered: in the workspace, so that the answer may come to another process.
public protocol DecisionBook: Sendable {
  /// Keeps a question, durably; returns when it is.
  func keep(_ decision: OpenDecision) throws(ServiceError)

  /// Takes the question with that handle out, if it was asked for that call and in time; nil for everything else.
  ///
  /// Of several callers, in whatever processes, one gets it.
  func take(_ handle: String, call: [UInt8]) throws(ServiceError) -> OpenDecision?
}

extension OpenDecision {
  /// How long a person may think, in milliseconds.
  static let lifetime: Int64 = 600_000
  /// A handle's random bits.
  static func newHandle() -> String {
    var random = SystemRandomNumberGenerator()
    return "ask_" + (0..<3).map { _ in Base32.text(random.next(), digits: 13) }.joined()
  }

  /// What binds a question to a call: the tool and its arguments.
  static func digest(of call: Call) -> [UInt8] {
    SHA256.digest(
      JSONValue.array([.string(call.operation.name), .object(call.arguments)]).canonicalized())
  }
}
