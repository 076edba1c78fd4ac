public import JSONSchema

/// A kind of outreach or CRM work that an action can be (Pathbound API 11.1).
///
/// The definition says what an action of this type needs; the executor of the same name in `Outreach` does it.
public struct ActionType: Sendable {
  /// Where its effect shows.
  public enum Reach: Sendable {
    /// In the workspace only: done in one transaction, safe to repeat as a whole.
    case workspace
    /// With other people or systems: done at most once.
    case outside
  }

  /// The `type` of an action, such as `email_message`.
  public let name: String
  /// What it does, in a few words.
  public let purpose: String
  /// What an agent must be capable of to propose it, such as `email`.
  public let capability: String
  /// Where its effect shows.
  public let reach: Reach
  /// The action's `params`.
  public let parameters: Schema

  /// Creates a type; see the properties.
  public init(name: String, purpose: String, capability: String, reach: Reach, parameters: Schema) {
    self.name = name
    self.purpose = purpose
    self.capability = capability
    self.reach = reach
    self.parameters = parameters
  }
}
