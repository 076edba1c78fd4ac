import Agents
import JSON
import Platform
import Service
import TestSupport
import Testing

@Suite("Rules provider")
struct RulesProviderTests {
  private let provider = RulesProvider(clock: FixedClock("2026-11-21T12:00:00Z"))

  private func run(_ template: String?, _ playbook: JSONObject = [:]) -> ClaimedRun {
    ClaimedRun(
      id: "run_1", agentID: "ag_1", template: template, playbook: playbook, capabilities: [], identityID: nil,
      model: [:], claim: 1)
  }

  private func answer(_ template: String?, _ playbook: JSONObject = [:], _ context: JSONObject) throws -> ModelAnswer {
    try provider.propose(for: RunContact(id: "ct_1", context: context), run: run(template, playbook))
  }

  private func pricing(_ context: JSONObject, _ playbook: JSONObject = [:]) throws -> ModelAnswer {
    try answer("pricing_visitor_followup", playbook, context)
  }

  private func cold(_ context: JSONObject, _ playbook: JSONObject = [:]) throws -> ModelAnswer {
    try answer("cold_outreach", playbook, context)
  }

  private func failure(_ template: String?, _ playbook: JSONObject) -> String? {
    let context = context(visits: ["2026-11-20T10:00:00.000Z"])
    let error = #expect(throws: ProviderFailure.self) { try answer(template, playbook, context) }
    if case .run(let reason)? = error { return reason }
    return nil
  }

  private func context(
    contact: JSONObject = [:], visits: [String] = [], url: String = "https://example.com/pricing",
    actions: [JSONValue] = [], totalEvents: Int64? = nil
  ) -> JSONObject {
    var person: JSONObject = [
      "id": "ct_1", "email": "ada@example.org", "firstname": "Ada", "company": "Analytical Engines",
      "lifecyclestage": "lead", "properties": [:],
    ]
    for (key, value) in contact { person[key] = value }
    let events = visits.map { time -> JSONValue in
      ["id": "evt", "event": "page_view", "timestamp": .string(time), "url": .string(url)]
    }
    return [
      "contact": .object(person), "events": .array(events),
      "unified_profile": ["total_events": .integer(totalEvents ?? Int64(events.count))],
      "recent_actions": .array(actions),
    ]
  }

  private func mail(_ status: String, _ time: String) -> JSONValue {
    [
      "action_id": "act_1", "type": "email_message", "status": .string(status), "created_at": .string(time),
      "executed_at": status == "completed" ? .string(time) : nil,
    ]
  }

  private let twoVisits = ["2026-11-20T10:00:00.000Z", "2026-11-16T10:00:00.000Z"]

  @Test("two visits of the pricing page in seven days and silence are answered with a short e-mail")
  func pricingProposes() throws {
    let answer = try pricing(context(visits: twoVisits, actions: [mail("completed", "2026-11-16T09:00:00.000Z")]))
    #expect(answer.reasoning == "Visited /pricing 2 times in the last 7 days, no e-mail from us in 5 days.")
    let suggestion = try #require(answer.suggestions.first)
    #expect(answer.suggestions.count == 1)
    #expect(suggestion.type == "email_message")
    #expect(suggestion.params["email"] == "ada@example.org")
    #expect(suggestion.params["subject"] == "Can I help with pricing?")
    let message = try #require(suggestion.params["message"]?.stringValue)
    #expect(message.hasPrefix("Hi Ada,\n\n"))
    #expect(message.contains("our pricing page yesterday"))
    #expect(message.contains("for Analytical Engines?"))
    #expect(message.split { $0 == " " || $0 == "\n" }.count < 80)
  }

  @Test("unknown names have stand-ins")
  func standIns() throws {
    let context = context(contact: ["firstname": nil, "company": " "], visits: twoVisits)
    let message = try #require(try pricing(context).suggestions.first?.params["message"]?.stringValue)
    #expect(message.hasPrefix("Hi there,"))
    #expect(message.contains("for your team?"))
  }

