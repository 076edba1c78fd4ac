internal import JSON
internal import JSONSchema
internal import Operations
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

  private static let filter = CompiledSchema(.object(PathboundContacts.filters))

  /// The most bytes of a playbook: it is handed to a model for each contact.
  static let playbookLimit = 20_000

  /// The most bytes of `monitoring`, and of `llm_config`.
  private static let settingsLimit = 4000

  /// Checks the arguments of a call, beyond what their schema can say.
  init(_ arguments: JSONObject, _ transaction: ReadTransaction) throws(ServiceError) {
    name = arguments["name"]?.stringValue ?? ""
    summary = arguments.text("description")
    try SizeLimit.check(summary, SizeLimit.remark, at: "/description")
    try SizeLimit.check(arguments.text("playbook_template"), SizeLimit.line, at: "/playbook_template")
    try SizeLimit.check(arguments["monitoring"], Self.settingsLimit, at: "/monitoring")
    try SizeLimit.check(arguments["llm_config"], Self.settingsLimit, at: "/llm_config")
    playbook = try Self.playbook(arguments["playbook"])
    template = try Self.template(
      arguments["playbook_template"]?.stringValue, hasPlaybook: playbook?["playbook_md"]?.stringValue != nil)
    capabilities = try Self.capabilities(arguments["capabilities"])
    identity =
      if let id = arguments["identity_id"]?.stringValue { try ActionDraft.identity(id, in: transaction) } else { nil }
    monitoring = try Self.monitoring(arguments["monitoring"], transaction)
    model = arguments["llm_config"]
    isEnabled = arguments["enabled"]?.boolValue ?? false
  }

  private static func playbook(_ value: JSONValue?) throws(ServiceError) -> JSONValue? {
    guard let value, value.objectValue?.isEmpty == false else { return nil }
    try SizeLimit.check(value, playbookLimit, at: "/playbook")
    return value
  }

  /// The set of templates is open: an unknown name is kept where a playbook of the agent's own says what to do, and
  /// refused where nothing would.
  private static func template(_ name: String?, hasPlaybook: Bool) throws(ServiceError) -> String? {
    guard let name, !hasPlaybook, !Vocabulary.playbookTemplates.contains(name) else { return name }
    throw .invalid(
      "/playbook_template",
      "There is no playbook template \"\(name.prefix(64))\" here. Known are "
        + "\(Vocabulary.playbookTemplates.joined(separator: ", ")); with another name, give playbook.playbook_md too.")
  }

  private static func capabilities(_ value: JSONValue?) throws(ServiceError) -> JSONValue? {
    guard let items = value?.arrayValue else { return nil }
    var known: [JSONValue] = []
    for (position, item) in items.enumerated() {
      let name = item.stringValue ?? ""
      guard ActionType.capabilities.contains(name) else {
        let near = Nearest.name(to: name, among: ActionType.capabilities)
        let hint =
          near.map { "Did you mean \"\($0)\"?" } ?? "Known are \(ActionType.capabilities.joined(separator: ", "))."
        throw .invalid("/capabilities/\(position)", "There is no capability \"\(name.prefix(64))\". \(hint)")
      }
      if !known.contains(item) { known.append(item) }
    }
    return .array(known)
  }

  private static func monitoring(
    _ value: JSONValue?, _ transaction: ReadTransaction
  ) throws(ServiceError) -> JSONValue? {
    guard var monitoring = value?.objectValue else { return nil }
    if let filter = monitoring["filter"]?.objectValue {
      monitoring["filter"] = .object(try checked(filter, transaction))
    }
    return .object(monitoring)
  }

  private static func checked(_ filter: JSONObject, _ transaction: ReadTransaction) throws(ServiceError) -> JSONObject {
    let valid: JSONObject
    do {
      valid = try Self.filter.validate(filter, below: "/monitoring/filter")
    } catch {
      throw ServiceError(error)
    }
    if let id = valid.text("company_id"), try transaction.existing(.company, id) == nil {
      throw .invalid("/monitoring/filter/company_id", "No company has the id \"\(id.prefix(64))\".")
    }
    return valid
  }
}
