internal import JSON
public import Operations

/// Refuses what the key's scopes do not grant (Pathbound API 1.1, Owlbound API 1.1).
public struct Scopes: Policy {
  private let granted: Set<Scope>?
  private let owlboundKey: KeyType

  /// The granted scopes; nil grants all, as a key of the owner does.
  ///
  /// A publishable key of Owlbound can take signals in
  /// and nothing else there, whatever is granted.
  public init(granted: Set<Scope>?, owlboundKey: KeyType = .secret) {
    self.granted = granted
    self.owlboundKey = owlboundKey
  }

  /// Whether a call of this operation would pass, at least with some arguments.
  public func allows(_ operation: Operation) -> Bool {
    if let scope = operation.scope, !isOpen(operation, scope) { return false }
    guard let granted else { return true }
    if operation.isForOwner { return granted.isSuperset(of: Scope.allCases) }
    if let choice = operation.argumentScopes { return choice.scopes.contains { granted.contains($0.value) } }
    return operation.scope.map(granted.contains) ?? true
  }

  private func isOpen(_ operation: Operation, _ scope: Scope) -> Bool {
    owlboundKey == .secret || operation.platform == .pathbound || scope == .signalsWrite
  }

  /// Refuses a call whose scope is missing, and names it.
  public func admit(_ call: Call) throws(ServiceError) {
    if let scope = call.operation.scope, !isOpen(call.operation, scope) {
      throw ServiceError(
        .insufficientScope,
        "A publishable key (gtm_pk_) can only ingest signals; \(call.operation.name) needs \(scope.rawValue). "
          + "Use a secret key (gtm_sk_).")
    }
    if call.operation.isForOwner, let granted, !granted.isSuperset(of: Scope.allCases) {
      throw ServiceError(
        .insufficientScope, "\(call.operation.title) tells of everything, so it needs all scopes. Leave out --scopes.")
    }
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
