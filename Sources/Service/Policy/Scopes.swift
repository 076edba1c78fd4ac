internal import JSON
public import Operations

/// Refuses what the key's scopes do not grant (Pathbound API 1.1, Owlbound API 1.1).
public struct Scopes: Policy {
  private let granted: Set<Scope>?

  /// The granted scopes; nil grants all, as a key of the owner does.
  public init(granted: Set<Scope>?) { self.granted = granted }

  /// Whether a call of this operation would pass, at least with some arguments.
  public func allows(_ operation: Operation) -> Bool {
    guard let granted else { return true }
    if let choice = operation.argumentScopes { return choice.scopes.contains { granted.contains($0.value) } }
    return operation.scope.map(granted.contains) ?? true
  }

  /// Refuses a call whose scope is missing, and names it.
  public func admit(_ call: Call) throws(ServiceError) {
    guard let granted, let scope = Self.scope(of: call), !granted.contains(scope) else { return }
    throw ServiceError(
      .insufficientScope,
      "This key lacks the scope \(scope.rawValue), which \(call.operation.name) needs. Grant it with --scopes.")
  }

  private static func scope(of call: Call) -> Scope? {
    guard let choice = call.operation.argumentScopes, let value = call.arguments[choice.argument]?.stringValue else {
      return call.operation.scope
    }
    return choice.scope(for: value)
  }
}
