public import Operations

/// What a key may be (Owlbound API 1).
public enum KeyType: String, Sendable, CaseIterable {
  /// For servers; all scopes unless fewer are granted.
  case secret
  /// For browsers: it can only take signals in.
  case publishable

  /// The type of a key, by how it begins; nil for what is no key of Owlbound.
  public init?(key: String) {
    if key.hasPrefix("gtm_sk_") {
      self = .secret
    } else if key.hasPrefix("gtm_pk_") {
      self = .publishable
    } else {
      return nil
    }
  }
}

/// Who uses the workspace, as far as rights and limits go: what Owlbound knows of a key (Owlbound API 7).
public struct Account: Sendable {
  /// The plan whose rate limits apply; nil for none.
  public var plan: RateLimits.Plan?
  /// Granted scopes; nil grants all.
  public var scopes: Set<Scope>?
  /// The kind of key.
  public var keyType: KeyType

  /// An owner without limits, unless told otherwise.
  public init(plan: RateLimits.Plan? = nil, scopes: Set<Scope>? = nil, keyType: KeyType = .secret) {
    self.plan = plan
    self.scopes = scopes
    self.keyType = keyType
  }

  /// What the key may do on Owlbound, in the order of the documentation.
  public var owlboundScopes: [Scope] {
    let granted = scopes.map { scopes in Scope.owlbound.filter { scopes.contains($0) } } ?? Scope.owlbound
    return keyType == .publishable ? granted.filter { $0 == .signalsWrite } : granted
  }
}
