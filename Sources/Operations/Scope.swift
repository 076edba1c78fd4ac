/// A permission of an API key, named as both APIs name it (Pathbound API 1.1, Owlbound API 1.1).
///
/// `contacts:read` and `contacts:write` exist on both platforms and are separate grants there; an operation's platform
/// decides which is meant.
public enum Scope: String, Sendable, CaseIterable {
  /// Contacts, their events, batch reads.
  case contactsRead = "contacts:read"
  /// Contact and note writes.
  case contactsWrite = "contacts:write"
  /// Companies.
  case companiesRead = "companies:read"
  /// Company writes.
  case companiesWrite = "companies:write"
  /// Events.
  case eventsRead = "events:read"
  /// Segments.
  case segmentsRead = "segments:read"
  /// Reserved by the API.
  case segmentsWrite = "segments:write"
  /// Action reads.
  case actionsRead = "actions:read"
  /// Everything else on actions, approval included.
  case actionsWrite = "actions:write"
  /// Agents and runs.
  case agentsRead = "agents:read"
  /// Agent writes.
  case agentsWrite = "agents:write"
  /// Manual runs.
  case agentsTrigger = "agents:trigger"
  /// Decisions on a run's proposals.
  case agentsApprove = "agents:approve"
  /// Identities.
  case identitiesRead = "identities:read"
  /// Identity writes.
  case identitiesWrite = "identities:write"
  /// Scoring.
  case intelligenceRead = "intelligence:read"
  /// Enrichment status.
  case enrichmentRead = "enrichment:read"
  /// Enrichment jobs.
  case enrichmentWrite = "enrichment:write"
  /// Message threads.
  case messagesRead = "messages:read"
  /// Signals.
  case signalsRead = "signals:read"
  /// Ingest.
  case signalsWrite = "signals:write"
  /// Sequences.
  case sequencesRead = "sequences:read"
  /// Enrollment.
  case sequencesWrite = "sequences:write"
  /// Workflows.
  case workflowsRead = "workflows:read"
  /// Workflow triggers.
  case workflowsWrite = "workflows:write"
  /// Connectors.
  case connectorsRead = "connectors:read"
  /// Connector management.
  case connectorsWrite = "connectors:write"
}

extension Scope {
  /// The fourteen of Owlbound, in the order of its documentation (Owlbound API 1.1).
  public static let owlbound: [Scope] = [
    .intelligenceRead, .enrichmentRead, .enrichmentWrite, .messagesRead, .signalsRead, .signalsWrite, .contactsRead,
    .contactsWrite, .sequencesRead, .sequencesWrite, .workflowsRead, .workflowsWrite, .connectorsRead,
    .connectorsWrite,
  ]
}

/// The scope that a call needs, where one of its arguments decides.
public struct ArgumentScopes: Sendable {
  /// The argument's name.
  public let argument: String
  /// The scope that each of its values needs.
  public let scopes: KeyValuePairs<String, Scope>

  /// Creates a choice of scopes.
  public init(argument: String, scopes: KeyValuePairs<String, Scope>) {
    self.argument = argument
    self.scopes = scopes
  }

  /// The scope that a value needs; nil for a value that is not among them.
  public func scope(for value: String) -> Scope? { scopes.first { $0.key == value }?.value }
}
