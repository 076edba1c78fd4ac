internal import Service

/// Brings a workspace file to the form that this program knows, one numbered step after the other.
///
/// Steps are never changed once released, only added. `PRAGMA user_version` holds the number of the last one.
enum Migrator {
  /// One step.
  struct Migration {
    /// Consecutive, from 1.
    let version: Int64
    /// What it does.
    let sql: String
  }

  /// All steps, in order.
  static let migrations: [Migration] = [
    .people, .events, .work, .owlbound, .records, .companies, .eventColumns, .outreach, .agents, .owlboundPlatform,
    .flows, .scale, .asking, .history, .bulkText, .pieces, .companyLinks,
  ]

  /// Runs the missing steps in one transaction; writes nothing when there are none.
  static func migrate(_ database: Connection) throws(ServiceError) {
    let newest = migrations.last?.version ?? 0
    let current = try version(of: database)
    guard current <= newest else {
      throw ServiceError(
        .internal,
        "This workspace was written by a newer bound-mcp (format \(current); this program knows \(newest)). "
          + "Update bound-mcp, or choose another file with --db.")
    }
    guard current < newest else { return }
    if current == 0 { try database.execute("PRAGMA journal_mode = WAL") }
    try database.execute("BEGIN IMMEDIATE")
    do throws(ServiceError) {
      // Another process may have been faster.
      for migration in migrations where migration.version > (try version(of: database)) {
        try database.execute(migration.sql)
        try database.execute("PRAGMA user_version = \(migration.version)")
      }
      try database.execute("COMMIT")
    } catch {
      try? database.execute("ROLLBACK")
      throw error
    }
    // Every connection reads the schema first: let it lie in the file itself and not in the log beside it.
    try database.checkpoint()
  }

  private static func version(of database: Connection) throws(ServiceError) -> Int64 {
    try database.integer("PRAGMA user_version") ?? 0
  }
}
