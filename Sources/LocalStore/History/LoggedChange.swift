internal import JSON
internal import Operations
internal import Platform
internal import Service

/// A row of the audit log, as the history shows it.
struct LoggedChange {
  let row: Int64
  let at: Int64
  let client: String
  let tool: String
  /// The record's id, or the name of what there is one of; nil where the call changed no record of its own.
  let record: String?
  /// Serialised.
  let before: JSONObject?
  let after: JSONObject?
  /// The same as they are stored.
  let stored: (before: [UInt8]?, after: [UInt8]?)

  /// What ``init(_:)`` reads.
  static let columns = "id, at, client, tool, record, before, after"

  /// Reads the columns.
  init(_ row: Statement) {
    self.row = row.integer(0)
    at = row.integer(1)
    client = row.string(2)
    tool = row.string(3)
    record = row.optionalString(4)
    stored = (row.isNull(5) ? nil : Array(row.text(5)), row.isNull(6) ? nil : Array(row.text(6)))
    before = stored.before.flatMap { (try? JSONValue(parsing: $0))?.objectValue }
    after = stored.after.flatMap { (try? JSONValue(parsing: $0))?.objectValue }
  }

  /// The change of an id.
  ///
  /// - Throws: `NOT_FOUND` when there is none.
  static func require(_ id: String, _ transaction: ReadTransaction) throws(ServiceError) -> LoggedChange {
    let row = try transaction.ids.require(.change, id)
    let statement = try transaction.database.statement("a change", flags: 0) {
      "SELECT \(columns) FROM audit_log WHERE id = ?1"
    }
    statement.bind(row, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { throw .notFound("change", id) }
    return LoggedChange(statement)
  }
}

// MARK: - In a line

extension LoggedChange {
  private static let mostFields = 4
  private static let longestValue = 48

  /// What was changed, field by field, in a line; empty where nothing is known of it.
  var summary: String {
    switch (before, after) {
    case (nil, nil): ""
    case (let old?, nil): "removed " + Self.list(old)
    case (nil, let new?): "new " + Self.list(new)
    case (let old?, let new?): Self.difference(old, new)
    }
  }

  private static func difference(_ old: JSONObject, _ new: JSONObject) -> String {
    var names = Array(new.keys)
    // What only says anew what was set (a status, a score) leaves the rest of the record unsaid.
    if old.keys.contains(where: new.contains) { names += old.keys.filter { !new.contains($0) } }
    let changed = names.filter { old[$0] != new[$0] && !isBookkeeping($0) }
    guard !changed.isEmpty else { return "nothing differs" }
    return cut(changed) { "\($0): \(text(old[$0])) → \(text(new[$0]))" }
  }

  private static func list(_ record: JSONObject) -> String {
    let shown = record.filter { member in
      switch member.value {
      case .null, .array, .object: false
      default: !isBookkeeping(member.key)
      }
    }
    return cut(shown.map(\.key)) { "\($0): \(text(record[$0]))" }
  }

  /// Ids and times say little in a line that has the record's id and the change's time.
  private static func isBookkeeping(_ name: String) -> Bool {
    name == "id" || name.hasSuffix("_id") || name.hasSuffix("Id") || name.hasSuffix("_at") || name.hasSuffix("At")
  }

  private static func cut(_ names: [String], _ text: (String) -> String) -> String {
    let rest = names.count > mostFields ? ", and \(names.count - mostFields) more" : ""
    return names.prefix(mostFields).map(text).joined(separator: ", ") + rest
  }

  private static func text(_ value: JSONValue?) -> String {
    switch value {
    case nil, .null?: "–"
    case .string(let text)?: text.cut(longestValue)
    case let value?: value.text.cut(longestValue)
    }
  }
}
