import JSON
import Service
import StoreSupport
import TestSupport
import Testing

@Suite("Signal statistics")
struct SignalStatsTests {
  let workspace = TestWorkspace()

  @Test("signals are counted by type and priority over the last day, week and month, up to now")
  func windows() throws {
    for (days, type, priority) in [(40, "job_change", "high"), (20, "job_change", "low"), (3, "website_visit", "high")]
      as [(Int64, JSONValue, JSONValue)]
    {
      workspace.clock.advance(seconds: -days * 86_400)
      try workspace.signal(["type": type, "priority": priority])
      workspace.clock.advance(seconds: days * 86_400)
    }
    try workspace.signal(["type": "funding_round"])
    func stats(_ range: String) throws -> JSONObject {
      try workspace.call("owlbound_get_signal_stats", ["time_range": .string(range)])
    }
    #expect(try stats("day")["total"] == 1 && stats("week")["total"] == 2 && stats("month")["total"] == 3)
    let week = try workspace.call("owlbound_get_signal_stats")
    #expect(week["timeRange"] == "week")
    #expect(week["to"] == 1_795_249_800_000 && week["from"] == 1_794_645_000_000)
    #expect(week["byType"]?.objectValue?.count == 8)
    #expect(week["byType"]?["website_visit"] == 1 && week["byType"]?["job_change"] == 0)
    #expect(week["byPriority"] == ["high": 1, "medium": 1, "low": 0])
    #expect(try stats("month")["byPriority"] == ["high": 1, "medium": 1, "low": 1])
  }

  @Test("a workspace without signals counts nothing")
  func empty() throws {
    let stats = try workspace.call("owlbound_get_signal_stats", ["time_range": "month"])
    #expect(stats["total"] == 0 && stats["byType"]?["custom_webhook"] == 0)
    #expect(try workspace.refusal("owlbound_get_signal_stats", ["time_range": "year"]).code == .validation)
  }

  @Test("the documented visit is taken in as it stands")
  func documented() throws {
    let id = try workspace.call(
      "owlbound_ingest_signal",
      [
        "type": "website_visit",
        "data": [
          "pageUrl": "/pricing", "referrer": "https://google.com",
          "company": ["name": "Acme Corp", "domain": "acme.com"],
        ], "priority": "high", "source": "website_tracker",
      ])["signalId"]
    let list = try workspace.call("owlbound_list_signals", ["priority": "high", "limit": 20])["signals"]
    #expect(list?[0]?["id"] == id)
    #expect(list?[0]?["data"]?["company"]?["domain"] == "acme.com")
    #expect(list?[0]?["source"] == "website_tracker" && list?[0]?["contactId"] == .null)
  }
}

@Suite("Workflow definitions")
struct WorkflowDefinitionTests {
  let workspace = TestWorkspace()

  private func refusal(_ arguments: JSONObject) throws -> ServiceError {
    var whole: JSONObject = ["name": "W", "steps": [["type": "notify", "message": "x"]]]
    for (key, value) in arguments { whole[key] = value }
    return try workspace.refusal("owlbound_save_workflow", whole)
  }

  @Test("a workflow is created, changed by name or id, and listed; what is not given stays")
  func save() throws {
    let created = try workspace.call(
      "owlbound_save_workflow",
      [
        "name": "Funding", "triggers": [["type": "funding_round", "priority": "high"]],
        "steps": [["type": "set_status", "status": "ready"]],
      ])
    #expect(created["created"] == true)
    #expect(created["workflow"]?["active"] == true)
    #expect(created["workflow"]?["steps"] == [["type": "set_status", "status": "ready", "onFailure": "stop"]])
    let id = try #require(created["workflow"]?["id"])
    let changed = try workspace.call("owlbound_save_workflow", ["name": "Funding", "active": false])
    #expect(changed["created"] == false && changed["workflow"]?["id"] == id)
    #expect(changed["workflow"]?["triggers"] == [["type": "funding_round", "priority": "high"]])
    _ = try workspace.call("owlbound_save_workflow", ["id": id, "name": "Money"])
    #expect(try workspace.call("owlbound_list_workflows").texts("name", of: "workflows") == ["Money"])
    #expect(try workspace.runs(id) == [])
    try workspace.workflow(["name": "Other"])
    #expect(try workspace.refusal("owlbound_save_workflow", ["id": id, "name": "Other"]).code == .conflict)
    #expect(try workspace.refusal("owlbound_list_workflows", ["id": "nothing"]).code == .notFound)
  }

