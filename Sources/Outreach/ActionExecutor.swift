public import Service

/// Does actions of one type.
public protocol ActionExecutor: Sendable {
  /// The `type` of the actions, such as `email_message`.
  var type: String { get }

  /// Does one, on the calling thread.
  ///
  /// What changes the workspace is handed back, and applied together with the outcome. A failure says what to do in
  /// words that a person understands.
  func perform(_ action: ClaimedAction) -> ActionOutcome
}
