internal import Briefs
internal import JSON
internal import Operations
internal import Platform
internal import Service

/// Everything that waits for a decision, in the local review's shape, out of calls to Pathbound's hosted API.
///
/// Pending actions come from one list. Proposals live in runs only, so the newest runs of the agents are looked
/// through: at most ten agents and ten runs, since the API takes 100 requests in 15 minutes (Pathbound API 2.3).
struct ComposedReview {
  private static let mostAgents = 10
  private static let mostRuns = 10
  /// Longer texts are cut: one mail must leave room for the others.
  private static let longestText = 3000
  /// As in the local review.
  private static let longestAnswer = 23_000

  private let questions: Questions
  private let now: Timestamp
  private var entries: [(since: String, entry: JSONObject)] = []
  private var waitingActions: Int64 = 0
  private var people: [String: JSONObject] = [:]
  private var senders: [String: JSONObject] = [:]
  /// Properties of the contacts and companies that pending actions are about.
  private var properties: [String: JSONObject] = [:]
  private var gaps: [String] = []

  private var arguments: JSONObject { questions.arguments }

  /// Writes the review that the call asks for.
  static func write(_ questions: Questions, now: Timestamp, into payload: inout JSONWriter) throws(ServiceError) {
    var review = ComposedReview(questions: questions, now: now)
    try review.gather()
    review.write(into: &payload)
  }

  private init(questions: Questions, now: Timestamp) {
    self.questions = questions
    self.now = now
  }

  private mutating func gather() throws(ServiceError) {
    let agent = arguments["agent_id"]?.stringValue
    var filters: JSONObject = ["status": "pending_approval", "sort_dir": "asc"]
    for name in ["contact_id", "agent_id", "type", "limit"] {
      if let value = arguments[name] { filters[name] = value }
    }
    var asked: [Questions.Question] = [
      .init("pathbound_list_actions", filters), .init("pathbound_list_identities", [:]),
    ]
    if agent == nil { asked.append(.init("pathbound_list_agents", ["limit": 100])) }
    let replies = questions.ask(asked)
    let actions = try replies[0].get()
    note(replies[1], "Senders") { review, answer in
      for identity in answer["identities"]?.arrayValue ?? [] { review.add(sender: identity) }
    }
    var agents = agent.map { [$0] } ?? []
    if agent == nil {
      note(replies[2], "Agents, and so the proposals of their runs,") { review, answer in
        agents = review.choose(answer["agents"]?.arrayValue ?? [])
      }
    }
    let pending = actions["actions"]?.arrayValue ?? []
    waitingActions =
      (actions["pagination"]?["total_items"] ?? actions["pagination"]?["total"])?.integerValue ?? Int64(pending.count)
    let runs = try gatherRuns(of: agents, peopleOf: pending)
    for action in pending { add(action: action) }
    for run in runs { add(run: run) }
    entries.sort { $0.since < $1.since }
  }

  /// Runs of the agents that may hold something to decide; together with them, who the pending actions are for.
  private mutating func gatherRuns(of agents: [String], peopleOf actions: [JSONValue]) throws(ServiceError)
    -> [JSONValue]
  {
    var asked = agents.map { Questions.Question("pathbound_list_agent_runs", ["id": .string($0), "limit": 10]) }
    let changed = actions.filter { $0["type"]?.stringValue == ActionType.updateCompany.name }
    for (kind, ids) in [
      ("contacts", Self.ids("contact_id", of: actions)), ("companies", Self.ids("company_id", of: changed)),
    ]
    where !ids.isEmpty {
      asked.append(
        .init("pathbound_batch_get_details", ["entity_type": .string(kind), "ids": .array(Array(ids.prefix(25)))]))
    }
    var runs: [JSONValue] = []
    for (question, reply) in zip(asked, questions.ask(asked)) {
      if question.tool == "pathbound_batch_get_details" {
        note(reply, "Names of contacts and companies") { review, answer in
          for contact in answer["contacts"]?.arrayValue ?? [] { review.add(person: contact) }
          for company in answer["companies"]?.arrayValue ?? [] {
            guard let id = (company["company_id"] ?? company["_id"])?.stringValue else { continue }
            review.properties[id] = company["properties"]?.objectValue
          }
        }
      } else {
        note(reply, "Runs of an agent") { _, answer in
          runs += (answer["runs"]?.arrayValue ?? []).filter { $0["summary"]?["actions_pending_approval"] != 0 }
        }
      }
    }
    // The newest first: what is older was mostly decided.
    runs.sort { ($0["started_at"]?.stringValue ?? "") > ($1["started_at"]?.stringValue ?? "") }
    if runs.count > Self.mostRuns {
      gaps.append("Of \(runs.count) runs that had proposals to decide, the newest \(Self.mostRuns) were looked at.")
    }
    let ids = runs.prefix(Self.mostRuns).compactMap { $0["_id"] ?? $0["run_id"] }
    var whole: [JSONValue] = []
    for reply in questions.ask(ids.map { .init("pathbound_get_agent_run", ["runId": $0]) }) {
      note(reply, "A run") { _, answer in if let run = answer["run"] { whole.append(run) } }
    }
    return whole
  }

