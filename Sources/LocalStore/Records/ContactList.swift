internal import JSON
internal import Platform
internal import Service

/// A filtered list of Pathbound contacts (Pathbound API 5.3); also what an agent's filter selects.
struct ContactList: ListSource {
  private(set) var request = ListShape.Request()
  /// What is read of each contact.
  let projection: Projection
  /// Values by the number of their parameter.
  private var texts: [(parameter: Int32, value: String)] = []
  private var numbers: [(parameter: Int32, value: Int64)] = []
  /// A search without a single word finds nobody.
  private(set) var isEmpty = false

  /// What ``ListShape/Request/projection`` can be.
  enum Projection: Int {
    case whole, summary, rows
    /// The whole contact with where its properties come from.
    case sourced
  }

  /// Reads filters, order and fields.
  init(
    _ arguments: JSONObject, _ transaction: ReadTransaction, projection: Projection? = nil
  ) throws(ServiceError) {
    self.projection =
      projection
      ?? (arguments.text("fields") == "summary" ? .summary : Provenance.isWanted(arguments) ? .sourced : .whole)
    request.projection = self.projection.rawValue
    for (condition, argument) in Self.equalities {
      guard let text = arguments.text(argument) else { continue }
      set(condition, text: condition == .title ? ContactChanges.titleKey(text) : text)
    }
    if let id = arguments.text("company_id") {
      set(.company, number: try transaction.ids.require(.company, id))
      // Contacts may still point to one that is deleted.
      if try transaction.existing(.company, id) == nil { isEmpty = true }
    }
    switch arguments.text("status") {
    case "enriched"?: request.set(Condition.enriched.rawValue)
    case "not_enriched"?: request.set(Condition.notEnriched.rawValue)
    default: break
    }
    if let isThere = arguments["has_linkedin"]?.boolValue {
      request.set((isThere ? Condition.linkedIn : .noLinkedIn).rawValue)
    }
    if let time = try arguments.lowerBound("created_after") { set(.after, number: time) }
    if let time = try arguments.upperBound("created_before") { set(.before, number: time) }
    if let text = arguments.text("search"), !text.trimmed.isEmpty {
      if let query = try SearchText.prefixes(text, at: "/search") {
        set(.search, text: query)
      } else {
        isEmpty = true
      }
    }
    request.order = arguments.text("sort_by").flatMap { Self.sortKeys.firstIndex(of: $0) } ?? 0
    request.isDescending = arguments.text("sort_dir") != "asc"
  }

  private mutating func set(_ condition: Condition, text: String) {
    request.set(condition.rawValue)
    texts.append((condition.parameter, text))
  }

  private mutating func set(_ condition: Condition, number: Int64) {
    request.set(condition.rawValue)
    numbers.append((condition.parameter, number))
  }

  /// Whether rows are written in their short form.
  var isSummary: Bool { projection == .summary }

  func bind(_ statement: Statement) {
    for (parameter, value) in texts { statement.bind(value, at: parameter) }
    for (parameter, value) in numbers { statement.bind(value, at: parameter) }
  }

  func knownTotal(_ transaction: ReadTransaction) throws(ServiceError) -> Int64? {
    request.mask == 0 ? try tableSize(transaction) : nil
  }

  func tableSize(_ transaction: ReadTransaction) throws(ServiceError) -> Int64 { try transaction.counter("contacts") }

  /// Whether the list touches few rows: all contacts, or those of a company or title.
  static func isQuick(_ arguments: JSONObject) -> Bool {
    guard !PageRequest(arguments).isDeep else { return false }
    let narrow: Set<String> = ["company_id", "job_title"]
    let wide = ["search", "status", "has_linkedin", "created_after", "created_before"] + equalities.map(\.argument)
    let isWide = wide.contains { !narrow.contains($0) && arguments.contains($0) }
    return !isWide
  }
}

// MARK: - SQL

extension ContactList {
  /// The filters, from the rarest match to the commonest.
  enum Condition: Int, CaseIterable {
    case search, company, title, leadStatus, city, state, industry, country, stage, enriched, linkedIn, noLinkedIn,
      notEnriched, after, before

