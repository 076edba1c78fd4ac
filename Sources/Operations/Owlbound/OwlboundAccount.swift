import JSONSchema

/// Health of Owlbound (Owlbound API 7).
public enum OwlboundAccount {
  /// All operations of this group.
  static let all = [getHealth]

  /// Whether the service is up.
  public static let getHealth = Operation(
    name: "owlbound_get_health", platform: .owlbound, toolset: .owlboundAccount, title: "Check Owlbound health",
    description: "Tells whether Owlbound is up; needs no key and costs nothing.",
    scope: nil, route: .get("/v1/health"), access: .quickRead, hints: .readOnly, input: [],
    output: .payload(
      .required("status", .string()), .optional("timestamp", .string()), .optional("version", .string())))
}
