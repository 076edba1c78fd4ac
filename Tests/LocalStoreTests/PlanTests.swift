import JSON
import Platform
import Service
import StoreSupport
import Testing

@testable import LocalStore

/// SQLite's own words on how it would find the rows of every statement that a list can make.
@Suite("Query plans")
struct PlanTests {
  private func plan(_ sql: String, _ transaction: ReadTransaction) throws(ServiceError) -> [String] {
    let statement = try transaction.database.statement(composed: "EXPLAIN QUERY PLAN " + sql)
    defer { statement.reset() }
    var lines: [String] = []
    while try statement.step() { lines.append(statement.string(3)) }
    return lines
  }

  /// All masks of up to two conditions.
  private func masks(_ shape: ListShape) -> [UInt64] {
    let bits = shape.conditions.indices.map { UInt64(1) << UInt64($0) }
    return [0] + bits + bits.flatMap { first in bits.filter { $0 > first }.map { first | $0 } }
  }

  @Test("no list looks through a table, and none sorts where an index gives the order", arguments: [0, 1, 2])
  func lists(which: Int) throws {
    let shape = [ContactList.shape, EventList.shape, CompanyList.shape][which]
    let file = try WorkspaceFile(location: Location(":memory:"), clock: SystemClock())
    try file.read { (transaction) throws(ServiceError) in
      for mask in masks(shape) {
        for order in shape.orders.indices {
          for projection in shape.projections.indices {
            let request = ListShape.Request(
              mask: mask, order: order, isDescending: mask % 3 == 0, projection: projection)
            let (first, second) = shape.ways(request)
            for way in [first] + (second.map { [$0] } ?? []) {
              let sql = shape.rows(request, way)
              check(try plan(sql, transaction), sql, shape, request, way)
            }
          }
        }
        guard mask != 0 else { continue }
        let request = ListShape.Request(mask: mask)
        let sql = shape.count(request)
        let lines = try plan(sql, transaction)
        #expect(!lines.contains { isTableScan($0, shape) }, "\(sql)\n\(lines)")
      }
    }
  }

  private func check(
    _ lines: [String], _ sql: String, _ shape: ListShape, _ request: ListShape.Request, _ way: ListShape.Way
  ) {
    let isWalk = way == .walk
    // Walking along row numbers, in the order in which rows came in, is what "SCAN" means there.
    if case .rowNumber = shape.orders[request.order].walk, isWalk {
      #expect(lines.contains("SCAN \(shape.alias)"), "\(sql)\n\(lines)")
    } else {
      #expect(!lines.contains { isTableScan($0, shape) }, "\(sql)\n\(lines)")
    }
    let isOrdered =
      switch way {
      case .walk: true
      case .seek(let condition): shape.conditions[condition].orders.contains(request.order)
      }
    if isOrdered {
      #expect(!lines.contains { $0.contains("TEMP B-TREE FOR") && $0.contains("ORDER BY") }, "\(sql)\n\(lines)")
    }
  }

  /// Rows of the list's own table looked through one by one, without any index.
  private func isTableScan(_ line: String, _ shape: ListShape) -> Bool {
    line.hasPrefix("SCAN \(shape.alias)") && !line.contains("USING") && line.dropFirst(6).first ?? " " == " "
  }

  @Test("the short form of a contact's events needs the index alone")
  func covering() throws {
    let file = try WorkspaceFile(location: Location(":memory:"), clock: SystemClock())
    try file.read { (transaction) throws(ServiceError) in
      let request = ListShape.Request(mask: 1, order: 0, isDescending: true, projection: 1)
      let lines = try plan(EventList.shape.rows(request, .seek(0)), transaction)
      #expect(lines.first == "SEARCH e USING COVERING INDEX events_by_contact (contact_id=?)")
    }
  }

  @Test("a page of a timeline is read from indexes alone, in their order", arguments: [true, false])
  func timeline(isDescending: Bool) throws {
    let file = try WorkspaceFile(location: Location(":memory:"), clock: SystemClock())
    try file.read { (transaction) throws(ServiceError) in
      let lines = try plan(Timeline.sql(isDescending: isDescending), transaction)
      let searches = lines.indices.filter { lines[$0].hasPrefix("SEARCH") }
      #expect(searches.count == Timeline.Source.allCases.count)
      for position in searches {
        #expect(lines[position].contains("USING COVERING INDEX"))
        #expect(lines[position].hasSuffix(isDescending ? "<?)" : ">?)"))
        // Sorted is only what a page of one source has been cut to.
        #expect(!lines[position + 1].contains("TEMP B-TREE"))
      }
      #expect(!lines.contains { $0.hasPrefix("SCAN") && !$0.hasPrefix("SCAN (") }, "\(lines)")
    }
  }

  @Test("a filter finds its contacts by an index, and checks one contact by its row")
  func selections() throws {
    let shape = ContactList.shape
    let file = try WorkspaceFile(location: Location(":memory:"), clock: SystemClock())
    try file.read { (transaction) throws(ServiceError) in
      for mask in masks(shape) {
        let request = ListShape.Request(mask: mask, projection: 2)
        let all = shape.matches("c.id", request)
        #expect(!(try plan(all, transaction).contains { isTableScan($0, shape) }), "\(all)")
        let one = shape.check(request)
        let lines = try plan(one, transaction)
        #expect(lines.first == "SEARCH c USING INTEGER PRIMARY KEY (rowid=?)", "\(one)\n\(lines)")
      }
    }
  }

