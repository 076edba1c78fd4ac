internal import JSON
internal import JSONSchema
public import Operations
public import Platform

/// An MCP server as `mcpServers` of `config.json` names it, in the form that clients use.
public struct ServerSetting: Sendable {
  /// What actions call it.
  public let name: String
  /// How it is started; nil for a server behind an address, which is known but can't be used.
  public let command: ProgramCommand?
}

/// A program that does actions of a type of its own: an entry of `executors` of `config.json`.
public struct ExecutorSetting: Sendable {
  /// The type of the actions, and what their `params` must be.
  public let definition: ActionType
  /// How the program is started.
  public let command: ProgramCommand
  /// How long it may take, in seconds.
  public let timeLimit: Int
}

/// The members of `config.json` that are more than a text: other programs.
public struct ProgramSettings: Sendable {
  /// The servers of `mcpServers`.
  public internal(set) var servers: [ServerSetting] = []
  /// The programs of `executors`.
  public internal(set) var executors: [ExecutorSetting] = []

  /// Nothing is set.
  public init() {}

  /// The names of the members.
  static let names = ["mcpServers", "executors"]

  /// Whether a program gets variables of its own, which are usually keys.
  var holdsSecret: Bool {
    servers.contains { $0.command?.variables.isEmpty == false } || executors.contains { !$0.command.variables.isEmpty }
  }

  /// Reads one of the members.
  mutating func read(_ name: String, _ value: JSONValue) throws(UsageError) {
    guard let entries = value.objectValue else { throw UsageError("config.json: \(name) must be an object") }
    for (key, value) in entries {
      let place = "config.json: \(name).\(key.prefix(64))"
      guard let entry = value.objectValue else { throw UsageError("\(place) must be an object") }
      if name == "mcpServers" {
        // Other clients' members are none of our business: the same file may serve several.
        let command = entry["command"] == nil ? nil : try Self.command(entry, place)
        servers.append(ServerSetting(name: key, command: command))
      } else {
        executors.append(try Self.executor(key, entry, place))
      }
    }
  }

  private static func executor(
    _ type: String, _ entry: JSONObject, _ place: String
  ) throws(UsageError) -> ExecutorSetting {
    let known = ["command", "args", "env", "cwd", "schema", "purpose", "capability", "timeout_seconds"]
    for name in entry.keys where !known.contains(name) { throw .unknown("member of \(place):", name, known: known) }
    guard ActionType.named(type) == nil else {
      throw UsageError("\(place): that type is built in; choose another name")
    }
    guard (2...40).contains(type.utf8.count), type.utf8.first.map({ (97...122).contains($0) }) == true,
      type.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "_") })
    else { throw UsageError("\(place): a type is 2 to 40 lower-case letters, digits and underscores") }
    guard let schema = Schema(parsing: entry["schema"] ?? ["type": "object"]), case .object = schema.kind else {
      throw UsageError(
        "\(place).schema must be a JSON Schema of type object, with type, properties, required, items, enum and limits")
    }
    let limit = entry["timeout_seconds"].map { $0.integerValue ?? 0 } ?? 60
    guard (1...3600).contains(limit) else { throw UsageError("\(place).timeout_seconds must be 1 to 3600") }
    let definition = ActionType(
      name: type, purpose: entry["purpose"]?.stringValue ?? "Run a program of this installation",
      capability: entry["capability"]?.stringValue ?? type, reach: .outside, parameters: schema)
    return ExecutorSetting(definition: definition, command: try command(entry, place), timeLimit: Int(limit))
  }

  private static func command(_ entry: JSONObject, _ place: String) throws(UsageError) -> ProgramCommand {
    guard let command = entry["command"]?.stringValue, !command.isEmpty else {
      throw UsageError("\(place).command must be a program's name or path")
    }
    var result = ProgramCommand(command)
    guard let arguments = (entry["args"] ?? []).arrayValue else {
      throw UsageError("\(place).args must be a list of strings")
    }
    for argument in arguments {
      guard let text = argument.stringValue else { throw UsageError("\(place).args must be a list of strings") }
      result.arguments.append(text)
    }
    if let env = entry["env"], !env.isNull {
      guard let variables = env.objectValue else { throw UsageError("\(place).env must be an object of strings") }
      for (name, value) in variables {
        guard let text = value.stringValue, !name.isEmpty, !name.utf8.contains(UInt8(ascii: "=")) else {
          throw UsageError("\(place).env must be an object of strings")
        }
        result.variables[name] = text
      }
    }
    if let folder = entry["cwd"], !folder.isNull {
      guard let text = folder.stringValue, !text.isEmpty else { throw UsageError("\(place).cwd must be a folder") }
      result.folder = text
    }
    return result
  }
}
