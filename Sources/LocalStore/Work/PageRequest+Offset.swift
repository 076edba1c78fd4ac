internal import JSON
internal import Service

/// Lists by rows to skip whose totals stand beside the rows (Pathbound API 2.4: agents and runs).
extension PageRequest {
  /// Writes the payload: the rows and `total`, `limit`, `offset` beside them.
  ///
  /// - Parameters:
  ///   - rows: a bound statement that ends with `LIMIT ?3 OFFSET ?4`.
  ///   - total: a bound statement that counts.
  func write(
    _ name: StaticString, _ rows: Statement, total: Statement, into payload: inout JSONWriter,
    row: (Statement, inout JSONWriter) throws(ServiceError) -> Void
  ) throws(ServiceError) {
    defer { total.reset() }
    let count = try total.step() ? total.integer(0) : 0
    rows.bind(limit, at: 3)
    rows.bind(offset, at: 4)
    payload.beginObject()
    var list = RowList(limit: byteLimit)
    try list.write(name, rows, into: &payload, row: row)
    payload.key("total")
    payload.integer(count)
    payload.key("limit")
    payload.integer(limit)
    payload.key("offset")
    payload.integer(offset)
    list.writeOmission(
      advice: "\"Left out because the answer would be too long: use a smaller limit, or offset.\"", into: &payload)
    payload.endObject()
  }
}