  @Test("filters that are joined are each answered by one index, without sorting")
  func joined() throws {
    let shape = ContactList.shape
    let file = try WorkspaceFile(location: Location(":memory:"), clock: SystemClock())
    try file.read { (transaction) throws(ServiceError) in
      for condition in ContactList.Condition.allCases where condition != .search {
        let bit = UInt64(1) << UInt64(condition.rawValue)
        let times = UInt64(1) << UInt64(ContactList.Condition.after.rawValue)
        for mask in [bit, bit | times] {
          let sql = shape.matches("c.id", ListShape.Request(mask: mask))
          let lines = try plan(sql, transaction)
          #expect(lines.count == 1 && lines[0].contains("INDEX contacts_"), "\(sql)\n\(lines)")
        }
      }
    }
  }

  @Test("Owlbound's contacts are found by an index, and sorted only where few were found", arguments: [false, true])
  func owlContacts(isFirst: Bool) throws {
    let file = try WorkspaceFile(location: Location(":memory:"), clock: SystemClock())
    let values: [(String, JSONValue)] = [
      ("status", "new"), ("source", "csv"), ("company", "acme"), ("include_archived", true), ("sort_direction", "asc"),
    ]
    try file.read { (transaction) throws(ServiceError) in
      for mask in 0..<32 {
        for order in ["createdAt", "score", "activityScore"] {
          var arguments: JSONObject = ["sort_by": .string(order)]
          for (bit, value) in values.enumerated() where mask & 1 << bit != 0 { arguments[value.0] = value.1 }
          let list = try OwlContactList(arguments, transaction.ids)
          var ways: [OwlContactList.Way] = [.walk]
          if mask & 1 != 0 { ways.append(.status) }
          if mask & 2 != 0 { ways.append(.source) }
          if mask & 4 != 0 { ways.append(.company) }
          for (way, part) in ways.flatMap({ way in OwlContactList.Part.allCases.map { (way, $0) } }) {
            let sql = list.sql(way, part, !isFirst)
            let lines = try plan(sql, transaction)
            #expect(!lines.contains("SCAN c"), "\(sql)\n\(lines)")
            let isOrdered = way == .walk || order == "createdAt" && way != .company
            if isOrdered { #expect(!lines.contains { $0.contains("TEMP B-TREE") }, "\(sql)\n\(lines)") }
          }
        }
      }
    }
  }

  @Test("Owlbound's search, companies, and all that is listed whole, look through no table of people")
  func owlbound() throws {
    let file = try WorkspaceFile(location: Location(":memory:"), clock: SystemClock())
    try file.read { (transaction) throws(ServiceError) in
      for flags in 0..<4 {
        let search = OwlContactSearch.sql(hasStatus: flags & 1 != 0, isCommon: flags & 2 != 0)
        let lines = try plan(search, transaction)
        #expect(lines.contains { $0.hasPrefix("SEARCH c USING INTEGER PRIMARY KEY") }, "\(search)\n\(lines)")
        #expect(!lines.contains("SCAN c"), "\(search)\n\(lines)")
        let companies = OwlCompanyRecord.list(hasIndustry: flags & 1 != 0, isBehind: flags & 2 != 0)
        let found = try plan(companies, transaction)
        // Along the row numbers, newest first, is the list itself.
        #expect(flags != 0 ? !found.contains("SCAN c") : found == ["SCAN c"], "\(companies)\n\(found)")
        #expect(!found.contains { $0.contains("TEMP B-TREE") }, "\(companies)\n\(found)")
      }
    }
  }

  @Test("rows that were found in columns are read one by one, in the order in which they are wanted")
  func byRow() throws {
    let file = try WorkspaceFile(location: Location(":memory:"), clock: SystemClock())
    try file.read { (transaction) throws(ServiceError) in
      for isSummary in [false, true] {
        let lines = try plan(EventList.byRow(isSummary: isSummary), transaction)
        #expect(lines.contains("SEARCH e USING INTEGER PRIMARY KEY (rowid=?)"), "\(lines)")
        #expect(!lines.contains { $0.hasPrefix("SCAN e") || $0.hasPrefix("SCAN p") }, "\(lines)")
      }
    }
  }

  @Test("what is listed whole is read in the order of its rows, and one of a name by an index")
  func definitions() throws {
    let file = try WorkspaceFile(location: Location(":memory:"), clock: SystemClock())
    try file.read { (transaction) throws(ServiceError) in
      let lists = Sequence.queries + Workflow.queries + [false, true].map { StoredConnector.list(hasSlug: $0) }
      for (position, sql) in lists.enumerated() {
        let lines = try plan(sql, transaction)
        // Connectors of one integration are few, and sorted.
        let isSorted = lines.contains { $0.contains("TEMP B-TREE") }
        #expect(position == lists.count - 1 || !isSorted, "\(sql)\n\(lines)")
        let isNarrow = position % 2 == 1
        #expect(!isNarrow || !lines.contains { $0 == "SCAN d" || $0 == "SCAN connectors" }, "\(sql)\n\(lines)")
      }
    }
  }

  @Test("signals are found by an index or by row number")
  func signals() throws {
    let file = try WorkspaceFile(location: Location(":memory:"), clock: SystemClock())
    try file.read { (transaction) throws(ServiceError) in
      for flags in 0..<8 {
        let filter = SignalFilter(hasType: flags & 1 != 0, hasPriority: flags & 2 != 0, isOpenOnly: flags & 4 != 0)
        let lines = try plan(filter.sql, transaction)
        #expect(flags == 0 || !lines.contains("SCAN signals"), "\(filter.sql)\n\(lines)")
        #expect(!lines.contains { $0.contains("TEMP B-TREE") }, "\(filter.sql)\n\(lines)")
      }
    }
  }
}

extension ListShape {
  /// The table's short name, as plans use it.
  fileprivate var alias: String { String(table.suffix(1)) }
}
