import JSONSchema

/// Filling in what is not known of a contact (Owlbound API 9).
public enum OwlboundEnrichment {
  /// All operations of this group.
  static let all = [enrichContact, getEnrichmentStatus]

  /// Queues a job.
  public static let enrichContact = Operation(
    name: "owlbound_enrich_contact", platform: .owlbound, toolset: .owlboundEnrichment, isCore: true,
    title: "Enrich contact",
    description: """
      Queues the search for what is missing of an Owlbound contact; works in the background, poll \
      owlbound_get_enrichment_status. Costs 5 credits.
      """,
    scope: .enrichmentWrite, credits: 5, route: .post("/v1/contacts/:id/enrich"), access: .write,
    hints: .additiveOutside,
    input: [
      .id("id", "Contact"),
      .optional("priority", .oneOf(Vocabulary.enrichmentPriorities, "Default high", default: "high")),
      .optional("forceRefresh", .boolean("Even if data exists", default: false)),
    ],
    output: .payload(.required("contactId", .string()), .required("status", .string())))

  /// How far it is.
  public static let getEnrichmentStatus = Operation(
    name: "owlbound_get_enrichment_status", platform: .owlbound, toolset: .owlboundEnrichment, isCore: true,
    title: "Get enrichment status",
    description: """
      Tells how far the enrichment of a contact is: the phase, what is done, what was skipped and why, what went \
      wrong. Free.
      """,
    scope: .enrichmentRead, credits: 0, route: .get("/v1/enrichment/:contactId"), access: .quickRead,
    hints: .readOnly, input: [.id("contactId")],
    output: .payload(
      .required("contactId", .string()), .required("status", .string()),
      .optional("completedPhases", .array(of: .string())),
      .optional("errors", .records)))
}
