import JSON
import JSONSchema
import Operations
import Testing

@Suite("Arguments of operations")
struct ArgumentTests {
  @Test(
    "a list gets its documented defaults",
    arguments: [
      ("pathbound_list_contacts", #"{"sort_dir":"desc","page":1,"limit":20,"count_only":false}"#),
      (
        "pathbound_list_events",
        #"{"identified_only":false,"sort_by":"timestamp","sort_dir":"desc","page":1,"limit":20,"count_only":false}"#
      ),
      ("pathbound_list_actions", #"{"sort_by":"created_at","sort_dir":"desc","skip":0,"limit":20}"#),
      ("pathbound_list_agents", #"{"offset":0,"limit":20}"#),
      ("owlbound_list_signals", #"{"unactioned_only":false,"limit":50}"#),
      ("pathbound_list_identities", "{}"),
    ])
  func defaults(_ name: String, _ normal: String) throws {
    let operation = try #require(Catalogue.operation(named: name))
    #expect(JSONValue.object(try operation.validator.validate([:])).text == normal)
  }

  @Test(
    "the APIs' own examples are valid",
    arguments: [
      (
        "pathbound_create_contact",
        [
          "email": "ada@example.com",
          "properties": [
            "firstname": "Ada", "lastname": "Lovelace", "company": "Analytical Engines", "lifecyclestage": "lead",
          ],
        ]
      ),
      (
        "pathbound_create_contact",
        ["email": "ada@example.com", "properties": ["shoe_size": 37, "vip": true], "visitor_id": "v_1"]
      ),
      (
        "pathbound_update_contact",
        ["contact_id": "ct_abc", "properties": ["city": nil, "lifecyclestage": "customer"]]
      ),
      ("pathbound_list_events", ["limit": 5, "sort_dir": "desc"]),
      (
        "pathbound_queue_action",
        [
          "type": "email_message", "params": ["contact_id": "ct_abc", "subject": "Following up", "message": "Hi Ada"],
          "identity_id": "id_123", "require_approval": true,
        ]
      ),
      (
        "pathbound_create_agent",
        [
          "name": "Pricing visitor follow-up", "description": "Drafts a personal email.",
          "playbook": ["playbook_md": "You are an SDR.", "tone": "warm"], "capabilities": ["email"],
          "identity_id": "id_123",
          "monitoring": [
            "filter": ["lifecycle_stage": "lead"], "schedule_cron": "0 14 * * 1-5", "max_contacts_per_run": 25,
          ], "llm_config": ["provider": "anthropic", "model": "claude-opus-4-7", "temperature": 0.4], "enabled": true,
        ]
      ),
      ("pathbound_trigger_agent", ["id": "ag_123", "contact_ids": ["ct_abc"]]),
      ("pathbound_get_agent_run", ["runId": "run_abc", "mode": "summary"]),
      ("pathbound_approve_run_action", ["runId": "run_abc", "contactId": "ct_abc", "actionIndex": 0]),
      (
        "pathbound_approve_action",
        ["action_id": "act_abc", "action": "edit", "comment": "Shorter", "params": ["message": "Hi"]]
      ),
      (
        "pathbound_track_events",
        [
          "events": [
            [
              "event": "page_view", "url": "https://example.com/pricing", "data": ["title": "Pricing"],
              "timestamp": "2026-11-20T08:00:00Z", "visitorId": "v_1", "contact_id": "ct_abc",
            ]
          ]
        ]
      ),
      ("owlbound_search_contacts", ["query": "VP Engineering", "limit": 10]),
      (
        "owlbound_create_contact",
        [
          "firstName": "Jane", "lastName": "Smith", "email": "jane@acme.com", "company": "Acme Corp",
          "title": "VP Engineering",
        ]
      ),
      ("owlbound_score_contact", ["id": "k97f", "icpProfileId": "jd83"]),
      ("owlbound_list_signals", ["priority": "high", "limit": 20]),
      (
        "owlbound_ingest_signal",
        [
          "type": "website_visit", "data": ["pageUrl": "/pricing", "company": ["name": "Acme Corp", "domain": nil]],
          "priority": "high", "source": "website_tracker",
        ]
      ),
      (
        "owlbound_save_icp_profile",
        [
          "name": "Enterprise", "titles": ["VP Engineering"], "seniorities": ["vp", "c_level"], "company_size_min": 200,
          "weights": ["titles": 40, "signals": 0],
        ]
      ),
      ("bound_lead_brief", ["email": "ada@example.com"]),
    ] as [(String, JSONObject)])
  func examples(_ name: String, _ arguments: JSONObject) throws {
    let operation = try #require(Catalogue.operation(named: name))
    _ = try operation.validator.validate(arguments)
  }

  @Test(
    "what breaks a documented rule is refused at its place",
    arguments: [
      ("pathbound_list_contacts", ["limit": 101], "/limit"),
      ("pathbound_list_contacts", ["page": 0], "/page"),
      ("pathbound_list_contacts", ["lifecycle_stage": "won"], "/lifecycle_stage"),
      ("pathbound_list_contacts", ["created_after": "yesterday"], "/created_after"),
      ("pathbound_create_contact", ["properties": [:]], "/email"),
      ("pathbound_create_contact", ["email": "ada"], "/email"),
      (
        "pathbound_create_contact", ["email": "ada@example.com", "properties": ["lifecyclestage": "won"]],
        "/properties/lifecyclestage"
      ),
      ("pathbound_create_contact_note", ["contact_id": "ct_abc", "content": " "], "/content"),
      ("pathbound_track_events", ["events": []], "/events"),
      ("pathbound_track_events", ["events": [["event": "a"], ["event": ""]]], "/events/1/event"),
      ("pathbound_track_events", ["events": [["event": "a", "visitors": "v"]]], "/events/0/visitors"),
      ("pathbound_list_actions", ["skip": -1], "/skip"),
      ("pathbound_list_actions", ["sort_by": "params"], "/sort_by"),
      ("pathbound_approve_action", ["action_id": "act_abc", "action": "decline"], "/action"),
      ("pathbound_create_agent", ["name": "A", "monitoring": ["schedule_cron": "daily"]], "/monitoring/schedule_cron"),
      ("pathbound_create_agent", ["name": "A", "llm_config": ["temperature": 3]], "/llm_config/temperature"),
      ("pathbound_trigger_agent", ["id": "ag_123", "contact_ids": []], "/contact_ids"),
      ("pathbound_get_agent_run", ["runId": "run_abc", "mode": "brief"], "/mode"),
      ("pathbound_approve_run_action", ["runId": "r", "contactId": "c", "actionIndex": -1], "/actionIndex"),
      ("owlbound_search_contacts", ["query": " "], "/query"),
      ("owlbound_ingest_signal", ["type": "social_post", "data": [:]], "/type"),
      ("owlbound_ingest_signal", ["type": "website_visit", "data": [1]], "/data"),
      ("owlbound_save_icp_profile", ["name": "E", "seniorities": ["boss"]], "/seniorities/0"),
      ("owlbound_save_icp_profile", ["name": "E", "weights": ["title": 5]], "/weights/title"),
    ] as [(String, JSONObject, String)])
  func broken(_ name: String, _ arguments: JSONObject, _ path: String) throws {
    let operation = try #require(Catalogue.operation(named: name))
    let failure = try #require(throws: ValidationFailure.self) { try operation.validator.validate(arguments) }
    #expect(failure.violations.map(\.path) == [path])
  }

  @Test("in properties null is kept, since it removes a key")
  func propertyMerge() throws {
    let arguments: JSONObject = ["contact_id": "ct_abc", "properties": ["city": nil, "lifecyclestage": nil]]
    #expect(try PathboundContacts.updateContact.validator.validate(arguments) == arguments)
  }

  @Test("a filter's validator knows exactly the filters of the contact list")
  func filters() throws {
    let filter = CompiledSchema(.object(PathboundContacts.filters))
    _ = try filter.validate(["lifecycle_stage": "lead", "has_linkedin": true])
    #expect(throws: ValidationFailure.self) { try filter.validate(["limit": 5]) }
  }
}
