internal import JSON
internal import Operations
internal import Service

/// A filtered list of actions (Pathbound API 11.11).
struct ActionList: ListSource {
  private(set) var request = ListShape.Request()
  /// Values by the number of their parameter.
  private var numbers: [(parameter: Int32, value: Int64)] = []
  private var texts: [(parameter: Int32, value: String)] = []
  private let status: String?

  /// Reads filters and order; an id that is not one of ours finds nothing.
  init(_ arguments: JSONObject, _ ids: RecordIDs) {
    status = arguments.text("status")
    for condition in Condition.allCases {
      guard let value = arguments.text(condition.column) else { continue }
      request.set(condition.rawValue)
      if let kind = condition.kind {
        numbers.append((condition.parameter, ids.row(kind, value) ?? -1))
      } else {
        texts.append((condition.parameter, value))
      }
    }
    request.order = arguments.text("sort_by").flatMap { Self.sortKeys.firstIndex(of: $0) } ?? 0
    request.isDescending = arguments.text("sort_dir") != "asc"
  }

  var isEmpty: Bool { false }

  func bind(_ statement: Statement) {
    for (parameter, value) in numbers { statement.bind(value, at: parameter) }
    for (parameter, value) in texts { statement.bind(value, at: parameter) }
  }

  func knownTotal(_ transaction: ReadTransaction) throws(ServiceError) -> Int64? {
    if request.mask == 0 { return try tableSize(transaction) }
    guard request.mask == 1 << UInt64(Condition.status.rawValue), let status else { return nil }
    return try transaction.counter(Actions.counter(of: status))
  }

  func tableSize(_ transaction: ReadTransaction) throws(ServiceError) -> Int64 {
    var sum: Int64 = 0
    for status in ActionStatus.allCases { sum += try transaction.counter(Actions.counter(of: status.rawValue)) }
    return sum
  }

  /// Whether the list touches few rows: in order of creation, and of all, of a status, or of one person or item.
  static func isQuick(_ arguments: JSONObject) -> Bool {
    guard !PageRequest(arguments, skipping: "skip").isDeep else { return false }
    let isFiltered = Condition.allCases.contains { $0 != .status && arguments.contains($0.column) }
    guard isFiltered else {
      return arguments.text("sort_by") ?? sortKeys[0] == sortKeys[0] || !arguments.contains("status")
    }
    return Condition.narrow.contains { arguments.contains($0.column) }
  }
}

// MARK: - SQL

extension ActionList {
  /// The filters, from the rarest match to the commonest.
  private enum Condition: Int, CaseIterable {
    case item, contact, company, list, agent, type, identity, status

    /// Those that few actions fulfil.
    static let narrow: [Condition] = [.item, .contact, .company]

    var parameter: Int32 { Int32(rawValue + 1) }

    /// The name of the column, which is also the argument's.
    var column: String {
      switch self {
      case .item: "item_id"
      case .contact: "contact_id"
      case .company: "company_id"
      case .list: "list_id"
      case .agent: "agent_id"
      case .type: "type"
      case .identity: "identity_id"
      case .status: "status"
      }
    }

    /// What the value is the id of; nil for a word.
    var kind: RecordKind? {
      switch self {
      case .contact: .contact
      case .company: .company
      case .agent: .agent
      case .identity: .identity
      case .item, .list, .type, .status: nil
      }
    }
  }

  /// Values of `sort_by`, in the order of the shape's orders; rows are numbered as they are created.
  private static let sortKeys = ["created_at", "updated_at", "scheduled_time", "status", "type"]

  /// How the list is found in the table.
  static let shape = ListShape(
    family: "actions", table: "actions",
    conditions: Condition.allCases.map {
      ListShape.Condition("\($0.column) = ?\($0.parameter)", .index("actions_by_\($0)"), orders: [0])
    },
    orders: [
      .init(terms: ["id"], walk: .rowNumber),
      .init(terms: ["updated_at", "id"], walk: .index("actions_by_update")),
      .init(terms: ["scheduled_time", "id"], walk: .index("actions_by_time")),
      .init(terms: ["status", "id"], walk: .index("actions_by_status")),
      .init(terms: ["type", "id"], walk: .index("actions_by_type")),
    ],
    projections: [.init(columns: Actions.columns, joins: "")])
}
