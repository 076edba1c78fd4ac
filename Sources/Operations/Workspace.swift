import JSONSchema

/// What the hosted dashboards define and a local workspace must define itself; local only.
public enum Workspace {
  /// All operations of this group.
  static let all = [
    saveSegment, deleteSegment, getOutreachRules, saveOutreachRules, listICPProfiles, saveICPProfile, listSequences,
    saveSequence, listWorkflows, saveWorkflow, saveConnector,
  ]

  /// Adds or changes a segment.
  public static let saveSegment = Operation(
    name: "pathbound_save_segment", platform: .pathbound, toolset: .workspace, title: "Save segment",
    description: """
      Saves a filter of contacts under a name, or changes that segment. filter: as in pathbound_list_contacts, and \
      events [{event_type, url_contains, domain, within_days, min_count, none}], not_emailed_days; all must hold.
      """,
    scope: .segmentsWrite, route: nil, access: .write, hints: .idempotent,
    input: [
      .unlisted("segment_id", .string("Of the segment to change")),
      .required("name", .string(maxLength: 200, format: .nonBlank)), .unlisted("description", .string()),
      .optional("filter", .object(ContactFilters.segment.map(\.unlisted))),
    ],
    output: .record("segment"))

  /// Removes a segment; its contacts stay.
  public static let deleteSegment = Operation(
    name: "pathbound_delete_segment", platform: .pathbound, toolset: .workspace, title: "Delete segment",
    description: "Deletes a segment, not its contacts; refused while an agent monitors it.",
    scope: .segmentsWrite, route: nil, access: .write, hints: .destructive, input: [.id("segment_id", "seg_…")],
    output: .payload(.required("segment_id", .string())))

  /// All ideal customer profiles.
  public static let listICPProfiles = Operation(
    name: "owlbound_list_icp_profiles", platform: .owlbound, toolset: .workspace, title: "List ICP profiles",
    description: """
      Lists the ideal customer profiles of this workspace with their criteria. owlbound_score_contact needs the id of \
      one. Free.
      """,
    scope: .intelligenceRead, route: nil, access: .quickRead, hints: .readOnly, input: [],
    output: .payload(.required("profiles", .records)))

  /// Adds or changes a profile.
  ///
  /// No API scope covers what the dashboard defines; since a profile decides what contacts score, it takes the right
  /// to change contacts.
  public static let saveICPProfile = Operation(
    name: "owlbound_save_icp_profile", platform: .owlbound, toolset: .workspace, title: "Save ICP profile",
    description: """
      Creates an ideal customer profile, or changes the one with this id or name: what is given replaces, the rest \
      stays. Only criteria that are set count; weights say how much against each other. Free.
      """,
    scope: .contactsWrite, route: nil, access: .write, hints: .idempotent,
    input: [
      .optional("id", .string("Of the profile to change")),
      .required("name", .string(maxLength: 200, format: .nonBlank)),
      .optional("titles", words("Job titles, as VP Engineering")),
      .optional("seniorities", .array(of: .oneOf(Vocabulary.seniorities), maxItems: 20)),
      .optional("industries", words()),
      .optional("company_size_min", .integer("Employees", 0...10_000_000)),
      .optional("company_size_max", .integer("", 0...10_000_000)),
      .optional("locations", words("Cities, regions, countries")),
      .optional("keywords", words("Words that speak for a contact")),
      .optional("signal_types", .array(of: .oneOf(Vocabulary.signalTypes), maxItems: 20)),
      .optional("engagement", .boolean("Count recent activity with us")),
      .optional(
        "weights",
        .object(
          weights,
          "0 to 100 for titles, seniority, industry, company_size, location, keywords, signals, engagement")),
    ],
    output: .record("profile"))

  /// What the workspace asks of outreach.
  public static let getOutreachRules = Operation(
    name: "pathbound_get_outreach_rules", platform: .pathbound, toolset: .workspace, title: "Get outreach rules",
    description: """
      Shows quiet hours, caps and who must not be written to, newest first; address tells whether one person may be. \
      Each action is checked again when it is performed.
      """,
    scope: .actionsRead, route: nil, access: .read, hints: .readOnly,
    input: [.filter("address", "E-mail to check"), .skipped("skip"), .limit(50, most: 500)],
    output: .payload(.required("rules", .openObject()), .required("suppressions", .records)))

  /// Sets what the workspace asks of outreach.
  ///
  /// It can take a bar away, so that the approval policy has a say, as it has in sending.
  public static let saveOutreachRules = Operation(
    name: "pathbound_save_outreach_rules", platform: .pathbound, toolset: .workspace, title: "Save outreach rules",
    description: """
      Sets rules for all outreach: what is given replaces, the rest stays. Suppressed addresses and domains are never \
      written to; ask the person before you take one off.
      """,
    scope: .actionsWrite, route: nil, access: .write, hints: .idempotent, decides: true,
    input: [
      .optional("suppress", .array(of: .string(), "Addresses or domains", maxItems: 1000)),
      .optional(
        "suppress_reason",
        .oneOf(["manual", "unsubscribed", "bounced", "complained"], "Default manual", default: "manual")),
      .optional("unsuppress", .array(of: .string(), maxItems: 1000)),
      .optional("quiet_hours", .string("20:00-08:00, or off")),
      .optional("utc_offset", .string("Of quiet_hours, as +01:00")),
      .optional("max_per_contact_per_day", .integer("0: no cap", 0...100_000)),
      .optional("max_per_domain_per_day", .integer("", 0...100_000)),
      .optional("avoid_active_sequences", .boolean()),
    ],
    output: .payload(.required("rules", .openObject())))

  private static func words(_ description: String = "") -> Schema {
    .array(of: .string(maxLength: 200), description, maxItems: 100)
  }

  static let weights: [Schema.Property] = [
    "titles", "seniority", "industry", "company_size", "location", "keywords", "signals", "engagement",
  ].map { .unlisted($0, .number("", 0...100)) }
}
