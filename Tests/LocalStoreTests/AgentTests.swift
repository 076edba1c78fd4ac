import JSON
import LocalStore
import Service
import StoreSupport
import TestSupport
import Testing

@Suite("Agents")
struct AgentTests {
  let workspace = TestWorkspace()

  private func create(_ arguments: JSONObject) throws -> JSONObject {
    try #require(try workspace.call("pathbound_create_agent", arguments)["agent"]?.objectValue)
  }

  private func refusal(_ arguments: JSONObject) throws -> ServiceError {
    var whole = arguments
    whole["name"] = whole["name"] ?? "Agent"
    return try workspace.refusal("pathbound_create_agent", whole)
  }

  @Test("an agent is read back with all that was set")
  func whole() throws {
    let given: JSONObject = [
      "name": "Follow-up", "description": "Writes", "playbook_template": "pricing_visitor_followup",
      "playbook": ["playbook_md": "Be kind.", "require_approval": true, "visits": 2],
      "capabilities": ["email", "notes"],
      "identity_id": "id_default",
      "monitoring": [
        "filter": ["lifecycle_stage": "lead", "has_linkedin": true],
        "schedule_cron": "0 14 * * 1-5",
        "max_contacts_per_run": 25,
      ],
      "llm_config": ["provider": "rules", "temperature": 0.4], "enabled": true,
    ]
    let agent = try create(given)
    for (key, value) in given { #expect(agent[key] == value) }
    let id = try #require(agent["_id"]?.stringValue)
    #expect(id.hasPrefix("ag_"))
    #expect(agent["created_at"] == "2026-11-21T08:30:00.000Z")
    #expect(agent["next_runs"]?[0] == "2026-11-23T14:00:00.000Z")
    #expect(agent["template"]?["playbook_keys"]?["min_visits"] != nil)
    #expect(try workspace.call("pathbound_get_agent", ["id": .string(id)])["agent"] == .object(agent))
  }

  @Test("a name is enough; the agent is disabled then")
  func minimal() throws {
    let agent = try create(["name": "Bare"])
    #expect(agent["enabled"] == false)
    #expect(agent["monitoring"] == nil && agent["playbook"] == nil && agent["identity_id"] == nil)
  }

  @Test("an unknown template is kept with a playbook of the agent's own, and refused without")
  func templates() throws {
    let error = try refusal(["playbook_template": "warm_outreach"])
    #expect(error.details.first?.path == "/playbook_template")
    #expect(
      error.message.contains("cold_outreach") && error.message.contains("pricing_visitor_followup"))
    #expect(throws: ServiceError.self) {
      try create([
        "name": "x", "playbook_template": "warm_outreach", "playbook": ["require_approval": false],
      ])
    }
    let agent = try create([
      "name": "x", "playbook_template": "warm_outreach", "playbook": ["playbook_md": "Be warm."],
    ])
    #expect(agent["playbook_template"] == "warm_outreach")
  }

  @Test("a filter takes what the contact list takes, and nothing else")
  func filters() throws {
    let bad: [(JSONValue, String)] = [
      (["lifecycle_stag": "lead"], "/monitoring/filter/lifecycle_stag"),
      (["lifecycle_stage": "friend"], "/monitoring/filter/lifecycle_stage"),
      (["created_after": "soon"], "/monitoring/filter/created_after"),
      (["limit": 5], "/monitoring/filter/limit"),
      (["company_id": "co_none"], "/monitoring/filter/company_id"),
    ]
    for (filter, path) in bad {
      #expect(try refusal(["monitoring": ["filter": filter]]).details.first?.path == path)
    }
  }

  @Test("what can't be right is refused where it stands")
  func badFields() throws {
    let bad: [(JSONObject, String)] = [
      (["identity_id": "id_nobody"], "/identity_id"),
      (["capabilities": ["emial"]], "/capabilities/0"),
      (["monitoring": ["schedule_cron": "every day"]], "/monitoring/schedule_cron"),
      (["monitoring": ["max_contacts_per_run": 0]], "/monitoring/max_contacts_per_run"),
      (["monitoring": ["schedule_cron": "0 0 30 2 *"]], "/monitoring/schedule_cron"),
      (["llm_config": ["provider": "oracle"]], "/llm_config/provider"),
      (["llm_config": ["temperature": 3]], "/llm_config/temperature"), (["name": "  "], "/name"),
      (
        ["llm_config": ["model": .string(String(repeating: "x", count: 5000))]], "/llm_config/model"
      ),
      (
        ["monitoring": ["filter": ["search": .string(String(repeating: "x", count: 5000))]]],
        "/monitoring"
      ),
      (["playbook": ["playbook_md": .string(String(repeating: "x", count: 30_000))]], "/playbook"),
    ]
    for (arguments, path) in bad {
      let error = try refusal(arguments)
      #expect(error.code == .validation)
      #expect(error.details.first?.path == path)
    }
    #expect(try refusal(["capabilities": ["emial"]]).message.contains("email"))
  }

  @Test("agents are listed newest first, by state and template, page by page")
  func list() throws {
    for number in 0..<5 {
      _ = try create([
        "name": .string("\(number)"), "enabled": .bool(number % 2 == 0),
        "playbook_template": number < 2 ? "cold_outreach" : "pricing_visitor_followup",
      ])
    }
    let lists: [(JSONObject, [String], Int64)] = [
      ([:], ["4", "3", "2", "1", "0"], 5), (["enabled": true], ["4", "2", "0"], 3),
      (["enabled": false], ["3", "1"], 2),
      (["playbook_template": "cold_outreach"], ["1", "0"], 2),
      (["playbook_template": "cold_outreach", "enabled": true], ["0"], 1),
      (["limit": 2, "offset": 1], ["3", "2"], 5),
      (["offset": 9], [], 5),
    ]
    for (arguments, names, total) in lists {
      let payload = try workspace.call("pathbound_list_agents", arguments)
      #expect(payload.texts("name", of: "agents") == names)
      #expect(payload["total"]?.integerValue == total)
      #expect(
        payload["limit"] == (arguments["limit"] ?? 20)
          && payload["offset"] == (arguments["offset"] ?? 0))
    }
  }

  @Test("an agent that does not exist is not found by any tool")
  func unknown() throws {
    let run = try workspace.contact("ada@example.com")
    for id in ["ag_none", run] {
      for tool in [
        "pathbound_get_agent", "pathbound_update_agent", "pathbound_delete_agent",
        "pathbound_trigger_agent",
        "pathbound_list_agent_runs",
      ] {
        #expect(try workspace.refusal(tool, ["id": .string(id)]).code == .notFound)
      }
      #expect(
        try workspace.refusal("pathbound_get_agent_run", ["runId": .string(id)]).code == .notFound)
    }
  }
}

