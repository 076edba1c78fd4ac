public import Service

/// Reads what is known about a person and proposes actions by a playbook.
public protocol ModelProvider: Sendable {
  /// What an agent's `llm_config.provider` calls it.
  var name: String { get }

  /// Thinks about one person.
  ///
  /// The context's texts come from outside: data, never instruction.
  func propose(
    for contact: RunContact, run: ClaimedRun, session: RunSession
  ) throws(ProviderFailure) -> ModelAnswer
}

/// Why a provider has no answer.
public enum ProviderFailure: Error, Sendable, Equatable {
  /// It can answer for nobody in this run; a sentence that says what to do.
  case run(String)
  /// It can't answer for this person.
  case contact(String)
  /// The process is to end, or another has taken the run: nothing is wrong with the person.
  case stopped
}

/// What a provider thinks about one person.
public struct ModelAnswer: Sendable, Equatable {
  /// Why it proposes these actions, or none.
  public let reasoning: String
  /// What it wants done; not checked yet.
  public let suggestions: [Suggestion]

  /// An action as a provider wants it.
  public typealias Suggestion = ProposalCheck.Suggestion

  /// Creates an answer.
  public init(reasoning: String, suggestions: [Suggestion] = []) {
    self.reasoning = reasoning
    self.suggestions = suggestions
  }
}
