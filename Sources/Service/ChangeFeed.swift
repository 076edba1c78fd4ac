/// Tells that the data has changed, whichever process has changed it.
public protocol ChangeFeed: Sendable {
  /// Calls the handler, on a thread of the feed's own, soon after each change until the watch is ended; changes that
  /// follow soon after each other may be told once, and one before the call may be told too.
  ///
  /// Costs nothing while nothing changes, and nothing at all while nobody watches.
  func watch(_ handler: @escaping @Sendable () -> Void) -> any ChangeWatch
}

/// A handler that is told of changes.
public protocol ChangeWatch: Sendable {
  /// Ends the watch; the handler may still be running when this returns.
  func end()
}
