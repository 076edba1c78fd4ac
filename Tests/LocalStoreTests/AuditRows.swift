import Service
import StoreSupport

@testable import LocalStore

/// The audit log in a form that tests can compare.
enum AuditRows {
  /// `client tool record before after`, oldest first.
  static func read(_ workspace: TestWorkspace) throws -> [String] {
    try workspace.store.read { transaction throws(ServiceError) in
      let statement = try transaction.database.statement(
        composed: "SELECT client, tool, record, before, after FROM audit_log ORDER BY id")
      defer { statement.reset() }
      var rows: [String] = []
      while try statement.step() {
        rows.append((0..<5).map { statement.optionalString($0) ?? "-" }.joined(separator: " "))
      }
      return rows
    }
  }
}
