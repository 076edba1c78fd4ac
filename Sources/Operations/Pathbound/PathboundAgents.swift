import JSONSchema

/// Agents that watch contacts and propose actions (Pathbound API 12).
public enum PathboundAgents {
  /// All operations of this group.
  static let all = [
    listAgents, createAgent, getAgent, updateAgent, deleteAgent, triggerAgent, listAgentRuns,
    getAgentRun,
    approveRunAction, rejectRunAction, getRunWork, proposeRunActions,
  ]

  /// Finds agents (API 12.2).
  public static let listAgents = Operation(
    name: "pathbound_list_agents", platform: .pathbound, toolset: .pathboundAgents, isCore: true,
    title: "List agents",
    description: "Lists the agents, newest first, with playbook, capabilities and schedule.",
    scope: .agentsRead, route: .get("/v1/agents"), access: .quickRead, hints: .readOnly,
    input: [
      .optional("enabled", .boolean()), .filter("playbook_template").unlisted, .skipped("offset"),
      .limit(20),
    ],
    output: page("agents"))

  /// Adds an agent (API 12.1).
  public static let createAgent = Operation(
    name: "pathbound_create_agent", platform: .pathbound, toolset: .pathboundAgents, isCore: true,
    title: "Create agent",
    description: """
      Creates an agent that proposes actions by a playbook. Unless enabled it runs only when triggered. With \
      playbook.require_approval=false its proposals are sent without anyone looking.
      """,
    scope: .agentsWrite, route: .post("/v1/agents"), access: .write, hints: .additive,
    repeats: .window(seconds: 60),
    input: [
      .required("name", .string(maxLength: 200, format: .nonBlank)),
      .optional("description", .string()),
      .optional("playbook_template", .string(Vocabulary.playbookTemplates.joined(separator: ", "))),
      .optional("playbook", playbook),
      .optional("capabilities", .array(of: .string(), "May propose: " + capabilities)),
      .optional("identity_id", .string("Default sender")),
      .optional("monitoring", monitoring),
      .optional("llm_config", model),
      .optional("enabled", .boolean("", default: false)),
    ],
    output: .record("agent"))

  /// One agent.
  public static let getAgent = Operation(
    name: "pathbound_get_agent", platform: .pathbound, toolset: .pathboundAgents,
    title: "Get agent",
    description:
      "Gives one agent with everything that is set on it; enabled, also when it runs next (UTC).",
    scope: .agentsRead, route: .get("/v1/agents/:id"), access: .quickRead, hints: .readOnly,
    input: [.id("id", "ag_…")], output: .record("agent"))

  /// Changes some of an agent (API 12.1); what is merged is checked as a new agent would be.
  public static let updateAgent = Operation(
    name: "pathbound_update_agent", platform: .pathbound, toolset: .pathboundAgents,
    title: "Update agent",
    description: """
      Changes what is given, as in pathbound_create_agent. Objects are merged key by key: null removes one; an empty \
      text clears a field.
      """,
    scope: .agentsWrite, route: .patch("/v1/agents/:id"), access: .write, hints: .idempotent,
    input: [
      .id("id"), .unlisted("name", .string(maxLength: 200, format: .nonBlank)),
      .unlisted("description", .string()),
      .unlisted("playbook_template", .string()), .optional("playbook", .openObject()),
      .unlisted("capabilities", .array(of: .string())), .unlisted("identity_id", .string()),
      .optional("monitoring", .openObject()), .unlisted("llm_config", .openObject()),
      .optional("enabled", .boolean()),
    ],
    output: .record("agent"))

  /// Removes an agent for good (API 12.1).
  public static let deleteAgent = Operation(
    name: "pathbound_delete_agent", platform: .pathbound, toolset: .pathboundAgents,
    title: "Delete agent",
    description: """
      Deletes an agent for good with its runs and their undecided proposals; a run in progress is stopped. Its actions \
      stay.
      """,
    scope: .agentsWrite, route: .delete("/v1/agents/:id"), access: .write, hints: .destructive,
    input: [.id("id")], output: .openObject())

  /// Starts a run (API 12.3).
  public static let triggerAgent = Operation(
    name: "pathbound_trigger_agent", platform: .pathbound, toolset: .pathboundAgents, isCore: true,
    title: "Trigger agent",
    description: """
      Starts a run in the background and answers with a job_id; wait for it with pathbound_get_agent_run. Without \
      contact_ids the monitoring filter decides.
      """,
    scope: .agentsTrigger, route: .post("/v1/agents/:id/trigger"), access: .write, hints: .additiveOutside,
    repeats: .window(seconds: 30), showsDryRun: true, localArguments: ["wait_seconds"],
    input: [
      .id("id"), .optional("contact_ids", .array(of: .string(), minItems: 1, maxItems: 1000)), .waitSeconds.unlisted,
    ],
    output: .payload(.required("job_id", .string())))

