internal import JSON

/// How the server introduces itself.
public struct ServerInfo: Sendable {
  /// For programs.
  public var name: String
  /// For people.
  public var title: String
  /// The program's version.
  public var version: String
  /// What it is for, in a sentence; sent from 2025-11-25 on.
  public var summary: String?
  /// Its home page; sent from 2025-11-25 on.
  public var website: String?
  /// What a model should know before it uses the tools.
  public var instructions: String?

  /// Introduces a server.
  public init(
    name: String, title: String, version: String, summary: String? = nil, website: String? = nil,
    instructions: String? = nil
  ) {
    self.name = name
    self.title = title
    self.version = version
    self.summary = summary
    self.website = website
    self.instructions = instructions
  }

  /// The object that stands in `serverInfo`.
  func description(in revision: Revision) -> JSONValue {
    var members: JSONObject = ["name": .string(name), "version": .string(version)]
    if revision >= .june2025 { members["title"] = .string(title) }
    if revision >= .november2025 {
      members["description"] = summary.map { .string($0) }
      members["websiteUrl"] = website.map { .string($0) }
    }
    return .object(members)
  }
}
