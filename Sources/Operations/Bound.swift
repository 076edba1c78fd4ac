import JSONSchema

/// What spans both platforms.
public enum Bound {
  /// All operations of this group.
  static let all = [leadBrief]

  /// One person across both platforms.
  public static let leadBrief = Operation(
    name: "bound_lead_brief", platform: .bound, toolset: .bound, isCore: true, title: "Lead brief",
    description: """
      Sums up one person across both platforms, before you write to them: profile, events, signals, score, open \
      actions, next step. With an Owlbound key it costs 2 to 4 credits.
      """,
    scope: .contactsRead, route: nil, isComposite: true, access: .read, hints: .readOnly,
    input: [
      .optional("email", .string("One of these", format: .email)), .optional("linkedin_url", .string()),
      .filter("pathbound_contact_id"), .filter("owlbound_contact_id"),
    ],
    output: .payload(.required("person", .openObject()), .required("next_step", .string())))
}
