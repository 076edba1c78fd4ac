import Service

@testable import LocalStore

/// How many runs of workflows have ended well.
enum RunCounts {
  static func read(_ store: LocalStore) throws -> Int64 {
    try store.read { transaction throws(ServiceError) in
      let statement = try transaction.database.statement(
        composed: "SELECT count(*) FROM workflow_runs WHERE status = 'completed'")
      defer { statement.reset() }
      return try statement.step() ? statement.integer(0) : -1
    }
  }
}
