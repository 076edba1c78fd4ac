internal import JSON
public import Platform
public import Service

/// Evaluates the predefined playbook templates on this computer: no model, no key, the same answer every time.
public struct RulesProvider: ModelProvider {
  /// What `llm_config.provider` calls it.
  public let name = RulesProvider.providerName
  private let clock: any Clock

  /// Creates the provider.
  public init(clock: any Clock = SystemClock()) {
    self.clock = clock
  }

  static let providerName = "rules"
  private static let templates: [any PlaybookTemplate.Type] = [ColdOutreach.self, PricingVisitorFollowup.self]

  /// The templates in a sentence.
  static var templateNames: String { templates.map { "\"\($0.name)\"" }.joined(separator: " or ") }

  /// Evaluates the agent's template; without one it proposes nothing, since rules can't read free text.
  public func propose(
    for contact: RunContact, run: ClaimedRun, session: RunSession
  ) throws(ProviderFailure) -> ModelAnswer {
    try propose(for: contact, run: run)
  }

  /// The same without a session: rules ask nobody.
  public func propose(for contact: RunContact, run: ClaimedRun) throws(ProviderFailure) -> ModelAnswer {
    guard let wanted = run.template else { return ModelAnswer(reasoning: Self.reasonWithoutTemplate(run)) }
    guard let template = Self.templates.first(where: { $0.name == wanted }) else {
      throw .run(
        "The rules know no playbook template \"\(wanted.prefix(64))\". Set playbook_template to \(Self.templateNames).")
    }
    return try template.init(PlaybookSettings(run.playbook))
      .decide(ContactFacts(contact.context, now: clock.now()))
  }

  private static func reasonWithoutTemplate(_ run: ClaimedRun) -> String {
    let text = run.playbook["playbook_md"]?.stringValue ?? ""
    return text.isEmpty
      ? "The agent has neither a playbook_template nor a playbook: proposing nothing. Set playbook_template to "
        + "\(templateNames)."
      : "The agent's playbook is free text, which the provider rules can't read: proposing nothing. Set "
        + "playbook_template to \(templateNames)."
  }
}
