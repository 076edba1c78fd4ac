import JSONSchema

/// Connectors to other systems (Owlbound API 14).
public enum OwlboundConnectors {
  /// All operations of this group.
  static let all = [listConnectors, getConnector]

  /// Lists connectors.
  public static let listConnectors = Operation(
    name: "owlbound_list_connectors", platform: .owlbound, toolset: .owlboundConnectors, title: "List connectors",
    description: """
      Lists the connectors to other systems with their setup, secrets left out, and their health as of the last real \
      use. Free.
      """,
    scope: .connectorsRead, credits: 0, route: .get("/v1/connectors"), access: .quickRead, hints: .readOnly,
    input: [.filter("integrationSlug", "Such as slack"), .optional("includeArchived", .boolean("", default: false))],
    output: .payload(.required("connectors", .records)))

  /// One connector.
  public static let getConnector = Operation(
    name: "owlbound_get_connector", platform: .owlbound, toolset: .owlboundConnectors, title: "Get connector",
    description: """
      Gives one connector with its setup, secrets left out, and its health as of the last real use. Free.
      """,
    scope: .connectorsRead, credits: 0, route: .get("/v1/connectors/:id"), access: .quickRead, hints: .readOnly,
    input: [.id("id", "From owlbound_list_connectors")], output: .record("connector"))
}

extension Workspace {
  /// Adds or changes a connector.
  public static let saveConnector = Operation(
    name: "owlbound_save_connector", platform: .owlbound, toolset: .workspace, title: "Save connector",
    description: """
      Notes a connector of this workspace, or changes the one with this id, or this slug and name. Secrets are never \
      stored: where config needs one, write the name of an environment variable, as $SLACK_TOKEN. Free.
      """,
    scope: .connectorsWrite, route: nil, access: .write, hints: .idempotent,
    input: [
      .optional("id", .string("Of the connector to change")),
      .optional("integrationSlug", .string("Such as slack", maxLength: 64)),
      .optional("name", .string("Default: the slug", maxLength: 200)),
      .optional("config", .openObject([], "Replaces all of it")), .optional("archived", .boolean()),
    ],
    output: .record("connector"))
}
