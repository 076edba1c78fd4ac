import JSON
import Service
import StoreSupport
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
        "filter": ["lifecycle_stage": "lead", "has_linkedin": true], "schedule_cron": "0 14 * * 1-5",
        "max_contacts_per_run": 25,
      ],
      "llm_config": ["provider": "rules", "temperature": 0.4], "enabled": true,
    ]
    let agent = try create(given)
    for (key, value) in given { #expect(agent[key] == value) }
    let id = try #require(agent["_id"]?.stringValue)
    #expect(id.hasPrefix("ag_"))
    #expect(agent["created_at"] == "2026-11-21T08:30:00.000Z")
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
    #expect(error.message.contains("cold_outreach") && error.message.contains("pricing_visitor_followup"))
    #expect(throws: ServiceError.self) {
      try create(["name": "x", "playbook_template": "warm_outreach", "playbook": ["require_approval": false]])
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
      (["identity_id": "id_nobody"], "/identity_id"), (["capabilities": ["emial"]], "/capabilities/0"),
      (["monitoring": ["schedule_cron": "every day"]], "/monitoring/schedule_cron"),
      (["monitoring": ["max_contacts_per_run": 0]], "/monitoring/max_contacts_per_run"),
      (["llm_config": ["temperature": 3]], "/llm_config/temperature"), (["name": "  "], "/name"),
      (["llm_config": ["model": .string(String(repeating: "x", count: 5000))]], "/llm_config"),
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
      (["playbook_template": "cold_outreach", "enabled": true], ["0"], 1), (["limit": 2, "offset": 1], ["3", "2"], 5),
      (["offset": 9], [], 5),
    ]
    for (arguments, names, total) in lists {
      let payload = try workspace.call("pathbound_list_agents", arguments)
      #expect(payload.texts("name", of: "agents") == names)
      #expect(payload["total"]?.integerValue == total)
      #expect(payload["limit"] == (arguments["limit"] ?? 20) && payload["offset"] == (arguments["offset"] ?? 0))
    }
  }

  @Test("an agent that does not exist is not found by any tool")
  func unknown() throws {
    let run = try workspace.contact("ada@example.com")
    for id in ["ag_none", run] {
      for tool in ["pathbound_get_agent", "pathbound_trigger_agent", "pathbound_list_agent_runs"] {
        #expect(try workspace.refusal(tool, ["id": .string(id)]).code == .notFound)
      }
      #expect(try workspace.refusal("pathbound_get_agent_run", ["runId": .string(id)]).code == .notFound)
    }
  }
}
