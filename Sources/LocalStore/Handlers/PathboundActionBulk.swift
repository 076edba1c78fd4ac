internal import JSON
internal import JSONSchema
internal import Operations
internal import Platform
internal import Service

/// Many actions in one call (Pathbound API 11.8, 11.9): a bad one does not harm the others.
extension Handlers {
  /// Queues each; what is asked for at once is performed when all are stored.
  static func bulkQueueActions(
    _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
  ) throws(ServiceError) -> ClaimedAction? {
    let given = call.arguments["actions"]?.arrayValue ?? []
    var results = BulkResults()
    for (index, item) in given.enumerated() {
      var entry = BulkResults.Entry(index: index)
      do throws(ServiceError) {
        try transaction.attempt { () throws(ServiceError) in
          let arguments = try validItem(item.objectValue ?? [:], at: index)
          let queued = try QueuedAction(arguments, by: call.actor, in: transaction)
          entry.actionID = transaction.ids.text(.action, queued.action.row)
          entry.status = queued.action.status.rawValue
          entry.obstacles = queued.obstacles
          entry.isDirect = queued.isDirect
          try AuditLog.record(call, transaction)
        }
      } catch {
        guard error.concernsItem else { throw error }
        entry = BulkResults.Entry(index: index, error: error.itemMessage)
      }
      results.entries.append(entry)
    }
    if results.entries.contains(where: \.isDirect) { transaction.leave(.direct(results)) }
    results.write(into: &payload)
    return nil
  }

  /// The item as `pathbound_queue_action` would get it.
  private static func validItem(_ item: JSONObject, at index: Int) throws(ServiceError) -> JSONObject {
    for name in ["dry_run", "idempotency_key"] where item.contains(name) {
      throw .invalid("/actions/\(index)/\(name)", "\(name) is an argument of the whole call, not of one action.")
    }
    do throws(ValidationFailure) {
      return try PathboundActions.queueAction.validator.validate(item, below: "/actions/\(index)")
    } catch {
      throw ServiceError(error)
    }
  }

  /// Decides on each, a repeated id once.
  static func bulkReviewActions(
    _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
  ) throws(ServiceError) -> ClaimedAction? {
    let event: ActionEvent =
      switch call.arguments.text("action") {
      case "approve": .approve
      case "reject": .reject
      default: .edit
      }
    let comment = try Actions.comment(call.arguments)
    guard event != .edit || comment != nil else {
      throw .invalid(
        "/comment",
        "edit on many actions records a comment: give one. Fields are changed with pathbound_approve_action.")
    }
    var results = BulkResults()
    var seen: Set<String> = []
    for id in call.arguments.texts("action_ids") where seen.insert(id).inserted {
      var entry = BulkResults.Entry(actionID: id)
      do throws(ServiceError) {
        try transaction.attempt { () throws(ServiceError) in
          let action = try StoredAction.require(id, in: transaction)
          entry.status = action.status.rawValue
          let decided = try Actions.decide(action, event, by: call.actor, comment: comment, in: transaction)
          entry.status = decided.status.rawValue
          if event == .approve {
            entry.obstacles = try OutreachCheck(decided, in: transaction.reading).obstacles()
          }
          try AuditLog.record(call, transaction)
        }
      } catch {
        guard error.concernsItem else { throw error }
        entry.error = error.message
      }
      results.entries.append(entry)
    }
    results.write(into: &payload)
    return nil
  }

  /// Leaves what is due to be performed; in a rehearsal it only shows what that would be.
  static func processActions(
    _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
  ) throws(ServiceError) -> ClaimedAction? {
    let limit = Int(call.arguments["limit"]?.integerValue ?? 20)
    var results = BulkResults()
    if transaction.rehearsed == nil {
      transaction.leave(.due(limit: limit))
    } else {
      while results.entries.count < limit,
        let action = try Actions.claimFirstDue(by: call.actor, in: transaction).action
      {
        results.entries.append(
          .init(actionID: action.id, status: ActionStatus.running.rawValue, error: action.refusal))
      }
    }
    results.write(into: &payload)
    return nil
  }
}

extension ServiceError {
  /// Whether one item is at fault, and not the store.
  fileprivate var concernsItem: Bool {
    switch code {
    case .validation, .notFound, .conflict, .forbidden: true
    default: false
    }
  }

  /// With the place inside the item.
  fileprivate var itemMessage: String {
    guard let path = details.first?.path, !path.isEmpty, !message.hasPrefix(path) else { return message }
    return "\(path): \(message)"
  }
}
