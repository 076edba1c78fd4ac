/// Why a request got no response.
public struct HTTPError: Error, Sendable, Equatable {
  /// What went wrong.
  public enum Kind: String, Sendable, CaseIterable {
    /// The request can't be sent as it is.
    case invalid
    /// No connection: no such host, nobody listens, no network, no proxy.
    case unreachable
    /// The server's certificate or its encryption can't be trusted.
    case untrusted
    /// A time limit has passed.
    case timedOut = "timed_out"
    /// The response is larger than allowed.
    case tooLarge = "too_large"
    /// The caller has cancelled it.
    case cancelled
    /// The connection broke, or what came was no HTTP.
    case broken
    /// The program that does the requests is not there, or can't be started.
    case helperMissing = "helper_missing"
    /// That program ended while the request was on its way.
    case helperEnded = "helper_ended"
  }

  /// Whether the request may have had an effect.
  public enum Reach: Sendable {
    /// It has provably not left: it may be sent again.
    case no
    /// It may have arrived: the outcome is unknown.
    case maybe
  }

  /// What went wrong.
  public let kind: Kind
  /// In words, without addresses and secrets; the rest of a sentence, without a full stop.
  public let message: String
  /// Whether the server may have got it.
  public let reachedServer: Reach

  /// Describes a failure.
  public init(_ kind: Kind, _ message: String, reachedServer: Reach) {
    self.kind = kind
    self.message = message
    self.reachedServer = reachedServer
  }

  static func invalid(_ message: String) -> HTTPError { HTTPError(.invalid, message, reachedServer: .no) }
}
