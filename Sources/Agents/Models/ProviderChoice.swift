internal import JSON
internal import Service

/// Finds the provider that an agent asks for: that one or none, never another in its place.
struct ProviderChoice: Sendable {
  private let providers: [String: any ModelProvider]

  init(_ providers: [any ModelProvider]) {
    self.providers = Dictionary(providers.map { ($0.name, $0) }) { _, later in later }
  }

  /// The provider that `llm_config.provider` names; `rules` when it names none.
  func provider(for run: ClaimedRun) throws(ProviderFailure) -> any ModelProvider {
    let wanted = run.model["provider"]
    guard let wanted, !wanted.isNull else { return try provider(named: RulesProvider.providerName) }
    guard let name = wanted.stringValue else { throw .run("llm_config.provider must be a text. \(Self.wayOut)") }
    return try provider(named: name)
  }

  private func provider(named name: String) throws(ProviderFailure) -> any ModelProvider {
    if let provider = providers[name] { return provider }
    switch name {
    case "anthropic", "openai":
      throw .run(
        "The model provider \(name) can't be reached: this version calls no model, so no key would help. \(Self.wayOut)"
      )
    case "client":
      throw .run(
        "The model provider client is not available: this version can't hand a run to the connected agent. "
          + Self.wayOut)
    default:
      throw .run("No model provider is called \"\(name.prefix(64))\". \(Self.wayOut)")
    }
  }

  private static let wayOut =
    "Set llm_config.provider to \"rules\" and playbook_template to \(RulesProvider.templateNames): rules needs no key "
    + "and no model."
}
