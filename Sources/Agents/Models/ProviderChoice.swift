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
      throw .run("The model provider \(name) is not available here. \(Self.wayOut)")
    case "client":
      throw .run("The connected agent is the model of this agent: trigger it again. \(Self.wayOut)")
    default:
      throw .run("No model provider is called \"\(name.prefix(64))\". \(Self.wayOut)")
    }
  }

  /// What needs no key, to end a sentence with.
  static let wayOut =
    "No key is needed by llm_config.provider \"client\" (the connected agent is the model) and by \"rules\" with "
    + "playbook_template \(RulesProvider.templateNames)."
}
