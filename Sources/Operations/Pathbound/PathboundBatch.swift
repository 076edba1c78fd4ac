import JSONSchema

/// Many records in one call (Pathbound API 10).
public enum PathboundBatch {
  /// All operations of this group.
  static let all = [getDetails, getActivity]

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
      Gives the latest events of up to 25 contacts, newest first, and how many each has. Every contact gets its own \
      events_limit; unknown ids are left out.
      """,
    scope: .contactsRead, route: .post("/v1/batch/activity"), access: .quickRead, hints: .readOnly,
    input: [
      .required("contact_ids", .array(of: .string(), minItems: 1, maxItems: 25)),
      .optional("events_limit", .integer("For each, default 5", 1...20, default: 5)),
      .time("date_after", "ISO 8601, inclusive"), .time("date_before"),
    ],
    output: .payload(.required("contact_count", .integer()), .required("activity", .openObject())))
}