  @Test("names are found among the properties, too")
  func properties() throws {
    let context = context(
      contact: ["firstname": nil, "properties": ["firstname": "Augusta"]], visits: twoVisits)
    #expect(try pricing(context).suggestions.first?.params["message"]?.stringValue?.hasPrefix("Hi Augusta,") == true)
  }

  @Test("too few visits propose nothing, with the numbers")
  func tooFewVisits() throws {
    let one = try pricing(context(visits: ["2026-11-20T10:00:00.000Z", "2026-11-13T10:00:00.000Z"]))
    #expect(one.suggestions.isEmpty)
    #expect(one.reasoning == "Visited /pricing once in the last 7 days, 2 are asked for: proposing nothing.")
    let none = try pricing(context())
    #expect(none.reasoning == "Visited /pricing 0 times in the last 7 days, 2 are asked for: proposing nothing.")
  }

  @Test("the window's edge counts, what lies ahead does not")
  func window() throws {
    #expect(try !pricing(context(visits: ["2026-11-14T12:00:00.000Z", "2026-11-21T12:00:00Z"])).suggestions.isEmpty)
    #expect(try pricing(context(visits: ["2026-11-14T11:59:59.999Z", "2026-11-21T12:00:00Z"])).suggestions.isEmpty)
    #expect(try pricing(context(visits: ["2099-01-01T00:00:00Z", "2098-01-01T00:00:00Z"])).suggestions.isEmpty)
  }

  @Test("other pages and other events do not count")
  func otherPages() throws {
    #expect(try pricing(context(visits: twoVisits, url: "https://example.com/blog")).suggestions.isEmpty)
    #expect(try !pricing(context(visits: twoVisits, url: "https://example.com/Pricing?x=1")).suggestions.isEmpty)
    var context = context(visits: [])
    context["events"] = .array(
      twoVisits.map { ["event": "page_leave", "timestamp": .string($0), "url": "https://example.com/pricing"] })
    #expect(try pricing(context).suggestions.isEmpty)
  }

  @Test("visits beyond the context's events are at least so many")
  func truncatedEvents() throws {
    let answer = try pricing(context(visits: twoVisits, totalEvents: 500))
    #expect(answer.reasoning.contains("at least 2 times"))
  }

  @Test("a recent e-mail keeps us quiet, and the third day over it does not")
  func quietDays() throws {
    let recent = try pricing(context(visits: twoVisits, actions: [mail("completed", "2026-11-19T12:00:00.000Z")]))
    #expect(recent.suggestions.isEmpty)
    #expect(recent.reasoning.contains("but we wrote 2 days ago, within 3 quiet days"))
    let older = try pricing(context(visits: twoVisits, actions: [mail("completed", "2026-11-18T11:00:00.000Z")]))
    #expect(older.suggestions.count == 1)
    let timeless = try pricing(
      context(visits: twoVisits, actions: [["type": "email_message", "status": "completed"]]))
    #expect(timeless.suggestions.isEmpty)
    let failed = try pricing(context(visits: twoVisits, actions: [mail("failed", "2026-11-21T11:00:00.000Z")]))
    #expect(failed.suggestions.count == 1)
    #expect(failed.reasoning.contains("no e-mail from us on record"))
  }

  @Test(
    "an e-mail that waits is named and not doubled",
    arguments: ["pending_approval", "scheduled", "approved", "auto_approved", "running"])
  func openMail(status: String) throws {
    let context = context(visits: twoVisits, actions: [mail(status, "2026-10-01T12:00:00.000Z")])
    for answer in [try pricing(context), try cold(context)] {
      #expect(answer.suggestions.isEmpty)
      #expect(answer.reasoning.contains("e-mail is \(status) already (act_1)"))
    }
  }

