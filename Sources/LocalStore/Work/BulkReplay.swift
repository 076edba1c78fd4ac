internal import JSON
internal import Service

/// The first answer of a call over many actions, told once more.
///
/// It was kept before the actions were performed that the call asked for at once: a repeated call tells how all of them
/// stand now, as its caller would have learnt from the first answer.
enum BulkReplay {
  /// The answer with each action's status and error of now.
  static func now(_ first: [UInt8], in transaction: WriteTransaction) throws(ServiceError) -> [UInt8] {
    guard let results = (try? JSONValue(parsing: first))?["results"]?.arrayValue else { return first }
    var now = BulkResults()
    for result in results {
      var entry = BulkResults.Entry(
        index: result["index"]?.integerValue.flatMap { Int(exactly: $0) }, actionID: result["action_id"]?.stringValue,
        status: result["status"]?.stringValue, error: result["error"]?.stringValue)
      let rules = result["blocked_by"]?.arrayValue ?? []
      entry.obstacles = rules.compactMap { $0.stringValue.flatMap(OutreachRule.init(rawValue:)) }.map {
        OutreachObstacle($0, "")
      }
      if entry.error == nil, let id = entry.actionID { try update(&entry, id, transaction) }
      now.entries.append(entry)
    }
    var payload = JSONWriter(capacity: first.count, sanitizing: true)
    now.write(into: &payload)
    return payload.finish()
  }

  private static func update(
    _ entry: inout BulkResults.Entry, _ id: String, _ transaction: WriteTransaction
  ) throws(ServiceError) {
    guard let row = transaction.ids.row(.action, id) else { return }
    let statement = try transaction.database.statement("SELECT status, error FROM actions WHERE id = ?1")
    statement.bind(row, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { return }
    entry.status = statement.string(0)
    entry.error = statement.optionalString(1)
  }
}