  /// What actions name by an argument, each once.
  private static func ids(_ name: String, of actions: [JSONValue]) -> [JSONValue] {
    var ids: [JSONValue] = []
    for action in actions {
      guard let id = action[name] ?? action["params"]?[name], id.stringValue != nil, !ids.contains(id) else { continue }
      ids.append(id)
    }
    return ids
  }

  /// Takes an answer, or tells in a sentence what is missing without it.
  private mutating func note(
    _ reply: Questions.Reply, _ subject: String, _ body: (inout ComposedReview, JSONObject) -> Void
  ) {
    switch reply {
    case .success(let answer): body(&self, answer)
    case .failure(let error): gaps.append("\(subject) could not be read: \(error.message)")
    }
  }

  /// Those that run by themselves first.
  private mutating func choose(_ agents: [JSONValue]) -> [String] {
    let ids = (agents.filter { $0["enabled"] == true } + agents.filter { $0["enabled"] != true })
      .compactMap { ($0["_id"] ?? $0["agent_id"])?.stringValue }
    if ids.count > Self.mostAgents {
      gaps.append("Of \(ids.count) agents the runs of \(Self.mostAgents) were looked at; name another by agent_id.")
    }
    return Array(ids.prefix(Self.mostAgents))
  }
}

// MARK: - People

extension ComposedReview {
  private mutating func add(sender: JSONValue) {
    guard let id = (sender["identity_id"] ?? sender["_id"])?.stringValue else { return }
    let name = [sender["firstName"], sender["lastName"]].compactMap { $0?.stringValue }.joined(separator: " ")
    senders[id] = ["identity_id": .string(id), "name": .string(name), "email": sender["email"] ?? .null]
  }

  private mutating func add(person: JSONValue) {
    guard let id = (person["contact_id"] ?? person["_id"])?.stringValue else { return }
    people[id] = Self.person(id, person["properties"] ?? person)
    properties[id] = person["properties"]?.objectValue
  }

  private static func person(_ id: String, _ facts: JSONValue?) -> JSONObject {
    let name = [facts?["firstname"], facts?["lastname"]].compactMap { $0?.stringValue }.joined(separator: " ")
    return ["contact_id": .string(id), "name": .string(name), "email": facts?["email"] ?? .null]
  }
}

// MARK: - Entries

extension ComposedReview {
  private mutating func add(action: JSONValue) {
    guard let id = action["action_id"] ?? action["_id"], let type = action["type"]?.stringValue else { return }
    var entry: JSONObject = ["kind": "action", "action_id": id, "type": .string(type)]
    entry.set("waiting_since", action["created_at"])
    if let contact = (action["contact_id"] ?? action["params"]?["contact_id"])?.stringValue {
      entry["contact"] = .object(people[contact] ?? ["contact_id": .string(contact)])
    }
    entry.set("reason", action["description"], 1000)
    entry.set("agent_id", action["agent_id"])
    addContent(to: &entry, type, action["params"], identity: action["identity_id"], "pathbound_get_action")
    if let time = action["scheduled_time"]?.stringValue {
      let isLater = (Timestamp(iso8601: time)?.milliseconds ?? 0) > now.milliseconds
      entry["when"] = .string(isLater ? time : "as soon as approved")
    }
    entry["decide"] = Self.decisions(
      approve: ("pathbound_approve_action", ["action_id": id, "action": "approve"]),
      reject: ("pathbound_reject_action", ["action_id": id]))
    entries.append((action["created_at"]?.stringValue ?? "", entry))
  }

