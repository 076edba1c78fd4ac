import Operations
import Service
import Testing

/// What the APIs' pages say of an operation; nil for what exists only here.
struct Fact: Sendable, CustomTestStringConvertible {
  let tool: String
  let request: String?
  let scope: String?
  let credits: Int?
  let isCore: Bool

  init(_ tool: String, _ request: String?, _ scope: String?, _ credits: Int? = nil, core: Bool = false) {
    (self.tool, self.request, self.scope, self.credits, isCore) = (tool, request, scope, credits, core)
  }

  var testDescription: String { tool }
}

/// In the order in which tools are listed.
let facts: [Fact] = [
  Fact("pathbound_get_auth_status", "GET /v1/auth/status", nil),
  Fact("pathbound_get_health", "GET /v1/health", nil),
  Fact("pathbound_list_contacts", "GET /v1/contacts", "contacts:read", core: true),
  Fact("pathbound_get_contact", "GET /v1/contacts/:contact_id", "contacts:read", core: true),
  Fact("pathbound_create_contact", "POST /v1/contacts", "contacts:write", core: true),
  Fact("pathbound_update_contact", "PUT /v1/contacts/:contact_id", "contacts:write", core: true),
  Fact("pathbound_delete_contact", "DELETE /v1/contacts/:contact_id", "contacts:write"),
  Fact("pathbound_get_contact_timeline", "GET /v1/contacts/:contact_id/timeline", "contacts:read", core: true),
  Fact("pathbound_get_contact_conversations", "GET /v1/contacts/:contact_id/conversations", "contacts:read"),
  Fact("pathbound_list_contact_email_threads", "GET /v1/contacts/:contact_id/email-threads", "contacts:read"),
  Fact("pathbound_list_contact_notes", "GET /v1/contacts/:contact_id/notes", "contacts:read"),
  Fact("pathbound_create_contact_note", "POST /v1/contacts/:contact_id/notes", "contacts:write", core: true),
  Fact("pathbound_update_contact_note", "PUT /v1/contacts/:contact_id/notes/:note_id", "contacts:write"),
  Fact("pathbound_delete_contact_note", "DELETE /v1/contacts/:contact_id/notes/:note_id", "contacts:write"),
  Fact("pathbound_list_companies", "GET /v1/companies", "companies:read"),
  Fact("pathbound_get_company", "GET /v1/companies/:company_id", "companies:read"),
  Fact("pathbound_create_company", "POST /v1/companies", "companies:write"),
  Fact("pathbound_update_company", "PUT /v1/companies/:company_id", "companies:write"),
  Fact("pathbound_delete_company", "DELETE /v1/companies/:company_id", "companies:write"),
  Fact("pathbound_list_company_notes", "GET /v1/companies/:company_id/notes", "companies:read"),
  Fact("pathbound_create_company_note", "POST /v1/companies/:company_id/notes", "companies:write"),
  Fact("pathbound_update_company_note", "PUT /v1/companies/:company_id/notes/:note_id", "companies:write"),
  Fact("pathbound_delete_company_note", "DELETE /v1/companies/:company_id/notes/:note_id", "companies:write"),
  Fact("pathbound_list_events", "GET /v1/events", "events:read", core: true),
  Fact("pathbound_get_event", "GET /v1/events/:event_id", "events:read"),
  Fact("pathbound_list_event_types", "GET /v1/events/types", "events:read"),
  Fact("pathbound_get_event_stats", "GET /v1/events/stats", "events:read", core: true),
  Fact("pathbound_track_events", "POST tracker /track", nil),
  Fact("pathbound_list_segments", "GET /v1/segments", "segments:read"),
  Fact("pathbound_get_segment", "GET /v1/segments/:segment_id", "segments:read"),
  Fact("pathbound_list_segment_contacts", "GET /v1/segments/:segment_id/contacts", "segments:read"),
  Fact("pathbound_list_identities", "GET /v1/identities", "identities:read"),
  Fact("pathbound_get_identity", "GET /v1/identities/:identity_id", "identities:read"),
  Fact(
    "pathbound_check_linkedin_connection", "GET /v1/identities/:identity_id/linkedin/check", "identities:write"),
  Fact("pathbound_create_identity", "POST /v1/identities", "identities:write"),
  Fact("pathbound_update_identity", "PUT /v1/identities/:identity_id", "identities:write"),
  Fact("pathbound_delete_identity", "DELETE /v1/identities/:identity_id", "identities:write"),
  Fact("pathbound_batch_get_details", "POST /v1/batch/details", "contacts:read"),
  Fact("pathbound_batch_get_activity", "POST /v1/batch/activity", "contacts:read"),
  Fact("pathbound_aggregate", "POST /v1/aggregate", nil, core: true),
  Fact("pathbound_queue_action", "POST /v1/actions", "actions:write", core: true),
  Fact("pathbound_bulk_queue_actions", "POST /v1/actions/bulk", "actions:write"),
  Fact("pathbound_list_actions", "GET /v1/actions", "actions:read", core: true),
  Fact("pathbound_get_action", "GET /v1/actions/:action_id", "actions:read", core: true),
  Fact("pathbound_update_action", "PATCH /v1/actions/:action_id", "actions:write", core: true),
  Fact("pathbound_execute_action", "POST /v1/actions/:action_id/execute", "actions:write"),
  Fact("pathbound_cancel_action", "POST /v1/actions/:action_id/cancel", "actions:write", core: true),
  Fact("pathbound_approve_action", "POST /v1/actions/:action_id/approve", "actions:write", core: true),
  Fact("pathbound_reject_action", "POST /v1/actions/:action_id/reject", "actions:write", core: true),
  Fact("pathbound_bulk_review_actions", "POST /v1/actions/approve/bulk", "actions:write"),
  Fact("pathbound_process_actions", "POST /v1/actions/process", "actions:write"),
  Fact("pathbound_review_pending_actions", nil, "actions:read", core: true),
  Fact("pathbound_list_agents", "GET /v1/agents", "agents:read", core: true),
  Fact("pathbound_create_agent", "POST /v1/agents", "agents:write", core: true),
  Fact("pathbound_get_agent", "GET /v1/agents/:id", "agents:read"),
  Fact("pathbound_update_agent", "PATCH /v1/agents/:id", "agents:write"),
  Fact("pathbound_delete_agent", "DELETE /v1/agents/:id", "agents:write"),
  Fact("pathbound_trigger_agent", "POST /v1/agents/:id/trigger", "agents:trigger", core: true),
  Fact("pathbound_list_agent_runs", "GET /v1/agents/:id/runs", "agents:read", core: true),
  Fact("pathbound_get_agent_run", "GET /v1/agents/runs/:runId", "agents:read", core: true),
  Fact(
    "pathbound_approve_run_action",
    "POST /v1/agents/runs/:runId/contacts/:contactId/actions/:actionIndex/approve", "agents:approve", core: true),
  Fact(
    "pathbound_reject_run_action",
    "POST /v1/agents/runs/:runId/contacts/:contactId/actions/:actionIndex/reject", "agents:approve", core: true),
  Fact("pathbound_get_run_work", nil, "agents:trigger", core: true),
  Fact("pathbound_propose_run_actions", nil, "agents:trigger", core: true),
  Fact("owlbound_get_api_root", "GET /v1", nil),
  Fact("owlbound_get_health", "GET /v1/health", nil),
  Fact("owlbound_get_me", "GET /v1/me", "contacts:read", 0),
  Fact("owlbound_list_capabilities", "GET /v1/capabilities", nil, 0),
  Fact("owlbound_list_contacts", "GET /v1/contacts", "contacts:read", 1),
  Fact("owlbound_search_contacts", "POST /v1/contacts/search", "contacts:read", 1, core: true),
  Fact("owlbound_get_contact", "GET /v1/contacts/:id", "contacts:read", 1, core: true),
  Fact("owlbound_create_contact", "POST /v1/contacts", "contacts:write", 1, core: true),
  Fact("owlbound_update_contact", "PATCH /v1/contacts/:id", "contacts:write", 1),
  Fact("owlbound_archive_contact", "DELETE /v1/contacts/:id", "contacts:write", 1),
  Fact("owlbound_enrich_contact", "POST /v1/contacts/:id/enrich", "enrichment:write", 5, core: true),
  Fact("owlbound_get_enrichment_status", "GET /v1/enrichment/:contactId", "enrichment:read", 0, core: true),
  Fact("owlbound_score_contact", "POST /v1/contacts/:id/score", "intelligence:read", 3, core: true),
  Fact("owlbound_list_signals", "GET /v1/signals", "signals:read", 1, core: true),
  Fact("owlbound_get_signal_stats", "GET /v1/signals/stats", "signals:read", 0, core: true),
  Fact("owlbound_ingest_signal", "POST /v1/signals", "signals:write", 1, core: true),
  Fact("owlbound_list_companies", "GET /v1/companies", "contacts:read", 1),
  Fact("owlbound_get_company", "GET /v1/companies/:id", "contacts:read", 1),
  Fact("owlbound_upsert_company", "POST /v1/companies", "contacts:write", 1),
  Fact("owlbound_enroll_in_sequence", "POST /v1/sequences/:id/enroll", "sequences:write", 3, core: true),
  Fact("owlbound_trigger_workflow", "POST /v1/workflows/:id/trigger", "workflows:write", 2, core: true),
  Fact("owlbound_list_connectors", "GET /v1/connectors", "connectors:read", 0),
  Fact("owlbound_get_connector", "GET /v1/connectors/:id", "connectors:read", 0),
  Fact("pathbound_save_segment", nil, "segments:write"),
  Fact("pathbound_delete_segment", nil, "segments:write"),
  Fact("pathbound_get_outreach_rules", nil, "actions:read"),
  Fact("pathbound_save_outreach_rules", nil, "actions:write"),
  Fact("owlbound_list_icp_profiles", nil, "intelligence:read"),
  Fact("owlbound_save_icp_profile", nil, "contacts:write"),
  Fact("owlbound_list_sequences", nil, "sequences:read"),
  Fact("owlbound_save_sequence", nil, "sequences:write"),
  Fact("owlbound_list_workflows", nil, "workflows:read"),
  Fact("owlbound_save_workflow", nil, "workflows:write"),
  Fact("owlbound_save_connector", nil, "connectors:write"),
  Fact("pathbound_list_changes", nil, nil),
  Fact("pathbound_undo_change", nil, nil),
  Fact("bound_lead_brief", nil, "contacts:read", core: true),
]

