internal import Briefs
internal import JSON
internal import Platform
internal import Service

/// One person across both platforms, in the local brief's shape and bounds, out of calls to each.
///
/// About three requests to Pathbound and three to Owlbound, in two rounds.
struct ComposedBrief {
  /// The most bytes of a brief.
  private static let limit = 6000
  /// Kept free for the facts and the next step, which come last, and for the lists' names.
  private static let reserve = 1400

  private let pathbound: JSONObject?
  private let owlbound: JSONObject?
  private let events: [JSONValue]
  private let actions: [JSONValue]
  private let notes: [JSONValue]
  private let signals: [JSONValue]
  private let profile: JSONValue?
  private var facts: BriefFacts

  /// Writes the brief of the person whom the call names.
  static func write(_ questions: Questions, now: Timestamp, into payload: inout JSONWriter) throws(ServiceError) {
    var brief = try ComposedBrief(questions, now: now)
    brief.write(into: &payload)
  }

  private init(_ questions: Questions, now: Timestamp) throws(ServiceError) {
    let search = try PersonSearch(questions)
    let records = Records(search, questions)
    pathbound = records.pathbound
    owlbound = records.owlbound
    let whole = records.whole
    profile = whole["unified_profile"]
    events = whole["events"]?.arrayValue ?? []
    actions = whole["actions"]?.arrayValue ?? []
    notes = records.notes
    let owlboundID = owlbound?["id"]
    signals = records.signals.filter { owlboundID != nil && $0["contactId"] == owlboundID }
    facts = BriefFacts(
      now: now, isPathboundContact: pathbound != nil, isOwlboundContact: owlbound != nil,
      isDoubtful: search.isDoubtful)
    facts.gaps = records.gaps
  }

  private mutating func write(into payload: inout JSONWriter) {
    let start = payload.count
    payload.beginObject()
    writePerson(into: &payload)
    writeActivity(into: &payload)
    var lists = BriefLists(end: start + Self.limit - Self.reserve)
    lists.write("scores", scores, most: 1100, into: &payload)
    lists.write("open_actions", openActions, most: 700, into: &payload)
    lists.write("enrollments", enrollments, most: 500, into: &payload)
    lists.write("signals", shownSignals, most: 1300, into: &payload)
    lists.write("events", events.prefix(5).map { Self.event($0) }, most: 900, into: &payload)
    lists.write("notes", shownNotes, most: 800, into: &payload)
    lists.write("top_pages", topPages, most: 500, into: &payload)
    facts.write(into: &payload)
    payload.endObject()
  }
}

// MARK: - Who it is

extension ComposedBrief {
  private var properties: JSONValue? { pathbound?["properties"] }

  private mutating func writePerson(into payload: inout JSONWriter) {
    var person = JSONObject()
    person.set("pathbound_contact_id", pathbound?["contact_id"] ?? pathbound?["_id"])
    person.set("owlbound_contact_id", owlbound?["id"])
    let ours = Self.name(properties?["firstname"], properties?["lastname"])
    person.set("name", .string(ours.isEmpty ? Self.name(owlbound?["firstName"], owlbound?["lastName"]) : ours))
    person.set("email", properties?["email"] ?? owlbound?["email"])
    person.set("title", Self.filled(properties?["jobtitle"]) ?? owlbound?["title"])
    person.set("location", Self.filled(owlbound?["location"]) ?? properties?["city"] ?? properties?["country"])
    person.set("phone", Self.filled(properties?["phone"]) ?? owlbound?["phone"])
    person.set("linkedin_url", Self.filled(properties?["linkedin_url"]) ?? owlbound?["linkedInUrl"])
    person.set("lifecycle_stage", properties?["lifecyclestage"])
    person.set("lead_status", properties?["lead_status"])
    person.set("status", owlbound?["status"])
    if let tags = owlbound?["tags"]?.arrayValue, !tags.isEmpty { person["tags"] = .array(Array(tags.prefix(8))) }
    person.set("archived_at", Self.moment(owlbound?["archivedAt"]))
    person.set("archive_reason", owlbound?["archiveReason"])
    person.set("created_at", pathbound?["created_at"] ?? Self.moment(owlbound?["createdAt"]))
    person.set("first_seen_at", pathbound?["first_seen_at"])
    payload.key("person")
    payload.value(.object(person))
    facts.status = owlbound?["status"]?.stringValue
    facts.isArchived = owlbound?["archived"]?.boolValue ?? (owlbound?["archivedAt"]?.integerValue != nil)
    facts.noteDifference("title", properties?["jobtitle"]?.stringValue, owlbound?["title"]?.stringValue)
    writeCompany(into: &payload)
  }

  private mutating func writeCompany(into payload: inout JSONWriter) {
    let ours = profile?["company"]
    let name = Self.filled(ours?["name"]) ?? Self.filled(properties?["company"])
    facts.noteDifference("company", name?.stringValue, owlbound?["company"]?.stringValue)
    var company = JSONObject()
    company.set("pathbound_company_id", ours?["_id"] ?? pathbound?["company_id"])
    company.set("name", name ?? owlbound?["company"])
    company.set("domain", ours?["domain"])
    company.set("industry", Self.filled(ours?["industry"]) ?? properties?["industry"])
    guard !company.isEmpty else { return }
    payload.key("company")
    payload.value(.object(company))
  }

