import Service
import StoreSupport

@testable import LocalStore

/// All that an undo must put back, in a form that tests can compare.
enum WorkspaceState {
  /// A line for each row of the journaled tables, the counters, and whose each event is.
  static func read(_ workspace: TestWorkspace) throws -> [String] {
    try workspace.store.read { transaction throws(ServiceError) in
      var lines: [String] = []
      for table in JournaledTable.allCases {
        let shape = try table.shape(transaction.database)
        let columns = shape.columns.map { "'\($0)=' || quote(\($0))" }
        let condition = table == .settings ? "WHERE name = 'outreach_rules'" : ""
        try add(
          "SELECT \(columns.joined(separator: " || ' ' || ")) FROM \(table.rawValue) \(condition) ORDER BY 1",
          table.rawValue, transaction, &lines)
      }
      try add("SELECT name || '=' || rows FROM counters WHERE rows <> 0 ORDER BY 1", "counter", transaction, &lines)
      try add("SELECT id || ' of ' || coalesce(contact_id, '-') FROM events ORDER BY id", "event", transaction, &lines)
      try add("SELECT rowid || '' FROM contacts_text('a* OR b* OR n*') ORDER BY 1", "found", transaction, &lines)
      try add("SELECT rowid || '' FROM owl_contacts_text('a* OR b* OR n*') ORDER BY 1", "owl", transaction, &lines)
      try add("SELECT rowid || '' FROM companies_text('a* OR b* OR n*') ORDER BY 1", "company", transaction, &lines)
      return lines
    }
  }

  private static func add(
    _ sql: String, _ name: String, _ transaction: ReadTransaction, _ lines: inout [String]
  ) throws(ServiceError) {
    let statement = try transaction.database.statement(composed: sql)
    defer { statement.reset() }
    while try statement.step() { lines.append("\(name): \(statement.string(0))") }
  }
}
