public import JSONSchema

/// A kind of step that workflows or sequences are made of.
///
/// No API page describes definitions (Owlbound API 13): they live in the hosted dashboard. These are the local
/// workspace's own, in the API's style.
public struct StepType: Sendable {
  /// The step's `type`, such as `enroll`.
  public let name: String
  /// What it does, in a few words.
  public let purpose: String
  /// The step, `type` included.
  public let schema: Schema

  init(_ name: String, _ purpose: String, _ properties: [Schema.Property]) {
    self.name = name
    self.purpose = purpose
    schema = .object([.required("type", .oneOf([name]))] + properties)
  }

  /// Name and members: `enroll (sequenceId, onFailure?)`.
  public var signature: String {
    guard case .object(let properties, _) = schema.kind else { return name }
    let members = properties.dropFirst().map { $0.isRequired ? $0.name : $0.name + "?" }
    return "\(name) (\(members.joined(separator: ", ")))"
  }
}

/// What a workflow can do with a signal.
extension StepType {
  /// All kinds of workflow steps.
  public static let ofWorkflows = [enroll, queueAction, enrich, score, setStatus, notify]

  /// Puts the signal's contact into a sequence.
  public static let enroll = StepType(
    "enroll", "Enrol the contact in a sequence", [.required("sequenceId", .string(format: .nonBlank)), onFailure])

  /// A Pathbound action for the same person; texts of `params` may hold placeholders.
  public static let queueAction = StepType(
    "queue_action", "Queue a Pathbound action",
    [
      .required("action", .string(format: .nonBlank)), .optional("params", .openObject()),
      .optional("identityId", .string()), .optional("requireApproval", .boolean("", default: true)),
      .optional("description", .string(maxLength: 500)), onFailure,
    ])

  /// A job that looks for what is not known of the contact.
  public static let enrich = StepType(
    "enrich", "Queue an enrichment of the contact",
    [
      .optional("priority", .oneOf(Vocabulary.enrichmentPriorities, "", default: "high")),
      .optional("forceRefresh", .boolean("", default: false)), onFailure,
    ])

  /// A score of the contact.
  public static let score = StepType(
    "score", "Score the contact", [.required("icpProfileId", .string(format: .nonBlank)), onFailure])

  /// A new status of the contact.
  public static let setStatus = StepType(
    "set_status", "Set the contact's status", [.required("status", .oneOf(Vocabulary.contactStatuses)), onFailure])

  /// A task for a person, or a Slack message.
  public static let notify = StepType(
    "notify", "Tell a person, by a task or in a Slack channel",
    [.required("message", .string(maxLength: 2000, format: .nonBlank)), .optional("channel", .string()), onFailure])

  private static let onFailure = Schema.Property.optional(
    "onFailure", .oneOf(["stop", "continue"], "", default: "stop"))
}

/// What a sequence can do for a contact, each so many days after the step before it has ended.
extension StepType {
  /// All kinds of sequence steps.
  public static let ofSequences = [email, linkedIn, task, note]

  /// Mail; one with `followUp` replies in the contact's latest thread.
  public static let email = StepType(
    "email", "Send an e-mail",
    [
      delay, .optional("subject", .string(maxLength: 900)), .required("message", .string(format: .nonBlank)),
      .optional("followUp", .boolean("", default: false)),
    ])

  /// A connection request.
  public static let linkedIn = StepType(
    "linkedin", "Ask for a LinkedIn connection", [delay, .optional("message", .string())])

  /// A task for a person.
  public static let task = StepType(
    "task", "Create a task for a person",
    [delay, .required("title", .string(maxLength: 400, format: .nonBlank)), .optional("message", .string())])

  /// A note on the contact.
  public static let note = StepType(
    "note", "Add a note to the contact", [delay, .required("message", .string(format: .nonBlank))])

  private static let delay = Schema.Property.optional("delayDays", .integer("", 0...365, default: 0))
}

/// How a condition compares.
public enum ConditionOperator: String, Sendable, CaseIterable {
  /// The same value; texts are compared without case.
  case equals
  /// Another value, or none.
  case notEquals = "not_equals"
  /// A text that holds this one, or a list that holds this value.
  case contains
  /// Neither.
  case notContains = "not_contains"
  /// A text that begins so.
  case startsWith = "starts_with"
  /// A text that ends so.
  case endsWith = "ends_with"
  /// One of these values.
  case isIn = "in"
  /// None of these values.
  case notIn = "not_in"
  /// A greater number.
  case greater = "gt"
  /// A number as great or greater.
  case atLeast = "gte"
  /// A smaller number.
  case less = "lt"
  /// A number as small or smaller.
  case atMost = "lte"
  /// There is a value.
  case exists
  /// There is none.
  case missing = "not_exists"
}
