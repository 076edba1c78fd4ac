internal import Operations

/// Where the values come from that are proposed for an argument.
enum CompletionSource: Sendable {
  /// Nothing is proposed: anything may be written.
  case none
  /// One of these.
  case words([String])
  /// Records of a kind, by an operation that completes.
  case records(Operation, String)
}
