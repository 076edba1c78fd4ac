internal import JSON
internal import Platform

/// The agents of the demo workspace: what they proposed, what was decided, and what waits.
struct DemoAgents {
  /// Visits to the pricing page that agents look for: three by each of so many people, in four weeks.
  static let visits = 3 * (6 * 3 + 14)

  private let desk: DemoDesk
  private let everyone: DemoPeople
  private let senders: [String]
  private let end: Timestamp

  init(_ desk: DemoDesk, _ everyone: DemoPeople, _ sales: DemoSales, end: Timestamp) {
    self.desk = desk
    self.everyone = everyone
    senders = sales.senders
    self.end = end
  }

  /// Makes the agents and lets them and the team work over the last weeks.
  func work(_ activity: inout DemoActivity, _ random: inout DemoRandom) throws(DemoFailure) {
    let leads = random.shuffled(everyone.indices(by: DemoPeople.weeks) { $0.stage == "lead" })
    let agents = try makeAgents()
    for round in 0..<3 {
      let moment = end.adding(milliseconds: -Int64(22 - 7 * round) * 86_400_000)
      let people = Array(leads.dropFirst(14 + 6 * round).prefix(6))
      try run(agents[0], for: people, at: moment, visiting: &activity)
      try decide(agents[0], people, approving: 4, rejecting: 2, &random)
    }
    let strangers = Array(leads.dropFirst(32).prefix(8))
    try run(agents[1], for: strangers, at: end.adding(milliseconds: -4 * 86_400_000))
    try decide(agents[1], strangers, approving: 4, rejecting: 1, &random)
    try run(agents[0], for: Array(leads.prefix(14)), at: end.adding(milliseconds: -5_400_000), visiting: &activity)
    try decide(agents[0], Array(leads.prefix(14)), approving: 3, rejecting: 1, &random)
    desk.clock.set(end.adding(milliseconds: -1_800_000))
    try askClient(agents[2])
    try fillQueue(&random)
  }

  private func makeAgents() throws(DemoFailure) -> [String] {
    desk.clock.set(end.adding(milliseconds: -24 * 86_400_000))
    let rules: JSONValue = ["provider": "rules"]
    let made = try desk.all([
      agent(
        "Pricing visitor follow-up", "Writes to leads who come back to the pricing page.",
        [
          "playbook_template": "pricing_visitor_followup", "llm_config": rules, "enabled": true,
          "monitoring": [
            "filter": ["lifecycle_stage": "lead"], "schedule_cron": "0 14 * * 1-5", "max_contacts_per_run": 25,
          ],
        ]),
      agent(
        "First hello", "Introduces us to leads whom nobody has written to.",
        [
          "playbook_template": "cold_outreach", "llm_config": rules,
          "monitoring": ["filter": ["lifecycle_stage": "lead"]],
        ]),
      agent(
        "Renewal watch", "Tells account managers when to call a customer; the connected agent thinks.",
        [
          "playbook": ["playbook_md": .string(DemoTexts.renewals)], "llm_config": ["provider": "client"],
          "capabilities": ["tasks", "notes"], "monitoring": ["filter": ["lifecycle_stage": "customer"]],
        ]),
      agent(
        "Funding congratulations", "Asks a company that has raised money about its plans.",
        [
          "playbook": ["playbook_md": .string(DemoTexts.funding)],
          "llm_config": ["provider": "anthropic", "model": "claude-opus-4-7"],
          "monitoring": ["filter": ["lifecycle_stage": "prospect"]],
        ]),
    ])
    return made.map { $0["agent"]?["_id"]?.stringValue ?? "" }
  }

  private func agent(_ name: String, _ purpose: String, _ more: JSONObject) -> DemoDesk.ToolCall {
    var arguments: JSONObject = [
      "name": .string(name), "description": .string(purpose), "identity_id": "id_default", "capabilities": ["email"],
    ]
    for (key, value) in more { arguments[key] = value }
    return ("pathbound_create_agent", arguments)
  }

  /// Lets people visit the pricing page, and an agent look at them.
  private func run(
    _ agent: String, for people: [Int], at moment: Timestamp, visiting activity: inout DemoActivity
  ) throws(DemoFailure) {
    for (position, person) in people.enumerated() {
      activity.price(everyone.people[person], hoursBefore: [4 + position, 27 + position, 51 + position], moment)
    }
    desk.clock.set(moment)
    try desk.all(activity.takeCalls())
    try run(agent, for: people, at: moment)
  }

  private func run(_ agent: String, for people: [Int], at moment: Timestamp) throws(DemoFailure) {
    desk.clock.set(moment)
    let ids = people.map { JSONValue.string(everyone.people[$0].contact) }
    try desk.call("pathbound_trigger_agent", ["id": .string(agent), "contact_ids": .array(ids)])
    try desk.letHappen()
  }