  @Test("a wrong step is answered with where it is wrong and what it needs")
  func steps() throws {
    let profile = try workspace.call("owlbound_save_icp_profile", ["name": "P", "titles": ["CTO"]])["profile"]?["id"]
    let wrong: [(JSONValue, String, String)] = [
      (["type": "enrol"], "/steps/0/type", "Did you mean \"enroll\"?"),
      ([:], "/steps/0/type", "notify (message, channel?, onFailure?)"),
      (["type": "notify"], "/steps/0/message", "notify (message"),
      (["type": "notify", "message": "x", "chanel": "#a"], "/steps/0/chanel", "channel"),
      (["type": "notify", "message": "{{surname}}"], "/steps/0/message", "{{lastName}}"),
      (["type": "enroll", "sequenceId": "none"], "/steps/0/sequenceId", "owlbound_list_sequences"),
      (["type": "score", "icpProfileId": "none"], "/steps/0/icpProfileId", "owlbound_list_icp_profiles"),
      (["type": "set_status", "status": "happy"], "/steps/0/status", "ready"),
      (["type": "score", "icpProfileId": profile ?? "", "onFailure": "retry"], "/steps/0/onFailure", "continue"),
      (["type": "queue_action", "action": "send_mail"], "/steps/0/action", "action type"),
      (["type": "queue_action", "action": "email_message"], "/steps/0/params/message", "message"),
      (
        ["type": "queue_action", "action": "email_message", "params": ["message": "{{x}}"]],
        "/steps/0/params/message", "{{firstName}}"
      ),
      (
        ["type": "queue_action", "action": "create_task", "params": ["title": "x"], "identityId": "id_none"],
        "/steps/0/identityId", "pathbound_list_identities"
      ),
    ]
    for (step, path, words) in wrong {
      let error = try refusal(["steps": [step]])
      #expect(error.code == .validation)
      #expect(error.details.first?.path == path, "\(step)")
      #expect(error.message.contains(words), "\(error.message)")
    }
    #expect(try refusal(["steps": []]).details.first?.path == "/steps")
    #expect(try refusal(["name": " "]).code == .validation)
  }

  @Test("a wrong condition is answered with where it is wrong and what would be right")
  func conditions() throws {
    let wrong: [(JSONValue, String, String)] = [
      (["field": "data.a", "op": "is", "value": 1], "/op", "equals, not_equals"),
      (["field": "date.a", "op": "equals", "value": 1], "/field", "Did you mean \"data\"?"),
      (["op": "equals", "value": 1], "/field", "begins with"),
      (["field": "data..a", "op": "exists"], "/field", "begins with"),
      (["field": "data.a", "op": "gt", "value": "5"], "/value", "a number"),
      (["field": "data.a", "op": "in", "value": "5"], "/value", "a list"),
      (["field": "data.a", "op": "in", "value": [[1]]], "/value", "a list"),
      (["field": "data.a", "op": "equals"], "/value", "takes a text"),
      (["field": "data.a", "op": "starts_with", "value": ""], "/value", "takes a text"),
      (["field": "data.a", "op": "exists", "value": 1], "/value", "takes no value"),
      (["field": "data.a", "op": "exists", "not": true], "/not", "nothing else"),
    ]
    for (condition, path, words) in wrong {
      let error = try refusal(["triggers": [["conditions": [condition]]]])
      #expect(error.details.first?.path == "/triggers/0/conditions/0" + path, "\(condition)")
      #expect(error.message.contains(words), "\(error.message)")
    }
    #expect(try refusal(["triggers": [["type": "visit"]]]).details.first?.path == "/triggers/0/type")
    #expect(try refusal(["triggers": [["kind": "website_visit"]]]).details.first?.path == "/triggers/0/kind")
  }
}

