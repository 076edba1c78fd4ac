/// The SQL of a list, put together from fixed parts: which rows, found by which index, in which order.
///
/// The index is always named, never left to SQLite's planner, which knows nothing of how rare a value is. Conditions are
/// written down from the rarest to the commonest: the first one that is set finds the rows. Where its index does not
/// give the wanted order too, the number of matches decides between sorting them all and walking along the order.
struct ListShape: Sendable {
  /// One thing that rows can be asked to fulfil; its bit in a mask is its position in the shape.
  struct Condition: Sendable {
    /// What rows fulfil; its values are parameters of fixed numbers.
    let check: String
    /// How rows that fulfil it are found; nil when it is only checked.
    let access: Access?
    /// The orders, by position in the shape, that rows found this way come in.
    let orders: Set<Int>

    init(_ check: String, _ access: Access? = nil, orders: Set<Int> = []) {
      self.check = check
      self.access = access
      self.orders = orders
    }
  }

  /// How rows are found.
  enum Access: Sendable {
    case index(String)
    /// By row number, from a subquery or one after the other.
    case rowNumber

    var sql: String {
      switch self {
      case .index(let name): "INDEXED BY \(name)"
      case .rowNumber: "NOT INDEXED"
      }
    }
  }

  /// One order of the whole list.
  struct Order: Sendable {
    /// Terms that each take a direction.
    let terms: [String]
    /// What gives the whole table in this order.
    let walk: Access
  }

  /// What is asked for; also names the prepared statement.
  struct Request: Sendable {
    /// One bit for each condition that is set.
    var mask: UInt64 = 0
    /// Position in ``ListShape/orders``.
    var order = 0
    var isDescending = true
    /// Position in ``ListShape/projections``.
    var projection = 0

    mutating func set(_ condition: Int) { mask |= 1 << UInt64(condition) }

    func has(_ condition: Int) -> Bool { mask & 1 << UInt64(condition) != 0 }

    /// Tells the statement of the rows from others of its family.
    func flags(isFirst: Bool) -> UInt64 {
      mask << 8 | UInt64(order) << 4 | UInt64(projection) << 2 | (isDescending ? 2 : 0) | (isFirst ? 0 : 1)
    }

    /// Tells the statement of the count from others of its family.
    var countFlags: UInt64 { mask << 8 | 0xFF }
  }

  /// Which way rows are found.
  enum Way: Sendable, Equatable {
    /// By a condition's access.
    case seek(Int)
    /// Along the order.
    case walk
  }

  /// Columns, and the joins that they need.
  struct Projection: Sendable {
    let columns: String
    let joins: String
  }

  /// Numbers of the parameters that every list has.
  enum Parameter {
    static let row: Int32 = 29
    static let limit: Int32 = 30
    static let offset: Int32 = 31
  }

  /// Tells this shape's statements from others'.
  let family: StaticString
  /// With its alias.
  let table: String
  let conditions: [Condition]
  let orders: [Order]
  let projections: [Projection]

  /// How the rows of a request may be found: the second way, if any, is for when there are many matches.
  func ways(_ request: Request) -> (first: Way, second: Way?) {
    var finders = conditions.indices.lazy.filter { request.has($0) && conditions[$0].access != nil }.makeIterator()
    guard let first = finders.next() else { return (.walk, nil) }
    if conditions[first].orders.contains(request.order) { return (.seek(first), nil) }
    while let next = finders.next() {
      if conditions[next].orders.contains(request.order) { return (.seek(first), .seek(next)) }
    }
    return (.seek(first), .walk)
  }

  /// The rows of one page.
  func rows(_ request: Request, _ way: Way) -> String {
    let projection = projections[request.projection]
    return "SELECT \(projection.columns) FROM \(table) \(access(way, orders[request.order]).sql) \(projection.joins)"
      + "\(condition(request)) ORDER BY \(terms(request)) LIMIT ?\(Parameter.limit) OFFSET ?\(Parameter.offset)"
  }

  /// What stands behind `ORDER BY`.
  func terms(_ request: Request) -> String {
    let direction = request.isDescending ? "DESC" : "ASC"
    return orders[request.order].terms.map { "\($0) \(direction)" }.joined(separator: ", ")
  }

  /// The number of rows.
  func count(_ request: Request) -> String { matches("count(*)", request) }

  /// All rows, in no order.
  ///
  /// - Parameters:
  ///   - columns: what is read of them.
  ///   - tail: what stands behind the conditions, such as a grouping.
  func matches(_ columns: String, _ request: Request, _ tail: String = "") -> String {
    let access = access(ways(request).first, orders[0])
    return "SELECT \(columns) FROM \(table) \(access.sql)\(condition(request))\(tail)"
  }

  /// One row, whose number is the value of ``Parameter/row``, if it is among those that a request finds.
  func check(_ request: Request) -> String {
    let alias = table.split(separator: " ").last ?? ""
    let isRow = "\(alias).id = ?\(Parameter.row)"
    let condition = condition(request)
    return "SELECT 1 FROM \(table)" + (condition.isEmpty ? " WHERE \(isRow)" : "\(condition) AND \(isRow)")
  }

  private func access(_ way: Way, _ order: Order) -> Access {
    switch way {
    case .walk: order.walk
    case .seek(let condition): conditions[condition].access ?? order.walk
    }
  }

  private func condition(_ request: Request) -> String {
    let set = conditions.indices.filter { request.has($0) }.map { conditions[$0].check }
    return set.isEmpty ? "" : " WHERE " + set.joined(separator: " AND ")
  }
}
