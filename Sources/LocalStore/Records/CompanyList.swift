internal import JSON
internal import Service

/// A filtered list of Pathbound companies (Pathbound API 6).
struct CompanyList: ListSource {
  private(set) var request = ListShape.Request()
  /// Values by the number of their parameter.
  private var texts: [(parameter: Int32, value: String)] = []
  /// A search without a single word finds nothing.
  private(set) var isEmpty = false

  /// Reads filters, order and fields.
  init(_ arguments: JSONObject) throws(ServiceError) {
    if let text = arguments.text("search"), !text.trimmed.isEmpty {
      if let query = try SearchText.prefixes(text, at: "/search") { set(.search, query) } else { isEmpty = true }
    }
    if let text = arguments.text("industry") { set(.industry, text) }
    if let text = arguments.text("country") { set(.country, text) }
    request.order = arguments.text("sort_by").flatMap { Self.sortKeys.firstIndex(of: $0) } ?? 0
    request.isDescending = arguments.text("sort_dir") != "asc"
    request.projection = arguments.text("fields") == "summary" ? 1 : Provenance.isWanted(arguments) ? 2 : 0
  }

  private mutating func set(_ condition: Condition, _ text: String) {
    request.set(condition.rawValue)
    texts.append((condition.parameter, text))
  }

  /// How rows are written.
  var rowShape: RowShape { Self.rowShapes[request.projection] }

  private static let rowShapes = [CompanyRecord.shape, CompanyRecord.summary, CompanyRecord.sourced]

  func bind(_ statement: Statement) {
    for (parameter, value) in texts { statement.bind(value, at: parameter) }
  }

  func knownTotal(_ transaction: ReadTransaction) throws(ServiceError) -> Int64? {
    request.mask == 0 ? try tableSize(transaction) : nil
  }

  func tableSize(_ transaction: ReadTransaction) throws(ServiceError) -> Int64 { try transaction.counter("companies") }

  /// Whether the list touches few rows: all companies, without a look at what their contacts did.
  static func isQuick(_ arguments: JSONObject) -> Bool {
    !PageRequest(arguments).isDeep && !["search", "industry", "country", "fields"].contains { arguments.contains($0) }
  }
}

// MARK: - SQL

extension CompanyList {
  /// The filters, from the rarest match to the commonest.
  private enum Condition: Int, CaseIterable {
    case search, industry, country

    var parameter: Int32 { Int32(rawValue + 1) }

    var shape: ListShape.Condition {
      switch self {
      case .search:
        .init(
          "o.id IN (SELECT rowid FROM companies_text WHERE companies_text MATCH ?\(parameter))", .rowNumber)
      case .industry: .init("o.industry = ?\(parameter)", .index("companies_by_industry"), orders: [0])
      case .country: .init("o.country = ?\(parameter)", .index("companies_by_country"), orders: [0])
      }
    }
  }

  /// Values of `sort_by`, which the API leaves open; positions are those of the shape's orders.
  private static let sortKeys = ["createdate", "name", "domain", "industry"]

  /// How the list is found in the table; the index of domains is the one that keeps them apart.
  static let shape = ListShape(
    family: "companies", table: "companies AS o",
    conditions: Condition.allCases.map(\.shape),
    orders: [
      .init(terms: ["o.created_at", "o.id"], walk: .index("companies_by_created")),
      .init(terms: ["o.name COLLATE NOCASE", "o.id"], walk: .index("companies_by_name")),
      .init(terms: ["o.domain", "o.id"], walk: .index("sqlite_autoindex_companies_1")),
      .init(terms: ["o.industry COLLATE NOCASE", "o.id"], walk: .index("companies_by_industry_name")),
    ],
    projections: rowShapes.map { .init(columns: $0.columns, joins: "") })
}