  @Test("a proposal of an earlier run that waits is named by its run")
  func openProposal() throws {
    let proposal: JSONValue = [
      "run_id": "run_0", "type": "email_message", "status": "pending_approval", "created_at": "2026-11-20T12:00:00Z",
    ]
    let answer = try cold(context(actions: [proposal]))
    #expect(answer.reasoning == "An e-mail is pending_approval already (run_0): proposing nothing.")
  }

  @Test("what a reviewer just rejected is not proposed again at once")
  func rejectedMail() throws {
    let answer = try pricing(context(visits: twoVisits, actions: [mail("rejected", "2026-11-20T12:00:00.000Z")]))
    #expect(answer.suggestions.isEmpty)
    #expect(answer.reasoning.contains("rejected an e-mail 1 day ago"))
  }

  @Test("without an e-mail address nothing is proposed")
  func noAddress() throws {
    let context = context(contact: ["email": nil], visits: twoVisits)
    #expect(try pricing(context).reasoning == "No e-mail address is known: proposing nothing.")
    #expect(try cold(context).suggestions.isEmpty)
  }

  @Test("structured keys tune the template")
  func tuned() throws {
    let playbook: JSONObject = [
      "min_visits": 1, "window_days": 30, "quiet_days": 0, "url_contains": "/docs/", "event": "doc_read",
      "subject": "{{page}} for {{ company }}",
      "message": "{{firstname}} {{lastname|X}} {{visits}}/{{window_days}} {{last_visit}}",
    ]
    var context = context(actions: [mail("completed", "2026-11-21T11:00:00.000Z")])
    context["events"] = [
      ["event": "doc_read", "timestamp": "2026-11-01T10:00:00Z", "url": "https://example.com/docs/a"]
    ]
    let answer = try pricing(context, playbook)
    #expect(answer.suggestions.first?.params["subject"] == "docs for Analytical Engines")
    #expect(answer.suggestions.first?.params["message"] == "Ada X 1/30 on 1 November")
  }

  @Test("a text that needs an unknown fact is not sent with a gap")
  func missingFact() throws {
    let context = context(contact: ["company": nil], visits: twoVisits)
    let answer = try pricing(context, ["subject": "For {{company}}"])
    #expect(answer.suggestions.isEmpty)
    #expect(answer.reasoning.contains("{{company}}, which is unknown"))
  }

  @Test(
    "keys that can't be used fail the run and are named",
    arguments: [
      ("min_visits", 0), ("min_visits", "2"), ("window_days", 1000), ("quiet_days", -1), ("url_contains", " "),
      ("url_contains", 5), ("subject", ""), ("message", "{{nonsense}}"), ("message", "{{firstname"), ("event", [:]),
    ] as [(String, JSONValue)])
  func brokenKeys(key: String, value: JSONValue) {
    #expect(failure("pricing_visitor_followup", [key: value])?.contains("The playbook's \(key) ") == true)
  }

