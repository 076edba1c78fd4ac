public import JSON
internal import Operations
internal import Service

extension Configuration {
  /// The settings that decide what a server says whatever its data are.
  ///
  /// A recording begins with them, so that a replay has a server of the same kind. No key and no place is among them.
  public var conversation: SettingValues {
    var values: SettingValues = [.approvals: approvals.rawValue]
    values[.sender] = sender
    values[.toolsets] = toolsets?.joined(separator: ",")
    values[.tools] = tools?.joined(separator: ",")
    if !excludedTools.isEmpty { values[.excludedTools] = excludedTools.joined(separator: ",") }
    if isReadOnly { values[.readOnly] = "true" }
    values[.scopes] = scopes.map { scopes in scopes.map(\.rawValue).sorted().joined(separator: ",") }
    values[.plan] = plan?.rawValue
    return values
  }
}

extension SettingValues {
  private static let ofConversation: [Setting] = [
    .approvals, .sender, .toolsets, .tools, .excludedTools, .readOnly, .scopes, .plan,
  ]

  /// Those settings of an object that decide what a server says; others are left out.
  public init(conversation members: JSONObject) {
    self.init()
    for setting in Self.ofConversation { self[setting] = members[setting.fileKey]?.stringValue }
  }

  /// The values by the names that they have in `config.json`.
  public var members: JSONObject {
    JSONObject(
      Setting.allCases.compactMap { setting in self[setting].map { (setting.fileKey, JSONValue.string($0)) } })
  }
}
