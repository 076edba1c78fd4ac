internal import JSON
internal import Platform
internal import Review
internal import Service
internal import Settings
internal import ToolServer

/// The queue of decisions, reached through the same calls that clients make: policy, rules and audit hold.
final class ReviewQueue {
  /// What became of an action that was due as soon as it was approved.
  struct Performed: Sendable {
    let id: String
    let status: String
  }

  private let wiring: Wiring
  private let client: String
  private let performed: Monitor<[Performed]>

  /// A queue in the workspace, or in the hosted platform, that the configuration names.
  init(_ configuration: Configuration) throws(UsageError) {
    let performed = Monitor<[Performed]>([])
    self.performed = performed
    client = "bound-mcp review \(Version.current)"
    wiring = try Wiring(
      configuration, background: .beforeEnd,
      report: { action, outcome in
        performed.withLock { $0.append(Performed(id: action.id, status: outcome?.status ?? "unknown")) }
      })
  }

  /// Part of the queue, the longest waiting first, and how much there is in all.
  func page(skipping count: Int) throws(ServiceError) -> (items: [PendingDecision], waiting: JSONObject) {
    let answer = try call("pathbound_review_pending_actions", ["limit": 100, "skip": .integer(Int64(count))])
    let items = (answer["pending"]?.arrayValue ?? []).compactMap { $0.objectValue.flatMap { PendingDecision($0) } }
    return (items, answer["waiting"]?.objectValue ?? [:])
  }

  /// All of the queue; what another process adds meanwhile may be missing.
  func all() throws(ServiceError) -> (items: [PendingDecision], waiting: JSONObject) {
    var items: [PendingDecision] = []
    var waiting = JSONObject()
    var seen: Set<String> = []
    while true {
      let page = try page(skipping: items.count)
      let new = page.items.filter { seen.insert($0.id).inserted }
      waiting = page.waiting
      // A hosted platform's queue comes as one page.
      guard !new.isEmpty else { return (items, waiting) }
      items += new
    }
  }

  /// The item of that name, as it is now; nil when it no longer waits.
  func find(_ address: PendingDecision.Address) throws(ServiceError) -> PendingDecision? {
    try all().items.first { $0.address == address }
  }

  /// The parameters of an item without anything cut; nil where they can't be had whole.
  func wholeParams(of item: PendingDecision) throws(ServiceError) -> JSONObject? {
    guard item.isCut else { return item.params }
    switch item.address {
    case .action(let id):
      return try call("pathbound_get_action", ["action_id": .string(id)])["action"]?["params"]?.objectValue
    case .proposal(let run, let contact, let index):
      let answer = try call("pathbound_get_agent_run", ["runId": .string(run)])
      let results = answer["run"]?["contact_results"]?.arrayValue ?? []
      let actions = results.first { $0["contact_id"]?.stringValue == contact }?["proposed_actions"]?.arrayValue ?? []
      return actions.first { $0["action_index"]?.integerValue == index }?["params"]?.objectValue
    }
  }

  /// Lets it happen; what is due at once is performed before this returns.
  func approve(_ address: PendingDecision.Address, comment: String?) throws(ServiceError) -> JSONObject {
    let step = address.approval(comment: comment)
    let answer = try call(step.tool, step.arguments)
    wiring.doDueWork()
    return answer
  }

  /// Ends it.
  func reject(_ address: PendingDecision.Address, comment: String?) throws(ServiceError) -> JSONObject {
    let step = address.rejection(comment: comment)
    return try call(step.tool, step.arguments)
  }

  /// Replaces its parameters; it then waits again.
  ///
  /// A run's proposal is a record of what the agent said: it is rejected, and an action of our own takes its place.
  func edit(_ item: PendingDecision, params: JSONObject) throws(ServiceError) -> PendingDecision.Address {
    switch item.address {
    case .action(let id):
      _ = try call(
        "pathbound_approve_action", ["action_id": .string(id), "action": "edit", "params": .object(params)])
      return item.address
    case .proposal:
      guard let identity = item.identity else {
        throw ServiceError(.validation, "The agent has no sender to act as, so nothing can be queued in its place.")
      }
      let queued = try call(
        "pathbound_queue_action",
        [
          "type": .string(item.text("type")), "identity_id": .string(identity), "params": .object(params),
          "require_approval": true, "description": "Edited from what an agent's run proposed",
        ])
      guard let id = queued["action_id"]?.stringValue else {
        throw ServiceError(.internal, "The edited action was queued, but it was not told under which name.")
      }
      _ = try reject(item.address, comment: "Replaced by \(id), which a person has edited")
      return .action(id)
    }
  }

  /// What has been performed since this was last asked.
  func takePerformed() -> [Performed] {
    performed.withLock { performed in
      defer { performed = [] }
      return performed
    }
  }

  /// Waits until everything is durable.
  func close() { wiring.finish(by: .after(milliseconds: 10_000)) }

  /// One call; its answer has no control characters, whoever wrote them.
  private func call(_ tool: String, _ arguments: JSONObject) throws(ServiceError) -> JSONObject {
    let payload = try wiring.host.callAndWait(tool, arguments, client: client)
    guard let answer = (try? JSONValue(parsing: payload)).map(Self.harmless)?.objectValue else {
      throw ServiceError(.internal, "The answer of \(tool) is no JSON object.")
    }
    return answer
  }

  /// The value with nothing in it that a terminal would follow.
  static func harmless(_ value: JSONValue) -> JSONValue {
    var writer = JSONWriter(sanitizing: true)
    writer.value(value)
    return (try? JSONValue(parsing: writer.finish())) ?? .null
  }
}