@Suite("Changing agents")
struct AgentChangeTests {
  let workspace = TestWorkspace()

  private func create(_ arguments: JSONObject) throws -> String {
    var whole = arguments
    whole["name"] = "Agent"
    return try #require(
      try workspace.call("pathbound_create_agent", whole)["agent"]?["_id"]?.stringValue)
  }

  private func update(_ id: String, _ changes: JSONObject) throws -> JSONObject {
    var arguments = changes
    arguments["id"] = .string(id)
    return try #require(
      try workspace.call("pathbound_update_agent", arguments)["agent"]?.objectValue)
  }

  @Test("a new prompt leaves the playbook's other keys and all other fields alone")
  func prompt() throws {
    let id = try create([
      "playbook": ["playbook_md": "Be kind.", "min_visits": 3], "capabilities": ["email"],
      "identity_id": "id_default",
      "monitoring": ["filter": ["lifecycle_stage": "lead"], "schedule_cron": "0 14 * * 1-5"],
      "enabled": true,
    ])
    workspace.clock.advance(seconds: 60)
    let agent = try update(id, ["playbook": ["playbook_md": "Be brief."]])
    #expect(agent["playbook"] == ["playbook_md": "Be brief.", "min_visits": 3])
    #expect(
      agent["capabilities"] == ["email"] && agent["identity_id"] == "id_default"
        && agent["enabled"] == true)
    #expect(
      agent["monitoring"] == [
        "filter": ["lifecycle_stage": "lead"], "schedule_cron": "0 14 * * 1-5",
      ])
    #expect(
      agent["created_at"] == "2026-11-21T08:30:00.000Z"
        && agent["updated_at"] == "2026-11-21T08:31:00.000Z")
  }

  @Test(
    "the schedule and the filter change apart, null removes a key, an empty text clears a field")
  func clearing() throws {
    let id = try create([
      "description": "Writes", "playbook": ["min_visits": 3], "identity_id": "id_default",
      "monitoring": ["filter": ["lifecycle_stage": "lead"], "schedule_cron": "0 14 * * 1-5"],
    ])
    var agent = try update(
      id, ["monitoring": ["schedule_cron": .null, "filter": ["country": "France"]]])
    #expect(agent["monitoring"] == ["filter": ["country": "France"]])
    agent = try update(
      id, ["description": "", "identity_id": "", "playbook": ["min_visits": .null]])
    #expect(agent["description"] == nil && agent["identity_id"] == nil && agent["playbook"] == nil)
  }

  @Test("what is merged is checked as a new agent would be, and a refusal changes nothing")
  func checks() throws {
    let id = try create(["playbook_template": "cold_outreach"])
    let bad: [(JSONObject, String)] = [
      (["playbook_template": "warm_outreach"], "/playbook_template"),
      (["identity_id": "id_nobody"], "/identity_id"),
      (["capabilities": ["telepathy"]], "/capabilities/0"),
      (["llm_config": ["provider": "oracle"]], "/llm_config/provider"),
      (["llm_config": ["temprature": 1]], "/llm_config/temprature"), (["name": " "], "/name"),
      (
        ["monitoring": ["filter": ["lifecycle_stage": "friend"]]],
        "/monitoring/filter/lifecycle_stage"
      ),
      (["monitoring": ["max_contacts_per_run": 0]], "/monitoring/max_contacts_per_run"),
      (["monitoring": ["schedule_cron": "@never"]], "/monitoring/schedule_cron"),
    ]
    let before = try workspace.call("pathbound_get_agent", ["id": .string(id)])
    for (changes, path) in bad {
      var arguments = changes
      arguments["id"] = .string(id)
      let error = try workspace.refusal("pathbound_update_agent", arguments)
      #expect(error.code == .validation && error.details.first?.path == path)
    }
    #expect(
      try workspace.refusal("pathbound_update_agent", ["id": .string(id)]).message.contains(
        "Nothing to change"))
    #expect(try workspace.call("pathbound_get_agent", ["id": .string(id)]) == before)
  }

  @Test("an enabled agent tells when it runs next, a disabled one does not")
  func nextRuns() throws {
    let id = try create(["monitoring": ["schedule_cron": "0 14 * * 1-5"], "enabled": true])
    func times() throws -> JSONValue? {
      try workspace.call("pathbound_get_agent", ["id": .string(id)])["agent"]?["next_runs"]
    }
    #expect(
      try times() == [
        "2026-11-23T14:00:00.000Z", "2026-11-24T14:00:00.000Z", "2026-11-25T14:00:00.000Z",
      ])
    _ = try update(id, ["enabled": false])
    #expect(try times() == nil)
  }

  @Test(
    "a deleted agent takes its runs with it; its actions stay, and whoever works on a run is stopped"
  )
  func deletion() throws {
    let ada = try workspace.contact("ada@example.com")
    let fixture = try RunFixture(workspace)
    let done = try fixture.trigger([ada])
    try fixture.work { [.mail(to: $0.id)] }
    let action = try #require(try fixture.decide("approve", done, ada, 0)["action_id"]?.stringValue)
    workspace.clock.advance(seconds: 60)
    let open = try fixture.trigger([ada])
    let claimed = try fixture.claim()
    let payload = try workspace.call("pathbound_delete_agent", ["id": .string(fixture.agent)])
    #expect(payload == ["agent_id": .string(fixture.agent), "deleted": true, "runs_deleted": 2])
    for run in [done, open] {
      #expect(
        try workspace.refusal("pathbound_get_agent_run", ["runId": .string(run)]).code == .notFound)
    }
    #expect(throws: ServiceError.self) {
      try workspace.store.record(.init(contactID: ada, reasoning: "", proposals: []), of: claimed)
    }
    #expect(try workspace.store.claimRun() == nil)
    let kept = try workspace.call("pathbound_get_action", ["action_id": .string(action)])["action"]
    #expect(kept?["agent_id"] == .string(fixture.agent) && kept?["run_id"] == .string(done))
    #expect(
      try workspace.refusal("pathbound_delete_agent", ["id": .string(fixture.agent)]).code
        == .notFound)
  }
}
