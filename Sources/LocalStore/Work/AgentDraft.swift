internal import JSON
internal import JSONSchema
internal import Operations
internal import Platform
internal import Service

/// An agent that has been checked and may be stored (Pathbound API 12.1).
struct AgentDraft {
  let name: String
  let summary: String?
  let template: String?
  let playbook: JSONValue?
  let capabilities: JSONValue?
  let identity: Int64?
  let monitoring: JSONValue?
  let model: JSONValue?
  let isEnabled: Bool

  /// The most bytes of a playbook: it is handed to a model for each contact.
  static let playbookLimit = 20_000

  /// The most bytes of `monitoring`, and of `llm_config`.
  private static let settingsLimit = 4000

  /// When its schedule is due next; nil when it is disabled or has none.
  let nextRun: Timestamp?

  /// Checks the arguments of a call, beyond what their schema can say.
  ///
  /// - Parameter changes: what a call changes of an agent that was checked before: its other references may have gone.
  init(
    _ arguments: JSONObject, changes: JSONObject? = nil, _ transaction: ReadTransaction
  ) throws(ServiceError) {
    let given = changes ?? arguments
    name = arguments["name"]?.stringValue ?? ""
    summary = arguments.text("description")
    try SizeLimit.check(summary, SizeLimit.remark, at: "/description")
    try SizeLimit.check(
      arguments.text("playbook_template"), SizeLimit.line, at: "/playbook_template")
    try SizeLimit.check(arguments["monitoring"], Self.settingsLimit, at: "/monitoring")
    try SizeLimit.check(arguments["llm_config"], Self.settingsLimit, at: "/llm_config")
    playbook = try Self.playbook(arguments["playbook"])
    template = try Self.template(
      arguments["playbook_template"]?.stringValue,
      hasPlaybook: playbook?["playbook_md"]?.stringValue != nil)
    capabilities = try Self.capabilities(arguments["capabilities"])
    identity = try Self.identity(arguments, given, transaction)
    monitoring = try Self.monitoring(arguments["monitoring"], given["monitoring"], transaction)
    model = arguments["llm_config"]
    isEnabled = arguments["enabled"]?.boolValue ?? false
    nextRun = try Self.nextRun(monitoring, isEnabled: isEnabled, now: transaction.now)
  }

  private static func identity(
    _ arguments: JSONObject, _ given: JSONObject, _ transaction: ReadTransaction
  ) throws(ServiceError) -> Int64? {
    guard let id = arguments.text("identity_id") else { return nil }
    return given.contains("identity_id")
      ? try ActionDraft.identity(id, in: transaction) : transaction.ids.row(.identity, id)
  }

  private static func nextRun(
    _ monitoring: JSONValue?, isEnabled: Bool, now: Timestamp
  ) throws(ServiceError) -> Timestamp? {
    guard let schedule = monitoring?["schedule_cron"]?.stringValue.flatMap({ CronExpression($0) })
    else { return nil }
    guard let next = schedule.next(after: now) else {
      throw .invalid(
        "/monitoring/schedule_cron",
        "schedule_cron never comes: there is no such day in its months.")
    }
    return isEnabled ? next : nil
  }

  private static func playbook(_ value: JSONValue?) throws(ServiceError) -> JSONValue? {
    guard let value, value.objectValue?.isEmpty == false else { return nil }
    // As a model is given it: invisible characters take more room there.
    let size = RunContext.size(value)
    guard size <= playbookLimit else {
      throw .invalid("/playbook", "Must have at most \(playbookLimit) bytes as JSON; this has \(size). Shorten it.")
    }
    return value
  }

  /// The set of templates is open: an unknown name is kept where a playbook of the agent's own says what to do, and
  /// refused where nothing would.
  private static func template(_ name: String?, hasPlaybook: Bool) throws(ServiceError) -> String? {
    guard let name, !hasPlaybook, !Vocabulary.playbookTemplates.contains(name) else { return name }
    throw .invalid(
      "/playbook_template",
      "There is no playbook template \"\(name.prefix(64))\" here. Known are "
        + "\(Vocabulary.playbookTemplates.joined(separator: ", ")); with another name, give playbook.playbook_md too."
    )
  }

  private static func capabilities(_ value: JSONValue?) throws(ServiceError) -> JSONValue? {
    guard let items = value?.arrayValue else { return nil }
    let capabilities = ActionType.capabilities + ActionType.installed.map(\.capability)
    var known: [JSONValue] = []
    for (position, item) in items.enumerated() {
      let name = item.stringValue ?? ""
      guard capabilities.contains(name) else {
        let near = Nearest.name(to: name, among: capabilities)
        let hint =
          near.map { "Did you mean \"\($0)\"?" }
          ?? "Known are \(capabilities.joined(separator: ", "))."
        throw .invalid(
          "/capabilities/\(position)", "There is no capability \"\(name.prefix(64))\". \(hint)")
      }
      if !known.contains(item) { known.append(item) }
    }
    return .array(known)
  }

  private static func monitoring(
    _ value: JSONValue?, _ given: JSONValue?, _ transaction: ReadTransaction
  ) throws(ServiceError) -> JSONValue? {
    guard var monitoring = value?.objectValue, !monitoring.isEmpty else { return nil }
    if given?["filter"] != nil, let filter = monitoring["filter"]?.objectValue {
      monitoring["filter"] = .object(try ContactFilter.checked(filter, at: "/monitoring/filter", transaction))
    }
    return .object(monitoring)
  }
}

/// Changes of an agent that is there (Pathbound API 12.1).
extension AgentDraft {
  /// Members that are merged key by key.
  private static let nested: Set<String> = ["playbook", "monitoring", "llm_config"]

  /// Puts the changes into the agent as it is stored, in the words of the call that would create it.
  ///
  /// Objects are merged one level deep, so that a new `playbook_md` leaves the playbook's other keys alone; null removes
  /// a key, an empty text clears a field.
  static func merged(_ stored: JSONObject, _ changes: JSONObject) throws(ServiceError) -> JSONObject {
    var merged = stored
    for key in ["_id", "agent_id", "created_at", "updated_at"] { merged[key] = nil }
    for (key, value) in changes where key != "id" {
      var value = value
      if nested.contains(key), let members = value.objectValue {
        value = .object(merged[key]?.objectValue ?? [:], replacing: members)
      }
      if value == "" || value.objectValue?.isEmpty == true {
        merged[key] = nil
      } else {
        merged[key] = value
      }
    }
    do throws(ValidationFailure) {
      return try PathboundAgents.createAgent.validator.validate(merged)
    } catch {
      throw ServiceError(error)
    }
  }
}

extension JSONValue {
  /// The members with others in their place; null removes one.
  fileprivate static func object(_ members: JSONObject, replacing changes: JSONObject) -> JSONValue {
    var members = members
    for (key, value) in changes {
      if value.isNull { members[key] = nil } else { members[key] = value }
    }
    return .object(members)
  }
}
