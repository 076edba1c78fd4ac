internal import JSON
internal import JSONSchema
internal import Operations
internal import Service

/// A stored filter of contacts (Pathbound API 8).
struct Segment {
  let row: Int64
  let name: String
  let summary: String?
  let filter: JSONObject
  private let createdAt: Int64
  private let updatedAt: Int64

  static let columns = "id, name, description, filter, created_at, updated_at"

  /// Reads ``columns``.
  init(_ row: Statement) {
    self.row = row.integer(0)
    name = row.string(1)
    summary = row.optionalString(2)
    let value = try? JSONParser.parse(row.text(3))
    filter = value?.objectValue ?? [:]
    createdAt = row.integer(4)
    updatedAt = row.integer(5)
  }

  /// The segment with this id.
  ///
  /// - Throws: `NOT_FOUND` when there is none.
  static func load(_ id: String, _ transaction: ReadTransaction) throws(ServiceError) -> Segment {
    let row = try transaction.ids.require(.segment, id)
    guard let segment = try find("id = ?1", transaction, bind: { $0.bind(row, at: 1) }) else {
      throw .notFound("segment", id)
    }
    return segment
  }

  /// The segment of that name, however it is written; nil when there is none.
  static func find(name: String, _ transaction: ReadTransaction) throws(ServiceError) -> Segment? {
    try find("name_key = ?1", transaction) { $0.bind(key(name), at: 1) }
  }

  private static func find(
    _ condition: String, _ transaction: ReadTransaction, bind: (Statement) -> Void
  ) throws(ServiceError) -> Segment? {
    let statement = try transaction.database.statement(
      composed: "SELECT \(columns) FROM segments WHERE \(condition)")
    bind(statement)
    defer { statement.reset() }
    return try statement.step() ? Segment(statement) : nil
  }

  /// The segments of one page, in the order in which they were made.
  static func page(_ page: PageRequest, _ transaction: ReadTransaction) throws(ServiceError) -> [Segment] {
    let statement = try transaction.database.statement("segments", flags: 0) {
      "SELECT \(columns) FROM segments ORDER BY id LIMIT ?1 OFFSET ?2"
    }
    statement.bind(page.limit, at: 1)
    statement.bind(page.offset, at: 2)
    defer { statement.reset() }
    var segments: [Segment] = []
    while try statement.step() { segments.append(Segment(statement)) }
    return segments
  }

  /// What two spellings of a name have in common.
  static func key(_ name: String) -> String { name.trimmed.lowercased() }

  /// Writes the segment, one object.
  ///
  /// - Parameter count: how many contacts match; left out where they were not counted.
  func write(count: Int64?, _ ids: RecordIDs, into payload: inout JSONWriter) {
    payload.beginObject()
    payload.recordID("_id", "segment_id", .segment, row, ids)
    payload.key("name")
    payload.string(name)
    payload.key("description")
    if let summary { payload.string(summary) } else { payload.null() }
    payload.key("filter")
    payload.value(.object(filter))
    if let count {
      payload.key("contact_count")
      payload.integer(count)
    }
    payload.key("created_at")
    payload.time(createdAt)
    payload.key("updated_at")
    payload.time(updatedAt)
    payload.endObject()
  }
}

// MARK: - Of one contact

extension Segment {
  /// So many segments are tried on one contact at most, the oldest first.
  private static let trialLimit: Int64 = 100

  /// Writes the ids of the segments that a contact is in, one array.
  static func writeIDs(
    of contact: Int64, _ transaction: ReadTransaction, into payload: inout JSONWriter
  ) throws(ServiceError) {
    payload.beginArray()
    for segment in try page(PageRequest(["limit": .integer(trialLimit)]), transaction) {
      // A filter may name a company that is gone: then nobody is in the segment.
      guard let selection = try? ContactSelection(segment.filter, transaction) else { continue }
      if try selection.contains(contact, transaction) {
        transaction.ids.write(.segment, segment.row, into: &payload)
      }
    }
    payload.endArray()
  }
}

/// Filters of contacts against their grammar.
enum ContactFilter {
  private static let grammar = CompiledSchema(.object(ContactFilters.all))

  /// The filter in normal form.
  ///
  /// - Parameter path: JSON Pointer of the filter.
  /// - Throws: `VALIDATION_ERROR` that names the nearest key; also for a company or segment that is not there.
  static func checked(
    _ filter: JSONObject, at path: String, _ transaction: ReadTransaction
  ) throws(ServiceError) -> JSONObject {
    let valid: JSONObject
    do {
      valid = try grammar.validate(filter, below: path)
    } catch {
      throw ServiceError(error)
    }
    for (name, kind): (String, RecordKind) in [("company_id", .company), ("segment_id", .segment)] {
      guard let id = valid.text(name), try transaction.existing(kind, id) == nil else { continue }
      throw .invalid("\(path)/\(name)", "No \(kind.noun) has the id \"\(id.prefix(64))\".")
    }
    // Texts that can't be looked for are found out now, and not when the filter is used.
    _ = try ContactSelection(valid, transaction)
    return valid
  }
}
