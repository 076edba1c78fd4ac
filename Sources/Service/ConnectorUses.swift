/// Where executors and providers say how their use of another system went, so that the health of a connector is a fact
/// and no guess (Owlbound API 14).
public protocol ConnectorUses: Sendable {
  /// Notes one real use, soon and not at once; never waits.
  ///
  /// - Parameters:
  ///   - integrationSlug: the system, such as `slack`.
  ///   - failure: what went wrong, in a sentence; nil when it worked. Secrets are taken out.
  func recordUse(of integrationSlug: String, failure: String?)
}
