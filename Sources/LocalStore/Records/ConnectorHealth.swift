internal import JSON
internal import Platform

/// How a connector is, computed from its last real uses.
struct ConnectorHealth {
  private let failuresInARow: Int64
  private let lastSuccess: Int64?
  private let lastFailure: Int64?
  private let lastError: String?
  private let uses: Int64
  private let failures: Int64
  private let now: Int64

  /// A failure counts against a connector that works again for so long.
  private static let day: Int64 = 86_400_000
  /// So many failures one after the other are no accident.
  private static let row: Int64 = 3

  /// Reads columns 4 to 9 of ``StoredConnector/columns``.
  init(_ connector: Statement, now: Timestamp) {
    failuresInARow = connector.integer(4)
    lastSuccess = connector.optionalInteger(5)
    lastFailure = connector.optionalInteger(6)
    lastError = connector.optionalString(7)
    uses = connector.integer(8)
    failures = connector.integer(9)
    self.now = now.milliseconds
  }

  private var verdict: (status: StaticString, message: String) {
    let error = lastError.map { ": \($0)" } ?? "."
    guard uses > 0 else { return ("unknown", "Not used yet.") }
    if failuresInARow >= Self.row || failuresInARow > 0 && lastSuccess == nil {
      return ("unhealthy", "The last \(failuresInARow) of \(uses) uses failed\(error)")
    }
    if failuresInARow > 0 { return ("degraded", "The last use failed\(error)") }
    if let lastFailure, now - lastFailure < Self.day {
      return ("degraded", "The last use succeeded, but one within a day failed\(error)")
    }
    return ("healthy", "The last use succeeded; \(failures) of \(uses) failed.")
  }

  /// Writes `status`, `checkedAt` (the last use, epoch milliseconds) and `message`.
  func write(into payload: inout JSONWriter) {
    let (status, message) = verdict
    payload.beginObject()
    payload.key("status")
    payload.string(status.description)
    payload.key("checkedAt")
    if let last = [lastSuccess, lastFailure].compactMap({ $0 }).max() { payload.integer(last) } else { payload.null() }
    payload.key("message")
    payload.string(message)
    payload.endObject()
  }
}
