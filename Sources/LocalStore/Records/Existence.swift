internal import Service

extension RecordKind {
  /// The table or query that holds the records of this kind; nil for those that there are none of yet.
  fileprivate var table: String? {
    switch self {
    case .contact: "contacts"
    case .company: "companies"
    case .action: "actions"
    case .agent: "agents"
    case .run, .job: "runs"
    case .identity: "(SELECT id FROM identities WHERE deleted_at IS NULL)"
    case .note: "notes"
    case .task: "tasks"
    case .thread: "mail_threads"
    case .event: "events"
    case .change: "audit_log"
    case .owlContact: "owl_contacts"
    case .signal: "signals"
    case .profile: "icp_profiles"
    case .workflow: "workflows"
    case .sequence: "sequences"
    case .enrollment: "enrollments"
    case .segment: "segments"
    case .owlCompany: "owl_companies"
    case .connector: "connectors"
    }
  }
}

extension ReadTransaction {
  /// The row of a record that exists; nil when the id is not one of ours, or its record is gone.
  func existing(_ kind: RecordKind, _ id: String) throws(ServiceError) -> Int64? {
    guard let row = ids.row(kind, id), let table = kind.table else { return nil }
    let statement = try database.statement(composed: "SELECT 1 FROM \(table) WHERE id = ?1")
    statement.bind(row, at: 1)
    defer { statement.reset() }
    return try statement.step() ? row : nil
  }

  /// The row of a record.
  ///
  /// - Throws: `NOT_FOUND` when there is none with that id.
  func require(_ kind: RecordKind, _ id: String) throws(ServiceError) -> Int64 {
    guard let row = try existing(kind, id) else { throw .notFound(kind.noun, id) }
    return row
  }
}
