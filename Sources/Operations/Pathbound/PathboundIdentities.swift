import JSONSchema

/// Senders (Pathbound API 9).
public enum PathboundIdentities {
  /// All operations of this group.
  static let all = [listIdentities]

  /// All senders.
  public static let listIdentities = Operation(
    name: "pathbound_list_identities", platform: .pathbound, toolset: .pathboundIdentities, title: "List identities",
    description:
      "Lists the senders that actions can be done as; every action needs the _id of one. Without credentials.",
    scope: .identitiesRead, route: .get("/v1/identities"), access: .quickRead, hints: .readOnly, input: [],
    output: .payload(.required("identities", .records)))
}
