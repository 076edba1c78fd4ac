internal import JSON

/// Which part of a list is asked for, by page number (Pathbound API 2.4).
struct PageRequest {
  /// From 1.
  let page: Int64
  /// From 1 to 100.
  let limit: Int64
  /// Rows before the page; held at the end of the range.
  let offset: Int64
  /// Pages of this size get the shorter budget of a default result.
  static let defaultLimit: Int64 = 20

  /// Reads `page` and `limit`.
  init(_ arguments: JSONObject) {
    page = max(1, arguments["page"]?.integerValue ?? 1)
    limit = Self.limit(arguments)
    let (product, isOver) = (page - 1).multipliedReportingOverflow(by: limit)
    offset = isOver ? .max : product
  }

  /// Reads `limit` and the number of rows to skip, where a list has that instead of pages.
  init(_ arguments: JSONObject, skipping name: String) {
    limit = Self.limit(arguments)
    offset = max(0, arguments[name]?.integerValue ?? 0)
    page = offset / limit + 1
  }

  private static func limit(_ arguments: JSONObject) -> Int64 {
    min(max(1, arguments["limit"]?.integerValue ?? defaultLimit), 100)
  }

  /// So many rows to skip that the request may take long.
  var isDeep: Bool { offset > 2000 }

  /// How many bytes of rows a model can be given.
  var byteLimit: Int { limit <= Self.defaultLimit ? RowList.defaultByteLimit : RowList.byteLimit }

  /// Writes `pagination`.
  func write(total: Int64, into payload: inout JSONWriter) {
    payload.key("pagination")
    payload.beginObject()
    payload.key("page")
    payload.integer(page)
    payload.key("limit")
    payload.integer(limit)
    payload.key("total_pages")
    payload.integer((total + limit - 1) / limit)
    payload.key("total_items")
    payload.integer(total)
    payload.endObject()
  }
}
