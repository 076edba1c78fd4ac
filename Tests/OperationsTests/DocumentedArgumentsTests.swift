import JSON
import JSONSchema
import Operations
import Testing

/// The arguments that the pages of both APIs give, as `name:type` with `!` for required, the words or limits that are
/// stated, and the stated default.
///
/// What our tools take beside these is theirs; what is here must be so. The pages are silent on the order of actions,
/// on who enrols when nobody is named, and on an update of a company without properties, which would change nothing.
private let documented = """
  pathbound_create_contact email!:string properties:object visitor_id:string[] company_id:string
  pathbound_list_contacts page:integer[1..]=1 limit:integer[1..100]=20 status:enriched|not_enriched \
  lifecycle_stage:lead|prospect|mql|sql|opportunity|customer|evangelist|subscriber|other lead_status:string \
  country:string industry:string city:string state:string job_title:string has_linkedin:boolean company_id:string \
  created_after:string created_before:string search:string sort_by:email|firstname|lastname|company|createdate \
  sort_dir:asc|desc=desc count_only:boolean=false fields:summary
  pathbound_get_contact contact_id!:string
  pathbound_update_contact contact_id!:string properties:object visitor_id:string[]
  pathbound_delete_contact contact_id!:string
  pathbound_get_contact_timeline contact_id!:string
  pathbound_get_contact_conversations contact_id!:string include_messages:boolean=false
  pathbound_list_contact_email_threads contact_id!:string
  pathbound_list_contact_notes contact_id!:string
  pathbound_create_contact_note contact_id!:string content!:string
  pathbound_update_contact_note contact_id!:string note_id!:string content!:string
  pathbound_delete_contact_note contact_id!:string note_id!:string
  pathbound_list_company_notes company_id!:string
  pathbound_create_company_note company_id!:string content!:string
  pathbound_update_company_note company_id!:string note_id!:string content!:string
  pathbound_delete_company_note company_id!:string note_id!:string
  pathbound_create_company domain!:string properties:object
  pathbound_list_companies page:integer[1..]=1 limit:integer[1..100]=20 search:string industry:string sort_by:string\
   sort_dir:asc|desc=desc country:string fields:summary include:provenance
  pathbound_get_company company_id!:string
  pathbound_update_company company_id!:string properties!:object
  pathbound_delete_company company_id!:string
  pathbound_list_events page:integer[1..]=1 limit:integer[1..100]=20 event_type:string contact_id:string \
  domain:string url_contains:string date_after:string date_before:string identified_only:boolean=false search:string\
   sort_by:timestamp|event|createdAt=timestamp sort_dir:asc|desc=desc count_only:boolean=false fields:summary \
  include:provenance
  pathbound_get_event_stats date_after:string date_before:string contact_id:string domain:string
  pathbound_get_event event_id!:string
  pathbound_list_segments page:integer[1..]=1 limit:integer[1..100]=50
  pathbound_get_segment segment_id!:string
  pathbound_list_segment_contacts segment_id!:string page:integer[1..]=1 limit:integer[1..100]=20
  pathbound_create_identity firstName!:string lastName!:string role!:string
  pathbound_get_identity identity_id!:string
  pathbound_update_identity identity_id!:string firstName:string lastName:string jobTitle:string
  pathbound_delete_identity identity_id!:string
  pathbound_check_linkedin_connection identity_id!:string
  pathbound_batch_get_details entity_type!:contacts|companies ids!:string[][1..25]
  pathbound_batch_get_activity contact_ids!:string[][1..25] events_limit:integer[1..20]=5 date_after:string \
  date_before:string
  pathbound_aggregate entity!:events|contacts|companies group_by!:string filters:object limit:integer[1..100]=20
  pathbound_queue_action type!:string params!:object identity_id!:string direct:boolean scheduled_time:string \
  description:string require_approval:boolean list_id:string item_id:string
  pathbound_list_actions status:scheduled|pending_approval|approved|auto_approved|rejected|running|completed|failed|\
  cancelled type:string list_id:string item_id:string identity_id:string contact_id:string company_id:string \
  agent_id:string limit:integer[1..100]=20 skip:integer[0..]=0 sort_by:string=created_at sort_dir:asc|desc=desc
  pathbound_get_action action_id!:string
  pathbound_update_action action_id!:string params:object scheduled_time:string identity_id:string \
  description:string require_approval:boolean
  pathbound_execute_action action_id!:string
  pathbound_cancel_action action_id!:string
  pathbound_approve_action action_id!:string action!:approve|reject|edit comment:string
  pathbound_reject_action action_id!:string comment:string
  pathbound_bulk_review_actions action!:approve|reject|edit action_ids!:string[] comment:string
  pathbound_bulk_queue_actions actions!:object[]
  pathbound_process_actions limit:integer[1..100]=20
  pathbound_list_agents enabled:boolean playbook_template:string limit:integer[1..100]=20 offset:integer[0..]=0
  pathbound_create_agent name!:string description:string playbook_template:string playbook:object \
  capabilities:string[] identity_id:string monitoring:object llm_config:object enabled:boolean=false
  pathbound_get_agent id!:string
  pathbound_update_agent id!:string name:string description:string playbook_template:string playbook:object \
  capabilities:string[] identity_id:string monitoring:object llm_config:object enabled:boolean
  pathbound_delete_agent id!:string
  pathbound_trigger_agent id!:string contact_ids:string[]
  pathbound_list_agent_runs id!:string limit:integer[1..100]=20 offset:integer[0..]=0 status:string
  pathbound_get_agent_run runId!:string mode:summary|full=full
  pathbound_approve_run_action runId!:string contactId!:string actionIndex!:integer[0..]
  pathbound_reject_run_action runId!:string contactId!:string actionIndex!:integer[0..]
  pathbound_track_events events!:object[]
  owlbound_list_contacts limit:integer[1..100]=50 cursor:string status:new|ready|contacted|replied|converted|lost \
  source:string company:string sort_by:createdAt|score|activityScore=createdAt sort_direction:asc|desc=desc \
  include_archived:boolean=false
  owlbound_create_contact firstName:string lastName:string email:string phone:string linkedInUrl:string \
  company:string title:string location:string source:string=api tags:string[] notes:string
  owlbound_search_contacts query!:string limit:integer[1..100]=25 status:new|ready|contacted|replied|converted|lost
  owlbound_get_contact id!:string
  owlbound_update_contact id!:string firstName:string lastName:string email:string phone:string linkedInUrl:string \
  company:string title:string location:string source:string tags:string[] notes:string status:new|ready|contacted|\
  replied|converted|lost
  owlbound_archive_contact id!:string reason:string
  owlbound_enrich_contact id!:string priority:critical|high|medium|low=high forceRefresh:boolean=false
  owlbound_get_enrichment_status contactId!:string
  owlbound_score_contact id!:string icpProfileId!:string
  owlbound_list_signals type:job_change|company_growth|funding_round|website_visit|content_download|job_posting|\
  technology_adoption|custom_webhook priority:high|medium|low limit:integer[1..100]=50 unactioned_only:boolean=false
  owlbound_ingest_signal type!:job_change|company_growth|funding_round|website_visit|content_download|job_posting|\
  technology_adoption|custom_webhook data!:object contactId:string priority:high|medium|low=medium source:string=api\
   notes:string
  owlbound_get_signal_stats time_range:day|week|month=week
  owlbound_list_companies limit:integer[1..50]=25 industry:string cursor:string
  owlbound_upsert_company linkedInUrl!:string name:string domain:string industry:string
  owlbound_get_company id!:string
  owlbound_enroll_in_sequence id!:string contactId!:string source:string=api
  owlbound_trigger_workflow id!:string contactId!:string data:object
  owlbound_list_connectors integrationSlug:string includeArchived:boolean
  owlbound_get_connector id!:string
  """

