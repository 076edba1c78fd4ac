public import JSONSchema

/// Many records in one call (Pathbound API 10).
public enum PathboundBatch {
  /// All operations of this group.
  static let all = [getDetails, getActivity, aggregate]

  /// Whole contacts or companies by id (API 10).
  public static let getDetails = Operation(
    name: "pathbound_batch_get_details", platform: .pathbound, toolset: .pathboundBatch, title: "Get many records",
    description: """
      Gives up to 25 contacts or companies by id in one call, in the order of ids; unknown ids are left out.
      """,
    scope: .contactsRead, route: .post("/v1/batch/details"), access: .quickRead, hints: .readOnly,
    input: [
      .required("entity_type", .oneOf(["contacts", "companies"])),
      .required("ids", .array(of: .string(), minItems: 1, maxItems: 25)),
    ],
    output: .payload(.optional("contacts", .records), .optional("companies", .records)))

  /// The latest events of many contacts (API 10).
  public static let getActivity = Operation(
    name: "pathbound_batch_get_activity", platform: .pathbound, toolset: .pathboundBatch,
    title: "Get activity of contacts",
    description: """
      Gives the latest events of up to 25 contacts, each with its own events_limit, within date_after and \
      date_before. Unknown ids are left out.
      """,
    scope: .contactsRead, route: .post("/v1/batch/activity"), access: .quickRead, hints: .readOnly,
    input: [
      .required("contact_ids", .array(of: .string(), minItems: 1, maxItems: 25)),
      .optional("events_limit", .integer("For each, default 5", 1...20, default: 5)),
      Schema.Property.time("date_after").unlisted, Schema.Property.time("date_before").unlisted,
    ],
    output: .payload(.required("contact_count", .integer()), .required("activity", .openObject())))

  /// Counts by group (API 10).
  public static let aggregate = Operation(
    name: "pathbound_aggregate", platform: .pathbound, toolset: .pathboundBatch, isCore: true, title: "Count by group",
    description: """
      Counts records by a field (path, browser, utm_source, country, day, week, …), largest group first. filters: as \
      in the lists, and segment_id.
      """,
    scope: nil,
    argumentScopes: .init(
      argument: "entity",
      scopes: ["contacts": .contactsRead, "companies": .companiesRead, "events": .eventsRead]),
    route: .post("/v1/aggregate"), access: .read, hints: .readOnly,
    input: [
      .required("entity", .oneOf(["events", "contacts", "companies"])), .required("group_by", .string()),
      .optional("filters", .openObject()), Schema.Property.limit(20).unlisted,
    ],
    output: .payload(.required("groups", .records), .required("total", .integer()), .optional("group_by", .string())))

  /// What companies can be filtered by when they are counted.
  public static let companyFilters: [Schema.Property] = [
    .filter("industry"), .filter("country"), .time("created_after"), .time("created_before"),
  ]

  /// What events can be filtered by when they are counted: the filters of their list, and a segment of contacts.
  public static let eventFilters: [Schema.Property] = PathboundEvents.filters + [.filter("segment_id", "seg_…")]
}
