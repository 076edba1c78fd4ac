internal import JSON
internal import Service

/// How a kind of records is read from its table, so that an import finds in a file what it takes.
struct ExportTable: Sendable {
  let name: String
  /// Names of members in the order of a table; of records with properties those that come first.
  let columns: [String]
  /// Whether every property has a column of its own.
  var hasProperties = false
  /// What ``write`` reads behind the row's number.
  let selection: String
  var joins = ""
  var condition = "true"
  /// When it happened, or was made.
  let time: String
  /// Writes the members of a record into the object that is open.
  let write: @Sendable (Statement, RecordIDs, inout JSONWriter) -> Void

  static func of(_ records: ExportedRecords) -> ExportTable {
    switch records {
    case .contacts: contacts
    case .companies: companies
    case .events: events
    case .signals: signals
    case .owlboundContacts: owlboundContacts
    case .owlboundCompanies: owlboundCompanies
    case .actions: actions
    case .notes: notes
    }
  }

  private static let contacts = ExportTable(
    name: "contacts",
    columns: [
      "contact_id", "email", "firstname", "lastname", "company", "jobtitle", "lifecyclestage", "lead_status", "phone",
      "linkedin_url", "country", "state", "city", "industry",
    ], hasProperties: true, selection: "x.properties, x.created_at", time: "x.created_at"
  ) { row, ids, writer in
    writer.key("contact_id")
    ids.write(.contact, row.integer(0), into: &writer)
    writer.properties(row, 1, except: ExportedRecords.contacts.facts)
    writer.key("created_at")
    writer.time(row, 2)
  }

  private static let companies = ExportTable(
    name: "companies", columns: ["company_id", "domain", "name", "industry", "website", "employee_count"],
    hasProperties: true, selection: "x.properties, x.created_at", time: "x.created_at"
  ) { row, ids, writer in
    writer.key("company_id")
    ids.write(.company, row.integer(0), into: &writer)
    writer.properties(row, 1, except: ExportedRecords.companies.facts)
    writer.key("created_at")
    writer.time(row, 2)
  }

  /// The envelope in which the tracker sent it, with its contact's address.
  private static let events = ExportTable(
    name: "events",
    columns: [
      "event_id", "event", "timestamp", "contact_email", "url", "domain", "visitorId", "sessionId", "data", "userAgent",
      "referrer", "screenResolution", "external_contact_id", "ga_user_id",
    ],
    selection: "x.name, x.occurred_at, c.email, p.url, d.name, x.visitor_id, x.session_id, x.data, x.envelope",
    joins: """
      LEFT JOIN contacts AS c ON c.id = x.contact_id LEFT JOIN pages AS p ON p.id = x.page_id \
      LEFT JOIN domains AS d ON d.id = x.domain_id
      """,
    time: "x.occurred_at"
  ) { row, ids, writer in
    writer.key("event_id")
    ids.write(.event, row.integer(0), into: &writer)
    writer.key("event")
    writer.text(row, 1)
    writer.key("timestamp")
    writer.time(row, 2)
    writer.optionalText("contact_email", row, 3)
    writer.optionalText("url", row, 4)
    writer.optionalText("domain", row, 5)
    writer.optionalText("visitorId", row, 6)
    writer.optionalText("sessionId", row, 7)
    writer.optionalJSON("data", row, 8)
    writer.storedMembers(row, 9)
  }

  private static let signals = ExportTable(
    name: "signals",
    columns: ["signal_id", "type", "priority", "source", "contact_email", "timestamp", "data", "notes"],
    selection: "x.type, x.priority, x.source, c.email, x.created_at, x.data, x.notes",
    joins: "LEFT JOIN owl_contacts AS c ON c.id = x.contact_id", time: "x.created_at"
  ) { row, ids, writer in
    writer.key("signal_id")
    ids.write(.signal, row.integer(0), into: &writer)
    writer.key("type")
    writer.text(row, 1)
    writer.key("priority")
    writer.text(row, 2)
    writer.key("source")
    writer.text(row, 3)
    writer.optionalText("contact_email", row, 4)
    writer.key("timestamp")
    writer.time(row, 5)
    writer.optionalJSON("data", row, 6)
    writer.optionalText("notes", row, 7)
  }

