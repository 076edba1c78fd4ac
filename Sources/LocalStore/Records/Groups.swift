internal import JSON
internal import JSONSchema
internal import Operations
internal import Platform
internal import Service

/// What the records of a group have in common.
enum GroupKey: Hashable {
  /// They have nothing there.
  case none
  case text(String)
  case flag(Bool)
  /// A day, the Monday of a week or the first of a month, as `2026-11-20`; a month as `2026-11`.
  case time(String)

  var isTime: Bool { if case .time = self { true } else { false } }

  /// Writes it as a JSON value.
  func write(into payload: inout JSONWriter) {
    switch self {
    case .none: payload.null()
    case .text(let text), .time(let text): payload.string(text)
    case .flag(let flag): payload.bool(flag)
    }
  }

  private var order: String {
    switch self {
    case .none: ""
    case .text(let text), .time(let text): text
    case .flag(let flag): flag ? "true" : "false"
    }
  }

  /// Larger groups come first; buckets of time, of which a limit should leave the latest, come newest first.
  static func precedes(_ left: (key: GroupKey, count: Int), _ right: (key: GroupKey, count: Int)) -> Bool {
    if left.key.isTime || right.key.isTime { return left.key.order > right.key.order }
    return left.count != right.count ? left.count > right.count : left.key.order < right.key.order
  }
}

/// A bucket of time.
enum TimeBucket: String {
  case day, week, month

  /// Milliseconds of a day.
  static let dayLength: Int64 = 86_400_000

  /// The bucket of a day, counted from 1970-01-01.
  func key(ofDay day: Int64) -> GroupKey {
    // 1970-01-01 was a Thursday.
    let first = self == .week ? day - (day + 3) % 7 : day
    let text = Timestamp(milliseconds: first * Self.dayLength).iso8601
    return .time(String(text.prefix(self == .month ? 7 : 10)))
  }
}

/// Checks what a count by groups is asked for.
enum GroupRequest {
  /// The filters in normal form.
  static func filters(
    _ filters: JSONObject, _ grammar: CompiledSchema
  ) throws(ServiceError) -> JSONObject {
    do {
      return try grammar.validate(filters, below: "/filters")
    } catch {
      throw ServiceError(error)
    }
  }

  /// Refuses a dimension that the records don't have, and names the nearest.
  static func unknown(_ dimension: String, _ entity: String, _ known: [String]) -> ServiceError {
    let near = Nearest.name(to: dimension, among: known)
    let hint = near.map { "Did you mean \"\($0)\"? " } ?? ""
    return .invalid(
      "/group_by",
      "\(entity) can't be counted by \"\(dimension.prefix(64))\". \(hint)Known are \(known.joined(separator: ", ")).")
  }
}