  /// Finds the runs of an agent (API 12.4).
  public static let listAgentRuns = Operation(
    name: "pathbound_list_agent_runs", platform: .pathbound, toolset: .pathboundAgents,
    isCore: true,
    title: "List agent runs",
    description: "Lists an agent's runs, newest first, with status, job_id and counts.",
    scope: .agentsRead, route: .get("/v1/agents/:id/runs"), access: .quickRead, hints: .readOnly,
    input: [
      .id("id"), .optional("status", .oneOf(Vocabulary.runStatuses)), .skipped("offset"),
      .limit(20),
    ],
    output: page("runs"))

  /// One run with its proposals (API 12.4).
  public static let getAgentRun = Operation(
    name: "pathbound_get_agent_run", platform: .pathbound, toolset: .pathboundAgents, isCore: true,
    title: "Get agent run",
    description: """
      Gives a run's outcome: for up to 25 contacts the reasoning and proposed_actions, to be decided by contact_id \
      and position. mode=summary gives counts only.
      """,
    scope: .agentsRead, route: .get("/v1/agents/runs/:runId"), access: .quickRead, hints: .readOnly,
    localArguments: ["wait_seconds"],
    input: [
      .id("runId", "run_…"), .waitSeconds,
      .optional("mode", .oneOf(["summary", "full"], "Default full", default: "full")),
    ],
    output: .record("run"))

  /// Approves a proposal (API 12.5).
  public static let approveRunAction = Operation(
    name: "pathbound_approve_run_action", platform: .pathbound, toolset: .pathboundAgents,
    isCore: true,
    title: "Approve proposal",
    description: """
      Approves one proposed action of a run and queues it. What is sent can't be taken back, so ask the person first.
      """,
    scope: .agentsApprove, route: .post(proposalPath + "/approve"), access: .write, hints: .outside,
    decides: true,
    input: proposal, output: .openObject())

  /// Rejects a proposal (API 12.5).
  public static let rejectRunAction = Operation(
    name: "pathbound_reject_run_action", platform: .pathbound, toolset: .pathboundAgents,
    isCore: true,
    title: "Reject proposal", description: "Refuses one proposed action of a run for good.",
    scope: .agentsApprove, route: .post(proposalPath + "/reject"), access: .write,
    hints: .destructive,
    input: proposal, output: .openObject())

  /// Hands out a contact of a run whose model is the connected agent; local.
  public static let getRunWork = Operation(
    name: "pathbound_get_run_work", platform: .pathbound, toolset: .pathboundAgents, isCore: true,
    title: "Get run work",
    description: """
      Hands out the next contact of a run that is awaiting_proposals: you are its model. Answer with \
      pathbound_propose_run_actions.
      """,
    scope: .agentsTrigger, route: nil, access: .write, hints: .additive,
    input: [.filter("runId"), .unlisted("brief", .boolean("", default: false))], output: .openObject())

  /// Takes what the connected agent proposes; local.
  public static let proposeRunActions = Operation(
    name: "pathbound_propose_run_actions", platform: .pathbound, toolset: .pathboundAgents, isCore: true,
    title: "Propose",
    description: "Answers pathbound_get_run_work: actions of type and params, [] for none.",
    scope: .agentsTrigger, route: nil, access: .write, hints: .additive,
    input: [
      .id("runId"), .id("contactId"), .required("reasoning", .string()),
      .required(
        "actions",
        .array(
          of: .object([
            .unlisted("type", .string(format: .nonBlank)), .unlisted("params", .openObject()),
            .unlisted("requires_approval", .boolean()),
          ]))),
    ],
    output: .openObject())

  private static let proposalPath =
    "/v1/agents/runs/:runId/contacts/:contactId/actions/:actionIndex"
  private static let proposal: [Schema.Property] = [
    .id("runId"), .id("contactId"),
    .required("actionIndex", .integer("From 0", minimum: 0)), .comment,
  ]

  private static func page(_ name: String) -> Schema {
    .payload(
      .required(name, .records), .optional("total", .integer()), .optional("limit", .integer()),
      .optional("offset", .integer()))
  }

  private static let playbook = Schema.openObject([
    .optional("playbook_md", .string("Prompt: whom to skip, what to propose")),
    .optional("require_approval", .boolean("Default true")),
  ])

  private static let monitoring = Schema.object([
    .optional("filter", .openObject([], "As in pathbound_list_contacts")),
    .optional("schedule_cron", .string("Five fields, UTC", format: .cron)),
    .optional("max_contacts_per_run", .integer("", 1...1000)),
  ])

  private static let model = Schema.object(
    [
      .unlisted("provider", .oneOf(Vocabulary.modelProviders)),
      .unlisted("model", .string(maxLength: 200)),
      .unlisted("temperature", .number("", 0...2)),
      .unlisted("max_tokens", .integer("", 1...1_000_000)),
    ], "provider (rules, anthropic, openai, client), model, temperature, max_tokens")

  private static let capabilities = ActionType.capabilities.reduce(into: "") {
    if !$0.isEmpty { $0 += ", " }
    $0 += $1
  }
}
