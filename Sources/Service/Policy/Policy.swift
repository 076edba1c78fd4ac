/// A rule that every call passes, in order, before a backend sees it; one file each.
public protocol Policy: Sendable {
  /// Lets the call pass, or refuses it.
  func admit(_ call: Call) throws(ServiceError)

  /// Hears how an admitted call ended; `succeeded` is false for errors.
  func settle(_ call: Call, succeeded: Bool)
}

extension Policy {
  /// Most rules have nothing to do afterwards.
  public func settle(_ call: Call, succeeded: Bool) {}
}