  private static func name(_ first: JSONValue?, _ last: JSONValue?) -> String {
    [first, last].compactMap { $0?.stringValue }.filter { !$0.isEmpty }.joined(separator: " ")
  }

  private static func filled(_ value: JSONValue?) -> JSONValue? { value?.stringValue?.isEmpty == false ? value : nil }

  /// Owlbound's milliseconds as Pathbound writes times.
  fileprivate static func moment(_ value: JSONValue?) -> JSONValue? {
    value?.integerValue.map { .string(Timestamp(milliseconds: $0).iso8601) }
  }
}

// MARK: - What they did

extension ComposedBrief {
  private mutating func writeActivity(into payload: inout JSONWriter) {
    guard pathbound != nil else { return }
    func time(_ value: JSONValue?) -> Int64? {
      value?.stringValue.flatMap { Timestamp(iso8601: $0) }?.milliseconds
    }
    facts.lastEvent = time(profile?["last_event_at"]) ?? events.compactMap { time($0["timestamp"]) }.max()
    let sent = actions.filter {
      ["email_message", "resend_send_email"].contains($0["type"]) && $0["status"] == "completed"
    }
    facts.lastMail =
      time(profile?["last_email_at"]) ?? sent.compactMap { time($0["executed_at"] ?? $0["updated_at"]) }.max()
    facts.isMailKnown = profile?["emails_sent"]?.integerValue != nil
    var activity = JSONObject()
    for name in ["total_events", "events_last_30_days", "emails_sent"] { activity.set(name, profile?[name]) }
    activity.set("last_event_at", Self.moment(facts.lastEvent.map { .integer($0) }))
    activity.set("last_email_at", Self.moment(facts.lastMail.map { .integer($0) }))
    payload.key("activity")
    payload.value(.object(activity))
  }

  private static func event(_ event: JSONValue) -> JSONObject {
    var row = JSONObject()
    row.set("event", event["event"])
    row.set("at", event["timestamp"])
    row.set("url", event["url"], 120)
    return row
  }

  /// The pages of the events at hand, most visited first.
  private var topPages: [JSONObject] {
    var order: [String] = []
    var counts: [String: (views: Int64, last: JSONValue?)] = [:]
    for event in events {
      guard let url = event["url"]?.stringValue else { continue }
      if counts[url] == nil { order.append(url) }
      counts[url] = ((counts[url]?.views ?? 0) + 1, counts[url]?.last ?? event["timestamp"])
    }
    let places = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
    let best = order.sorted { one, other in
      let (left, right) = (counts[one]?.views ?? 0, counts[other]?.views ?? 0)
      return left == right ? (places[one] ?? 0) < (places[other] ?? 0) : left > right
    }
    return best.prefix(3).map { url in
      var row = JSONObject()
      row.set("url", .string(url), 120)
      row["events"] = .integer(counts[url]?.views ?? 0)
      row.set("last_at", counts[url]?.last)
      return row
    }
  }

  private var shownSignals: [JSONObject] {
    mutating get {
      facts.openSignals = signals.prefix(5).filter { $0["actioned"]?.boolValue != true }.map { signal in
        let type = Brevity.cut(signal["type"]?.stringValue ?? "", to: 40)
        return "\(type) (\(Brevity.cut(signal["priority"]?.stringValue ?? "", to: 20)))"
      }
      return signals.prefix(5).map { signal in
        var row = JSONObject()
        for name in ["type", "priority"] { row.set(name, signal[name]) }
        row.set("source", signal["source"], 60)
        if let data = signal["data"] {
          let text = data.text
          row["data"] = text.utf8.count > 240 ? .string(Brevity.cut(text, to: 240)) : data
        }
        row.set("notes", signal["notes"])
        row.set("actioned", signal["actioned"])
        row.set("at", Self.moment(signal["createdAt"]))
        return row
      }
    }
  }
}

// MARK: - What we think and do

extension ComposedBrief {
  private var scores: [JSONObject] {
    mutating get {
      let scores = owlbound?["scores"]?.arrayValue ?? []
      facts.isScored = !scores.isEmpty || owlbound?["score"]?.doubleValue != nil
      if scores.isEmpty, let score = owlbound?["score"], score.doubleValue != nil { return [["score": score]] }
      return scores.prefix(2).map { score in
        var row = JSONObject()
        row.set("icp_profile_id", score["icpProfileId"])
        row.set("icp_profile", score["icpProfileName"], 80)
        row.set("score", score["score"])
        row.set("verdict", score["verdict"])
        row.set("reasons", score["reasoning"], 360)
        row.set("at", Self.moment(score["scoredAt"]))
        return row
      }
    }
  }

