internal import JSON
internal import Operations
internal import Platform
internal import Service

/// Enrichment jobs as they lie in the workspace.
enum EnrichmentJobs {
  /// How long a job stays with a process that gives no sign: longer than any provider may take.
  static let lease: Int64 = 180_000
  /// A job whose process died so often is given up: it may be what they died of.
  static let attempts: Int64 = 3

  /// Queues a job for a contact that exists, unless one is open or there is data already; gives the status and the
  /// position of the priority.
  static func queue(
    _ contact: Int64, priority: Int64, isForced: Bool, _ transaction: WriteTransaction
  ) throws(ServiceError) -> (status: String, priority: Int) {
    let latest = try transaction.database.statement(
      "SELECT id, status, priority FROM enrichment_jobs WHERE contact_id = ?1 ORDER BY id DESC LIMIT 1")
    latest.bind(contact, at: 1)
    defer { latest.reset() }
    if try latest.step() {
      let (job, status, present) = (latest.integer(0), latest.string(1), latest.integer(2))
      let isOpen = status == "queued" || status == "in_progress"
      if isOpen {
        let raise = try transaction.database.statement(
          "UPDATE enrichment_jobs SET priority = min(priority, ?2), is_forced = max(is_forced, ?3) WHERE id = ?1")
        raise.bind(job, at: 1)
        raise.bind(priority, at: 2)
        raise.bind(isForced, at: 3)
        try raise.run()
        return (status, Int(min(present, priority)))
      }
      if status == "completed", !isForced { return (status, Int(present)) }
    }
    let new = try transaction.database.statement(
      """
      INSERT INTO enrichment_jobs (contact_id, priority, is_forced, status, queued_at) VALUES (?1, ?2, ?3, 'queued', ?4)
      """)
    new.bind(contact, at: 1)
    new.bind(priority, at: 2)
    new.bind(isForced, at: 3)
    new.bind(transaction.now.milliseconds, at: 4)
    try new.run()
    return ("queued", Int(priority))
  }

  /// The most urgent job that waits, or one whose lease has run out; nil when there is none.
  static func firstWaiting(_ database: Connection, at now: Timestamp) throws(ServiceError) -> Int64? {
    let abandoned = try database.statement(
      """
      SELECT id FROM enrichment_jobs INDEXED BY enrichment_jobs_running
      WHERE status = 'in_progress' AND lease_until <= ?1 ORDER BY lease_until LIMIT 1
      """)
    abandoned.bind(now.milliseconds, at: 1)
    defer { abandoned.reset() }
    if try abandoned.step() { return abandoned.integer(0) }
    let queued = try database.statement(
      """
      SELECT id FROM enrichment_jobs INDEXED BY enrichment_jobs_queued WHERE status = 'queued'
      ORDER BY priority, id LIMIT 1
      """)
    defer { queued.reset() }
    return try queued.step() ? queued.integer(0) : nil
  }

  /// The outcomes of a job's phases so far.
  static func outcomes(_ job: Statement, _ column: Int32) -> [PhaseOutcome] {
    let value = try? JSONParser.parse(job.text(column))
    return value?.arrayValue?.compactMap { PhaseOutcome($0) } ?? []
  }

  /// Writes `status`, `priority`, `currentPhase`, what became of the phases, and times in epoch milliseconds.
  static func writeStatus(
    of contact: Int64, _ transaction: ReadTransaction, into payload: inout JSONWriter
  ) throws(ServiceError) {
    let job = try transaction.database.statement(
      """
      SELECT status, priority, phase, phases, queued_at, started_at, completed_at FROM enrichment_jobs
      WHERE contact_id = ?1 ORDER BY id DESC LIMIT 1
      """)
    job.bind(contact, at: 1)
    defer { job.reset() }
    let isThere = try job.step()
    let outcomes = isThere ? outcomes(job, 3) : []
    payload.key("status")
    if isThere { payload.text(job, 0) } else { payload.raw("\"not_started\"") }
    payload.key("priority")
    if isThere { payload.string(Vocabulary.enrichmentPriorities[Int(job.integer(1)) & 3]) } else { payload.null() }
    payload.key("currentPhase")
    if isThere { payload.text(job, 2) } else { payload.null() }
    payload.key("completedPhases")
    payload.value(.array(outcomes.filter { $0.kind == .completed }.map { .string($0.phase) }))
    payload.key("skippedPhases")
    payload.value(.array(outcomes.filter { $0.kind == .skipped }.map { $0.named("reason") }))
    payload.key("errors")
    payload.value(.array(outcomes.flatMap(\.errors)))
    for (name, column) in [("queuedAt", 4), ("startedAt", 5), ("completedAt", 6)] as [(StaticString, Int32)] {
      payload.key(name)
      if isThere, !job.isNull(column) { payload.integer(job.integer(column)) } else { payload.null() }
    }
  }
}

/// What became of one phase of a job.
struct PhaseOutcome {
  enum Kind: String {
    case completed, skipped, failed
  }

  let phase: String
  let kind: Kind
  /// Why it was skipped.
  var message: String?
  /// What went wrong at single providers.
  var failures: [String] = []

  init(_ phase: EnrichmentPhase, _ kind: Kind, message: String? = nil, failures: [String] = []) {
    self.phase = phase.rawValue
    self.kind = kind
    self.message = message
    self.failures = failures
  }

  /// Reads what ``json`` wrote.
  init?(_ json: JSONValue) {
    guard let phase = json["phase"]?.stringValue,
      let kind = json["outcome"]?.stringValue.flatMap({ Kind(rawValue: $0) })
    else { return nil }
    self.phase = phase
    self.kind = kind
    message = json["message"]?.stringValue
    failures = json["failures"]?.arrayValue?.compactMap(\.stringValue) ?? []
  }

  var json: JSONValue {
    [
      "phase": .string(phase), "outcome": .string(kind.rawValue), "message": message.map { .string($0) } ?? .null,
      "failures": .array(failures.map { .string($0) }),
    ]
  }

  /// The phase and its message.
  func named(_ key: String) -> JSONValue {
    .object(["phase": .string(phase), key: message.map { .string($0) } ?? .null])
  }

  /// One for each failure.
  var errors: [JSONValue] { failures.map { ["phase": .string(phase), "message": .string($0)] } }
}
