internal import JSON
internal import Platform
public import Service

extension LocalStore {
  /// Gives records one by one, oldest first, as one state of the workspace holds them; others may write meanwhile.
  ///
  /// - Parameters:
  ///   - begin: gets the names of all members that records have, in the order of a table, and how far `row` will count.
  ///   - row: gets a record as one JSON object, and how far the work is. What it throws ends the export.
  /// - Throws: `VALIDATION_ERROR`, `NOT_FOUND` for a segment that is not there, or what a body throws.
  public func exportRecords(
    _ request: ExportRequest, begin: ([String], Int64) throws -> Void,
    row: (UnsafeRawBufferPointer, Int64) throws -> Void
  ) throws {
    // What the bodies throw passes through the store's own errors untouched.
    var failure: (any Error)?
    try read { transaction throws(ServiceError) in
      try transaction.onOneState { () throws(ServiceError) in
        let export = try RecordExport(request, transaction)
        let (columns, last) = (try export.columns(), try export.last())
        do {
          try begin(columns, last)
          try export.run(row)
        } catch let error as ServiceError {
          throw error
        } catch {
          failure = error
        }
      }
    }
    if let failure { throw failure }
  }
}

/// One export: what is read of each row, and which rows.
private struct RecordExport {
  /// So many names of properties are looked for.
  private static let nameLimit = 4000
  private let records: ExportedRecords
  private let table: ExportTable
  private let transaction: ReadTransaction
  private let since: Int64?
  /// Of contacts; nil for all.
  private let members: BitSet?

  init(_ request: ExportRequest, _ transaction: ReadTransaction) throws(ServiceError) {
    records = request.records
    table = ExportTable.of(request.records)
    self.transaction = transaction
    let arguments: JSONObject = request.since.map { ["since": .string($0)] } ?? [:]
    since = try arguments.lowerBound("since")
    members = try Self.members(request, transaction)
  }

  private static func members(
    _ request: ExportRequest, _ transaction: ReadTransaction
  ) throws(ServiceError) -> BitSet? {
    var filter: JSONObject = [:]
    if let name = request.segment {
      let segment =
        if let found = try Segment.find(name: name, transaction) { found } else {
          try Segment.load(name, transaction)
        }
      filter["segment_id"] = .string(transaction.ids.text(.segment, segment.row))
    }
    if let stage = request.lifecycleStage { filter["lifecycle_stage"] = .string(stage) }
    guard !filter.isEmpty else { return nil }
    guard request.records == .contacts else {
      throw ServiceError(
        .validation, "Segments and lifecycle stages choose contacts; \(request.records.rawValue) have none.")
    }
    return try ContactSelection(try ContactFilter.checked(filter, at: "", transaction), transaction)
      .members(transaction)
  }

  /// The highest row.
  func last() throws(ServiceError) -> Int64 {
    try transaction.database.integer("SELECT max(id) FROM \(table.name)") ?? 0
  }

  /// The names of a table's columns.
  func columns() throws(ServiceError) -> [String] {
    guard table.hasProperties else { return table.columns }
    let statement = try transaction.database.statement(
      composed: "SELECT DISTINCT key FROM \(table.name), json_each(properties) LIMIT \(Self.nameLimit)")
    defer { statement.reset() }
    var names: Set<String> = []
    while try statement.step() { names.insert(statement.string(0)) }
    let known = table.columns + records.facts
    let others = names.filter { !known.contains($0) }.sorted { Array($0.utf8).lexicographicallyPrecedes($1.utf8) }
    let first = table.columns.filter { names.contains($0) || records.facts.contains($0) }
    return first + others + records.facts.filter { !first.contains($0) }
  }

  /// Gives every wanted record.
  func run(_ body: (UnsafeRawBufferPointer, Int64) throws -> Void) throws {
    let condition = since == nil ? "" : "AND \(table.time) >= ?1"
    let statement = try transaction.database.statement(
      composed:
        "SELECT x.id, \(table.selection) FROM \(table.name) AS x NOT INDEXED \(table.joins) WHERE \(table.condition) "
        + "\(condition) ORDER BY x.id")
    if let since { statement.bind(since, at: 1) }
    defer { statement.reset() }
    var writer = JSONWriter(capacity: 4096)
    while try statement.step() {
      let row = statement.integer(0)
      if let members, !members.contains(UInt32(truncatingIfNeeded: row)) { continue }
      writer.reset()
      writer.beginObject()
      table.write(statement, transaction.ids, &writer)
      writer.endObject()
      let result = writer.withBytes { bytes in Result { try body(bytes, row) } }
      try result.get()
    }
  }
}
