internal import JSON

/// A server as it stands in a client's list, as far as that says how a program is started.
public struct ListedServer: Sendable, Equatable {
  /// What the client calls it.
  public let name: String
  /// A path or a name; nil for a server that is no program, or in a form that is not understood.
  public let command: String?
  /// What comes after it.
  public let arguments: [String]
  /// Variables of its own, which may be keys.
  public let variables: [String: String]
  /// Whether the client is told not to start it.
  public let isDisabled: Bool

  init(name: String, members: JSONObject) {
    self.name = name
    // Zed has had the command in an object of its own.
    let program = members["command"]?.objectValue
    command = members["command"]?.stringValue ?? program?["path"]?.stringValue
    arguments = (members["args"] ?? program?["args"])?.arrayValue?.compactMap(\.stringValue) ?? []
    variables = (members["env"] ?? program?["env"])?.objectValue.map(Self.texts) ?? [:]
    isDisabled = members["disabled"] == true || members["enabled"] == false
  }

  private static func texts(_ members: JSONObject) -> [String: String] {
    var texts: [String: String] = [:]
    for (name, value) in members { texts[name] = value.stringValue }
    return texts
  }
}

extension ClientFile {
  /// The servers of a client's list.
  ///
  /// - Throws: ``EditRefusal`` when the text can't be understood; the client will hardly understand it either.
  public static func servers(in text: [UInt8], of client: Client) throws(EditRefusal) -> [ListedServer] {
    let list: JSONObject
    switch client.format {
    case .json(let commented):
      list = try JSONDocument(text, allowsComments: commented).value(at: [client.servers])?.objectValue ?? [:]
    case .toml: list = try TOMLDocument(text).tables(below: client.servers)
    }
    return list.compactMap { name, value in value.objectValue.map { ListedServer(name: name, members: $0) } }
  }
}
