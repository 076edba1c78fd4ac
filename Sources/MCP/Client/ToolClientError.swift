/// Why a server's tool gave no result.
public struct ToolClientError: Error, Sendable, Equatable {
  /// What went wrong.
  public enum Kind: Sendable, Equatable {
    /// The program can't be started.
    case notStarted
    /// It ended, or closed its output.
    case ended
    /// It did not answer in time.
    case timedOut
    /// The caller has cancelled it.
    case cancelled
    /// It speaks no revision that we do, or no MCP at all.
    case incompatible
    /// It answered with an error of the protocol.
    case refused
    /// It wants to ask a person, or leave the work for later; nobody is there for that.
    case wantsMore
  }

  /// What went wrong.
  public let kind: Kind
  /// In words; the rest of a sentence that begins with the server, without a full stop.
  public let message: String
  /// Whether the tool may have run.
  public let mayHaveRun: Bool

  /// Describes a failure.
  public init(_ kind: Kind, _ message: String, mayHaveRun: Bool = false) {
    self.kind = kind
    self.message = message
    self.mayHaveRun = mayHaveRun
  }
}
