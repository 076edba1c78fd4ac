internal import JSON
internal import Operations
internal import Platform
internal import Service

/// Why a change can't be taken back, in a sentence for people.
struct UndoObstacle: Error {
  /// The sentence.
  let reason: String

  /// A row that the change has touched.
  struct Place {
    let table: JournaledTable
    let key: String
    let change: Int64

    /// What people call it, with its id where it has one.
    func name(_ ids: RecordIDs) -> String {
      guard let kind = table.kind, let row = ChangeImage.row(ofKey: key) else { return table.noun }
      return "\(table.noun) \(ids.text(kind, row))"
    }

    /// The newest change of the row since, with its tool; nil when none is noted.
    func later(_ transaction: ReadTransaction) throws(ServiceError) -> (id: String, tool: String)? {
      guard let row = try ChangeImage.latest(of: table.rawValue, key, after: change, transaction.database) else {
        return nil
      }
      let statement = try transaction.database.statement("SELECT tool FROM audit_log WHERE id = ?1")
      statement.bind(row, at: 1)
      defer { statement.reset() }
      let tool = try statement.step() ? statement.string(0) : ""
      return (transaction.ids.text(.change, row), tool)
    }
  }

  /// What a change was before is kept for so long.
  static let keptDays: Int64 = 90

  /// It is taken back already.
  static func undone(_ undo: String) -> UndoObstacle {
    UndoObstacle(reason: "It is undone already, by \(undo). Undo that to have it again.")
  }

  /// More rows than are kept.
  static let tooMuch = UndoObstacle(
    reason: "It changed more records than are kept for an undo; a backup from before holds them.")

  /// Nothing says what was there before.
  static func unknown(_ change: LoggedChange, now: Timestamp) -> UndoObstacle {
    if now.milliseconds - change.at > keptDays * 86_400_000 {
      return UndoObstacle(reason: "What was there before is kept for \(keptDays) days; this is older.")
    }
    return UndoObstacle(reason: "It changed no record that could be put back.")
  }

  /// The tools whose calls are never taken back, each with the reason.
  static let tools: [String: String] = [
    PathboundEvents.trackEvents.name:
      "Events are a record of what happened and stay; deleting their contact takes its name off them.",
    PathboundAgents.getRunWork.name: "Handing out work changes no record.",
    PathboundActions.processActions.name: "Each action that was performed has an entry of its own.",
  ]

  /// Why no call of a tool is taken back; nil where that depends.
  static func reason(ofTool tool: String) -> UndoObstacle? { tools[tool].map { UndoObstacle(reason: $0) } }

  /// That an action was performed, or is being; nil for one that was not.
  static func performed(_ action: JSONObject) -> UndoObstacle? {
    guard let status = action.text("status").flatMap(ActionStatus.init) else { return nil }
    let type = action.text("type").flatMap(ActionType.named)
    switch status {
    case .running: return UndoObstacle(reason: "The action is being performed.")
    case .failed: return UndoObstacle(reason: "The action was tried and has failed: there is nothing to call back.")
    case .completed where type?.reach == .workspace:
      return UndoObstacle(
        reason: "The action was performed; what it changed has an entry of its own, which can be undone.")
    case .completed:
      return UndoObstacle(reason: "\(departure(type?.name ?? "")): it can't be called back.")
    default: return nil
    }
  }

  private static func departure(_ type: String) -> String {
    switch type {
    case "email_message", "resend_send_email", "resend_create_broadcast": "The e-mail has left"
    case "send_slack_message": "The message was posted"
    case "linkedin_connection": "The request was handed to a person"
    case "mcp_tool_call": "The other server's tool was called"
    default: "The action has reached the outside world"
    }
  }

  /// The row is not as the change has left it.
  static func changed(
    _ place: Place, _ row: JSONObject, _ transaction: ReadTransaction
  ) throws(ServiceError) -> UndoObstacle {
    if place.table == .actions, let obstacle = performed(row) { return obstacle }
    if place.table == .enrichmentJobs {
      return UndoObstacle(reason: "The providers were asked already: what they were told can't be called back.")
    }
    let name = place.name(transaction.ids)
    guard let later = try place.later(transaction) else {
      return UndoObstacle(reason: "The \(name) has changed since, and what was written then would be lost.")
    }
    return UndoObstacle(reason: "The \(name) was changed later by \(later.id) (\(later.tool)): undo that first.")
  }

  /// The row is gone.
  static func gone(_ place: Place, _ transaction: ReadTransaction) throws(ServiceError) -> UndoObstacle {
    let name = place.name(transaction.ids)
    guard let later = try place.later(transaction) else { return UndoObstacle(reason: "The \(name) is gone.") }
    return UndoObstacle(reason: "The \(name) is gone, by \(later.id) (\(later.tool)): undo that first.")
  }

  /// Removing what was new would take something with it that came later.
  static func dependent(_ place: Place, _ transaction: ReadTransaction) throws(ServiceError) -> UndoObstacle {
    let name = place.name(transaction.ids)
    guard let later = try place.later(transaction) else {
      return UndoObstacle(reason: "The \(name) came later and would be lost or changed.")
    }
    return UndoObstacle(reason: "The \(name) came later, by \(later.id) (\(later.tool)): undo that first.")
  }

  /// As the refusal of a call.
  var error: ServiceError { ServiceError(.conflict, "This change can't be undone. \(reason)") }
}
