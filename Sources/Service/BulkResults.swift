public import JSON

/// What became of each item of a call over many, in the order of the call (Pathbound API 11.8).
public struct BulkResults: Sendable {
  /// One item.
  public struct Entry: Sendable {
    /// The item's place in the call, where items have no id of their own.
    public var index: Int?
    /// The action; nil when the item gave none.
    public var actionID: String?
    /// The action's status now, where it is known.
    public var status: String?
    /// Why nothing was done with the item; nil when it was.
    public var error: String?
    /// What stands against performing it now.
    public var obstacles: [OutreachObstacle] = []
    /// Asked for at once: to be performed once the others are stored.
    public var isDirect = false

    /// Creates an entry.
    public init(index: Int? = nil, actionID: String? = nil, status: String? = nil, error: String? = nil) {
      self.index = index
      self.actionID = actionID
      self.status = status
      self.error = error
    }
  }

  /// The items.
  public var entries: [Entry] = []

  /// Results of nothing yet.
  public init() {}

  /// Writes `processed`, the number of successes, `failed`, and `results` with one entry for each item.
  public func write(into payload: inout JSONWriter) {
    let failed = entries.filter { $0.error != nil }
    // A hundred long reasons, each told twice, are more than a model can be given.
    let limit = failed.count > 20 ? 100 : 500
    payload.beginObject()
    payload.key("processed")
    payload.integer(Int64(entries.count - failed.count))
    payload.key("failed")
    payload.beginArray()
    for entry in failed { entry.write(asFailure: true, limit, into: &payload) }
    payload.endArray()
    payload.key("results")
    payload.beginArray()
    for entry in entries { entry.write(asFailure: false, limit, into: &payload) }
    payload.endArray()
    payload.endObject()
  }
}

extension BulkResults.Entry {
  fileprivate func write(asFailure isFailure: Bool, _ limit: Int, into payload: inout JSONWriter) {
    payload.beginObject()
    if let index {
      payload.key("index")
      payload.integer(Int64(index))
    }
    if let actionID {
      payload.key("action_id")
      payload.string(actionID)
    }
    if !isFailure {
      if let status {
        payload.key("status")
        payload.string(status)
      }
      payload.key("success")
      payload.bool(error == nil)
      if !obstacles.isEmpty {
        payload.key("blocked_by")
        payload.value(.array(obstacles.map { .string($0.rule.rawValue) }))
      }
    }
    if let error {
      payload.key("error")
      payload.string(error.cut(to: limit))
    }
    payload.endObject()
  }
}

extension String {
  /// At most that many bytes, cut at a whole character.
  fileprivate func cut(to limit: Int) -> String {
    guard utf8.count > limit else { return self }
    var rest = self[...]
    while rest.utf8.count > limit - 3 { rest.removeLast() }
    return rest + "…"
  }
}

/// Actions that a call leaves to be performed, one after the other: each is claimed only when its turn has come, so that
/// a process that dies leaves the others as they were.
public enum BulkWork: Sendable {
  /// What is due, oldest first, at most so many.
  case due(limit: Int)
  /// Those entries that are direct.
  case direct(BulkResults)
}

extension ActionQueue {
  /// Performs the actions and tells what became of each.
  func perform(
    _ work: BulkWork, by actor: String, with performer: any ActionPerformer, control: (any CallControl)?
  ) throws(ServiceError) -> BulkResults {
    switch work {
    case .due(let limit): try performDue(limit, by: actor, with: performer, control: control)
    case .direct(let results): performDirect(results, by: actor, with: performer, control: control)
    }
  }

  private func performDue(
    _ limit: Int, by actor: String, with performer: any ActionPerformer, control: (any CallControl)?
  ) throws(ServiceError) -> BulkResults {
    var results = BulkResults()
    while results.entries.count < limit, control?.isCancelled != true {
      guard let action = try claimDueAction(by: actor) else { break }
      results.entries.append(outcome(of: action, with: performer, control))
      control?.progress(
        Double(results.entries.count), total: nil, message: "\(action.type) \(results.entries.last?.status ?? "")")
    }
    return results
  }

  private func performDirect(
    _ results: BulkResults, by actor: String, with performer: any ActionPerformer, control: (any CallControl)?
  ) -> BulkResults {
    var results = results
    for (position, entry) in results.entries.enumerated() where entry.isDirect {
      guard let id = entry.actionID else { continue }
      if control?.isCancelled == true {
        // Whoever takes the call back does not want the rest; what the worker has begun goes on.
        if (try? cancelAction(id, by: actor)) != nil {
          results.entries[position].status = ActionStatus.cancelled.rawValue
        }
        continue
      }
      var done = entry
      do throws(ServiceError) {
        let performed = outcome(of: try claimAction(id, by: actor), with: performer, control)
        (done.status, done.error) = (performed.status, performed.error)
      } catch {
        // The worker was faster: it is being performed.
        if error.code == .conflict { done.status = ActionStatus.running.rawValue } else { done.error = error.message }
      }
      results.entries[position] = done
    }
    return results
  }

  /// Performs one action; what can't be recorded is an error of this one only.
  private func outcome(
    of action: ClaimedAction, with performer: any ActionPerformer, _ control: (any CallControl)?
  ) -> BulkResults.Entry {
    do throws(ServiceError) {
      let performed = try PerformedAction(perform(action, with: performer, control: control))
      return BulkResults.Entry(actionID: action.id, status: performed.status, error: performed.error)
    } catch {
      return BulkResults.Entry(actionID: action.id, error: error.message)
    }
  }
}

/// How an action stands after it was performed.
public struct PerformedAction: Sendable {
  /// `completed` or `failed`.
  public let status: String
  /// Why it failed; nil when it did not.
  public let error: String?

  /// Reads what ``ActionQueue/finish(_:_:)`` answered.
  public init(_ answer: Answer) {
    let action = (try? JSONValue(parsing: answer.payload))?["action"]
    status = action?["status"]?.stringValue ?? ""
    error = action?["error"]?.stringValue
  }
}
