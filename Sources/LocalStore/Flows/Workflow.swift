internal import JSON
internal import JSONSchema
internal import Operations
internal import Service

/// A workflow: which signals it listens to, and what it does then.
struct Workflow {
  /// What a signal must be like.
  struct Trigger {
    /// Nil for any.
    let type: String?
    /// Nil for any.
    let priority: String?
    let conditions: [Condition]

    /// Whether it is this signal that is waited for.
    func fires(_ signal: RoutedSignal) throws(ServiceError) -> Bool {
      if let type, type != signal.type { return false }
      if let priority, priority != signal.priority { return false }
      return try conditions.allHold { path throws(ServiceError) in try signal.fact(path) }
    }
  }

  let row: Int64
  let name: String
  let isActive: Bool
  /// Signals up to this row came in before the workflow listened.
  let listensAfter: Int64
  /// Any of them.
  let triggers: [Trigger]
  /// In order, as `StepType.ofWorkflows` says.
  let steps: [JSONObject]

  /// Whether it listens to the signal.
  func listens(to signal: RoutedSignal) throws(ServiceError) -> Bool {
    guard signal.row > listensAfter else { return false }
    for trigger in triggers where try trigger.fires(signal) { return true }
    return false
  }
}

// MARK: - Definitions

extension Workflow {
  /// What conditions can look at.
  static let roots = ["data", "contact", "type", "priority", "source", "notes"]

  private static let triggerSchema = CompiledSchema(
    .object([
      .optional("type", .oneOf(Vocabulary.signalTypes)), .optional("priority", .oneOf(Vocabulary.signalPriorities)),
      .optional("conditions", .array(of: .openObject(), maxItems: 20)),
    ]))

  /// Built at first use.
  static let stepTypes = StepDefinitions(StepType.ofWorkflows)

  /// Reads triggers.
  ///
  /// - Throws: `VALIDATION_ERROR` below `/triggers`.
  static func triggers(_ list: [JSONValue]) throws(ServiceError) -> [Trigger] {
    var triggers: [Trigger] = []
    for (position, item) in list.enumerated() {
      let path = "/triggers/\(position)"
      let members: JSONObject
      do throws(ValidationFailure) {
        members = try triggerSchema.validate(item.objectValue ?? [:], below: path)
      } catch {
        throw ServiceError(error)
      }
      triggers.append(
        Trigger(
          type: members.text("type"), priority: members.text("priority"),
          conditions: try Condition.list(members["conditions"], at: path + "/conditions", roots: roots)))
    }
    return triggers
  }

  /// Checks steps, and that what they name exists.
  ///
  /// - Throws: `VALIDATION_ERROR` below `/steps`.
  static func steps(_ list: [JSONValue], _ transaction: ReadTransaction) throws(ServiceError) -> [JSONObject] {
    let steps = try stepTypes.checked(list)
    for (position, step) in steps.enumerated() {
      let path = "/steps/\(position)"
      try require(.sequence, step, "sequenceId", "owlbound_list_sequences", path, transaction)
      try require(.profile, step, "icpProfileId", "owlbound_list_icp_profiles", path, transaction)
      try require(.identity, step, "identityId", "pathbound_list_identities", path, transaction)
      if let message = step.text("message") { _ = try PersonText.checked(message, at: path + "/message") }
      if let type = step.text("action") { try checkParameters(step, type, at: path) }
    }
    return steps
  }

  private static func require(
    _ kind: RecordKind, _ step: JSONObject, _ key: String, _ tool: String, _ path: String,
    _ transaction: ReadTransaction
  ) throws(ServiceError) {
    guard let id = step.text(key), try transaction.existing(kind, id) == nil else { return }
    throw .invalid("\(path)/\(key)", "No \(kind.noun) has the id \"\(id.prefix(64))\". Take one from \(tool).")
  }

  /// Fills a sample person in, so that parameters which can never be right are refused now and not at each signal.
  private static func checkParameters(_ step: JSONObject, _ type: String, at path: String) throws(ServiceError) {
    guard let action = ActionType.named(type) else {
      let names = ActionType.all.map(\.name)
      let hint = Nearest.name(to: type, among: names).map { "Did you mean \"\($0)\"?" } ?? "Known are \(names)."
      throw .invalid("\(path)/action", "There is no action type \"\(type.prefix(64))\". \(hint)")
    }
    let params = JSONValue.object(step["params"]?.objectValue ?? [:])
    let filled = try params.replacingTexts(at: path + "/params") { text, path throws(ServiceError) in
      try PersonText.checked(text, at: path).sample
    }
    var sample = filled.objectValue ?? [:]
    for (name, value) in [("contact_id", "ct_"), ("linkedin_url", "https://www.linkedin.com/in/sample")] {
      if sample[name] == nil, action.takes(name) { sample[name] = .string(value) }
    }
    do throws(ValidationFailure) {
      _ = try CompiledSchema(action.parameters).validate(sample, below: path + "/params")
    } catch {
      throw ServiceError(error)
    }
  }
}
