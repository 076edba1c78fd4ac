import JSONSchema

/// Key and health of Pathbound (Pathbound API 4).
public enum PathboundAccount {
  /// All operations of this group.
  static let all = [getAuthStatus, getHealth]

  /// Who the key belongs to.
  public static let getAuthStatus = Operation(
    name: "pathbound_get_auth_status", platform: .pathbound, toolset: .pathboundAccount,
    title: "Check Pathbound key",
    description:
      "Tells whether Pathbound accepts the key, and whose it is. Use it when other calls fail with 401 or 403.",
    scope: nil, route: .get("/v1/auth/status"), access: .quickRead, hints: .readOnly, input: [],
    output: .payload(.required("authenticated", .boolean()), .optional("user", .openObject())))

  /// Whether the service is up.
  public static let getHealth = Operation(
    name: "pathbound_get_health", platform: .pathbound, toolset: .pathboundAccount, title: "Check Pathbound health",
    description: "Tells whether Pathbound is up; needs no key.",
    scope: nil, route: .get("/v1/health"), access: .quickRead, hints: .readOnly, input: [],
    output: .payload(.optional("message", .string()), .optional("timestamp", .string())))
}