  @Test("names from outside can't bring lines, controls or addresses into a message")
  func hostileNames() throws {
    func message(_ name: String) throws -> String {
      let context = context(contact: ["firstname": .string(name)], visits: twoVisits)
      return try #require(
        try pricing(context, ["message": "Hi {{firstname|there}},"]).suggestions.first?.params["message"]?
          .stringValue)
    }
    #expect(try message("Ada\r\nBcc: x\u{0}\u{1B}[31m") == "Hi Ada Bcc: x [31m,")
    #expect(try message("visit http://evil.example") == "Hi there,")
    #expect(try message("WWW.evil.example") == "Hi there,")
    #expect(try message("<b>Ada</b>") == "Hi there,")
    #expect(try message("{{email}}") == "Hi there,")
    #expect(try message("A\u{200B}d\u{202E}a") == "Hi Ada,")
    #expect(try message(String(repeating: "x", count: 100_000)).utf8.count < 100)
    #expect(try message("\n\t ") == "Hi there,")
  }

  @Test("a lead that was never written to gets an introduction")
  func coldProposes() throws {
    let answer = try cold(context())
    #expect(answer.reasoning == "In the stage lead, no event on record, no e-mail from us on record.")
    let params = try #require(answer.suggestions.first?.params)
    #expect(params["email"] == "ada@example.org")
    let message = try #require(params["message"]?.stringValue)
    #expect(message.contains("Analytical Engines"))
    #expect(message.split { $0 == " " || $0 == "\n" }.count < 80)
  }

  @Test(
    "the stage decides about an introduction",
    arguments: [
      ("lead", true), ("prospect", true), ("Prospect", true), (nil, true), ("", true), ("customer", false),
      ("Customer", false), ("opportunity", false), ("other", false),
    ] as [(String?, Bool)])
  func stages(stage: String?, proposes: Bool) throws {
    let answer = try cold(context(contact: ["lifecyclestage": stage.map { .string($0) } ?? .null]))
    #expect(answer.suggestions.isEmpty == !proposes)
    if !proposes { #expect(answer.reasoning.contains(stage?.lowercased() ?? "")) }
  }

  @Test("the playbook can name other stages, but a customer stays a customer")
  func tunedStages() throws {
    let playbook: JSONObject = ["stages": ["MQL", "customer"]]
    #expect(try cold(context(contact: ["lifecyclestage": "mql"]), playbook).suggestions.count == 1)
    #expect(try cold(context(contact: ["lifecyclestage": "lead"]), playbook).suggestions.isEmpty)
    #expect(try cold(context(contact: ["lifecyclestage": "customer"]), playbook).suggestions.isEmpty)
    #expect(failure("cold_outreach", ["stages": "lead"])?.contains("stages") == true)
  }

  @Test("who was written to, or was rejected by a reviewer, gets no introduction")
  func noStranger() throws {
    let sent = try cold(context(actions: [mail("completed", "2026-10-01T12:00:00.000Z")]))
    #expect(sent.suggestions.isEmpty)
    #expect(sent.reasoning.contains("We wrote 51 days ago (act_1)"))
    #expect(try cold(context(actions: [mail("rejected", "2026-10-01T12:00:00.000Z")])).suggestions.isEmpty)
    #expect(try cold(context(actions: [mail("cancelled", "2026-10-01T12:00:00.000Z")])).suggestions.count == 1)
  }

  @Test("rules can't read free text, and say so")
  func freeText() throws {
    let answer = try answer(nil, ["playbook_md": "You are an SDR."], context(visits: twoVisits))
    #expect(answer.suggestions.isEmpty)
    #expect(answer.reasoning.contains("can't read"))
    #expect(answer.reasoning.contains("\"cold_outreach\" or \"pricing_visitor_followup\""))
  }

  @Test("an agent without template and playbook proposes nothing")
  func nothingSet() throws {
    #expect(try answer(nil, [:], context(visits: twoVisits)).reasoning.contains("neither"))
  }

  @Test("an unknown template fails the run and names the known ones")
  func unknownTemplate() {
    let reason = failure("world_domination", [:])
    #expect(reason?.contains("world_domination") == true)
    #expect(reason?.contains("cold_outreach") == true)
  }

  @Test(
    "a malformed context is no crash",
    arguments: [
      "{}", #"{"contact":5,"events":{},"recent_actions":"x","unified_profile":[]}"#,
      #"{"contact":{"email":5,"properties":[]},"events":[1,null,{"event":5},{"event":"page_view","timestamp":"never"}],"recent_actions":[{},{"type":"email_message","status":"odd"}],"unified_profile":{"total_events":9223372036854775807}}"#,
    ])
  func malformed(text: String) throws {
    let context = try #require(JSONValue(parsing: text).objectValue)
    #expect(try pricing(context).suggestions.isEmpty)
    #expect(try cold(context).suggestions.isEmpty)
  }
}
