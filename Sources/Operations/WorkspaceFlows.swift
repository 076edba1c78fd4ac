import JSONSchema

/// Definitions of workflows and sequences, which the hosted dashboard keeps; local only (Owlbound API 6).
extension Workspace {
  /// All sequences, or one with its enrollments.
  public static let listSequences = Operation(
    name: "owlbound_list_sequences", platform: .owlbound, toolset: .workspace, title: "List sequences",
    description: "Lists sequences with their steps; with id one of them and its latest enrollments. Free.",
    scope: .sequencesRead, route: nil, access: .quickRead, hints: .readOnly, input: [.filter("id")],
    output: .payload(.required("sequences", .records)))

  /// Adds or changes a sequence.
  public static let saveSequence = Operation(
    name: "owlbound_save_sequence", platform: .owlbound, toolset: .workspace, title: "Save sequence",
    description: """
      Saves a sequence under its name. Steps: {type: email|linkedin|task|note, delayDays, subject, message}; texts may \
      hold {{firstName|there}}. Free.
      """,
    scope: .sequencesWrite, route: nil, access: .write, hints: .idempotent,
    input: [
      .unlisted("id", .string()), .required("name", .string(format: .nonBlank)), .optional("active", .boolean()),
      .optional("steps", .array(of: .openObject())), .unlisted("identityId", .string()),
      .optional("requireApproval", .boolean("Default true")),
      .optional("exclude", .array(of: .openObject(), "{field, op, value}")),
    ],
    output: .record("sequence"))

  /// All workflows, or one with its runs.
  public static let listWorkflows = Operation(
    name: "owlbound_list_workflows", platform: .owlbound, toolset: .workspace, title: "List workflows",
    description: "Lists workflows with triggers and steps; with id one of them and its latest runs. Free.",
    scope: .workflowsRead, route: nil, access: .quickRead, hints: .readOnly, input: [.filter("id")],
    output: .payload(.required("workflows", .records)))

  /// Adds or changes a workflow.
  public static let saveWorkflow = Operation(
    name: "owlbound_save_workflow", platform: .owlbound, toolset: .workspace, title: "Save workflow",
    description: """
      Saves a workflow under its name, which runs for signals that fit a trigger. Steps: {type: \
      enroll|queue_action|enrich|score|set_status|notify, …}; errors say what each needs. Free.
      """,
    scope: .workflowsWrite, route: nil, access: .write, hints: .idempotent,
    input: [
      .unlisted("id", .string()), .required("name", .string(format: .nonBlank)), .optional("active", .boolean()),
      .optional(
        "triggers", .array(of: .openObject(), "{type, priority, conditions: [{field: data.x, op, value}]}")),
      .optional("steps", .array(of: .openObject())),
    ],
    output: .record("workflow"))
}