  /// Who is archived is not written to any more, and must not come back by a file.
  private static let owlboundContacts = ExportTable(
    name: "owl_contacts",
    columns: [
      "owlbound_contact_id", "firstName", "lastName", "email", "phone", "linkedInUrl", "company", "title", "location",
      "source", "tags", "notes", "status", "created_at",
    ],
    selection: """
      x.first_name, x.last_name, x.email, x.phone, x.linkedin_url, x.company, x.title, x.location, x.source, x.tags, \
      x.notes, x.status, x.created_at
      """,
    condition: "x.archived_at IS NULL", time: "x.created_at"
  ) { row, ids, writer in
    let texts: [(StaticString, Int32)] = [
      ("firstName", 1), ("lastName", 2), ("email", 3), ("phone", 4), ("linkedInUrl", 5), ("company", 6), ("title", 7),
      ("location", 8), ("source", 9), ("notes", 11), ("status", 12),
    ]
    writer.key("owlbound_contact_id")
    ids.write(.owlContact, row.integer(0), into: &writer)
    for (name, column) in texts { writer.optionalText(name, row, column) }
    writer.optionalJSON("tags", row, 10)
    writer.key("created_at")
    writer.time(row, 13)
  }

  private static let owlboundCompanies = ExportTable(
    name: "owl_companies",
    columns: [
      "owlbound_company_id", "linkedInUrl", "name", "domain", "industry", "website", "size", "location", "description",
      "created_at",
    ],
    selection: """
      x.linkedin_url, x.name, x.domain, x.industry, x.website, x.size, x.location, x.description, x.created_at
      """,
    time: "x.created_at"
  ) { row, ids, writer in
    let texts: [(StaticString, Int32)] = [
      ("linkedInUrl", 1), ("name", 2), ("domain", 3), ("industry", 4), ("website", 5), ("size", 6), ("location", 7),
      ("description", 8),
    ]
    writer.key("owlbound_company_id")
    ids.write(.owlCompany, row.integer(0), into: &writer)
    for (name, column) in texts { writer.optionalText(name, row, column) }
    writer.key("created_at")
    writer.time(row, 9)
  }

  private static let actions = ExportTable(
    name: "actions",
    columns: [
      "action_id", "type", "status", "contact_id", "company_id", "params", "description", "scheduled_time",
      "identity_id", "agent_id", "run_id", "result", "error", "created_at", "updated_at", "executed_at",
    ],
    selection: """
      x.type, x.status, x.contact_id, x.company_id, x.params, x.description, x.scheduled_time, x.identity_id, \
      x.agent_id, x.run_id, x.result, x.error, x.created_at, x.updated_at, x.executed_at
      """,
    time: "x.created_at"
  ) { row, ids, writer in
    writer.key("action_id")
    ids.write(.action, row.integer(0), into: &writer)
    writer.key("type")
    writer.text(row, 1)
    writer.key("status")
    writer.text(row, 2)
    writer.optionalID("contact_id", .contact, row, 3, ids)
    writer.optionalID("company_id", .company, row, 4, ids)
    writer.optionalJSON("params", row, 5)
    writer.optionalText("description", row, 6)
    writer.key("scheduled_time")
    writer.time(row, 7)
    writer.optionalID("identity_id", .identity, row, 8, ids)
    writer.optionalID("agent_id", .agent, row, 9, ids)
    writer.optionalID("run_id", .run, row, 10, ids)
    writer.optionalJSON("result", row, 11)
    writer.optionalText("error", row, 12)
    writer.key("created_at")
    writer.time(row, 13)
    writer.key("updated_at")
    writer.time(row, 14)
    writer.optionalTime("executed_at", row, 15)
  }

  private static let notes = ExportTable(
    name: "notes",
    columns: [
      "note_id", "contact_id", "contact_email", "company_id", "company_domain", "author", "content", "created_at",
      "updated_at",
    ],
    selection: "x.contact_id, c.email, x.company_id, o.domain, x.author, x.content, x.created_at, x.updated_at",
    joins: "LEFT JOIN contacts AS c ON c.id = x.contact_id LEFT JOIN companies AS o ON o.id = x.company_id",
    time: "x.created_at"
  ) { row, ids, writer in
    writer.key("note_id")
    ids.write(.note, row.integer(0), into: &writer)
    writer.optionalID("contact_id", .contact, row, 1, ids)
    writer.optionalText("contact_email", row, 2)
    writer.optionalID("company_id", .company, row, 3, ids)
    writer.optionalText("company_domain", row, 4)
    writer.key("author")
    writer.text(row, 5)
    writer.key("content")
    writer.text(row, 6)
    writer.key("created_at")
    writer.time(row, 7)
    writer.key("updated_at")
    writer.time(row, 8)
  }
}

extension JSONWriter {
  /// The properties of a record; those that have the names of other facts about it are left out.
  fileprivate mutating func properties(_ row: Statement, _ column: Int32, except facts: [String]) {
    guard case .object(let members)? = try? JSONParser.parse(row.text(column)) else { return }
    for (name, value) in members where !facts.contains(name) {
      key(name)
      self.value(value)
    }
  }
}