  /// Decides on the first proposals of an agent's latest run, an hour later, and lets what was approved be sent.
  private func decide(
    _ agent: String, _ people: [Int], approving: Int, rejecting: Int, _ random: inout DemoRandom
  ) throws(DemoFailure) {
    desk.clock.set(desk.clock.now().adding(milliseconds: 3_000_000))
    let runs = try desk.call("pathbound_list_agent_runs", ["id": .string(agent), "limit": 1])
    let run = runs["runs"]?[0]?["run_id"] ?? .null
    let whole = try desk.call("pathbound_get_agent_run", ["runId": run])
    let proposals = (whole["run"]?["contact_results"]?.arrayValue ?? []).filter {
      $0["proposed_actions"]?.arrayValue?.isEmpty == false
    }
    var calls: [DemoDesk.ToolCall] = []
    for (position, result) in proposals.prefix(approving + rejecting).enumerated() {
      let isGood = position < approving
      let comment = isGood ? random.pick(DemoTexts.approvals) : random.pick(DemoTexts.rejections)
      calls.append(
        (
          isGood ? "pathbound_approve_run_action" : "pathbound_reject_run_action",
          ["runId": run, "contactId": result["contact_id"] ?? .null, "actionIndex": 0, "comment": .string(comment)]
        ))
    }
    try desk.all(calls)
    try desk.letHappen()
  }

  /// A run that waits for the connected agent: some customers are looked at, the others are still to be.
  private func askClient(_ agent: String) throws(DemoFailure) {
    let customers = Array(everyone.indices(by: DemoPeople.weeks) { $0.stage == "customer" }.prefix(6))
    let ids = customers.map { JSONValue.string(everyone.people[$0].contact) }
    let run = try desk.call("pathbound_trigger_agent", ["id": .string(agent), "contact_ids": .array(ids)])["run_id"]
    for _ in 0..<3 {
      let work = try desk.call("pathbound_get_run_work", ["runId": run ?? .null, "brief": true])
      try desk.call(
        "pathbound_propose_run_actions",
        [
          "runId": run ?? .null, "contactId": work["contact_id"] ?? .null,
          "reasoning": "A customer who was in the API documentation this month: worth a call before the renewal.",
          "actions": [
            [
              "type": "create_task",
              "params": [
                "title": "Call before the renewal", "description": "Was in the API documentation this month.",
              ],
            ]
          ],
        ])
    }
  }

  /// What the team has queued for a second pair of eyes, and what is to go out tomorrow.
  private func fillQueue(_ random: inout DemoRandom) throws(DemoFailure) {
    let warm = random.shuffled(
      everyone.indices(by: DemoPeople.weeks) { ["mql", "sql", "opportunity"].contains($0.stage) })
    var calls: [DemoDesk.ToolCall] = []
    for (position, person) in warm.prefix(6).enumerated() {
      let mail = DemoTexts.mails[position % DemoTexts.mails.count]
      let person = everyone.people[person]
      let message = DemoAgents.filled(mail.message, person)
      var arguments: JSONObject = [
        "type": "email_message", "identity_id": .string(senders[position % 2]), "description": .string(mail.reason),
        "params": [
          "contact_id": .string(person.contact), "subject": .string(mail.subject), "message": .string(message),
        ],
      ]
      if position < 4 {
        arguments["require_approval"] = true
      } else {
        arguments["scheduled_time"] = .string(end.adding(milliseconds: 86_400_000).iso8601)
      }
      calls.append(("pathbound_queue_action", arguments))
    }
    for person in warm.dropFirst(6).prefix(2).map({ everyone.people[$0] }) {
      calls.append(
        queued(
          "linkedin_connection", "Met at the webinar",
          [
            "contact_id": .string(person.contact), "linkedin_url": .string(person.linkedIn),
            "message": .string("Hi \(person.first), good talking to you at the webinar. Glad to stay in touch."),
          ]))
    }
    for person in warm.dropFirst(8).prefix(2).map({ everyone.people[$0] }) {
      calls.append(
        queued(
          "update_lifecycle_stage", "Security review is done, contract is with legal",
          ["contact_id": .string(person.contact), "lifecycle_stage": "opportunity"]))
    }
    try desk.all(calls)
  }

  private func queued(_ type: String, _ reason: String, _ params: JSONObject) -> DemoDesk.ToolCall {
    (
      "pathbound_queue_action",
      [
        "type": .string(type), "identity_id": "id_default", "require_approval": true, "description": .string(reason),
        "params": .object(params),
      ]
    )
  }

  private static func filled(_ text: String, _ person: DemoPerson) -> String {
    var result = ""
    var rest = text[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      result += rest[..<open]
      result += rest[rest.index(after: open)..<close] == "first" ? person.first : person.company.name
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }
}
