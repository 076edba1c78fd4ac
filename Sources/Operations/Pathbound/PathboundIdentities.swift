import JSONSchema

/// Senders (Pathbound API 9).
public enum PathboundIdentities {
  /// All operations of this group.
  static let all = [
    listIdentities, getIdentity, checkLinkedInConnection, createIdentity, updateIdentity, deleteIdentity,
  ]

  /// All senders.
  public static let listIdentities = Operation(
    name: "pathbound_list_identities", platform: .pathbound, toolset: .pathboundIdentities, title: "List identities",
    description:
      "Lists the senders that actions can be done as; every action needs the _id of one. Without credentials.",
    scope: .identitiesRead, route: .get("/v1/identities"), access: .quickRead, hints: .readOnly, input: [],
    output: .payload(.required("identities", .records)))

  /// One sender.
  public static let getIdentity = Operation(
    name: "pathbound_get_identity", platform: .pathbound, toolset: .pathboundIdentities, title: "Get identity",
    description: "Gives one sender, without credentials.",
    scope: .identitiesRead, route: .get("/v1/identities/:identity_id"), access: .quickRead, hints: .readOnly,
    input: [.id("identity_id", "id_…")], output: .record("identity"))

  /// Whether LinkedIn can be used; the API puts every LinkedIn endpoint under the right to write.
  public static let checkLinkedInConnection = Operation(
    name: "pathbound_check_linkedin_connection", platform: .pathbound, toolset: .pathboundIdentities,
    title: "Check LinkedIn connection",
    description: "Tells whether a sender is logged in to LinkedIn.",
    scope: .identitiesWrite, route: .get("/v1/identities/:identity_id/linkedin/check"), access: .quickRead,
    hints: .readOnly, input: [.id("identity_id")], output: .payload())

  /// Adds a sender; address and profile are this workspace's, since it has no mail account or login of its own.
  public static let createIdentity = Operation(
    name: "pathbound_create_identity", platform: .pathbound, toolset: .pathboundIdentities, title: "Create identity",
    description: "Creates a sender. email and linkedin_url are of local workspaces: mails come from this address.",
    scope: .identitiesWrite, route: .post("/v1/identities"), access: .write, hints: .additive,
    localArguments: ["linkedin_url", "email"],
    input: [required("firstName"), required("lastName"), required("role", "Job title")] + extras,
    output: .record("identity"))

  /// Changes a sender; create calls the job title `role`.
  public static let updateIdentity = Operation(
    name: "pathbound_update_identity", platform: .pathbound, toolset: .pathboundIdentities, title: "Update identity",
    description: "Changes a sender: what is given replaces, the rest stays.",
    scope: .identitiesWrite, route: .put("/v1/identities/:identity_id"), access: .write, hints: .idempotent,
    localArguments: ["linkedin_url", "email"],
    input: [.id("identity_id"), optional("firstName"), optional("lastName"), optional("jobTitle")] + extras,
    output: .record("identity"))

  /// Removes a sender.
  public static let deleteIdentity = Operation(
    name: "pathbound_delete_identity", platform: .pathbound, toolset: .pathboundIdentities, title: "Delete identity",
    description: "Deletes a sender; refused with CONFLICT while open actions, agents or sequences use it.",
    scope: .identitiesWrite, route: .delete("/v1/identities/:identity_id"), access: .write, hints: .destructive,
    input: [.id("identity_id")], output: .payload())

  private static func required(_ name: String, _ description: String = "") -> Schema.Property {
    .required(name, .string(description, format: .nonBlank))
  }

  private static func optional(_ name: String) -> Schema.Property {
    .optional(name, .string(format: .nonBlank))
  }

  private static let extras: [Schema.Property] = [
    .optional("email", .string(format: .email)),
    .optional("linkedin_url", .string(format: .webAddress)),
  ]
}