  private var openActions: [JSONObject] {
    mutating get {
      let open = ["pending_approval", "scheduled", "approved", "auto_approved", "running"]
      let rows = actions.filter { open.contains($0["status"]?.stringValue ?? "") }.prefix(5)
      for action in rows {
        if action["status"] == "pending_approval" {
          facts.waitingActions.append((action["action_id"] ?? action["_id"])?.stringValue ?? "an action")
        } else {
          facts.queuedActions += 1
        }
      }
      return rows.map { action in
        var row = JSONObject()
        row.set("action_id", action["action_id"] ?? action["_id"])
        for name in ["type", "status", "description", "scheduled_time"] { row.set(name, action[name]) }
        return row
      }
    }
  }

  /// Sequences that they are in, where the API tells; its documents don't promise it.
  private var enrollments: [JSONObject] {
    mutating get {
      guard let owlbound else { return [] }
      guard let all = owlbound["enrollments"]?.arrayValue else {
        facts.gaps.append("Owlbound's API does not tell which sequences a person is in: look there before you write.")
        return []
      }
      let active = all.filter { $0["status"] == "active" }.prefix(3)
      facts.sequences = active.map { Brevity.cut($0["sequenceName"]?.stringValue ?? "", to: 80) }
      return active.map { enrollment in
        var row = JSONObject()
        row.set("enrollment_id", enrollment["enrollmentId"])
        row.set("sequence", enrollment["sequenceName"], 80)
        row.set("step", enrollment["step"])
        row.set("steps", enrollment["steps"])
        row.set("due_at", Self.moment(enrollment["dueAt"]))
        return row
      }
    }
  }

  private var shownNotes: [JSONObject] {
    var rows = notes.prefix(3).map { note in
      var row = JSONObject()
      row.set("content", note["content"], 240)
      row.set("author", note["author"], 60)
      row.set("at", note["created_at"])
      return row
    }
    if let text = Self.filled(owlbound?["notes"]) {
      var row = JSONObject()
      row.set("content", text, 240)
      rows.append(row)
    }
    return rows
  }
}

/// Everything that the brief is made of, asked for in one round.
private struct Records {
  var pathbound: JSONObject?
  var owlbound: JSONObject?
  /// What `pathbound_get_contact` answered.
  var whole: JSONObject = [:]
  var notes: [JSONValue] = []
  var signals: [JSONValue] = []
  var gaps: [String]

  init(_ search: PersonSearch, _ questions: Questions) {
    pathbound = search.pathbound
    owlbound = search.owlbound
    gaps = search.gaps
    var asked: [Questions.Question] = []
    if let id = pathbound?["contact_id"] ?? pathbound?["_id"] {
      if let whole = search.pathboundWhole {
        self.whole = whole
      } else {
        asked.append(.init("pathbound_get_contact", ["contact_id": id]))
      }
      asked.append(.init("pathbound_list_contact_notes", ["contact_id": id]))
    }
    if let id = owlbound?["id"] {
      if !search.isOwlboundWhole { asked.append(.init("owlbound_get_contact", ["id": id])) }
      // There is no filter by contact (Owlbound API 11.3): these are the newest of all.
      asked.append(.init("owlbound_list_signals", ["limit": 100]))
    }
    for (question, reply) in zip(asked, questions.ask(asked)) {
      switch reply {
      case .success(let answer): take(answer, of: question.tool)
      case .failure(let error): gaps.append("\(Self.subject(of: question.tool)) could not be read: \(error.message)")
      }
    }
  }

  private mutating func take(_ answer: JSONObject, of tool: String) {
    switch tool {
    case "pathbound_get_contact":
      whole = answer
      if let contact = answer["contact"]?.objectValue { pathbound = contact }
    case "pathbound_list_contact_notes": notes = answer["notes"]?.arrayValue ?? []
    case "owlbound_get_contact": if let contact = answer["contact"]?.objectValue { owlbound = contact }
    default:
      signals = answer["signals"]?.arrayValue ?? []
      if signals.count >= 100 { gaps.append("Only the newest 100 signals of all contacts were looked through.") }
    }
  }

  private static func subject(of tool: String) -> String {
    switch tool {
    case "pathbound_get_contact": "Events and actions"
    case "pathbound_list_contact_notes": "Notes"
    case "owlbound_get_contact": "Scores"
    default: "Signals"
    }
  }
}

/// Writes lists as far as there is room.
struct BriefLists {
  /// Where the lists of the payload must end.
  let end: Int

  /// Writes `name` with the rows that fit into `most` bytes and before the end.
  mutating func write(_ name: StaticString, _ rows: [JSONObject], most: Int, into payload: inout JSONWriter) {
    payload.key(name)
    payload.beginArray()
    let end = min(end, payload.count + most)
    for row in rows {
      let mark = payload.mark()
      payload.value(.object(row))
      guard payload.count > end else { continue }
      payload.rewind(to: mark)
      break
    }
    payload.endArray()
  }
}

extension JSONObject {
  /// Sets a member that has something to say, with a text cut to a number of bytes.
  mutating func set(_ name: String, _ value: JSONValue?, _ limit: Int = 100) {
    switch value {
    case nil, .null?: return
    case .string(let text)? where text.isEmpty: return
    case .string(let text)?: self[name] = .string(Brevity.cut(text, to: limit))
    case let value?: self[name] = value
    }
  }
}
