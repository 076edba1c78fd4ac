internal import JSON
internal import Operations
internal import Platform
internal import Service

/// Stores what a run proposes for one person; what needs no decision becomes a queued action at once.
struct RunProposals {
  /// What the run's summary counts.
  struct Counts {
    var proposed: Int64 = 0
    var autoApproved: Int64 = 0
    var pending: Int64 = 0
  }

  private(set) var counts = Counts()
  /// Why proposals were dropped.
  private(set) var refusals: [String] = []
  /// Bytes of all parameters so far.
  private var size = 0
  private let run: ClaimedRun
  /// The run's row.
  private let row: Int64
  private let contact: Int64
  private let transaction: WriteTransaction

  init(run: ClaimedRun, row: Int64, contact: Int64, transaction: WriteTransaction) {
    self.run = run
    self.row = row
    self.contact = contact
    self.transaction = transaction
  }

  /// Checks a proposal against what is stored, and fills it in as it would be sent.
  ///
  /// - Throws: `VALIDATION_ERROR` when it can't be done, or is for others than the contact.
  func content(of proposal: ContactResult.Proposal) throws(ServiceError) -> ActionContent {
    try terms.content(of: proposal, besides: size)
  }

  private var terms: ProposalTerms { ProposalTerms(run: run, contact: contact, transaction: transaction.reading) }

  /// Stores a proposal; one that can't be done is dropped and noted.
  mutating func add(_ proposal: ContactResult.Proposal) throws(ServiceError) {
    do throws(ServiceError) {
      try add(try content(of: proposal), requiresApproval: proposal.requiresApproval)
    } catch {
      guard error.code == .validation else { throw error }
      refusals.append("A proposal of \(proposal.type.prefix(64)) was dropped: \(error.message)")
    }
  }

  /// Stores a checked proposal.
  private mutating func add(_ content: ActionContent, requiresApproval: Bool) throws(ServiceError) {
    size += content.params.count
    let obstacle = try terms.obstacle(to: content)
    let isAutomatic = !requiresApproval && obstacle == nil
    var action: Int64?
    if isAutomatic, let identity = try terms.identity() {
      let origin = Actions.Origin(
        agent: try transaction.ids.require(.agent, run.agentID), run: row, contact: contact, index: counts.proposed)
      let draft = ActionDraft(content: content, identity: identity)
      action = try Actions.insert(
        draft, .autoApproved, origin: origin, by: "agent " + run.agentID, in: transaction
      ).row
    }
    try store(content, action, comment: requiresApproval ? nil : obstacle)
    counts.proposed += 1
    if action == nil { counts.pending += 1 } else { counts.autoApproved += 1 }
  }

  private func store(_ content: ActionContent, _ action: Int64?, comment: String?) throws(ServiceError) {
    let statement = try transaction.database.statement(
      """
      INSERT INTO run_proposals (run_id, contact_id, action_index, type, params, status, action_id, comment, created_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
      """)
    let status: ActionStatus = action == nil ? .pendingApproval : .autoApproved
    statement.bind(row, at: 1)
    statement.bind(contact, at: 2)
    statement.bind(counts.proposed, at: 3)
    statement.bind(content.type.name, at: 4)
    statement.bind(text: content.params, at: 5)
    statement.bind(status.rawValue, at: 6)
    statement.bind(action, at: 7)
    statement.bind(comment, at: 8)
    statement.bind(transaction.now.milliseconds, at: 9)
    try statement.run()
  }
}

/// How far a run is with one person.
struct RunProgress {
  let run: Int64
  let contact: Int64
  let transaction: WriteTransaction

  /// Refuses a second result.
  func requireOpen() throws(ServiceError) {
    let statement = try transaction.database.statement(
      "SELECT is_done FROM run_contacts WHERE run_id = ?1 AND contact_id = ?2")
    statement.bind(run, at: 1)
    statement.bind(contact, at: 2)
    defer { statement.reset() }
    guard try statement.step(), !statement.bool(0) else {
      throw ServiceError(
        .conflict, "The run has a result for \(transaction.ids.text(.contact, contact)) already, or is not for it.")
    }
  }

  /// Notes the person's result, adds to the run's summary and begins its lease anew.
  func end(reasoning: String?, error: String?, counts: RunProposals.Counts) throws(ServiceError) {
    let statement = try transaction.database.statement(
      """
      UPDATE run_contacts SET is_done = 1, proposals = ?3, reasoning = ?4, error = ?5
      WHERE run_id = ?1 AND contact_id = ?2
      """)
    statement.bind(run, at: 1)
    statement.bind(contact, at: 2)
    statement.bind(counts.proposed, at: 3)
    statement.bind(Self.cut(reasoning), at: 4)
    statement.bind(Self.cut(error), at: 5)
    try statement.run()
    let summary = try transaction.database.statement(
      """
      UPDATE runs SET contacts_evaluated = contacts_evaluated + 1, actions_proposed = actions_proposed + ?2,
        actions_auto_approved = actions_auto_approved + ?3, actions_pending_approval = actions_pending_approval + ?4,
        errors = errors + ?5, lease_until = CASE WHEN awaits_client = 0 THEN ?6 END, stalls = 0 WHERE id = ?1
      """)
    summary.bind(run, at: 1)
    summary.bind(counts.proposed, at: 2)
    summary.bind(counts.autoApproved, at: 3)
    summary.bind(counts.pending, at: 4)
    summary.bind(error != nil, at: 5)
    summary.bind(transaction.now.adding(milliseconds: Runs.lease).milliseconds, at: 6)
    try summary.run()
  }

  /// What stands in the result of a person who was deleted since the run was queued.
  static let deleted = "The contact was deleted."

  /// A text that an answer has room for.
  private static func cut(_ text: String?) -> String? {
    guard let text, text.utf8.count > textLimit else { return text }
    var end = text.utf8.index(text.startIndex, offsetBy: textLimit)
    while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
    return String(text[..<end]) + "…"
  }

  private static let textLimit = 4000
}
