internal import Briefs
internal import JSON
internal import Platform
internal import Service

/// One person across both platforms, in at most ``limit`` bytes: what matters most comes first, and lists are cut where
/// room runs out.
///
/// Each field stands once, from whichever platform knows it; times are ISO 8601.
struct LeadBrief {
  /// The most bytes of a brief.
  static let limit = 6000
  /// Kept free for the facts and the next step, which come last.
  private static let reserve = 1100
  /// Kept free for the lists' names and brackets.
  private static let frame = 180

  let person: Person
  let transaction: ReadTransaction
  /// Where the brief begins in the payload.
  private let start: Int
  private var facts: BriefFacts

  init(person: Person, transaction: ReadTransaction, start: Int) {
    self.person = person
    self.transaction = transaction
    self.start = start
    facts = BriefFacts(
      now: transaction.now, isPathboundContact: person.pathbound != nil, isOwlboundContact: person.owlbound != nil,
      isDoubtful: person.isDoubtful)
  }

  /// Writes the brief, one object.
  mutating func write(into payload: inout JSONWriter) throws(ServiceError) {
    payload.beginObject()
    try writePerson(into: &payload)
    try writeActivity(into: &payload)
    try writeScores(into: &payload)
    try writeActions(into: &payload)
    try writeProposals(into: &payload)
    try writeEnrollments(into: &payload)
    try writeSignals(into: &payload)
    try writeEvents(into: &payload)
    try writeTasks(into: &payload)
    try writeNotes(into: &payload)
    try writePages(into: &payload)
    facts.write(into: &payload)
    payload.endObject()
  }

  /// A statement about the person: ?1 is the Pathbound row, ?2 the Owlbound row, either may be null.
  private func statement(_ sql: StaticString) throws(ServiceError) -> Statement {
    let statement = try transaction.database.statement(sql)
    statement.bind(person.pathbound, at: 1)
    statement.bind(person.owlbound, at: 2)
    return statement
  }

  /// A list that takes no more than so many bytes, nor more than there is room for.
  private func list(_ most: Int, _ payload: borrowing JSONWriter) -> RowList {
    let left = Self.limit - Self.reserve - Self.frame - (payload.count - start)
    return RowList(limit: max(0, min(most, left)), keepsFirst: false)
  }
}

// MARK: - Who it is

extension LeadBrief {
  private mutating func writePerson(into payload: inout JSONWriter) throws(ServiceError) {
    let row = try statement(
      """
      SELECT coalesce(nullif(trim(coalesce(c.firstname, '') || ' ' || coalesce(c.lastname, '')), ''),
          trim(coalesce(w.first_name, '') || ' ' || coalesce(w.last_name, ''))),
        coalesce(c.email, w.email), coalesce(nullif(c.jobtitle, ''), w.title),
        coalesce(w.location, nullif(c.city || coalesce(', ' || c.country, ''), ''), c.country),
        coalesce(json_extract(c.properties, '$.phone'), w.phone), coalesce(c.linkedin_url, w.linkedin_url),
        c.lifecyclestage, c.lead_status, w.status, w.tags, w.archived_at, w.archive_reason, c.created_at,
        c.first_seen_at, w.title, c.jobtitle
      FROM (SELECT 1) LEFT JOIN contacts AS c ON c.id = ?1 LEFT JOIN owl_contacts AS w ON w.id = ?2
      """)
    defer { row.reset() }
    guard try row.step() else { return }
    payload.key("person")
    payload.beginObject()
    if let pathbound = person.pathbound {
      payload.key("pathbound_contact_id")
      transaction.ids.write(.contact, pathbound, into: &payload)
    }
    if let owlbound = person.owlbound {
      payload.key("owlbound_contact_id")
      transaction.ids.write(.owlContact, owlbound, into: &payload)
    }
    let texts: [(StaticString, Int32)] = [
      ("name", 0), ("email", 1), ("title", 2), ("location", 3), ("phone", 4), ("linkedin_url", 5),
      ("lifecycle_stage", 6), ("lead_status", 7), ("status", 8),
    ]
    for (name, column) in texts { payload.short(name, row, column, 100) }
    if row.text(9).count > 2 { payload.shortJSON("tags", row, 9, 160) }
    payload.moment("archived_at", row, 10)
    payload.short("archive_reason", row, 11, 100)
    payload.moment("created_at", row, 12)
    payload.moment("first_seen_at", row, 13)
    payload.endObject()
    facts.status = row.optionalString(8)
    facts.isArchived = !row.isNull(10)
    facts.noteDifference("title", row.optionalString(15), row.optionalString(14))
    try writeCompany(into: &payload)
  }

