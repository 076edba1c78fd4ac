import HTTP
import JSON
import JSONSchema
import Logging
import Operations
import Platform
import Service
import Testing

@testable import RemoteAPI

/// Every operation's request, as the pages of both APIs document it: method, path, names in the query, names in the
/// body.
private let documented = """
  pathbound_get_auth_status GET /v1/auth/status
  pathbound_get_health GET /v1/health
  pathbound_list_contacts GET /v1/contacts ?city,company_id,count_only,country,created_after,created_before,fields,\
  has_linkedin,industry,job_title,lead_status,lifecycle_stage,limit,page,search,sort_by,sort_dir,state,status
  pathbound_get_contact GET /v1/contacts/:contact_id
  pathbound_create_contact POST /v1/contacts {company_id,email,properties,visitor_id}
  pathbound_update_contact PUT /v1/contacts/:contact_id {properties,visitor_id}
  pathbound_delete_contact DELETE /v1/contacts/:contact_id
  pathbound_get_contact_timeline GET /v1/contacts/:contact_id/timeline
  pathbound_get_contact_conversations GET /v1/contacts/:contact_id/conversations ?include_messages
  pathbound_list_contact_email_threads GET /v1/contacts/:contact_id/email-threads
  pathbound_list_contact_notes GET /v1/contacts/:contact_id/notes
  pathbound_create_contact_note POST /v1/contacts/:contact_id/notes {content}
  pathbound_update_contact_note PUT /v1/contacts/:contact_id/notes/:note_id {content}
  pathbound_delete_contact_note DELETE /v1/contacts/:contact_id/notes/:note_id
  pathbound_list_companies GET /v1/companies ?country,fields,include,industry,limit,page,search,sort_by,sort_dir
  pathbound_get_company GET /v1/companies/:company_id
  pathbound_create_company POST /v1/companies {domain,properties}
  pathbound_update_company PUT /v1/companies/:company_id {properties}
  pathbound_delete_company DELETE /v1/companies/:company_id
  pathbound_list_company_notes GET /v1/companies/:company_id/notes
  pathbound_create_company_note POST /v1/companies/:company_id/notes {content}
  pathbound_update_company_note PUT /v1/companies/:company_id/notes/:note_id {content}
  pathbound_delete_company_note DELETE /v1/companies/:company_id/notes/:note_id
  pathbound_list_events GET /v1/events ?contact_id,count_only,date_after,date_before,domain,event_type,fields,\
  identified_only,include,limit,page,search,sort_by,sort_dir,url_contains
  pathbound_get_event GET /v1/events/:event_id
  pathbound_list_event_types GET /v1/events/types
  pathbound_get_event_stats GET /v1/events/stats ?contact_id,date_after,date_before,domain
  pathbound_track_events POST tracker /track {events}
  pathbound_list_segments GET /v1/segments ?limit,page
  pathbound_get_segment GET /v1/segments/:segment_id
  pathbound_list_segment_contacts GET /v1/segments/:segment_id/contacts ?limit,page
  pathbound_list_identities GET /v1/identities
  pathbound_get_identity GET /v1/identities/:identity_id
  pathbound_check_linkedin_connection GET /v1/identities/:identity_id/linkedin/check
  pathbound_create_identity POST /v1/identities {firstName,lastName,role}
  pathbound_update_identity PUT /v1/identities/:identity_id {firstName,jobTitle,lastName}
  pathbound_delete_identity DELETE /v1/identities/:identity_id
  pathbound_batch_get_details POST /v1/batch/details {entity_type,ids}
  pathbound_batch_get_activity POST /v1/batch/activity {contact_ids,date_after,date_before,events_limit}
  pathbound_aggregate POST /v1/aggregate {entity,filters,group_by,limit}
  pathbound_queue_action POST /v1/actions {description,direct,identity_id,item_id,list_id,params,require_approval,\
  scheduled_time,type}
  pathbound_bulk_queue_actions POST /v1/actions/bulk {actions}
  pathbound_list_actions GET /v1/actions ?agent_id,company_id,contact_id,identity_id,item_id,limit,list_id,skip,\
  sort_by,sort_dir,status,type
  pathbound_get_action GET /v1/actions/:action_id
  pathbound_update_action PATCH /v1/actions/:action_id {description,identity_id,params,require_approval,\
  scheduled_time}
  pathbound_execute_action POST /v1/actions/:action_id/execute
  pathbound_cancel_action POST /v1/actions/:action_id/cancel
  pathbound_approve_action POST /v1/actions/:action_id/approve {action,comment}
  pathbound_reject_action POST /v1/actions/:action_id/reject {comment}
  pathbound_bulk_review_actions POST /v1/actions/approve/bulk {action,action_ids,comment}
  pathbound_process_actions POST /v1/actions/process ?limit
  pathbound_list_agents GET /v1/agents ?enabled,limit,offset,playbook_template
  pathbound_create_agent POST /v1/agents {capabilities,description,enabled,identity_id,llm_config,monitoring,name,\
  playbook,playbook_template}
  pathbound_get_agent GET /v1/agents/:id
  pathbound_update_agent PATCH /v1/agents/:id {capabilities,description,enabled,identity_id,llm_config,monitoring,\
  name,playbook,playbook_template}
  pathbound_delete_agent DELETE /v1/agents/:id
  pathbound_trigger_agent POST /v1/agents/:id/trigger {contact_ids}
  pathbound_list_agent_runs GET /v1/agents/:id/runs ?limit,offset,status
  pathbound_get_agent_run GET /v1/agents/runs/:runId ?mode
  pathbound_approve_run_action POST /v1/agents/runs/:runId/contacts/:contactId/actions/:actionIndex/approve {comment}
  pathbound_reject_run_action POST /v1/agents/runs/:runId/contacts/:contactId/actions/:actionIndex/reject {comment}
  owlbound_get_api_root GET /v1
  owlbound_get_health GET /v1/health
  owlbound_get_me GET /v1/me
  owlbound_list_capabilities GET /v1/capabilities
  owlbound_list_contacts GET /v1/contacts ?company,cursor,include_archived,limit,sort_by,sort_direction,source,status
  owlbound_search_contacts POST /v1/contacts/search {limit,query,status}
  owlbound_get_contact GET /v1/contacts/:id
  owlbound_create_contact POST /v1/contacts {company,email,firstName,lastName,linkedInUrl,location,notes,phone,\
  source,tags,title}
  owlbound_update_contact PATCH /v1/contacts/:id {company,email,firstName,lastName,linkedInUrl,location,notes,phone,\
  source,status,tags,title}
  owlbound_archive_contact DELETE /v1/contacts/:id {reason}
  owlbound_enrich_contact POST /v1/contacts/:id/enrich {forceRefresh,priority}
  owlbound_get_enrichment_status GET /v1/enrichment/:contactId
  owlbound_score_contact POST /v1/contacts/:id/score {icpProfileId}
  owlbound_list_signals GET /v1/signals ?limit,priority,type,unactioned_only
  owlbound_get_signal_stats GET /v1/signals/stats ?time_range
  owlbound_ingest_signal POST /v1/signals {contactId,data,notes,priority,source,type}
  owlbound_list_companies GET /v1/companies ?cursor,industry,limit
  owlbound_get_company GET /v1/companies/:id
  owlbound_upsert_company POST /v1/companies {domain,industry,linkedInUrl,name}
  owlbound_enroll_in_sequence POST /v1/sequences/:id/enroll {contactId,source}
  owlbound_trigger_workflow POST /v1/workflows/:id/trigger {contactId,data}
  owlbound_list_connectors GET /v1/connectors ?includeArchived,integrationSlug
  owlbound_get_connector GET /v1/connectors/:id
  """

