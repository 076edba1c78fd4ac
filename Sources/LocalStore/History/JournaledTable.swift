internal import Service

/// The tables whose rows people see, so that a change of them can be taken back.
///
/// Tables that are missing here hold what is derived (counts, totals, texts), what only grows (logs, what was sent), or
/// events, of which each call that stores some would pay for being noted.
enum JournaledTable: String, CaseIterable {
  case identities, companies, contacts, visitors, notes, tasks, mails, segments, agents, runs, actions, signals, scores,
    connectors, workflows, sequences, enrollments, suppressions, settings
  case mailThreads = "mail_threads"
  case runContacts = "run_contacts"
  case runProposals = "run_proposals"
  case owlContacts = "owl_contacts"
  case owlCompanies = "owl_companies"
  case profiles = "icp_profiles"
  case scoreHistory = "score_history"
  case enrichmentJobs = "enrichment_jobs"
  case workflowRuns = "workflow_runs"
  case sequenceVersions = "sequence_versions"
  case enrollmentSteps = "enrollment_steps"

  /// What its rows are to callers; nil for parts of other records.
  var kind: RecordKind? {
    switch self {
    case .identities: .identity
    case .companies: .company
    case .contacts: .contact
    case .notes: .note
    case .tasks: .task
    case .mailThreads: .thread
    case .segments: .segment
    case .agents: .agent
    case .runs: .run
    case .actions: .action
    case .owlContacts: .owlContact
    case .owlCompanies: .owlCompany
    case .signals: .signal
    case .profiles: .profile
    case .connectors: .connector
    case .workflows: .workflow
    case .sequences: .sequence
    case .enrollments: .enrollment
    case .visitors, .mails, .runContacts, .runProposals, .scores, .scoreHistory, .enrichmentJobs, .workflowRuns,
      .sequenceVersions, .enrollmentSteps, .suppressions, .settings:
      nil
    }
  }

  /// What people call a row.
  var noun: String {
    if let kind { return kind.noun }
    return switch self {
    case .visitors: "visitor"
    case .mails: "mail"
    case .runContacts, .runProposals: "run"
    case .scores, .scoreHistory: "score"
    case .enrichmentJobs: "enrichment"
    case .workflowRuns: "workflow run"
    case .sequenceVersions: "sequence"
    case .enrollmentSteps: "enrollment"
    case .suppressions: "suppression"
    default: "rule for outreach"
    }
  }

  /// The name under which the number of its rows is kept.
  var counter: String? {
    switch self {
    case .contacts, .companies, .owlContacts, .owlCompanies, .signals: rawValue
    default: nil
    }
  }

  /// Whether a trigger notes new rows.
  ///
  /// Contacts and signals come in by the thousand: their calls say which they made.
  var notesInserts: Bool { self != .contacts && self != .signals }

  /// The columns that others change all the time without anybody's having changed the record.
  var restless: Set<String> {
    switch self {
    case .contacts: ["first_seen_at", "first_touch", "enriched_at"]
    case .agents: ["next_run_at"]
    case .connectors: ["uses", "failures", "failures_in_a_row", "last_success_at", "last_failure_at", "last_error"]
    default: []
    }
  }

  /// What rows of the table must be to be noted, as SQL behind the other condition.
  private func condition(_ row: String) -> String { self == .settings ? " AND \(row).name = 'outreach_rules'" : "" }

  /// Its columns that can be written, in order, and those that make its key.
  struct Shape {
    let columns: [String]
    let key: [String]
  }

  /// Reads the shape from the schema, so that no later migration can be forgotten here.
  func shape(_ database: Connection) throws(ServiceError) -> Shape {
    let statement = try database.statement(
      "SELECT name, pk FROM pragma_table_xinfo(?1, 'main') WHERE hidden = 0 ORDER BY cid")
    statement.bind(rawValue, at: 1)
    defer { statement.reset() }
    var columns: [String] = []
    var key: [(position: Int64, name: String)] = []
    while try statement.step() {
      columns.append(statement.string(0))
      if statement.integer(1) > 0 { key.append((statement.integer(1), statement.string(0))) }
    }
    return Shape(columns: columns, key: key.sorted { $0.position < $1.position }.map(\.name))
  }

  /// The triggers of the connection that tell the journal, which takes the table by this number.
  func triggers(_ shape: Shape, number: Int) -> String {
    func trigger(_ event: String, _ code: Int, _ rows: [String]) -> String {
      let values = rows.flatMap { row in shape.columns.map { "\(row).\($0)" } }.joined(separator: ", ")
      let condition = condition(rows.last ?? "old")
      return """
        CREATE TEMP TRIGGER IF NOT EXISTS \(rawValue)_\(event) AFTER \(event) ON main.\(rawValue)
        WHEN journal_is_on()\(condition) BEGIN SELECT note_change(\(number), \(code), \(values)); END;

        """
    }
    return (notesInserts ? trigger("INSERT", ChangeJournal.Event.insert.rawValue, ["new"]) : "")
      + trigger("UPDATE", ChangeJournal.Event.update.rawValue, ["old", "new"])
      + trigger("DELETE", ChangeJournal.Event.delete.rawValue, ["old"])
  }
}
