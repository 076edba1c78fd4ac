internal import JSON
public import Platform

/// What a write would have done, had it not been asked with `dry_run: true`.
public struct Rehearsal: Sendable {
  /// A record as it would have been changed, serialised; nil where there is none, or none is kept.
  public struct Change: Sendable {
    /// The record's id.
    public let record: String
    /// The record before.
    public let before: [UInt8]?
    /// The record after.
    public let after: [UInt8]?

    /// Creates a change.
    public init(record: String, before: [UInt8]?, after: [UInt8]?) {
      self.record = record
      self.before = before
      self.after = after
    }
  }

  /// An action that the call would have queued, released or performed.
  public struct PlannedAction: Sendable {
    /// The action, as an executor would get it.
    public let action: ClaimedAction
    /// Where the call would have left it.
    public let status: ActionStatus
    /// When it would be performed, if nothing else is decided; nil for within the call.
    public let scheduledTime: Timestamp?
    /// What would keep it from being performed.
    public let obstacles: [OutreachObstacle]
    /// Whom it is for: name and address; nil when that is nobody, or not known.
    public let person: String?
    /// Why an agent has proposed it; nil when none has.
    public let reasoning: String?

    /// What it would change in the workspace; nil where it sets nothing, or that can't be told.
    public let effect: ActionEffect?

    /// Creates a plan.
    public init(
      action: ClaimedAction, status: ActionStatus, scheduledTime: Timestamp?, obstacles: [OutreachObstacle],
      person: String? = nil, reasoning: String? = nil, effect: ActionEffect? = nil
    ) {
      self.action = action
      self.status = status
      self.scheduledTime = scheduledTime
      self.obstacles = obstacles
      self.person = person
      self.reasoning = reasoning
      self.effect = effect
    }
  }

  /// The payload that would have been answered, one JSON object.
  public let payload: [UInt8]
  /// The records that would have been changed, in order.
  public let changes: [Change]
  /// The actions that would have been touched and could still be performed, in order.
  public let actions: [PlannedAction]

  /// Creates a rehearsal.
  public init(payload: [UInt8], changes: [Change] = [], actions: [PlannedAction] = []) {
    self.payload = payload
    self.changes = changes
    self.actions = actions
  }
}

extension Rehearsal {
  /// A model can be given so many bytes at most; lists are cut before.
  private static let longestAnswer = 43_000
  /// What is shown of one list entry at most.
  private static let longestEntry = 12_000

  /// The answer to the caller: the payload with what would change, be performed and stand against it before it.
  func answer(_ performer: any ActionPerformer) -> Answer {
    var writer = JSONWriter(capacity: 4096, sanitizing: true)
    writer.beginObject()
    writer.key("dry_run")
    writer.bool(true)
    writer.key("notice")
    writer.string("Nothing was changed or sent. Ids of new records will be others.")
    writeRules(into: &writer)
    let room = max(1000, Self.longestAnswer - payload.count)
    writeList("would_perform", actions, room: room, into: &writer) { planned, writer in
      Self.write(planned, performer.preview(planned.action), into: &writer)
    }
    writeList("would_change", changes, room: room, into: &writer) { change, writer in
      Self.write(change, into: &writer)
    }
    let members = payload.dropFirst()
    if members.first != UInt8(ascii: "}") { writer.append(byte: UInt8(ascii: ",")) }
    writer.append(Array(members))
    return Answer(payload: writer.finish())
  }

  /// The names of all rules that stand against an action, each once.
  private func writeRules(into writer: inout JSONWriter) {
    var rules: [String] = []
    for obstacle in actions.flatMap(\.obstacles) where !rules.contains(obstacle.rule.rawValue) {
      rules.append(obstacle.rule.rawValue)
    }
    writer.key("blocked_by")
    writer.beginArray()
    for rule in rules { writer.string(rule) }
    writer.endArray()
  }

  private func writeList<Element>(
    _ name: StaticString, _ elements: [Element], room: Int, into writer: inout JSONWriter,
    _ write: (Element, inout JSONWriter) -> Void
  ) {
    guard !elements.isEmpty else { return }
    writer.key(name)
    writer.beginArray()
    var omitted = 0
    for element in elements {
      let start = writer.mark()
      let before = writer.count
      write(element, &writer)
      if omitted > 0 || writer.count > room || writer.count - before > Self.longestEntry {
        writer.rewind(to: start)
        omitted += 1
      }
    }
    writer.endArray()
    guard omitted > 0 else { return }
    writer.key("omitted_" + String(describing: name))
    writer.integer(Int64(omitted))
  }

  private static func write(
    _ planned: PlannedAction, _ preview: ActionPreview, into writer: inout JSONWriter
  ) {
    writer.beginObject()
    writer.key("action_id")
    writer.string(planned.action.id)
    writer.key("type")
    writer.string(planned.action.type)
    writer.key("status")
    writer.string(planned.status.rawValue)
    writer.key("when")
    writer.string(planned.time)
    switch preview {
    case .content(let content):
      writer.key("content")
      writer.value(.object(content))
      planned.effect?.write(into: &writer)
    case .failure(let reason):
      writer.key("would_fail")
      writer.string(reason)
    }
    if !planned.obstacles.isEmpty {
      writer.key("blocked_by")
      writer.value(.array(planned.obstacles.map { .object($0.json) }))
    }
    writer.endObject()
  }

  private static func write(_ change: Change, into writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("record")
    writer.string(change.record)
    writer.key("before")
    if let before = change.before { writer.raw(before) } else { writer.null() }
    writer.key("after")
    if let after = change.after { writer.raw(after) } else { writer.null() }
    writer.endObject()
  }
}

extension Rehearsal.PlannedAction {
  /// When it would be performed, in a word or as a moment.
  public var time: String {
    if status == .pendingApproval { return "after approval" }
    return scheduledTime?.iso8601 ?? "at once"
  }
}