@Suite("Requests of every operation")
struct RequestTableTests {
  @Test("are those that the APIs document")
  func requests() throws {
    let lines = documented.split(separator: "\n").map(String.init)
    var made: [String] = []
    for operation in Catalogue.all where operation.route != nil { made.append(try Self.line(operation)) }
    #expect(made == lines)
  }

  /// A value that has to be encoded wherever it goes.
  private static func sample(_ schema: Schema) -> JSONValue {
    switch schema.kind {
    case .object: ["a": 1]
    case .array(let items, _, _): [sample(items)]
    case .string, .enumeration: "a b/é"
    case .integer: 7
    case .number: 0.5
    case .boolean: true
    }
  }

  private static func line(_ operation: Operation) throws -> String {
    let route = try #require(operation.route)
    guard case .object(let properties, _) = operation.input.kind else { return "no object" }
    var arguments: JSONObject = [:]
    for property in properties where !operation.isLocalOnly(argument: property.name) {
      arguments[property.name] = sample(property.schema)
    }
    let form = try RequestForm(operation, route, arguments)
    let halves = form.target.split(separator: "?", maxSplits: 1).map(String.init)
    // The values stand encoded where the names were.
    var path = ""
    for (part, name) in zip(halves[0].split(separator: "/"), route.path.split(separator: "/")) {
      if name.hasPrefix(":") { #expect(part == "a%20b%2F%C3%A9" || part == "7", "\(operation.name)") }
      path += "/" + (name.hasPrefix(":") ? name : part)
    }
    var line = "\(operation.name) \(route.method.rawValue) \(route.host == .tracker ? "tracker " : "")\(path)"
    if halves.count > 1 {
      let names = halves[1].split(separator: "&").map { String($0.split(separator: "=")[0]) }
      line += " ?" + names.sorted().joined(separator: ",")
    }
    if let body = form.body {
      line += " {" + (try JSONValue(parsing: body).objectValue?.keys.sorted() ?? []).joined(separator: ",") + "}"
    }
    return line
  }
}