  private mutating func writeCompany(into payload: inout JSONWriter) throws(ServiceError) {
    let row = try statement(
      """
      SELECT coalesce(o.name, nullif(c.company, ''), w.company), coalesce(o.domain, k.domain),
        coalesce(o.industry, c.industry, k.industry),
        coalesce(json_extract(o.properties, '$.employee_count'), json_extract(c.properties, '$.employee_count'), k.size),
        o.id, coalesce(o.name, nullif(c.company, '')), w.company, k.id, k.location
      FROM (SELECT 1) LEFT JOIN contacts AS c ON c.id = ?1 LEFT JOIN companies AS o ON o.id = c.company_id
        LEFT JOIN owl_contacts AS w ON w.id = ?2
        LEFT JOIN owl_companies AS k ON k.id =
          (SELECT id FROM owl_companies INDEXED BY owl_companies_by_name WHERE name_key = w.company_key LIMIT 1)
      """)
    defer { row.reset() }
    guard try row.step(), !row.isNull(0) || !row.isNull(4) else { return }
    payload.key("company")
    payload.beginObject()
    if let company = row.optionalInteger(4) {
      payload.key("pathbound_company_id")
      transaction.ids.write(.company, company, into: &payload)
    }
    if let company = row.optionalInteger(7) {
      payload.key("owlbound_company_id")
      transaction.ids.write(.owlCompany, company, into: &payload)
    }
    for (name, column) in [("name", 0), ("domain", 1), ("industry", 2), ("employees", 3), ("location", 8)]
      as [(StaticString, Int32)]
    {
      payload.short(name, row, column, 100)
    }
    payload.endObject()
    facts.noteDifference("company", row.optionalString(5), row.optionalString(6))
  }
}

// MARK: - What they did

extension LeadBrief {
  private mutating func writeActivity(into payload: inout JSONWriter) throws(ServiceError) {
    guard person.pathbound != nil else { return }
    let activity = try statement(
      """
      SELECT (SELECT count(*) FROM events INDEXED BY events_by_contact WHERE contact_id = ?1),
        (SELECT count(*) FROM events INDEXED BY events_by_contact WHERE contact_id = ?1 AND occurred_at >= ?3),
        (SELECT max(occurred_at) FROM events INDEXED BY events_by_contact WHERE contact_id = ?1),
        (SELECT count(*) FROM mails INDEXED BY mails_by_contact WHERE contact_id = ?1),
        (SELECT max(sent_at) FROM mails INDEXED BY mails_by_contact WHERE contact_id = ?1)
      """)
    activity.bind(transaction.now.adding(milliseconds: -UnifiedProfile.recent).milliseconds, at: 3)
    defer { activity.reset() }
    guard try activity.step() else { return }
    payload.key("activity")
    payload.beginObject()
    for (name, column) in [("total_events", 0), ("events_last_30_days", 1), ("emails_sent", 3)]
      as [(StaticString, Int32)]
    {
      payload.key(name)
      payload.integer(activity.integer(column))
    }
    payload.moment("last_event_at", activity, 2)
    payload.moment("last_email_at", activity, 4)
    payload.endObject()
    facts.lastEvent = activity.optionalInteger(2)
    facts.lastMail = activity.optionalInteger(4)
  }

