internal import JSON

/// `config.json`: one object whose members are named like the options, with `_` for `-`.
public struct ConfigurationFile: Sendable {
  /// What it sets, in the words of the command line.
  public let values: SettingValues
  /// The programs that it names.
  public let programs: ProgramSettings
  /// Who is asked about people.
  public let enrichment: [EnrichmentSetting]

  /// The members that are more than a text, and what they are for.
  static let objects: [(name: String, purpose: String)] = [
    ("mcpServers", "servers that mcp_tool_call may use, in the form of MCP clients"),
    ("executors", #"types of actions of your own: {"TYPE": {"command", "args", "schema", "purpose"}}"#),
    ("enrichment", #"who is asked about people: {"NAME": {"url", "key", "phases", "timeout_seconds"}}"#),
  ]

  /// Nothing is set.
  public init() {
    values = SettingValues()
    programs = ProgramSettings()
    enrichment = []
  }

  /// Reads the file's text.
  ///
  /// - Parameter permissions: the file's mode; a file with a key in it must be its owner's alone.
  public init(_ text: [UInt8], permissions: UInt32) throws(UsageError) {
    let value: JSONValue
    do {
      value = try JSONValue(parsing: text)
    } catch {
      throw UsageError("config.json: \(error.message)")
    }
    guard let members = value.objectValue else { throw UsageError("config.json must be one JSON object") }
    var values = SettingValues()
    var programs = ProgramSettings()
    var enrichment: [EnrichmentSetting] = []
    for (key, value) in members {
      if ProgramSettings.names.contains(key) {
        try programs.read(key, value)
        continue
      }
      if key == "enrichment" {
        enrichment = try EnrichmentSetting.list(value)
        continue
      }
      guard let setting = Setting.allCases.first(where: { $0.fileKey == key }) else {
        throw .unknown("member of config.json:", key, known: Setting.allCases.map(\.fileKey) + Self.objects.map(\.name))
      }
      values[setting] = try Self.text(of: value, for: setting)
    }
    let holdsSecret =
      programs.holdsSecret || enrichment.contains { $0.holdsSecret }
      || Setting.allCases.contains { $0.isSecret && values[$0] != nil }
    guard permissions & 0o077 == 0 || !holdsSecret else {
      throw UsageError("config.json holds a key, so nobody else may read it: set its mode to 0600 (chmod 600)")
    }
    self.values = values
    self.programs = programs
    self.enrichment = enrichment
  }

  private static func text(of value: JSONValue, for setting: Setting) throws(UsageError) -> String {
    switch value {
    case .string(let text): return text
    case .bool(let flag) where setting.isSwitch: return flag ? "true" : "false"
    case .array(let items) where items.allSatisfy({ $0.stringValue != nil }):
      return items.compactMap(\.stringValue).joined(separator: ",")
    default:
      let wanted = setting.isSwitch ? "true or false" : "a string, or a list of strings"
      throw UsageError("config.json: \(setting.fileKey) must be \(wanted)")
    }
  }
}
