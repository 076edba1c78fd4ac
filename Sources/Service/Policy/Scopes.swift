public import Operations

/// Refuses what the key's scopes do not grant (Pathbound API 1.1, Owlbound API 1.1).
public struct Scopes: Policy {
  private let granted: Set<Scope>?

  /// The granted scopes; nil grants all, as a key of the owner does.
  public init(granted: Set<Scope>?) { self.granted = granted }

  /// Whether a call of this operation would pass.
  public func allows(_ operation: Operation) -> Bool {
    guard let granted, let scope = operation.scope else { return true }
    return granted.contains(scope)
  }

  /// Refuses a call whose scope is missing, and names it.
  public func admit(_ call: Call) throws(ServiceError) {
    guard !allows(call.operation), let scope = call.operation.scope else { return }
    throw ServiceError(
      .insufficientScope,
      "This key lacks the scope \(scope.rawValue), which \(call.operation.name) needs. Grant it with --scopes.")
  }
}