  private mutating func add(run: JSONValue) {
    guard let runID = run["_id"] ?? run["run_id"] else { return }
    let since = run["completed_at"] ?? run["started_at"] ?? run["created_at"]
    for result in run["contact_results"]?.arrayValue ?? [] {
      guard let contact = result["contact_id"], let contactID = contact.stringValue else { continue }
      if let wanted = arguments["contact_id"]?.stringValue, wanted != contactID { continue }
      for (position, proposal) in (result["proposed_actions"]?.arrayValue ?? []).enumerated() {
        guard proposal["status"] == "pending_approval", let type = proposal["type"]?.stringValue else { continue }
        if let wanted = arguments["type"]?.stringValue, wanted != type { continue }
        let index = proposal["action_index"] ?? .integer(Int64(position))
        var entry: JSONObject = ["kind": "run_proposal", "run_id": runID, "action_index": index, "type": .string(type)]
        entry.set("waiting_since", since)
        entry["contact"] = .object(Self.person(contactID, result["contact"]))
        entry.set("reason", result["reasoning"], 2000)
        entry.set("description", proposal["comment"], 500)
        entry.set("agent_id", run["agent_id"])
        addContent(to: &entry, type, proposal["params"], identity: nil, "pathbound_get_agent_run")
        let address: JSONObject = ["runId": runID, "contactId": contact, "actionIndex": index]
        entry["decide"] = Self.decisions(
          approve: ("pathbound_approve_run_action", address), reject: ("pathbound_reject_run_action", address))
        entries.append((since?.stringValue ?? "", entry))
      }
    }
  }

  /// Who it goes out as, and what.
  private func addContent(
    to entry: inout JSONObject, _ type: String, _ params: JSONValue?, identity: JSONValue?, _ wholeTool: String
  ) {
    let isOutside = ActionType.named(type)?.reach != .workspace
    if let id = identity?.stringValue {
      entry[isOutside ? "sent_as" : "done_as"] = .object(senders[id] ?? ["identity_id": .string(id)])
    }
    var content = params?.objectValue ?? [:]
    for (name, value) in content {
      guard let text = value.stringValue, text.utf8.count > Self.longestText else { continue }
      let missing = text.utf8.count - Self.longestText
      content[name] = .string(Brevity.cut(text, to: Self.longestText) + " [\(missing) bytes more: see \(wholeTool)]")
    }
    entry[isOutside ? "would_send" : "would_do"] = .object(content)
    let subject = (type == ActionType.updateCompany.name ? content["company_id"] : content["contact_id"])?.stringValue
    if let given = PropertyChange.given(by: type, content), let known = subject.flatMap({ properties[$0] }) {
      entry["would_change"] = .array(PropertyChange.changes(of: known, to: given).map(\.json))
    }
  }

  private static func decisions(
    approve: (tool: String, arguments: JSONObject), reject: (tool: String, arguments: JSONObject)
  ) -> JSONValue {
    func call(_ call: (tool: String, arguments: JSONObject)) -> JSONValue {
      ["tool": .string(call.tool), "arguments": .object(call.arguments)]
    }
    return ["approve": call(approve), "reject": call(reject)]
  }

  private func write(into payload: inout JSONWriter) {
    let proposals = Int64(entries.count { $0.entry["kind"] == "run_proposal" })
    payload.beginObject()
    payload.key("waiting")
    payload.value(["actions": .integer(waitingActions), "run_proposals": .integer(proposals)])
    payload.key("pending")
    payload.beginArray()
    let end = payload.count + Self.longestAnswer
    var shown: Int64 = 0
    for (_, entry) in entries.prefix(Int(arguments["limit"]?.integerValue ?? 20)) {
      let start = payload.mark()
      payload.value(.object(entry))
      if payload.count > end && shown > 0 {
        payload.rewind(to: start)
        break
      }
      shown += 1
    }
    payload.endArray()
    let omitted = waitingActions + proposals - shown
    if omitted > 0 {
      payload.key("omitted")
      payload.integer(omitted)
      payload.key("advice")
      payload.string("Decide on these first, or narrow by contact_id, agent_id or type; a higher limit shows more.")
    }
    if !gaps.isEmpty {
      payload.key("not_looked_at")
      payload.value(.array(gaps.map { .string($0) }))
    }
    payload.endObject()
  }
}
