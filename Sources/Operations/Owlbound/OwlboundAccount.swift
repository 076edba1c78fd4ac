import JSONSchema

/// The key, the API and what it can do (Owlbound API 7).
public enum OwlboundAccount {
  /// All operations of this group.
  static let all = [getAPIRoot, getHealth, getMe, listCapabilities]

  /// What the API is.
  public static let getAPIRoot = Operation(
    name: "owlbound_get_api_root", platform: .owlbound, toolset: .owlboundAccount, title: "Get Owlbound API root",
    description:
      "Gives version, endpoints with their scopes, and ways to authenticate; needs no key and costs nothing.",
    scope: nil, route: .get("/v1"), access: .quickRead, hints: .readOnly, input: [],
    output: .payload(
      .required("name", .string()), .required("version", .string()), .optional("endpoints", .openObject()),
      .optional("authentication", .openObject())))

  /// Whether the service is up.
  public static let getHealth = Operation(
    name: "owlbound_get_health", platform: .owlbound, toolset: .owlboundAccount, title: "Check Owlbound health",
    description: "Tells whether Owlbound is up; needs no key and costs nothing.",
    scope: nil, route: .get("/v1/health"), access: .quickRead, hints: .readOnly, input: [],
    output: .payload(
      .required("status", .string()), .optional("timestamp", .string()), .optional("version", .string())))

  /// Whose key it is and what it may.
  public static let getMe = Operation(
    name: "owlbound_get_me", platform: .owlbound, toolset: .owlboundAccount, title: "Get Owlbound key and workspace",
    description: """
      Gives the workspace with its plan, the key's type and scopes, the rate limits, and the credits used in the last \
      30 days. Free.
      """,
    scope: .contactsRead, credits: 0, route: .get("/v1/me"), access: .quickRead, hints: .readOnly, input: [],
    output: .payload(.required("workspace", .openObject()), .required("apiKey", .openObject())))

  /// What can be done and what it costs.
  ///
  /// Neither scope nor price are documented: it is an inventory, so it asks for nothing (API 1 and 5).
  public static let listCapabilities = Operation(
    name: "owlbound_list_capabilities", platform: .owlbound, toolset: .owlboundAccount, title: "List capabilities",
    description: "Lists every action of the Owlbound API with its scope, its price in credits and its tool. Free.",
    scope: nil, credits: 0, route: .get("/v1/capabilities"), access: .quickRead, hints: .readOnly, input: [],
    output: .payload(.required("capabilities", .records)))
}
