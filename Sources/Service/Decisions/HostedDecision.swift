internal import JSON
internal import Operations
internal import Platform

/// What a call to a hosted API would let happen, read from there: such an API can't rehearse a write.
struct HostedDecision {
  /// So many records are read at most to show them.
  private static let longestList = 20

  private let backend: any Backend
  private let call: Call

  init(_ backend: any Backend, _ call: Call) {
    self.backend = backend
    self.call = call
  }

  /// The actions that the call would release, as they are now, or the agent as it would be.
  func rehearsal() throws(ServiceError) -> Rehearsal {
    guard call.letsAgentActAlone else { return Rehearsal(payload: [], actions: try actions()) }
    let agent = Rehearsal.Change(
      record: call.arguments["id"]?.stringValue ?? "a new agent", before: nil,
      after: JSONValue.object(call.arguments).serialized())
    return Rehearsal(payload: [], changes: [agent])
  }

  private func actions() throws(ServiceError) -> [Rehearsal.PlannedAction] {
    if let run = call.arguments["runId"]?.stringValue { return [try proposal(of: run)] }
    if let ids = call.arguments["action_ids"]?.arrayValue {
      guard ids.count <= Self.longestList else {
        throw .invalid("/action_ids", "A person can be shown at most \(Self.longestList) actions; decide on fewer.")
      }
      return try ids.compactMap(\.stringValue).map { id throws(ServiceError) in try stored(id) }
    }
    if let id = call.arguments["action_id"]?.stringValue { return [try stored(id)] }
    let items = call.arguments["actions"]?.arrayValue?.compactMap(\.objectValue) ?? [call.arguments]
    return items.filter { $0["direct"]?.boolValue == true }.map { Self.planned($0, id: "", .running) }
  }

  private func stored(_ id: String) throws(ServiceError) -> Rehearsal.PlannedAction {
    let answer = try read("pathbound_get_action", ["action_id": .string(id)])
    let action = answer["action"]?.objectValue ?? [:]
    return Self.planned(action, id: id, call.arguments["action"] == nil ? .running : .approved)
  }

  private func proposal(of run: String) throws(ServiceError) -> Rehearsal.PlannedAction {
    let answer = try read("pathbound_get_agent_run", ["runId": .string(run)])
    let contact = call.arguments["contactId"]?.stringValue ?? ""
    let results = (answer["run"] ?? answer)["contact_results"]?.arrayValue ?? []
    guard let result = results.first(where: { $0["contact_id"]?.stringValue == contact }),
      let proposals = result["proposed_actions"]?.arrayValue,
      let index = call.arguments["actionIndex"]?.integerValue,
      var proposal = proposals.first(where: { $0["action_index"]?.integerValue == index })?.objectValue
        ?? proposals.dropFirst(Int(clamping: max(index, 0))).first?.objectValue
    else { throw ServiceError(.notFound, "This run proposed no such action. See pathbound_get_agent_run.") }
    proposal["contact_id"] = .string(contact)
    return Self.planned(proposal, id: "", .approved, reasoning: result["reasoning"]?.stringValue)
  }

  private func read(_ name: String, _ arguments: JSONObject) throws(ServiceError) -> JSONValue {
    guard let operation = Catalogue.operation(named: name) else { throw ServiceError(.internal, "\(name) is missing.") }
    var payload = JSONWriter(capacity: 2048, sanitizing: true)
    _ = try backend.read(
      Call(operation: operation, arguments: arguments, caller: call.caller, control: call.control), into: &payload)
    return (try? JSONValue(parsing: payload.finish())) ?? .null
  }

  private static func planned(
    _ action: JSONObject, id: String, _ status: ActionStatus, reasoning: String? = nil
  ) -> Rehearsal.PlannedAction {
    let params = action["params"]?.objectValue ?? [:]
    let contact = action["contact_id"]?.stringValue ?? params["contact_id"]?.stringValue
    let sender = ClaimedAction.Sender(id: action["identity_id"]?.stringValue ?? "", name: "", email: nil)
    return Rehearsal.PlannedAction(
      action: ClaimedAction(
        id: id, type: action["type"]?.stringValue ?? "", params: params, identity: sender, contactID: contact,
        summary: action["description"]?.stringValue, claim: 0),
      status: status, scheduledTime: nil, obstacles: [], person: contact, reasoning: reasoning)
  }
}