  private func writeEvents(into payload: inout JSONWriter) throws(ServiceError) {
    let events = try statement(
      """
      SELECT e.name, e.occurred_at, p.url FROM events AS e INDEXED BY events_by_contact
        LEFT JOIN pages AS p ON p.id = e.page_id
      WHERE e.contact_id = ?1 ORDER BY e.occurred_at DESC, e.id DESC LIMIT 5
      """)
    var rows = list(900, payload)
    try rows.write("events", events, into: &payload) { event, payload in
      payload.beginObject()
      payload.short("event", event, 0)
      payload.moment("at", event, 1)
      payload.short("url", event, 2, 120)
      payload.endObject()
    }
  }

  /// The pages of the last thousand events, most visited first.
  private func writePages(into payload: inout JSONWriter) throws(ServiceError) {
    let pages = try statement(
      """
      SELECT p.url, v.views, v.last FROM
        (SELECT page_id, count(*) AS views, max(occurred_at) AS last FROM
          (SELECT page_id, occurred_at FROM events INDEXED BY events_by_contact
            WHERE contact_id = ?1 AND page_id IS NOT NULL ORDER BY occurred_at DESC LIMIT 1000)
          GROUP BY page_id ORDER BY views DESC, last DESC LIMIT 3) AS v
        CROSS JOIN pages AS p ON p.id = v.page_id ORDER BY v.views DESC, v.last DESC
      """)
    var rows = list(500, payload)
    try rows.write("top_pages", pages, into: &payload) { page, payload in
      payload.beginObject()
      payload.short("url", page, 0)
      payload.key("events")
      payload.integer(page.integer(1))
      payload.moment("last_at", page, 2)
      payload.endObject()
    }
  }

  private mutating func writeSignals(into payload: inout JSONWriter) throws(ServiceError) {
    let signals = try statement(
      """
      SELECT type, priority, source, data, notes, actioned_at IS NOT NULL, created_at
      FROM signals INDEXED BY signals_by_contact WHERE contact_id = ?2 ORDER BY id DESC LIMIT 5
      """)
    var open: [String] = []
    var rows = list(1300, payload)
    try rows.write("signals", signals, into: &payload) { signal, payload in
      payload.beginObject()
      payload.short("type", signal, 0)
      payload.short("priority", signal, 1)
      payload.short("source", signal, 2, 60)
      payload.shortJSON("data", signal, 3, 240)
      payload.short("notes", signal, 4)
      payload.key("actioned")
      payload.bool(signal.bool(5))
      payload.moment("at", signal, 6)
      payload.endObject()
      if !signal.bool(5) { open.append("\(signal.string(0).cut(40)) (\(signal.string(1)))") }
    }
    facts.openSignals = open
  }
}

// MARK: - What we think and do

extension LeadBrief {
  private mutating func writeScores(into payload: inout JSONWriter) throws(ServiceError) {
    let scores = try statement(
      """
      SELECT p.id, p.name, s.score, s.verdict, s.reasoning, s.scored_at
      FROM scores AS s CROSS JOIN icp_profiles AS p ON p.id = s.profile_id
      WHERE s.contact_id = ?2 ORDER BY s.scored_at DESC LIMIT 2
      """)
    var rows = list(1100, payload)
    try rows.write("scores", scores, into: &payload) { score, payload in
      payload.beginObject()
      payload.key("icp_profile_id")
      transaction.ids.write(.profile, score.integer(0), into: &payload)
      payload.short("icp_profile", score, 1, 80)
      payload.key("score")
      payload.integer(score.integer(2))
      payload.short("verdict", score, 3)
      payload.short("reasons", score, 4, 360)
      payload.moment("at", score, 5)
      payload.endObject()
    }
    facts.isScored = rows.met > 0
  }

  /// Actions that may still happen, newest first.
  private mutating func writeActions(into payload: inout JSONWriter) throws(ServiceError) {
    let actions = try statement(
      """
      SELECT id, type, status, description, scheduled_time FROM actions INDEXED BY actions_by_contact
      WHERE contact_id = ?1 AND status IN ('pending_approval', 'scheduled', 'approved', 'auto_approved', 'running')
      ORDER BY id DESC LIMIT 5
      """)
    var rows = list(700, payload)
    var waiting: [String] = []
    var queued = 0
    try rows.write("open_actions", actions, into: &payload) { action, payload in
      payload.beginObject()
      payload.key("action_id")
      transaction.ids.write(.action, action.integer(0), into: &payload)
      payload.short("type", action, 1)
      payload.short("status", action, 2)
      payload.short("description", action, 3, 100)
      payload.moment("scheduled_time", action, 4)
      payload.endObject()
      if action.string(2) == "pending_approval" {
        waiting.append(transaction.ids.text(.action, action.integer(0)))
      } else {
        queued += 1
      }
    }
    facts.waitingActions = waiting
    facts.queuedActions = queued
  }

