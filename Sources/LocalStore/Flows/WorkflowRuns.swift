internal import JSON
internal import Operations
internal import Platform
internal import Scoring
internal import Service

/// Does what workflows say, one run after the other.
///
/// A run is one transaction, the record of its outcome included: a process that dies leaves it queued and nothing done.
/// What reaches outside is an action, which has its own claim.
enum WorkflowRuns {
  /// So many runs are done in one transaction.
  static let batch: Int64 = 128

  /// Whether a run is queued.
  static func areQueued(_ transaction: ReadTransaction) throws(ServiceError) -> Bool {
    let statement = try transaction.database.statement(
      "SELECT 1 FROM workflow_runs INDEXED BY workflow_runs_queued WHERE status = 'queued' LIMIT 1")
    defer { statement.reset() }
    return try statement.step()
  }

  /// Does the runs that have waited longest.
  static func work(in transaction: WriteTransaction) throws(ServiceError) {
    let statement = try transaction.database.statement(
      """
      SELECT workflow_id, signal_id FROM workflow_runs INDEXED BY workflow_runs_queued WHERE status = 'queued'
      ORDER BY signal_id, workflow_id LIMIT ?1
      """)
    statement.bind(batch, at: 1)
    var queued: [(workflow: Int64, signal: Int64)] = []
    do {
      defer { statement.reset() }
      while try statement.step() { queued.append((statement.integer(0), statement.integer(1))) }
    }
    var workflows: [Int64: Workflow] = [:]
    for run in queued {
      if workflows[run.workflow] == nil {
        workflows[run.workflow] = try Workflow.find(run.workflow, transaction.reading)
      }
      guard let workflow = workflows[run.workflow], let signal = try signal(run.signal, transaction.reading) else {
        throw ServiceError(.internal, "A run names a workflow or a signal that is gone.")
      }
      var performance = WorkflowPerformance(workflow: workflow, signal: signal, transaction: transaction)
      try performance.perform()
      try end(run, performance, in: transaction)
    }
  }

  private static func signal(_ row: Int64, _ transaction: ReadTransaction) throws(ServiceError) -> RoutedSignal? {
    let statement = try transaction.database.statement("a signal to act on", flags: 0) {
      "SELECT \(RoutedSignal.columns) FROM signals WHERE id = ?1"
    }
    statement.bind(row, at: 1)
    defer { statement.reset() }
    return try statement.step() ? RoutedSignal(statement, transaction) : nil
  }

  private static func end(
    _ run: (workflow: Int64, signal: Int64), _ performance: WorkflowPerformance, in transaction: WriteTransaction
  ) throws(ServiceError) {
    let statement = try transaction.database.statement(
      """
      UPDATE workflow_runs SET status = ?3, steps = ?4, ended_at = ?5 WHERE workflow_id = ?1 AND signal_id = ?2
      """)
    statement.bind(run.workflow, at: 1)
    statement.bind(run.signal, at: 2)
    statement.bind(performance.hasFailed ? "failed" : "completed", at: 3)
    statement.bind(text: JSONValue.array(performance.outcomes).serialized(), at: 4)
    statement.bind(transaction.now.milliseconds, at: 5)
    try statement.run()
  }
}

/// One run: the steps of a workflow for one signal.
struct WorkflowPerformance {
  let workflow: Workflow
  let signal: RoutedSignal
  let transaction: WriteTransaction
  /// One object per step: `type`, `status` (`done`, `failed`, `skipped`), and `result` or `error`.
  private(set) var outcomes: [JSONValue] = []
  private(set) var hasFailed = false

  init(workflow: Workflow, signal: RoutedSignal, transaction: WriteTransaction) {
    self.workflow = workflow
    self.signal = signal
    self.transaction = transaction
  }

  /// Does the steps in order; one that fails changes nothing, says why, and ends the run unless it is told not to.
  mutating func perform() throws(ServiceError) {
    var isStopped = false
    for step in workflow.steps {
      let type = step.text("type") ?? ""
      guard !isStopped else {
        outcomes.append(["type": .string(type), "status": "skipped"])
        continue
      }
      do throws(ServiceError) {
        let result = try transaction.attempt { () throws(ServiceError) in try perform(step, type) }
        outcomes.append(["type": .string(type), "status": "done", "result": .object(result)])
      } catch {
        // After a full disk there is no transaction left to record anything in.
        guard transaction.database.isInTransaction else { throw error }
        outcomes.append([
          "type": .string(type), "status": "failed", "error": .string(error.message.cut(500)),
        ])
        hasFailed = true
        isStopped = step.text("onFailure") != "continue"
      }
    }
  }

  private func perform(_ step: JSONObject, _ type: String) throws(ServiceError) -> JSONObject {
    switch type {
    case StepType.enroll.name: try enroll(step)
    case StepType.queueAction.name: try queueAction(step)
    case StepType.enrich.name: try enrich(step)
    case StepType.score.name: try score(step)
    case StepType.setStatus.name: try setStatus(step.text("status") ?? "")
    case StepType.notify.name: try notify(step)
    default: throw ServiceError(.validation, "This version knows no step of the type \(type.prefix(64)).")
    }
  }

