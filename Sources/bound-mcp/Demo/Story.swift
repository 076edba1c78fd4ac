internal import JSON

/// The main job, step by step: a visitor becomes a contact, a score, a proposal, and an e-mail that a person approved.
struct Story {
  let transcript: Transcript
  /// The lead's address; new in its workspace.
  let email: String

  /// Tells the story.
  ///
  /// - Returns: the approved action at its end, with its result.
  func tell() throws(DemoFailure) -> JSONValue {
    try open()
    let contact = try createContact()
    try trackVisits(of: contact)
    try score(try ingestSignal())
    let agent = try createAgent()
    let run = try trigger(agent, for: contact)
    return try approve(run, contact)
  }

  private func open() throws(DemoFailure) {
    transcript.step("A client connects", "This is what Claude, Cursor, VS Code or Codex do when they start.")
    _ = try transcript.initialize()
    try transcript.listTools()
  }

  private func createContact() throws(DemoFailure) -> String {
    transcript.step("A lead comes in (Pathbound)")
    let payload = try transcript.call(
      "pathbound_create_contact",
      [
        "email": .string(email),
        "properties": [
          "firstname": "Ada", "lastname": "Okafor", "company": "Northwind Analytics", "jobtitle": "VP Growth",
          "lifecyclestage": "lead",
        ],
      ], showing: ["/contact/_id", "/contact/properties"])
    return try text("/contact/_id", in: payload)
  }

  private func trackVisits(of contact: String) throws(DemoFailure) {
    transcript.step("She reads the pricing page, twice (Pathbound)")
    let visits = ["Pricing", "Pricing for teams"].map { title -> JSONValue in
      [
        "event": "page_view", "contact_id": .string(contact), "url": "https://www.example.com/pricing",
        "data": ["title": .string(title), "path": "/pricing"],
      ]
    }
    try transcript.call("pathbound_track_events", ["events": .array(visits)])
    try transcript.call(
      "pathbound_list_events", ["contact_id": .string(contact), "event_type": "page_view", "count_only": true])
  }

  private func ingestSignal() throws(DemoFailure) -> String {
    transcript.step("Her company has raised money: an intent signal (Owlbound)")
    let payload = try transcript.call(
      "owlbound_create_contact",
      [
        "firstName": "Ada", "lastName": "Okafor", "email": .string(email), "company": "Northwind Analytics",
        "title": "VP Growth", "location": "Berlin",
      ])
    let contact = try text("/contactId", in: payload)
    try transcript.call(
      "owlbound_ingest_signal",
      [
        "type": "funding_round", "contactId": .string(contact), "priority": "high",
        "data": ["round": "Series B", "amount_usd": 24_000_000],
      ])
    return contact
  }

  private func score(_ contact: String) throws(DemoFailure) {
    transcript.step("Does she fit? A score with its reasons (Owlbound)")
    let profile = try transcript.call(
      "owlbound_save_icp_profile",
      [
        "name": "Growth leaders in Europe", "titles": ["Head of Growth", "CMO"],
        "seniorities": ["vp", "head", "c_level"], "industries": ["Software"], "locations": ["Berlin", "Paris"],
        "signal_types": ["funding_round", "job_posting"],
      ], showing: ["/profile/id", "/profile/name"])
    try transcript.call(
      "owlbound_score_contact",
      ["id": .string(contact), "icpProfileId": .string(try text("/profile/id", in: profile))],
      showing: ["/score", "/verdict", "/breakdown", "/reasoning"])
    try transcript.call("bound_lead_brief", ["email": .string(email)], showing: ["/facts", "/next_step"])
  }

  private func createAgent() throws(DemoFailure) -> String {
    transcript.step("An agent looks after visitors of the pricing page (Pathbound)")
    let payload = try transcript.call(
      "pathbound_create_agent",
      [
        "name": "Pricing follow-up", "playbook_template": "pricing_visitor_followup", "identity_id": "id_default",
        "capabilities": ["email"], "llm_config": ["provider": "rules"],
      ], showing: ["/agent/_id", "/agent/name", "/agent/playbook_template", "/agent/capabilities"])
    return try text("/agent/_id", in: payload)
  }

  private func trigger(_ agent: String, for contact: String) throws(DemoFailure) -> String {
    transcript.step("It runs in the background and proposes an e-mail; nothing is sent")
    try transcript.call("pathbound_trigger_agent", ["id": .string(agent), "contact_ids": [.string(contact)]])
    let run = try transcript.poll(
      "pathbound_list_agent_runs", ["id": .string(agent)],
      until: { payload -> String? in
        let run = payload["runs"]?[0]
        guard run?["status"]?.stringValue == "completed" else { return nil }
        return (run?["_id"] ?? run?["run_id"])?.stringValue
      }, showing: ["/runs/0/status", "/runs/0/summary"])
    try transcript.call(
      "pathbound_get_agent_run", ["runId": .string(run)],
      showing: ["/run/contact_results/0/reasoning", "/run/contact_results/0/proposed_actions"])
    return run
  }

  private func approve(_ run: String, _ contact: String) throws(DemoFailure) -> JSONValue {
    transcript.step("A person approves it; only now it is sent")
    try transcript.call(
      "pathbound_approve_run_action",
      ["runId": .string(run), "contactId": .string(contact), "actionIndex": 0, "comment": "Good, send it."],
      showing: ["/action_id", "/action/status"])
    return try transcript.poll(
      "pathbound_list_actions", ["contact_id": .string(contact), "type": "email_message"],
      until: { payload -> JSONValue? in
        let action = payload["actions"]?[0]
        let isOver = action?["status"]?.stringValue == "completed" || action?["status"]?.stringValue == "failed"
        return isOver ? action : nil
      }, showing: ["/actions/0/status", "/actions/0/result"])
  }

  private func text(_ pointer: String, in payload: JSONValue) throws(DemoFailure) -> String {
    guard let text = JSONPointer(parsing: pointer)?.resolve(in: payload)?.stringValue else {
      throw DemoFailure(message: "the answer has no \(pointer): \(payload.text)")
    }
    return text
  }
}
