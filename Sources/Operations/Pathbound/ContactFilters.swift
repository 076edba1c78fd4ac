public import JSONSchema

/// What contacts can be selected by: the one statement of the filters' grammar.
///
/// The API leaves the grammar of a segment's filter open (Pathbound API 8). Ours has the keys of the contact list and
/// conditions on what people did and got, and all must hold. An agent's `monitoring.filter` and the filters of
/// `pathbound_aggregate` may name a segment, too.
public enum ContactFilters {
  /// The filter of a segment.
  public static let segment: [Schema.Property] =
    PathboundContacts.filters + [
      .optional("events", .array(of: .object(behaviour), "All must hold", minItems: 1, maxItems: 5, orSingle: true)),
      .optional("not_emailed_days", .integer("No e-mail sent within so many days", 1...3650)),
    ]

  /// The same with a segment as a further condition.
  public static let all: [Schema.Property] = segment + [.filter("segment_id", "seg_…")]

  /// What somebody has done, or with `none` has not done.
  private static let behaviour: [Schema.Property] = [
    .optional("event_type", .string("As page_view", format: .nonBlank)),
    .optional("url_contains", .string(format: .nonBlank)),
    .optional("domain", .string(format: .nonBlank)),
    .optional("within_days", .integer("Until now", 1...3650)),
    .optional("min_count", .integer("At least so many, default 1", 1...100_000)),
    .optional("none", .boolean("Who has no such event")),
  ]
}

/// What records can be counted by (Pathbound API 10); times are those of UTC.
public enum Dimensions {
  /// Buckets of time.
  public static let times = ["day", "week", "month"]
  /// Of events.
  public static let events =
    [
      "event", "domain", "path", "device_type", "browser", "os", "referring_domain", "is_bot", "utm_source",
      "utm_medium", "utm_campaign", "utm_term", "utm_content", "contact_id", "company_id",
    ] + times
  /// Of contacts.
  public static let contacts =
    [
      "status", "lifecycle_stage", "lead_status", "country", "industry", "city", "state", "job_title", "company",
      "has_linkedin", "company_id", "creation_source",
    ] + times
  /// Of companies.
  public static let companies = ["industry", "country"] + times
}

extension Schema.Property {
  /// The same member, left out of definitions.
  var unlisted: Schema.Property { .unlisted(name, schema) }
}
