public import JSON

/// A server as clients name it: how it is started.
public struct ServerEntry: Sendable {
  /// What the client calls it.
  public var name: String
  /// The program's absolute path.
  public var command: String
  /// What comes after it.
  public var arguments: [String]
  /// Variables of its own, which are usually keys.
  public var variables: [(name: String, value: String)]

  /// Describes a server.
  public init(name: String, command: String, arguments: [String], variables: [(name: String, value: String)] = []) {
    self.name = name
    self.command = command
    self.arguments = arguments
    self.variables = variables
  }

  /// The members that `client` wants of an entry, without its variables.
  func members(for client: Client?) -> JSONObject {
    var members = JSONObject()
    if client?.namesTransport == true { members["type"] = "stdio" }
    members["command"] = .string(command)
    members["args"] = .array(arguments.map { .string($0) })
    return members
  }

  /// The whole of what most clients read: one object with the member `mcpServers`.
  public var json: JSONValue { value(for: nil) }

  /// The whole of what a client with a file of JSON reads; nil stands for most of them.
  public func value(for client: Client?) -> JSONValue {
    var members = members(for: client)
    if !variables.isEmpty { members["env"] = .object(JSONObject(variables.map { ($0.name, .string($0.value)) })) }
    return [client?.servers ?? "mcpServers": [name: .object(members)]]
  }

  /// Whether clients and models can do with the name: they join it with the names of tools.
  public static func isName(_ name: String) -> Bool {
    (1...24).contains(name.utf8.count) && name.utf8.first.map { (97...122).contains($0) } == true
      && name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "_") }
  }
}