  private func person() throws(ServiceError) -> FlowPerson {
    guard let person = try signal.person() else {
      throw ServiceError(.validation, "The signal names no contact (contactId), and this step needs one.")
    }
    return person
  }

  private func changeable() throws(ServiceError) -> FlowPerson {
    let person = try person()
    guard !person.isArchived else {
      throw ServiceError(.validation, "The contact is archived, and archived contacts are not changed.")
    }
    return person
  }

  private func record(_ tool: String) throws(ServiceError) {
    try AuditLog.record(client: FlowActor.workflow, tool: tool, digest: [], transaction)
  }
}

// MARK: - Steps

extension WorkflowPerformance {
  private func enroll(_ step: JSONObject) throws(ServiceError) -> JSONObject {
    let sequence = try transaction.ids.require(.sequence, step.text("sequenceId") ?? "")
    let enrollment = try Enrollments.enroll(
      try person().row, in: sequence, source: FlowActor.workflow, transaction: transaction)
    try record("owlbound_enroll_in_sequence")
    return ["enrollmentId": .string(transaction.ids.text(.enrollment, enrollment))]
  }

  private func queueAction(_ step: JSONObject) throws(ServiceError) -> JSONObject {
    let type = step.text("action") ?? ""
    let person = try signal.person()
    let template = JSONValue.object(step["params"]?.objectValue ?? [:])
    let filled = try template.replacingTexts { text, path throws(ServiceError) in
      try PersonText.checked(text, at: path).filled(for: person)
    }
    var params = filled.objectValue ?? [:]
    if let person { params = try FlowActions.addressed(params, type, to: person, in: transaction) }
    let actions = FlowActions(
      actor: FlowActor.workflow, identity: try identity(step), requiresApproval: step.flag("requireApproval"),
      transaction: transaction)
    let action = try actions.queue(
      type, params, summary: step.text("description") ?? "Workflow \(workflow.name)",
      list: transaction.ids.text(.workflow, workflow.row), item: transaction.ids.text(.signal, signal.row))
    return ["actionId": .string(transaction.ids.text(.action, action.row)), "status": .string(action.status.rawValue)]
  }

  private func identity(_ step: JSONObject) throws(ServiceError) -> Int64 {
    guard let id = step.text("identityId") else { return FlowActions.defaultIdentity }
    return try transaction.reading.require(.identity, id)
  }

  private func enrich(_ step: JSONObject) throws(ServiceError) -> JSONObject {
    let person = try changeable()
    let priorities = Vocabulary.enrichmentPriorities
    let wanted = priorities.firstIndex(of: step.text("priority") ?? "") ?? 1
    let (status, priority) = try EnrichmentJobs.queue(
      person.row, priority: Int64(wanted), isForced: step.flag("forceRefresh"), transaction)
    try record("owlbound_enrich_contact")
    return ["status": .string(status), "priority": .string(priorities[priority])]
  }

  private func score(_ step: JSONObject) throws(ServiceError) -> JSONObject {
    let contact = try person().row
    let profile = try transaction.ids.require(.profile, step.text("icpProfileId") ?? "")
    let score = try ContactScores.score(contact, against: profile, in: transaction)
    try record("owlbound_score_contact")
    return ["score": .integer(Int64(score.points)), "verdict": .string(score.verdict.rawValue)]
  }

  private func setStatus(_ status: String) throws(ServiceError) -> JSONObject {
    let person = try changeable()
    let before = person.fields.text("status") ?? ""
    let statement = try transaction.database.statement(
      "UPDATE owl_contacts SET status = ?2, updated_at = ?3 WHERE id = ?1")
    statement.bind(person.row, at: 1)
    statement.bind(status, at: 2)
    statement.bind(transaction.now.milliseconds, at: 3)
    try statement.run()
    transaction.audit(
      .owlContact, person.row, before: JSONValue.object(["status": .string(before)]).serialized(),
      after: JSONValue.object(["status": .string(status)]).serialized())
    try record("owlbound_update_contact")
    signal.personHasChanged()
    return ["status": .string(status)]
  }

  /// A person in our own team is told, so that nobody need approve it.
  private func notify(_ step: JSONObject) throws(ServiceError) -> JSONObject {
    let person = try signal.person()
    let message = try PersonText.checked(step.text("message") ?? "", at: "").filled(for: person)
    let actions = FlowActions(
      actor: FlowActor.workflow, identity: FlowActions.defaultIdentity, requiresApproval: false,
      transaction: transaction)
    var type = ActionType.sendSlackMessage.name
    var params: JSONObject = ["message": .string(message)]
    if let channel = step.trimmedText("channel") {
      params["channel"] = .string(channel)
    } else {
      type = ActionType.createTask.name
      params = ["title": .string(MailParameters.firstLine(of: message)), "description": .string(message)]
      if let row = try person?.pathboundRow(transaction.reading) {
        params["contact_id"] = .string(transaction.ids.text(.contact, row))
      }
    }
    let action = try actions.queue(
      type, params, summary: "Workflow \(workflow.name)",
      list: transaction.ids.text(.workflow, workflow.row), item: transaction.ids.text(.signal, signal.row))
    return ["actionId": .string(transaction.ids.text(.action, action.row))]
  }
}
