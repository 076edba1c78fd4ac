internal import JSON
internal import Platform
internal import Service

/// The usage ledger's sums over the last 30 days, calls that are still to be stored included.
struct UsageSummary {
  private struct Sum {
    var calls: Int64 = 0
    var credits: Int64 = 0
  }

  private static let days: Int64 = 30
  private static let dayLength: Int64 = 86_400_000
  private var sums: [String: Sum] = [:]
  private var today = Sum()

  /// Adds up the days, some hundred rows.
  init(_ transaction: ReadTransaction) throws(ServiceError) {
    let day = transaction.now.milliseconds / Self.dayLength
    let (stored, waiting) = try transaction.books.whole { () throws(ServiceError) in
      try Self.stored(until: day, transaction)
    }
    for row in stored { add(row.capability, row.calls, row.credits, isToday: row.day == day) }
    for entry in waiting {
      add(entry.capability, 1, Int64(entry.credits), isToday: entry.at.milliseconds / Self.dayLength == day)
    }
  }

  private static func stored(
    until day: Int64, _ transaction: ReadTransaction
  ) throws(ServiceError) -> [(capability: String, calls: Int64, credits: Int64, day: Int64)] {
    let statement = try transaction.database.statement(
      "SELECT capability, calls, credits, day FROM usage_days WHERE day > ?1 AND day <= ?2")
    statement.bind(day - days, at: 1)
    statement.bind(day, at: 2)
    defer { statement.reset() }
    var rows: [(capability: String, calls: Int64, credits: Int64, day: Int64)] = []
    while try statement.step() {
      rows.append((statement.string(0), statement.integer(1), statement.integer(2), statement.integer(3)))
    }
    return rows
  }

  private mutating func add(_ capability: String, _ calls: Int64, _ credits: Int64, isToday: Bool) {
    sums[capability, default: Sum()].calls += calls
    sums[capability, default: Sum()].credits += credits
    guard isToday else { return }
    today.calls += calls
    today.credits += credits
  }

  /// Writes `today` and `last30Days` with `calls` and `credits`, and `capabilities`, the dearest first.
  func write(into payload: inout JSONWriter) {
    let all = sums.values.reduce(into: Sum()) { total, sum in
      total.calls += sum.calls
      total.credits += sum.credits
    }
    payload.beginObject()
    for (name, sum) in [("today", today), ("last30Days", all)] as [(StaticString, Sum)] {
      payload.key(name)
      payload.beginObject()
      Self.write(sum, into: &payload)
      payload.endObject()
    }
    payload.key("capabilities")
    payload.beginArray()
    let order = sums.sorted {
      $0.value.credits == $1.value.credits ? $0.key < $1.key : $0.value.credits > $1.value.credits
    }
    for (capability, sum) in order {
      payload.beginObject()
      payload.key("id")
      payload.string(capability)
      Self.write(sum, into: &payload)
      payload.endObject()
    }
    payload.endArray()
    payload.endObject()
  }

  private static func write(_ sum: Sum, into payload: inout JSONWriter) {
    payload.key("calls")
    payload.integer(sum.calls)
    payload.key("credits")
    payload.integer(sum.credits)
  }
}
