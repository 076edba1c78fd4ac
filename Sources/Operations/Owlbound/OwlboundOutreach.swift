import JSONSchema

/// Sequences and workflows of Owlbound (Owlbound API 13).
public enum OwlboundOutreach {
  /// All operations of this group.
  static let all = [enrollInSequence, triggerWorkflow]

  /// Puts a contact into a sequence.
  public static let enrollInSequence = Operation(
    name: "owlbound_enroll_in_sequence", platform: .owlbound, toolset: .owlboundOutreach, isCore: true,
    title: "Enroll in sequence",
    description: """
      Enrolls a contact in an active sequence; its steps run on their days, under approval. Costs 3 credits.
      """,
    scope: .sequencesWrite, credits: 3, route: .post("/v1/sequences/:id/enroll"), access: .write,
    hints: .additiveOutside, repeats: .key, showsDryRun: true,
    input: [
      .id("id", "Sequence"), .id("contactId"), .unlisted("source", .string("Default api", default: "api")),
    ],
    output: .payload(
      .required("enrollmentId", .string()), .optional("sequenceId", .string()), .optional("contactId", .string()),
      .optional("status", .string())))

  /// Starts a workflow for a contact.
  public static let triggerWorkflow = Operation(
    name: "owlbound_trigger_workflow", platform: .owlbound, toolset: .owlboundOutreach, isCore: true,
    title: "Trigger workflow",
    description: """
      Runs one active workflow for a contact; data becomes its custom_webhook signal. Costs 2 credits.
      """,
    scope: .workflowsWrite, credits: 2, route: .post("/v1/workflows/:id/trigger"), access: .write,
    hints: .additiveOutside, repeats: .key, showsDryRun: true,
    input: [.id("id", "Workflow"), .id("contactId"), .optional("data", .openObject())],
    output: .payload(
      .required("signalId", .string()), .optional("workflowId", .string()), .optional("contactId", .string()),
      .optional("status", .string())))
}
