internal import JSON
internal import Platform
internal import Service

/// What Pathbound knows of a person, in short.
struct PathboundBrief {
  let row: Int64
  let transaction: ReadTransaction

  /// Writes one object of a few thousand bytes at most.
  func write(into payload: inout JSONWriter, _ notes: inout NextSteps) throws(ServiceError) {
    payload.beginObject()
    payload.key("contact_id")
    transaction.ids.write(.contact, row, into: &payload)
    try writePerson(into: &payload)
    try writeActivity(into: &payload, &notes)
    try writePages(into: &payload)
    try writeEvents(into: &payload)
    try writeActions(into: &payload, &notes)
    try writeTasks(into: &payload)
    try writeNotes(into: &payload)
    payload.endObject()
  }

  private func statement(_ sql: StaticString) throws(ServiceError) -> Statement {
    let statement = try transaction.database.statement(sql)
    statement.bind(row, at: 1)
    return statement
  }

  private func writePerson(into payload: inout JSONWriter) throws(ServiceError) {
    let person = try statement(
      """
      SELECT trim(coalesce(c.firstname, '') || ' ' || coalesce(c.lastname, '')), c.email, c.jobtitle, c.lifecyclestage,
        c.lead_status, coalesce(o.name, c.company), o.domain, coalesce(o.industry, c.industry),
        c.city, c.country, c.linkedin_url, c.created_at, json_extract(c.first_touch, '$.creation_referring_domain'),
        json_extract(c.first_touch, '$.creation_landing_page'), c.first_seen_at
      FROM contacts AS c LEFT JOIN companies AS o ON o.id = c.company_id WHERE c.id = ?1
      """)
    defer { person.reset() }
    guard try person.step() else { throw .notFound("contact", transaction.ids.text(.contact, row)) }
    let texts: [(StaticString, Int32)] = [
      ("name", 0), ("email", 1), ("job_title", 2), ("lifecycle_stage", 3), ("lead_status", 4), ("company", 5),
      ("company_domain", 6), ("industry", 7), ("city", 8), ("country", 9), ("linkedin_url", 10),
      ("first_referring_domain", 12), ("first_landing_page", 13),
    ]
    for (name, column) in texts { payload.short(name, person, column) }
    payload.moment("created_at", person, 11)
    payload.moment("first_seen_at", person, 14)
  }

  private func writeActivity(into payload: inout JSONWriter, _ notes: inout NextSteps) throws(ServiceError) {
    let activity = try statement(
      """
      SELECT (SELECT count(*) FROM events INDEXED BY events_by_contact WHERE contact_id = ?1),
        (SELECT count(*) FROM events INDEXED BY events_by_contact WHERE contact_id = ?1 AND occurred_at >= ?2),
        (SELECT max(occurred_at) FROM events INDEXED BY events_by_contact WHERE contact_id = ?1),
        (SELECT count(*) FROM mails INDEXED BY mails_by_contact WHERE contact_id = ?1),
        (SELECT max(sent_at) FROM mails INDEXED BY mails_by_contact WHERE contact_id = ?1)
      """)
    activity.bind(transaction.now.adding(milliseconds: -UnifiedProfile.recent).milliseconds, at: 2)
    defer { activity.reset() }
    guard try activity.step() else { return }
    for (name, column) in [("total_events", 0), ("events_last_30_days", 1), ("emails_sent", 3)]
      as [(StaticString, Int32)]
    {
      payload.key(name)
      payload.integer(activity.integer(column))
    }
    payload.moment("last_event_at", activity, 2)
    payload.moment("last_email_at", activity, 4)
    notes.lastEvent = activity.optionalInteger(2)
    notes.lastMail = activity.optionalInteger(4)
  }

