internal import JSON
internal import Operations

/// All kinds of resources, in the order in which they are listed.
///
/// The JSON form of each is the payload of its tool; the Markdown form shows the same to people.
enum ResourceTable {
  /// Where the guide to playbooks is: the one text that is no data.
  static let guideURI = "bound://guides/playbook"

  /// Resources, then templates.
  static let all: [ResourceKind] = singles + templates

  private static let singles = [
    ResourceKind(
      "pathbound://actions/pending", "pending", "Approval queue",
      "All that waits for a person's decision: for whom, why, what exactly would be sent. Worth subscribing to.",
      PathboundActions.reviewPendingActions),
    ResourceKind(
      "pathbound://runs", "runs", "Runs", "The newest runs of all agents, with their outcome. Worth subscribing to.",
      Inner.listRuns),
    ResourceKind(
      "pathbound://contacts", "contacts", "Contacts", "The newest contacts.", PathboundContacts.listContacts,
      ["fields": "summary", "limit": 50]),
    ResourceKind(
      "pathbound://companies", "companies", "Companies", "The newest companies.", PathboundCompanies.listCompanies,
      ["fields": "summary", "limit": 50]),
    ResourceKind(
      "pathbound://actions", "actions", "Actions", "The newest actions, whatever their status.",
      PathboundActions.listActions, ["limit": 50]),
    ResourceKind(
      "pathbound://agents", "agents", "Agents", "The agents with playbook and schedule.", PathboundAgents.listAgents,
      ["limit": 50]),
    ResourceKind("pathbound://segments", "segments", "Segments", "Saved filters.", PathboundSegments.listSegments),
    ResourceKind(
      "owlbound://contacts", "owlbound-contacts", "Owlbound contacts", "The newest contacts of Owlbound.",
      OwlboundContacts.listContacts, ["limit": 50]),
    ResourceKind(
      "owlbound://companies", "owlbound-companies", "Owlbound companies", "The newest companies of Owlbound.",
      OwlboundCompanies.listCompanies),
    ResourceKind(
      "owlbound://signals", "owlbound-signals", "Signals", "The newest signs that somebody may buy.",
      OwlboundSignals.listSignals),
    ResourceKind(
      "owlbound://profiles", "owlbound-profiles", "ICP profiles", "Whom to score contacts against.",
      Workspace.listICPProfiles),
    ResourceKind(
      "owlbound://usage", "owlbound-usage", "Usage ledger", "Credits and calls by day and capability.",
      Inner.listUsage),
    // The hosted API tells sums alone.
    ResourceKind(
      "owlbound://usage", "owlbound-usage", "Usage", "Plan, limits and credits used.", OwlboundAccount.getMe),
    ResourceKind(
      "bound://audit", "audit", "Audit log", "The newest changes: when, who, what was there before and after.",
      Inner.listPathboundAudit),
    // Where only Owlbound is local; of two kinds with one URI the first that is offered counts.
    ResourceKind(
      "bound://audit", "audit", "Audit log", "The newest changes: when, who, what was there before and after.",
      Inner.listOwlboundAudit),
  ]

  private static let templates = [
    ResourceKind(
      "bound://people/{email}", "person", "Person", "One person across both platforms, by e-mail address.",
      Bound.leadBrief, markdown: "bound://people/{email}/brief.md", by: "email",
      .records(Inner.completePathbound, "email"), form: .email),
    ResourceKind(
      "pathbound://contacts/{contact_id}", "contact", "Contact", "One contact with properties and notes.",
      PathboundContacts.getContact, by: "contact_id", .records(Inner.completePathbound, "contact")),
    ResourceKind(
      "pathbound://contacts/{contact_id}/timeline", "timeline", "Timeline", "What happened with a contact.",
      PathboundContacts.getContactTimeline, by: "contact_id", .records(Inner.completePathbound, "contact")),
    ResourceKind(
      "pathbound://contacts/stage/{lifecycle_stage}", "contacts-by-stage", "Contacts of a stage",
      "The newest contacts of a lifecycle stage.", PathboundContacts.listContacts,
      ["fields": "summary", "limit": 50], by: "lifecycle_stage", .words(Vocabulary.lifecycleStages)),
    ResourceKind(
      "pathbound://companies/{company_id}", "company", "Company", "One company with its contacts.",
      PathboundCompanies.getCompany, by: "company_id", .records(Inner.completePathbound, "company")),
    ResourceKind(
      "pathbound://segments/{segment_id}", "segment", "Segment", "The contacts of a segment.",
      PathboundSegments.listSegmentContacts, ["fields": "summary"], by: "segment_id",
      .records(Inner.completePathbound, "segment")),
    ResourceKind(
      "pathbound://actions/{action_id}", "action", "Action", "One action with params, status, log and result.",
      PathboundActions.getAction, by: "action_id", .records(Inner.completePathbound, "action")),
    ResourceKind(
      "pathbound://actions/status/{status}", "actions-by-status", "Actions of a status",
      "The newest actions of a status.", PathboundActions.listActions, ["limit": 50], by: "status",
      .words(Vocabulary.actionStatuses)),
    ResourceKind(
      "pathbound://actions/type/{type}", "actions-by-type", "Actions of a type", "The newest actions of a type.",
      PathboundActions.listActions, ["limit": 50], by: "type", .words(ActionType.all.map(\.name))),
    ResourceKind(
      "pathbound://agents/{id}", "agent", "Agent", "One agent with all that is set on it.", PathboundAgents.getAgent,
      by: "id", .records(Inner.completePathbound, "agent")),
    ResourceKind(
      "pathbound://agents/{id}/runs", "agent-runs", "Runs of an agent", "The newest runs of an agent.",
      PathboundAgents.listAgentRuns, by: "id", .records(Inner.completePathbound, "agent")),
    ResourceKind(
      "pathbound://runs/{runId}", "run", "Run", "One run: reasoning and proposals, contact by contact.",
      PathboundAgents.getAgentRun, by: "runId", .records(Inner.completePathbound, "run")),
    ResourceKind(
      "owlbound://contacts/{id}", "owlbound-contact", "Owlbound contact", "One contact of Owlbound.",
      OwlboundContacts.getContact, by: "id", .records(Inner.completeOwlbound, "contact")),
    ResourceKind(
      "owlbound://contacts/status/{status}", "owlbound-contacts-by-status", "Owlbound contacts of a status",
      "The newest contacts of a status.", OwlboundContacts.listContacts, ["limit": 50], by: "status",
      .words(Vocabulary.contactStatuses)),
    ResourceKind(
      "owlbound://companies/{id}", "owlbound-company", "Owlbound company", "One company of Owlbound.",
      OwlboundCompanies.getCompany, by: "id", .records(Inner.completeOwlbound, "company")),
  ]
}
