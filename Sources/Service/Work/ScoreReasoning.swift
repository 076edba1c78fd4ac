public import JSON
internal import Operations

/// Says in words what to make of a score.
public protocol ScoreExplainer: Sendable {
  /// Makes sure that it can be asked.
  ///
  /// - Throws: `UNAVAILABLE` that says what to set.
  func requireReady() throws(ServiceError)

  /// What it says of `score`, `contact` and `profile`: `text`, or `error` in its place, with `provider` and `model`.
  ///
  /// It asks others, so that it may take long.
  func explain(_ facts: JSONObject) -> JSONObject
}

/// A call of `owlbound_score_contact` that asks for a model's reasoning, too.
struct ScoreReasoning {
  private let call: Call
  private let explainer: any ScoreExplainer

  /// Nil for a call that does not ask for it.
  ///
  /// - Throws: `UNAVAILABLE` where there is no model, before anything is scored.
  init?(_ call: Call, _ explainer: (any ScoreExplainer)?) throws(ServiceError) {
    guard call.operation.name == OwlboundIntelligence.scoreContact.name, !call.isRehearsal,
      call.arguments["modelReasoning"]?.boolValue == true
    else { return nil }
    guard let explainer else {
      throw ServiceError(
        .unavailable,
        "No model is configured for a score's reasoning: set BOUND_MCP_SCORING_MODEL, such as "
          + "anthropic:claude-opus-4-7 or openai:gpt-4.1, and that provider's key. The score itself needs none: leave "
          + "modelReasoning out.")
    }
    try explainer.requireReady()
    self.call = call
    self.explainer = explainer
  }

  /// Adds `modelReasoning` to the answer; the score stays as it is, also where the model fails.
  func extend(_ answer: Answer, _ backend: any Backend) -> Answer {
    guard case .object(var payload)? = try? JSONValue(parsing: answer.payload) else { return answer }
    var facts: JSONObject = ["score": .object(payload)]
    facts["contact"] = record(OwlboundContacts.getContact, ["id": call.arguments["id"] ?? .null], backend)["contact"]
    let profiles = record(Workspace.listICPProfiles, [:], backend)["profiles"]?.arrayValue
    facts["profile"] = profiles?.first { $0["id"] == call.arguments["icpProfileId"] }
    payload["modelReasoning"] = .object(explainer.explain(facts))
    var writer = JSONWriter(capacity: 2048, sanitizing: true)
    writer.value(.object(payload))
    return Answer(payload: writer.finish(), receipt: answer.receipt)
  }

  private func record(_ operation: Operation, _ arguments: JSONObject, _ backend: any Backend) -> JSONObject {
    var writer = JSONWriter(capacity: 4096)
    let look = Call(operation: operation, arguments: arguments, caller: call.caller)
    guard (try? backend.read(look, into: &writer)) != nil else { return [:] }
    return (try? JSONValue(parsing: writer.finish()))?.objectValue ?? [:]
  }
}