  /// The pages of the last thousand events, most visited first.
  private func writePages(into payload: inout JSONWriter) throws(ServiceError) {
    let pages = try statement(
      """
      SELECT p.url, v.views, v.last FROM
        (SELECT page_id, count(*) AS views, max(occurred_at) AS last FROM
          (SELECT page_id, occurred_at FROM events INDEXED BY events_by_contact
            WHERE contact_id = ?1 AND page_id IS NOT NULL ORDER BY occurred_at DESC LIMIT 1000)
          GROUP BY page_id ORDER BY views DESC, last DESC LIMIT 5) AS v
        CROSS JOIN pages AS p ON p.id = v.page_id ORDER BY v.views DESC, v.last DESC
      """)
    var rows = RowList(limit: 1000, keepsFirst: false)
    try rows.write("top_pages", pages, into: &payload) { page, payload in
      payload.beginObject()
      payload.short("url", page, 0, 160)
      payload.key("events")
      payload.integer(page.integer(1))
      payload.moment("last_at", page, 2)
      payload.endObject()
    }
  }

  private func writeEvents(into payload: inout JSONWriter) throws(ServiceError) {
    let events = try statement(
      """
      SELECT e.id, e.name, e.occurred_at, p.url FROM events AS e INDEXED BY events_by_contact
        LEFT JOIN pages AS p ON p.id = e.page_id
      WHERE e.contact_id = ?1 ORDER BY e.occurred_at DESC, e.id DESC LIMIT 5
      """)
    var rows = RowList(limit: 1200, keepsFirst: false)
    try rows.write("recent_events", events, into: &payload) { event, payload in
      payload.beginObject()
      payload.key("id")
      transaction.ids.write(.event, event.integer(0), into: &payload)
      payload.short("event", event, 1)
      payload.moment("timestamp", event, 2)
      payload.short("url", event, 3, 160)
      payload.endObject()
    }
  }

  /// Actions that may still happen, newest first.
  private func writeActions(into payload: inout JSONWriter, _ notes: inout NextSteps) throws(ServiceError) {
    let actions = try statement(
      """
      SELECT id, type, status, description, scheduled_time FROM actions INDEXED BY actions_by_contact
      WHERE contact_id = ?1 AND status IN ('pending_approval', 'scheduled', 'approved', 'auto_approved', 'running')
      ORDER BY id DESC LIMIT 5
      """)
    var rows = RowList(limit: 1200, keepsFirst: false)
    var waiting: [String] = []
    try rows.write("open_actions", actions, into: &payload) { action, payload in
      payload.beginObject()
      payload.key("action_id")
      transaction.ids.write(.action, action.integer(0), into: &payload)
      payload.short("type", action, 1)
      payload.short("status", action, 2)
      payload.short("description", action, 3, 160)
      payload.moment("scheduled_time", action, 4)
      payload.endObject()
      if action.string(2) == "pending_approval" { waiting.append(transaction.ids.text(.action, action.integer(0))) }
    }
    notes.waitingActions = waiting
  }

  private func writeTasks(into payload: inout JSONWriter) throws(ServiceError) {
    let tasks = try statement(
      """
      SELECT kind, title, due_at FROM tasks INDEXED BY tasks_by_contact
      WHERE contact_id = ?1 AND done_at IS NULL ORDER BY id DESC LIMIT 3
      """)
    var rows = RowList(limit: 600, keepsFirst: false)
    try rows.write("open_tasks", tasks, into: &payload) { task, payload in
      payload.beginObject()
      payload.short("kind", task, 0)
      payload.short("title", task, 1)
      payload.moment("due_at", task, 2)
      payload.endObject()
    }
  }

  private func writeNotes(into payload: inout JSONWriter) throws(ServiceError) {
    let texts = try statement(
      """
      SELECT content, author, created_at FROM notes INDEXED BY notes_by_contact WHERE contact_id = ?1
      ORDER BY id DESC LIMIT 3
      """)
    var rows = RowList(limit: 1200, keepsFirst: false)
    try rows.write("notes", texts, into: &payload) { note, payload in
      payload.beginObject()
      payload.short("content", note, 0, 280)
      payload.short("author", note, 1, 60)
      payload.moment("created_at", note, 2)
      payload.endObject()
    }
  }
}