    var parameter: Int32 { Int32(rawValue + 1) }

    var sql: String {
      switch self {
      case .search:
        "c.id IN (SELECT rowid FROM contacts_text WHERE contacts_text MATCH ?\(parameter))"
      case .company: "c.company_id = ?\(parameter)"
      case .title: "c.jobtitle_key = ?\(parameter)"
      case .leadStatus: "c.lead_status = ?\(parameter)"
      case .city: "c.city = ?\(parameter)"
      case .state: "c.state = ?\(parameter)"
      case .industry: "c.industry = ?\(parameter)"
      case .country: "c.country = ?\(parameter)"
      case .stage: "c.lifecyclestage = ?\(parameter)"
      case .enriched: "c.enriched_at IS NOT NULL"
      case .linkedIn: "c.linkedin_url IS NOT NULL"
      case .after: "c.created_at >= ?\(parameter)"
      case .before: "c.created_at <= ?\(parameter)"
      case .noLinkedIn: "c.linkedin_url IS NULL"
      case .notEnriched: "c.enriched_at IS NULL"
      }
    }

    var access: ListShape.Access {
      switch self {
      case .search: .rowNumber
      case .company: .index("contacts_by_company")
      case .title: .index("contacts_by_jobtitle")
      case .leadStatus: .index("contacts_by_lead_status")
      case .city: .index("contacts_by_city")
      case .state: .index("contacts_by_state")
      case .industry: .index("contacts_by_industry")
      case .country: .index("contacts_by_country")
      case .stage: .index("contacts_by_stage")
      case .enriched: .index("contacts_enriched")
      case .linkedIn: .index("contacts_with_linkedin")
      case .after, .before: .index("contacts_by_created")
      case .noLinkedIn: .index("contacts_without_linkedin")
      case .notEnriched: .index("contacts_not_enriched")
      }
    }

    /// The filter that selects everybody else, where that is mostly a few.
    var opposite: Condition? {
      switch self {
      case .noLinkedIn: .linkedIn
      case .notEnriched: .enriched
      default: nil
      }
    }
  }

  private static let equalities: [(condition: Condition, argument: String)] = [
    (.title, "job_title"), (.leadStatus, "lead_status"), (.city, "city"), (.state, "state"), (.industry, "industry"),
    (.country, "country"), (.stage, "lifecycle_stage"),
  ]

  /// Values of `sort_by`; positions are those of the shape's orders.
  private static let sortKeys = ["createdate", "email", "firstname", "lastname", "company"]

  /// How the list is found in the table.
  static let shape = ListShape(
    family: "contacts", table: "contacts AS c",
    conditions: Condition.allCases.map {
      ListShape.Condition($0.sql, $0.access, orders: $0 == .search ? [] : [0])
    },
    orders: [
      .init(terms: ["c.created_at", "c.id"], walk: .index("contacts_by_created")),
      .init(terms: ["c.email COLLATE NOCASE", "c.id"], walk: .index("contacts_by_email")),
      .init(terms: ["c.firstname COLLATE NOCASE", "c.id"], walk: .index("contacts_by_firstname")),
      .init(terms: ["c.lastname COLLATE NOCASE", "c.id"], walk: .index("contacts_by_lastname")),
      .init(terms: ["c.company COLLATE NOCASE", "c.id"], walk: .index("contacts_by_company_name")),
    ],
    projections: [
      .init(columns: ContactRecord.columns, joins: ""), .init(columns: ContactRecord.summaryColumns, joins: ""),
      .init(columns: "c.id", joins: ""), .init(columns: ContactRecord.sourcedColumns, joins: ""),
    ])
}

extension ReadTransaction {
  /// The number of rows of a kind, kept by the writer.
  func counter(_ name: String) throws(ServiceError) -> Int64 {
    let statement = try database.statement("SELECT rows FROM counters WHERE name = ?1")
    statement.bind(name, at: 1)
    defer { statement.reset() }
    return try statement.step() ? statement.integer(0) : 0
  }
}