/// An argument as the table above writes it.
private struct Written: Equatable, CustomStringConvertible {
  var name: String
  var isRequired: Bool
  var type: String
  var minimum: String?
  var maximum: String?
  var defaultValue: String?

  init?(_ text: some StringProtocol) {
    let pattern = /([^:!]+)(!?):([^=\[]+(?:\[\])?)(?:\[(-?[0-9]*)\.\.([0-9]*)\])?(?:=(.+))?/
    guard let match = String(text).wholeMatch(of: pattern)?.output else { return nil }
    name = String(match.1)
    isRequired = !match.2.isEmpty
    type = String(match.3)
    minimum = match.4.flatMap { $0.isEmpty ? nil : String($0) }
    maximum = match.5.flatMap { $0.isEmpty ? nil : String($0) }
    defaultValue = match.6.map { String($0) }
  }

  init(_ property: Schema.Property) {
    name = property.name
    isRequired = property.isRequired
    (type, minimum, maximum) = Self.facts(of: property.schema)
    defaultValue = property.schema.defaultValue.map { $0.stringValue ?? $0.text }
  }

  private static func facts(of schema: Schema) -> (String, String?, String?) {
    switch schema.kind {
    case .object: ("object", nil, nil)
    case .array(let items, let least, let most):
      (facts(of: items).0 + "[]", least.map { String($0) }, most.map { String($0) })
    case .string: ("string", nil, nil)
    case .enumeration(let words): (words.joined(separator: "|"), nil, nil)
    case .integer(let least, let most): ("integer", least.map { String($0) }, most.map { String($0) })
    case .number(let least, let most): ("number", least.map { String($0) }, most.map { String($0) })
    case .boolean: ("boolean", nil, nil)
    }
  }

  var description: String {
    "\(name)\(isRequired ? "!" : ""):\(type)[\(minimum ?? "")..\(maximum ?? "")]=\(defaultValue ?? "")"
  }
}

@Suite("Documented arguments")
struct DocumentedArgumentsTests {
  @Test("have the documented type, words, limits and default in every tool")
  func table() throws {
    for line in documented.split(separator: "\n") {
      let words = line.split(separator: " ")
      let operation = try #require(Catalogue.operation(named: String(words[0])), "\(words[0])")
      guard case .object(let properties, _) = operation.input.kind else { continue }
      for word in words.dropFirst() {
        let stated = try #require(Written(word), "\(word)")
        guard let property = properties.first(where: { $0.name == stated.name }) else {
          Issue.record("\(operation.name) lacks \(stated.name)")
          continue
        }
        var given = Written(property)
        // A set of words that the pages leave open may be closed here; limits that they leave open, too.
        if stated.type == "string", case .enumeration = property.schema.kind { given.type = "string" }
        if stated.minimum == nil { given.minimum = nil }
        if stated.maximum == nil { given.maximum = nil }
        if stated.defaultValue == nil, ["false", "0"].contains(given.defaultValue) { given.defaultValue = nil }
        #expect(given == stated, "\(operation.name)")
      }
    }
  }

  @Test("are known for every tool that the pages document")
  func complete() {
    let tools = Set(documented.split(separator: "\n").compactMap { $0.split(separator: " ").first.map { String($0) } })
    let others = Catalogue.all.filter { operation in
      guard case .object(let properties, _) = operation.input.kind, operation.route != nil else { return false }
      let own = properties.filter { !operation.isLocalOnly(argument: $0.name) && $0.name != "idempotency_key" }
      return !own.isEmpty && !tools.contains(operation.name)
    }
    #expect(others.isEmpty, "\(others.map(\.name))")
  }
}
