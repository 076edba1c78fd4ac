import JSONSchema

/// Everything that exists, in the order in which it is listed.
///
/// Built at first use. Adding an operation is one value in its domain's file and one line in that file's `all`.
public enum Catalogue {
  /// All operations, group by group.
  public static let all: [Operation] = [
    PathboundAccount.all,
    PathboundContacts.all,
    PathboundCompanies.all,
    PathboundEvents.all,
    PathboundSegments.all,
    PathboundIdentities.all,
    PathboundBatch.all,
    PathboundActions.all,
    PathboundAgents.all,
    OwlboundAccount.all,
    OwlboundContacts.all,
    OwlboundEnrichment.all,
    OwlboundIntelligence.all,
    OwlboundSignals.all,
    OwlboundCompanies.all,
    OwlboundOutreach.all,
    OwlboundConnectors.all,
    Workspace.all,
    History.all,
    Bound.all,
  ].flatMap { $0 }

  /// The operation of that name; nil when there is none.
  public static func operation(named name: String) -> Operation? { names.position(of: name).map { all[$0] } }

  private static let names = NameTable(all.map(\.name))
}