@Suite("The catalogue against the APIs")
struct CatalogueFactsTests {
  @Test("lists its tools in the documented order")
  func order() {
    #expect(Catalogue.all.map(\.name) == facts.map(\.tool))
  }

  @Test("has the documented request, scope and price", arguments: facts)
  func documented(_ fact: Fact) throws {
    let operation = try #require(Catalogue.operation(named: fact.tool))
    let request = operation.route.map { route in
      "\(route.method.rawValue) \(route.host == .tracker ? "tracker " : "")\(route.path)"
    }
    #expect(request == fact.request)
    #expect(operation.scope?.rawValue == fact.scope)
    #expect(operation.credits == fact.credits)
    #expect(operation.isCore == fact.isCore)
  }

  @Test("offers what dashboards define, the agent as its own model, and the history to local workspaces alone")
  func localOnly() {
    let others = Catalogue.all.filter { $0.isLocalOnly && $0.toolset != .workspace }.map(\.name)
    #expect(
      others == [
        "pathbound_get_run_work", "pathbound_propose_run_actions", "pathbound_list_changes", "pathbound_undo_change",
      ])
    #expect(Catalogue.all.filter { $0.toolset == .workspace }.allSatisfy { $0.isLocalOnly })
  }

  @Test("speaks of the same action statuses as the transition table")
  func statuses() {
    #expect(Set(Vocabulary.actionStatuses) == Set(ActionStatus.allCases.map(\.rawValue)))
  }
}