  /// What agents propose for the person and nobody has decided on, newest first.
  private mutating func writeProposals(into payload: inout JSONWriter) throws(ServiceError) {
    let proposals = try statement(
      """
      SELECT run_id, action_index, type FROM run_proposals INDEXED BY run_proposals_by_contact
      WHERE contact_id = ?1 AND status = 'pending_approval' ORDER BY run_id DESC, action_index LIMIT 3
      """)
    var rows = list(300, payload)
    var waiting: [String] = []
    try rows.write("open_proposals", proposals, into: &payload) { proposal, payload in
      payload.beginObject()
      payload.key("run_id")
      transaction.ids.write(.run, proposal.integer(0), into: &payload)
      payload.key("action_index")
      payload.integer(proposal.integer(1))
      payload.short("type", proposal, 2)
      payload.endObject()
      waiting.append("\(proposal.string(2)) of \(transaction.ids.text(.run, proposal.integer(0)))")
    }
    facts.waitingProposals = waiting
  }

  /// Sequences that they are in.
  private mutating func writeEnrollments(into payload: inout JSONWriter) throws(ServiceError) {
    let enrollments = try statement(
      """
      SELECT e.id, q.name, e.position + 1, json_array_length(v.steps), e.due_at
      FROM enrollments AS e INDEXED BY enrollments_active CROSS JOIN sequences AS q ON q.id = e.sequence_id
        CROSS JOIN sequence_versions AS v ON v.sequence_id = e.sequence_id AND v.version = e.version
      WHERE e.contact_id = ?2 AND e.status = 'active' ORDER BY e.id DESC LIMIT 3
      """)
    var rows = list(500, payload)
    var names: [String] = []
    try rows.write("enrollments", enrollments, into: &payload) { enrollment, payload in
      payload.beginObject()
      payload.key("enrollment_id")
      transaction.ids.write(.enrollment, enrollment.integer(0), into: &payload)
      payload.short("sequence", enrollment, 1, 80)
      payload.key("step")
      payload.integer(enrollment.integer(2))
      payload.key("steps")
      payload.integer(enrollment.integer(3))
      payload.moment("due_at", enrollment, 4)
      payload.endObject()
      names.append(enrollment.string(1).cut(80))
    }
    facts.sequences = names
  }

  private func writeTasks(into payload: inout JSONWriter) throws(ServiceError) {
    let tasks = try statement(
      """
      SELECT kind, title, due_at FROM tasks INDEXED BY tasks_by_contact
      WHERE contact_id = ?1 AND done_at IS NULL ORDER BY id DESC LIMIT 3
      """)
    var rows = list(400, payload)
    try rows.write("open_tasks", tasks, into: &payload) { task, payload in
      payload.beginObject()
      payload.short("kind", task, 0)
      payload.short("title", task, 1, 80)
      payload.moment("due_at", task, 2)
      payload.endObject()
    }
  }

  private func writeNotes(into payload: inout JSONWriter) throws(ServiceError) {
    let texts = try statement(
      """
      SELECT content, author, created_at FROM
        (SELECT content, author, created_at FROM notes INDEXED BY notes_by_contact WHERE contact_id = ?1
          ORDER BY id DESC LIMIT 3)
      UNION ALL SELECT notes, NULL, NULL FROM owl_contacts WHERE id = ?2 AND notes IS NOT NULL
      """)
    var rows = list(800, payload)
    try rows.write("notes", texts, into: &payload) { note, payload in
      payload.beginObject()
      payload.short("content", note, 0, 240)
      payload.short("author", note, 1, 60)
      payload.moment("at", note, 2)
      payload.endObject()
    }
  }
}
