internal import JSON
internal import Operations
internal import Platform
internal import Service

/// The fields of an action that can be changed while it waits (Pathbound API 11.6).
struct ActionEdit {
  /// The names of the fields that are given.
  let fields: [String]
  private let arguments: JSONObject

  init(_ arguments: JSONObject) {
    self.arguments = arguments
    fields = ["params", "scheduled_time", "identity_id", "description", "require_approval"].filter(arguments.contains)
  }

  /// Checks the fields and puts them in place of the present ones; the action still waits, and its log says so.
  func apply(
    to action: StoredAction, comment: String?, by actor: String, in transaction: WriteTransaction
  ) throws(ServiceError) {
    _ = try ActionTransitions.apply(.edit, to: action.status)
    guard !fields.isEmpty || comment != nil else {
      throw .invalid(
        "/params", "Nothing to edit: give params, scheduled_time, identity_id or description, or a comment.")
    }
    let changes = try Changes(arguments, of: action, in: transaction.reading)
    try store(changes, .edit, comment: comment ?? changed, in: action, by: actor, transaction)
  }

  /// Checks the fields and puts them in place of the present ones (Pathbound API 11.5, rows 12 to 14).
  ///
  /// Row 12 leaves the status as it is, but what was approved is what runs: a release, by a person or by an agent's
  /// configuration, was given to what is done, to whom and in whose name. New params or another identity on a released
  /// action therefore take the release back, as `require_approval: true` does (row 13); a new time or description does
  /// not. An action that needed no release in the first place needs none now, since its caller could queue the new
  /// content as well. Nothing here releases an action that waits (row 14).
  func update(
    _ action: StoredAction, by actor: String, in transaction: WriteTransaction
  ) throws(ServiceError) {
    _ = try ActionTransitions.apply(.update, to: action.status)
    guard !fields.isEmpty else {
      throw .invalid(
        "/params",
        "Nothing to change: give params, scheduled_time, identity_id, description or require_approval.")
    }
    let changes = try Changes(arguments, of: action, in: transaction.reading)
    let isReleased = action.status == .approved || action.status == .autoApproved
    if isReleased && changes.isOtherContent {
      let comment = changed + " The approval was for other content, so that a new one is needed."
      try store(changes, .requireApproval, comment: comment, in: action, by: actor, transaction)
    } else if arguments.flag("require_approval") {
      try store(changes, .requireApproval, comment: changed, in: action, by: actor, transaction)
    } else {
      try store(changes, .update, comment: changed, in: action, by: actor, transaction)
    }
  }

  private var changed: String { "Changed \(fields.joined(separator: ", "))." }

  /// The fields as they are to be stored; nil for those that stay.
  private struct Changes {
    var content: ActionContent?
    var identity: Int64?
    let time: Timestamp?
    let summary: String?
    let requiresApproval: Bool?
    /// Whether something else would be done, or in another's name.
    var isOtherContent = false

    init(
      _ arguments: JSONObject, of action: StoredAction, in reading: ReadTransaction
    ) throws(ServiceError) {
      if let params = arguments["params"]?.objectValue {
        let new = try ActionContent.check(type: action.type, params: params, in: reading)
        isOtherContent = new.params != action.params
        content = new
      }
      if let id = arguments.text("identity_id") {
        let new = try ActionDraft.identity(id, in: reading)
        if new != action.identity { isOtherContent = true }
        identity = new
      }
      time = try ActionDraft.time(arguments["scheduled_time"])
      summary = arguments.text("description")
      requiresApproval = arguments["require_approval"]?.boolValue
      try SizeLimit.check(summary, SizeLimit.remark, at: "/description")
    }
  }

  private func store(
    _ changes: Changes, _ event: ActionEvent, comment: String, in action: StoredAction, by actor: String,
    _ transaction: WriteTransaction
  ) throws(ServiceError) {
    let before = try Actions.serialized(action.row, in: transaction)
    let moved = try Actions.transition(action, event, by: actor, comment: comment, in: transaction)
    if let content = changes.content { try store(content, of: action, in: transaction) }
    let statement = try transaction.database.statement(
      """
      UPDATE actions SET identity_id = coalesce(?2, identity_id), scheduled_time = coalesce(?3, scheduled_time),
        description = coalesce(?4, description), require_approval = coalesce(?5, require_approval) WHERE id = ?1
      """)
    statement.bind(action.row, at: 1)
    statement.bind(changes.identity, at: 2)
    statement.bind(changes.time?.milliseconds, at: 3)
    statement.bind(changes.summary, at: 4)
    // Who waits for approval requires it, whatever a caller asks for.
    let isRequired = moved.status == .pendingApproval ? true : changes.requiresApproval
    statement.bind(isRequired.map { Int64($0 ? 1 : 0) }, at: 5)
    try statement.run()
    transaction.audit(.action, action.row, before: before, after: try Actions.serialized(action.row, in: transaction))
  }

  private func store(
    _ content: ActionContent, of action: StoredAction, in transaction: WriteTransaction
  ) throws(ServiceError) {
    // What an agent proposed for a person stays with that person.
    let statement = try transaction.database.statement(
      """
      UPDATE actions SET params = ?2, company_id = ?4,
        contact_id = coalesce(?3, CASE WHEN run_id IS NOT NULL THEN contact_id END) WHERE id = ?1
      """)
    statement.bind(action.row, at: 1)
    statement.bind(text: content.params, at: 2)
    statement.bind(content.contact, at: 3)
    statement.bind(content.company, at: 4)
    try statement.run()
  }
}
