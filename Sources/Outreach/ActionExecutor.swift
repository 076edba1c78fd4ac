public import Service

/// Does actions of one type.
public protocol ActionExecutor: Sendable {
  /// The `type` of the actions, such as `email_message`.
  var type: String { get }

  /// Does one, on the calling thread.
  ///
  /// What changes the workspace is handed back, and applied together with the outcome. A failure says what to do in
  /// words that a person understands. Once the action's `cancellation` says so, it ends what it has begun, requests and
  /// programs alike, and says whether that may have been done.
  func perform(_ action: ClaimedAction) -> ActionOutcome

  /// What ``perform(_:)`` would send or change, rendered as far as that needs no other system.
  ///
  /// It reads no secret into the preview, opens no connection and writes no file.
  func preview(_ action: ClaimedAction) -> ActionPreview
}

extension ActionExecutor {
  /// The parameters, as they are.
  public func preview(_ action: ClaimedAction) -> ActionPreview { .content(action.params) }
}