@Suite("Conditions")
struct ConditionTests {
  /// Condition, data, whether it holds.
  static let cases: [(JSONObject, JSONObject, Bool)] = [
    (["field": "data.plan", "op": "equals", "value": "Pro"], ["plan": "pro"], true),
    (["field": "data.n", "op": "equals", "value": 5], ["n": 5.0], true),
    (["field": "data.n", "op": "equals", "value": "5"], ["n": 5], false),
    (["field": "data.plan", "op": "not_equals", "value": "pro"], [:], true),
    (["field": "data.plan", "op": "not_equals", "value": "pro"], ["plan": "PRO"], false),
    (["field": "data.a.b.0", "op": "equals", "value": true], ["a": ["b": [true]]], true),
    (["field": "data.url", "op": "contains", "value": "/PRICING"], ["url": "https://a.example/pricing?x"], true),
    (["field": "data.tags", "op": "contains", "value": "vip"], ["tags": ["new", "VIP"]], true),
    (["field": "data.tags", "op": "not_contains", "value": "vip"], ["tags": ["new", "VIP"]], false),
    (["field": "data.url", "op": "starts_with", "value": "HTTPS"], ["url": "https://a"], true),
    (["field": "data.url", "op": "ends_with", "value": ".pdf"], ["url": "a.PDF"], true),
    (["field": "data.url", "op": "ends_with", "value": ".pdf"], ["url": "pdf"], false),
    (["field": "data.c", "op": "in", "value": ["de", "at", 3]], ["c": "AT"], true),
    (["field": "data.c", "op": "not_in", "value": ["de", "at"]], ["c": "ch"], true),
    (["field": "data.n", "op": "gt", "value": 5], ["n": 5], false),
    (["field": "data.n", "op": "gte", "value": 5], ["n": 5], true),
    (["field": "data.n", "op": "gte", "value": 1_000_000], ["n": "2500000"], true),
    (["field": "data.n", "op": "lt", "value": 5], ["n": "many"], false),
    (["field": "data.n", "op": "lte", "value": 5], ["n": -1.5], true),
    (["field": "data.n", "op": "exists"], ["n": .null], false),
    (["field": "data.n", "op": "not_exists"], ["n": 0], false),
    (["field": "data", "op": "exists"], [:], true),
    (["field": "source", "op": "equals", "value": "api"], [:], true),
    (["field": "contact.title", "op": "contains", "value": "cto"], [:], true),
    (["field": "contact.tags", "op": "contains", "value": "vip"], [:], true),
    (["field": "contact.domain", "op": "equals", "value": "b.example"], [:], true),
    (["field": "contact.status", "op": "equals", "value": "lost"], [:], false),
  ]

  @Test("compare what is there", arguments: cases.indices)
  func holds(index: Int) throws {
    let (condition, data, expected) = Self.cases[index]
    let workspace = TestWorkspace()
    let contact = try workspace.owlContact(["email": "ada@B.example", "title": "CTO", "tags": ["vip"]])
    let id = try workspace.workflow(["triggers": [["conditions": [.object(condition)]]]])
    try workspace.signal(["data": .object(data), "contactId": .string(contact)])
    try workspace.flow()
    #expect(try workspace.runs(id).count == (expected ? 1 : 0))
  }

  @Test("all of a trigger must hold, and one trigger is enough")
  func combination() throws {
    let workspace = TestWorkspace()
    let id = try workspace.workflow([
      "triggers": [
        ["type": "funding_round", "priority": "high"],
        [
          "type": "website_visit",
          "conditions": [
            ["field": "data.page", "op": "equals", "value": "/pricing"], ["field": "data.n", "op": "gte", "value": 2],
          ],
        ],
      ]
    ])
    try workspace.signal(["type": "funding_round"])
    try workspace.signal(["data": ["page": "/pricing", "n": 1]])
    let first = try workspace.signal(["data": ["page": "/pricing", "n": 2]])
    let second = try workspace.signal(["type": "funding_round", "priority": "high"])
    try workspace.flow()
    #expect(try workspace.runs(id).map { $0["signalId"] } == [second, first])
    let open = try workspace.call("owlbound_list_signals", ["unactioned_only": true])["signals"]?.arrayValue
    #expect(open?.count == 2)
  }
}
