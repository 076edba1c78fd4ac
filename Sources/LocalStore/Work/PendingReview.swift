internal import JSON
internal import Operations
internal import Service

/// One thing that waits for a decision: an action, or a proposal of a run.
struct PendingItem {
  /// How a decision addresses it.
  enum Address {
    /// A row of `actions`.
    case action(Int64)
    /// Run, contact, index.
    case proposal(run: Int64, contact: Int64, index: Int64)
  }

  let address: Address
  let type: String
  /// Serialised JSON.
  let params: [UInt8]
  let contact: Int64?
  let identity: Int64?
  let agent: Int64?
  let run: Int64?
  /// What it is for, in words.
  let summary: String?
  /// Why the agent proposes it.
  let reasoning: String?
  let scheduledTime: Int64?
  let waitingSince: Int64
}

/// Finds what waits for a decision, what has waited longest first.
struct PendingReview {
  private let contact: Int64?
  private let agent: Int64?
  private let type: String?
  private let limit: Int64
  /// How many are passed over, the oldest first.
  let skipped: Int64
  private let transaction: ReadTransaction
  /// Whether the key may see what runs propose: those belong to the agents' scopes, actions to the actions' own.
  let showsProposals: Bool

  /// Reads the filters; an id that is not one of ours finds nothing.
  init(_ arguments: JSONObject, _ transaction: ReadTransaction) {
    contact = arguments.text("contact_id").map { transaction.ids.row(.contact, $0) ?? -1 }
    agent = arguments.text("agent_id").map { transaction.ids.row(.agent, $0) ?? -1 }
    type = arguments.text("type")
    limit = arguments["limit"]?.integerValue ?? 20
    skipped = arguments["skip"]?.integerValue ?? 0
    self.transaction = transaction
    showsProposals = transaction.books.account.scopes?.contains(.agentsRead) ?? true
  }

  /// How many actions and proposals there are.
  func counts() throws(ServiceError) -> (actions: Int64, proposals: Int64) {
    (
      try count("SELECT count(*) FROM (\(Self.actions))"),
      showsProposals ? try count("SELECT count(*) FROM (\(Self.proposals))") : 0
    )
  }

  /// The items, at most as many as were asked for.
  func items() throws(ServiceError) -> [PendingItem] {
    var items = try read(Self.actions) { row in
      PendingItem(
        address: .action(row.integer(0)), type: row.string(1), params: Array(row.text(2)),
        contact: row.optionalInteger(3), identity: row.optionalInteger(4), agent: row.optionalInteger(5),
        run: row.optionalInteger(6), summary: row.optionalString(7), reasoning: row.optionalString(8),
        scheduledTime: row.optionalInteger(9), waitingSince: row.integer(10))
    }
    guard showsProposals else { return items }
    items += try read(Self.proposals) { row in
      PendingItem(
        address: .proposal(run: row.integer(6), contact: row.integer(3), index: row.integer(0)), type: row.string(1),
        params: Array(row.text(2)), contact: row.integer(3), identity: row.optionalInteger(4),
        agent: row.optionalInteger(5), run: row.optionalInteger(6), summary: row.optionalString(7),
        reasoning: row.optionalString(8), scheduledTime: nil, waitingSince: row.integer(10))
    }
    items.sort { $0.waitingSince < $1.waitingSince }
    return Array(items.dropFirst(Int(skipped)).prefix(Int(limit)))
  }

  private static let actions = """
    SELECT a.id AS key, a.type, a.params, a.contact_id, a.identity_id, a.agent_id, a.run_id, a.description,
      r.reasoning, a.scheduled_time, a.created_at AS since
    FROM actions AS a INDEXED BY actions_by_status
    LEFT JOIN run_contacts AS r ON r.run_id = a.run_id AND r.contact_id = a.contact_id
    WHERE a.status = 'pending_approval' AND (?1 IS NULL OR a.contact_id = ?1) AND (?2 IS NULL OR a.agent_id = ?2)
      AND (?3 IS NULL OR a.type = ?3)
    """

  private static let proposals = """
    SELECT p.action_index AS key, p.type, p.params, p.contact_id, g.identity_id, r.agent_id, p.run_id, p.comment,
      c.reasoning, NULL, p.created_at AS since
    FROM run_proposals AS p INDEXED BY run_proposals_pending
    JOIN runs AS r ON r.id = p.run_id JOIN agents AS g ON g.id = r.agent_id
    JOIN run_contacts AS c ON c.run_id = p.run_id AND c.contact_id = p.contact_id
    WHERE p.status = 'pending_approval' AND (?1 IS NULL OR p.contact_id = ?1) AND (?2 IS NULL OR r.agent_id = ?2)
      AND (?3 IS NULL OR p.type = ?3)
    """

  private func bind(_ statement: Statement) {
    statement.bind(contact, at: 1)
    statement.bind(agent, at: 2)
    statement.bind(type, at: 3)
  }

  private func count(_ sql: String) throws(ServiceError) -> Int64 {
    let statement = try transaction.database.statement(composed: sql)
    bind(statement)
    defer { statement.reset() }
    return try statement.step() ? statement.integer(0) : 0
  }

  private func read(_ sql: String, _ item: (Statement) -> PendingItem) throws(ServiceError) -> [PendingItem] {
    let statement = try transaction.database.statement(composed: sql + " ORDER BY since, key LIMIT ?4")
    bind(statement)
    statement.bind(limit + skipped, at: 4)
    defer { statement.reset() }
    var items: [PendingItem] = []
    while try statement.step() { items.append(item(statement)) }
    return items
  }
}
