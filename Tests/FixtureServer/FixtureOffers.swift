import JSON
public import MCP
import Synchronization

/// The resources, prompt and completions of the recorded conversations, over a host's contacts.
public final class FixtureOffers: ResourceHost, PromptHost, CompletionHost {
  private let host: FixtureHost
  /// What tests may change of the fixture.
  public let traits: Traits

  /// What tests may change of the fixture.
  public struct Traits: Sendable {
    /// Resources on one page of the list.
    public var pageSize = 50
    /// Whether resources can be watched.
    public var canWatch = true
    /// Whether a read of `pathbound://slow` is never answered until it is cancelled.
    public var forgetsReplies = false

    /// The defaults.
    public init() {}
  }

  /// Offers a host's contacts.
  public init(_ host: FixtureHost, traits: Traits = Traits()) {
    self.host = host
    self.traits = traits
  }

  /// All of it.
  public var offers: Offers { Offers(.init(resources: self, prompts: self, completion: self, tasks: host.tasks)) }

  // MARK: Resources

  private static let contacts = "pathbound://contacts"

  /// The list of contacts, a picture and what can't be read.
  public func resourceList(after cursor: String?) -> ListPage? {
    let listed = [
      ("pathbound://contacts", "contacts", "application/json"), ("pathbound://logo", "logo", "image/png"),
      ("pathbound://slow", "slow", "text/plain"),
    ]
    let items = listed.map { uri, name, type in
      let json: JSONValue = ["uri": .string(uri), "name": .string(name), "mimeType": .string(type)]
      return (key: uri, json: json.serialized())
    }
    return PagedList(items, pageSize: traits.pageSize).page(after: cursor)
  }

  /// One contact.
  public func templateList(after cursor: String?) -> ListPage? {
    let json: JSONValue = ["uriTemplate": "pathbound://contacts/{id}", "name": "contact"]
    return PagedList([("contact", json.serialized())]).page(after: cursor)
  }

  /// Reads at once, but for `pathbound://slow`, which is kept.
  public func read(_ request: ResourceRequest, reply: Reply<[ResourceContents]>) {
    switch request.uri {
    case Self.contacts:
      reply.succeed([json(request.uri, ["count": .integer(Int64(host.contactCount))])])
    case "pathbound://logo":
      reply.succeed([ResourceContents(uri: request.uri, mimeType: "image/png", body: .bytes([0x89, 0x50, 0x4E]))])
    case "pathbound://slow":
      if !traits.forgetsReplies { host.keep(reply) }
    default:
      guard request.uri.hasPrefix("pathbound://contacts/") else { return reply.refuse(.notFound, for: request) }
      let id = request.uri.dropFirst("pathbound://contacts/".count)
      guard id.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else {
        return reply.refuse(.refused("The id has characters that no id has."), for: request)
      }
      guard host.hasContact(String(id)) else { return reply.refuse(.notFound, for: request) }
      reply.succeed([json(request.uri, ["contact_id": .string(String(id))])])
    }
  }

  private func json(_ uri: String, _ value: JSONValue) -> ResourceContents {
    ResourceContents(uri: uri, mimeType: "application/json", body: .text(value.text))
  }

  /// Whether the traits say so.
  public var canWatch: Bool { traits.canWatch }

  /// Watches the list of contacts; refuses all else.
  public func watch(
    _ request: ResourceRequest, onChange: @escaping @Sendable () -> Void,
    completion: @escaping @Sendable (Result<any ResourceWatch, ResourceRefusal>) -> Void
  ) {
    guard request.uri == Self.contacts else { return completion(.failure(.notFound)) }
    completion(.success(FixtureWatch(host: host, number: host.observe(onChange))))
  }

  private struct FixtureWatch: ResourceWatch {
    let host: FixtureHost
    let number: Int

    func end() { host.forget(number) }
  }

  // MARK: Prompt and completion

  /// One prompt.
  public func promptList(after cursor: String?) -> ListPage? {
    let json: JSONValue = [
      "name": "pathbound_weekly_review", "arguments": [["name": "week", "required": true]],
    ]
    return PagedList([("pathbound_weekly_review", json.serialized())]).page(after: cursor)
  }

  /// The review of a week.
  public func prompt(_ request: PromptRequest, reply: Reply<Prompt>) {
    guard request.name == "pathbound_weekly_review" else { return reply.refuse("There is no such prompt.") }
    guard let week = request.arguments["week"] else { return reply.refuse("week: a week is needed.") }
    reply.succeed(Prompt(messages: [.init(.user, .text("Review the week \(week)."))]))
  }

  /// Weeks and contacts.
  public func complete(_ request: CompletionRequest, reply: Reply<Completion>) {
    switch (request.reference, request.argument) {
    case (.prompt("pathbound_weekly_review"), "week"):
      reply.succeed(Completion((1...52).reversed().map { "2026-W\($0)" }.filter { $0.hasPrefix(request.value) }))
    case (.template("pathbound://contacts/{id}"), "id"):
      let ids = (1...max(1, host.contactCount)).map { "c_\($0)" }
      reply.succeed(Completion(ids.filter { $0.hasPrefix(request.value) }, total: ids.count))
    case (.template("pathbound://contacts/{id}"), "many"):
      reply.succeed(Completion((1...250).map { "m\($0)" }))
    default: reply.refuse("There is no such argument.")
    }
  }
}
