import JSONSchema

/// Outreach and CRM work under approval (Pathbound API 11).
public enum PathboundActions {
  /// All operations of this group.
  static let all = [queueAction, listActions, getAction, executeAction, approveAction, rejectAction]

  /// Queues one action (API 11.3).
  public static let queueAction = Operation(
    name: "pathbound_queue_action", platform: .pathbound, toolset: .pathboundActions, isCore: true,
    title: "Queue action",
    description: """
      Queues an e-mail, note, task or other action. With require_approval=true it waits for a person: do so for all \
      that is sent out. Otherwise it runs when due, with direct=true at once; what is sent can't be taken back.
      """,
    scope: .actionsWrite, route: .post("/v1/actions"), access: .write, hints: .additiveOutside,
    repeats: .window(seconds: 60), showsDryRun: true,
    input: [
      .required("type", .string(format: .nonBlank)),
      .required("params", .openObject([], paramsByType)),
      .id("identity_id", "Sender, as id_default; see pathbound_list_identities"),
      .optional("require_approval", .boolean("Wait for a decision", default: false)),
      .optional("direct", .boolean("Run now", default: false)),
      .time("scheduled_time", "ISO 8601, default now"),
      .optional("description", .string("For the reviewer")),
      .filter("list_id"), .filter("item_id"),
    ],
    output: .payload(.required("action_id", .string()), .optional("status", .string())))

  /// Finds actions (API 11.11).
  public static let listActions = Operation(
    name: "pathbound_list_actions", platform: .pathbound, toolset: .pathboundActions, isCore: true,
    title: "List actions",
    description: """
      Lists actions, newest first; status=pending_approval is what waits for a decision. Proposals of runs are in \
      pathbound_get_agent_run until approved.
      """,
    scope: .actionsRead, route: .get("/v1/actions"), access: .quickRead, hints: .readOnly,
    input: [
      .optional("status", .oneOf(Vocabulary.actionStatuses)),
      .filter("type"),
      .filter("contact_id"), .filter("company_id"), .filter("agent_id"), .filter("identity_id"), .filter("list_id"),
      .filter("item_id"),
      .optional(
        "sort_by",
        .oneOf(
          ["created_at", "updated_at", "scheduled_time", "status", "type"], "Default created_at",
          default: "created_at")),
      .sortDirection, .skipped("skip"), .limit(20),
    ],
    output: .payload(.required("actions", .records), .optional("pagination", .openObject())))

  /// One action with log and result (API 11.2).
  public static let getAction = Operation(
    name: "pathbound_get_action", platform: .pathbound, toolset: .pathboundActions, isCore: true, title: "Get action",
    description: "Gives one action with params, status, log and result. Look here before you approve one.",
    scope: .actionsRead, route: .get("/v1/actions/:action_id"), access: .quickRead, hints: .readOnly,
    input: [.id("action_id", "act_…")], output: .record("action"))

  /// Runs an action now (API 11.5, row 9).
  public static let executeAction = Operation(
    name: "pathbound_execute_action", platform: .pathbound, toolset: .pathboundActions, title: "Execute action",
    description: """
      Runs a scheduled, approved or pending action now, whatever its time; on a pending one this is also the approval. \
      What is sent can't be taken back, so ask the person first.
      """,
    scope: .actionsWrite, route: .post("/v1/actions/:action_id/execute"), access: .write, hints: .outside,
    decides: true, showsDryRun: true, input: [.id("action_id")], output: .record("action"))

  /// Approves, rejects or edits (API 11.7).
  public static let approveAction = Operation(
    name: "pathbound_approve_action", platform: .pathbound, toolset: .pathboundActions, isCore: true,
    title: "Approve, reject or edit action",
    description: """
      Decides on a pending action. approve queues it as it stands: what is sent can't be taken back, so ask the \
      person first. reject ends it. edit replaces the fields given; it then waits again.
      """,
    scope: .actionsWrite, route: .post("/v1/actions/:action_id/approve"), access: .write, hints: .outside,
    decides: true, showsDryRun: true,
    input: [
      .id("action_id"),
      .required("action", .oneOf(["approve", "reject", "edit"])),
      .comment,
      .optional("params", .openObject([], "All anew")),
      .time("scheduled_time"), .filter("identity_id"), .filter("description"),
    ],
    output: .record("action"))

  /// Rejects (API 11.7).
  public static let rejectAction = Operation(
    name: "pathbound_reject_action", platform: .pathbound, toolset: .pathboundActions, isCore: true,
    title: "Reject action",
    description:
      "Refuses a pending action for good: it never runs.",
    scope: .actionsWrite, route: .post("/v1/actions/:action_id/reject"), access: .write, hints: .destructive,
    input: [.id("action_id"), .comment], output: .record("action"))

  /// What each type of action takes.
  private static let paramsByType = {
    var text = "By type. "
    for (position, type) in ActionType.all.enumerated() {
      if position > 0 { text += "; " }
      type.writeSignature(to: &text)
    }
    return text + ". With contact_id a mail needs no email and subject; follow_up=true replies in the latest thread"
  }()
}
