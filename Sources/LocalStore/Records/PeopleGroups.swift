internal import JSON
internal import JSONSchema
internal import Operations
internal import Service

/// Contacts or companies counted by a field (Pathbound API 10).
struct PeopleGroups {
  private let counts: [(key: GroupKey, count: Int)]

  /// How a column becomes a key.
  private enum Form {
    case text, flag, company
    case time(TimeBucket)
  }

  /// - Parameter total: how many records there are; who was not counted has nothing there.
  private init(_ given: [GroupKey: Int], of total: Int? = nil) {
    var counts = given
    if let total {
      let rest = total - counts.values.reduce(0, +)
      if rest > 0 { counts[.none, default: 0] += rest }
    }
    self.counts = counts.map { ($0.key, $0.value) }.sorted(by: GroupKey.precedes)
  }

  /// Writes `groups`, the largest first, `total_groups` and `total`.
  func write(_ limit: Int, into payload: inout JSONWriter) throws(ServiceError) {
    payload.key("groups")
    payload.beginArray()
    for group in counts.prefix(limit) {
      payload.beginObject()
      payload.key("key")
      group.key.write(into: &payload)
      payload.key("count")
      payload.integer(Int64(group.count))
      payload.endObject()
    }
    payload.endArray()
    payload.key("total_groups")
    payload.integer(Int64(counts.count))
    payload.key("total")
    payload.integer(Int64(counts.reduce(0) { $0 + $1.count }))
  }
}

// MARK: - Contacts

extension PeopleGroups {
  private static let contactGrammar = CompiledSchema(.object(ContactFilters.all))

  /// Counts the contacts that the filters select.
  static func contacts(
    by dimension: String, _ filters: JSONObject, _ transaction: ReadTransaction
  ) throws(ServiceError) -> PeopleGroups {
    guard Dimensions.contacts.contains(dimension), let column = contactColumn(dimension) else {
      throw GroupRequest.unknown(dimension, "Contacts", Dimensions.contacts)
    }
    let selection = try ContactSelection(try GroupRequest.filters(filters, contactGrammar), transaction)
    var counts: [GroupKey: Int] = [:]
    guard !selection.isEverybody else {
      let total = Int(try transaction.counter("contacts"))
      let statement = try transaction.database.statement(
        composed: "SELECT \(column.sql), count(*) \(column.source) GROUP BY 1")
      try add(statement, column.form, transaction, to: &counts)
      return PeopleGroups(try present(counts, column.form, transaction), of: total)
    }
    let members = try selection.members(transaction)
    let statement = try transaction.database.statement(composed: "SELECT \(column.sql), c.id \(column.source)")
    defer { statement.reset() }
    while try statement.step() {
      guard members.contains(UInt32(truncatingIfNeeded: statement.integer(1))) else { continue }
      counts[key(statement, column.form, transaction.ids), default: 0] += 1
    }
    return PeopleGroups(try present(counts, column.form, transaction), of: members.count)
  }

  /// Leaves out companies that are deleted: their contacts count among those of none.
  private static func present(
    _ counts: [GroupKey: Int], _ form: Form, _ transaction: ReadTransaction
  ) throws(ServiceError) -> [GroupKey: Int] {
    guard case .company = form else { return counts }
    var present = counts
    for case .text(let id) in counts.keys {
      if try transaction.existing(.company, id) == nil { present[.text(id)] = nil }
    }
    return present
  }

  /// What contacts are counted by, and where it is read: an index that holds those who have it, where there is one.
  private struct Column {
    let sql: String
    let form: Form
    var source = "FROM contacts AS c"

    init(_ sql: String, _ form: Form = .text, _ index: String? = nil) {
      self.sql = sql
      self.form = form
      if let index { source = "FROM contacts AS c INDEXED BY \(index) WHERE \(sql) IS NOT NULL" }
    }
  }

  private static func contactColumn(_ dimension: String) -> Column? {
    if let bucket = TimeBucket(rawValue: dimension) {
      return Column("c.created_at / \(TimeBucket.dayLength)", .time(bucket))
    }
    switch dimension {
    case "status": return Column("iif(c.enriched_at IS NULL, 'not_enriched', 'enriched')")
    case "lifecycle_stage": return Column("c.lifecyclestage", .text, "contacts_by_stage")
    case "job_title": return Column("c.jobtitle")
    case "has_linkedin": return Column("c.linkedin_url IS NOT NULL", .flag)
    case "company_id": return Column("c.company_id", .company, "contacts_by_company")
    case "lead_status", "country", "industry", "city", "state":
      return Column("c.\(dimension)", .text, "contacts_by_\(dimension)")
    case "company", "creation_source": return Column("c.\(dimension)")
    default: return nil
    }
  }

  private static func add(
    _ statement: Statement, _ form: Form, _ transaction: ReadTransaction, to counts: inout [GroupKey: Int]
  ) throws(ServiceError) {
    defer { statement.reset() }
    while try statement.step() {
      counts[key(statement, form, transaction.ids), default: 0] += Int(statement.integer(1))
    }
  }

  private static func key(_ row: Statement, _ form: Form, _ ids: RecordIDs) -> GroupKey {
    if row.isNull(0) { return .none }
    switch form {
    case .text: return row.text(0).isEmpty ? .none : .text(row.string(0))
    case .flag: return .flag(row.bool(0))
    case .company: return .text(ids.text(.company, row.integer(0)))
    case .time(let bucket): return bucket.key(ofDay: row.integer(0))
    }
  }
}

// MARK: - Companies

extension PeopleGroups {
  private static let companyGrammar = CompiledSchema(.object(PathboundBatch.companyFilters))

  /// Counts the companies that the filters select.
  static func companies(
    by dimension: String, _ filters: JSONObject, _ transaction: ReadTransaction
  ) throws(ServiceError) -> PeopleGroups {
    let column: (sql: String, form: Form)
    switch dimension {
    case "industry": column = ("o.industry", .text)
    case "country": column = ("o.country", .text)
    default:
      guard let bucket = TimeBucket(rawValue: dimension) else {
        throw GroupRequest.unknown(dimension, "Companies", Dimensions.companies)
      }
      column = ("o.created_at / \(TimeBucket.dayLength)", .time(bucket))
    }
    let filters = try GroupRequest.filters(filters, companyGrammar)
    let statement = try transaction.database.statement(
      composed: """
        SELECT \(column.sql), count(*) FROM companies AS o
        WHERE (?1 IS NULL OR o.industry = ?1) AND (?2 IS NULL OR o.country = ?2)
          AND o.created_at BETWEEN ?3 AND ?4
        GROUP BY 1
        """)
    statement.bind(filters.text("industry"), at: 1)
    statement.bind(filters.text("country"), at: 2)
    statement.bind(try filters.lowerBound("created_after") ?? .min, at: 3)
    statement.bind(try filters.upperBound("created_before") ?? .max, at: 4)
    var counts: [GroupKey: Int] = [:]
    try add(statement, column.form, transaction, to: &counts)
    return PeopleGroups(counts)
  }
}
