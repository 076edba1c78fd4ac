import JSONSchema

/// What resources and completion read and no tool does: operations without a face to a model.
///
/// They pass the same policies as all others, and exist only where the local workspace serves their platform.
public enum Inner {
  /// All of them.
  public static let all = [
    listRuns, listPathboundAudit, listOwlboundAudit, listUsage, completePathbound, completeOwlbound,
  ]

  /// The newest runs of all agents.
  public static let listRuns = Operation(
    name: "pathbound_list_runs", platform: .pathbound, toolset: .pathboundAgents, title: "Runs",
    description: "The newest runs of all agents.", scope: .agentsRead, route: nil, access: .quickRead,
    hints: .readOnly, input: [.skipped("offset"), .limit(20)], output: .payload(.required("runs", .records)))

  /// What was changed through this program, where Pathbound is local.
  public static let listPathboundAudit = audit("pathbound_list_audit_log", .pathbound, .pathboundAccount)

  /// The same where only Owlbound is local.
  public static let listOwlboundAudit = audit("owlbound_list_audit_log", .owlbound, .owlboundAccount)

  /// The priced calls and their sums.
  public static let listUsage = Operation(
    name: "owlbound_list_usage", platform: .owlbound, toolset: .owlboundAccount, title: "Usage ledger",
    description: "Credits and calls by day and capability, and the newest priced calls.", scope: .contactsRead,
    route: nil, access: .quickRead, hints: .readOnly, input: [],
    output: .payload(.required("usage", .openObject()), .required("days", .records), .required("latest", .records)))

  /// Proposes values of a kind of Pathbound.
  public static let completePathbound = completion(
    "pathbound_complete", .pathbound, .pathboundContacts,
    [
      "contact": .contactsRead, "email": .contactsRead, "company": .companiesRead, "action": .actionsRead,
      "agent": .agentsRead, "agent_name": .agentsRead, "run": .agentsRead, "segment": .segmentsRead,
    ])

  /// Proposes values of a kind of Owlbound.
  public static let completeOwlbound = completion(
    "owlbound_complete", .owlbound, .owlboundContacts,
    ["contact": .contactsRead, "email": .contactsRead, "company": .contactsRead])

  private static func audit(_ name: String, _ platform: Platform, _ toolset: Toolset) -> Operation {
    Operation(
      name: name, platform: platform, toolset: toolset, title: "Audit log",
      description: "The newest changes: when, which client, which tool, what was there before and after.",
      scope: nil, isForOwner: true, route: nil, access: .quickRead, hints: .readOnly, input: [.limit(50)],
      output: .payload(.required("entries", .records)))
  }

  private static func completion(
    _ name: String, _ platform: Platform, _ toolset: Toolset, _ kinds: KeyValuePairs<String, Scope>
  ) -> Operation {
    Operation(
      name: name, platform: platform, toolset: toolset, title: "Completion",
      description: "Ids, addresses and names that begin as what was typed, the newest first.", scope: nil,
      argumentScopes: ArgumentScopes(argument: "kind", scopes: kinds), route: nil, access: .quickRead,
      hints: .readOnly, input: [.required("kind", .oneOf(kinds.map(\.key))), .filter("text")],
      output: .payload(.required("values", .array(of: .string()))))
  }
}
