import JSONSchema

/// Saved filters of contacts (Pathbound API 8); the hosted API only reads them.
public enum PathboundSegments {
  /// All operations of this group.
  static let all = [listSegments, getSegment, listSegmentContacts]

  /// All segments (API 8).
  public static let listSegments = Operation(
    name: "pathbound_list_segments", platform: .pathbound, toolset: .pathboundSegments, title: "List segments",
    description: "Lists segments, which are saved filters of contacts, with how many contacts match each right now.",
    scope: .segmentsRead, route: .get("/v1/segments"), access: .read, hints: .readOnly,
    input: [.page, .limit(50)],
    output: .payload(.required("segments", .records), .required("pagination", .openObject())))

  /// One segment (API 8).
  public static let getSegment = Operation(
    name: "pathbound_get_segment", platform: .pathbound, toolset: .pathboundSegments, title: "Get segment",
    description: "Gives one segment with its filter and how many contacts match it right now, without the contacts.",
    scope: .segmentsRead, route: .get("/v1/segments/:segment_id"), access: .read, hints: .readOnly,
    input: [.id("segment_id", "seg_…")], output: .record("segment"))

  /// Who is in a segment (API 8).
  public static let listSegmentContacts = Operation(
    name: "pathbound_list_segment_contacts", platform: .pathbound, toolset: .pathboundSegments,
    title: "List contacts of a segment",
    description: "Lists the contacts that match a segment right now, newest first; fields=summary is cheap.",
    scope: .segmentsRead, route: .get("/v1/segments/:segment_id/contacts"), access: .read, hints: .readOnly,
    localArguments: ["fields"],
    input: [.id("segment_id"), .page, .limit(20), .unlisted("fields", .oneOf(["summary"]))],
    output: .payload(
      .required("segment_name", .string()), .required("contacts", .records), .required("pagination", .openObject())))
}
