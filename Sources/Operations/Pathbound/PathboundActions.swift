import JSONSchema

/// Outreach and CRM work under approval (Pathbound API 11).
public enum PathboundActions {
  /// All operations of this group.
  static let all = [
    queueAction, bulkQueueActions, listActions, getAction, updateAction, executeAction, cancelAction, approveAction,
    rejectAction, bulkReviewActions, processActions, reviewPendingActions,
  ]

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
      .filter("list_id").unlisted, .filter("item_id").unlisted,
    ],
    output: .payload(.required("action_id", .string()), .optional("status", .string())))

  /// Queues many (API 11.8).
  public static let bulkQueueActions = Operation(
    name: "pathbound_bulk_queue_actions", platform: .pathbound, toolset: .pathboundActions, title: "Queue many actions",
    description: """
      Queues up to 100 actions, each as pathbound_queue_action takes it. A bad one does not stop the others: look at \
      failed. What is sent can't be taken back.
      """,
    scope: .actionsWrite, route: .post("/v1/actions/bulk"), access: .write, hints: .additiveOutside,
    repeats: .window(seconds: 60), showsDryRun: true,
    input: [
      .required(
        "actions",
        .array(
          of: .openObject([], "type, params, identity_id, require_approval, direct, scheduled_time, …"), minItems: 1,
          maxItems: 100))
    ],
    output: bulkResults)

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
      .filter("contact_id"), .filter("company_id"), .filter("agent_id"),
      .filter("identity_id").unlisted, .filter("list_id").unlisted, .filter("item_id").unlisted,
      .optional(
        "sort_by",
        .oneOf(
          ["created_at", "updated_at", "scheduled_time", "status", "type"], "Default created_at",
          default: "created_at")
      ).unlisted,
      .sortDirection.unlisted, .skipped("skip"), .limit(20),
    ],
    output: .payload(.required("actions", .records), .optional("pagination", .openObject())))

  /// One action with log and result (API 11.2).
  public static let getAction = Operation(
    name: "pathbound_get_action", platform: .pathbound, toolset: .pathboundActions, isCore: true, title: "Get action",
    description: "Gives one action with params, status, log and result. Look here before you approve one.",
    scope: .actionsRead, route: .get("/v1/actions/:action_id"), access: .quickRead, hints: .readOnly,
    input: [.id("action_id", "act_…")], output: .record("action"))

  /// Changes an action that waits (API 11.6).
  public static let updateAction = Operation(
    name: "pathbound_update_action", platform: .pathbound, toolset: .pathboundActions, isCore: true,
    title: "Update action",
    description: """
      Changes what is given of an action that has not run; params is replaced whole. New params or identity void an \
      approval.
      """,
    scope: .actionsWrite, route: .patch("/v1/actions/:action_id"), access: .write, hints: .idempotent,
    input: [
      .id("action_id"), .optional("params", .openObject()), .time("scheduled_time"), .filter("identity_id"),
      .filter("description"), .optional("require_approval", .boolean()),
    ],
    output: .record("action"))

  /// Runs an action now (API 11.5, row 9).
  public static let executeAction = Operation(
    name: "pathbound_execute_action", platform: .pathbound, toolset: .pathboundActions, title: "Execute action",
    description: """
      Runs a scheduled, approved or pending action now, whatever its time; on a pending one this is also the approval. \
      What is sent can't be taken back, so ask the person first.
      """,
    scope: .actionsWrite, route: .post("/v1/actions/:action_id/execute"), access: .write, hints: .outside,
    repeats: .window(seconds: 60), decides: true, showsDryRun: true, input: [.id("action_id")],
    output: .record("action"))

  /// Withdraws an action (API 11.5, row 10).
  public static let cancelAction = Operation(
    name: "pathbound_cancel_action", platform: .pathbound, toolset: .pathboundActions, isCore: true,
    title: "Cancel action",
    description: "Withdraws an action before it runs; a pending one is rejected instead.",
    scope: .actionsWrite, route: .post("/v1/actions/:action_id/cancel"), access: .write, hints: .destructive,
    input: [.id("action_id")], output: .record("action"))

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
    localArguments: ["description", "identity_id", "scheduled_time", "params"],
    input: [
      .id("action_id"),
      .required("action", .oneOf(["approve", "reject", "edit"])),
      .comment,
      .optional("params", .openObject([], "All anew")),
      .time("scheduled_time").unlisted, .filter("identity_id").unlisted, .filter("description").unlisted,
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

  /// Decides on many (API 11.8).
  public static let bulkReviewActions = Operation(
    name: "pathbound_bulk_review_actions", platform: .pathbound, toolset: .pathboundActions,
    title: "Review many actions",
    description: """
      Decides alike on up to 100 pending actions, each by itself: look at failed. What is sent can't be taken back, so \
      show the person each of them first. edit only records the comment.
      """,
    scope: .actionsWrite, route: .post("/v1/actions/approve/bulk"), access: .write, hints: .outside, decides: true,
    showsDryRun: true,
    input: [
      .required("action", .oneOf(["approve", "reject", "edit"])),
      .required("action_ids", .array(of: .string(format: .nonBlank), minItems: 1, maxItems: 100)), .comment,
    ],
    output: bulkResults)

  /// Performs what is due (API 11.9).
  public static let processActions = Operation(
    name: "pathbound_process_actions", platform: .pathbound, toolset: .pathboundActions, title: "Process due actions",
    description: """
      Performs the actions that are due, oldest first, and waits for their outcomes. Not needed where a server or \
      worker runs: they do it unasked.
      """,
    scope: .actionsWrite, route: .post("/v1/actions/process", query: ["limit"]), access: .write, hints: .outside,
    showsDryRun: true,
    input: [.limit(20)], output: bulkResults)

  /// Everything that waits for a decision.
  public static let reviewPendingActions = Operation(
    name: "pathbound_review_pending_actions", platform: .pathbound, toolset: .pathboundActions, isCore: true,
    title: "Review pending actions",
    description: """
      Shows all that waits for a decision, actions and run proposals: for whom, why, exactly what would be sent, what \
      blocks it, and the call that decides.
      """,
    scope: .actionsRead, route: nil, isComposite: true, access: .read, hints: .readOnly,
    input: [
      .filter("contact_id"), .filter("agent_id"), .filter("type"), .skipped("skip").unlisted, .limit(20),
    ],
    output: .payload(.required("pending", .records)))

  private static let bulkResults = Schema.payload(
    .required("processed", .integer()), .required("failed", .records), .required("results", .records))

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
