internal import JSON
internal import JSONRPC

/// Knows what may stand in an argument of a prompt or in a variable of a template.
public protocol CompletionHost: Sendable {
  /// Proposes values, or sees to it that they are proposed; as ``ResourceHost/read(_:reply:)``.
  ///
  /// An unknown prompt, template or argument is refused.
  func complete(_ request: CompletionRequest, reply: Reply<Completion>)
}

/// An argument that a person is typing.
public struct CompletionRequest: Sendable {
  /// Whose argument it is.
  public enum Reference: Sendable, Equatable {
    /// Of the prompt with this name.
    case prompt(String)
    /// Of the template with this text.
    case template(String)
  }

  /// Whose argument it is.
  public let reference: Reference
  /// The argument's name.
  public let argument: String
  /// What is typed so far.
  public let value: String
  /// The other arguments, as far as they are filled in (from 2025-06-18 on).
  public let others: [String: String]
  private let caller: Caller

  /// What the client calls itself; unchecked, so for records only; read anew each time.
  public var client: ClientInfo { ClientInfo(caller.info) }

  /// Reads `ref`, `argument` and `context`.
  init(_ call: MethodCall) throws(RPCError) {
    guard case .object(let argument)? = call.params["argument"], case .string(let name)? = argument["name"],
      case .string(let value)? = argument["value"]
    else { throw .invalidParameters("\"argument\" must have a \"name\" and a \"value\", both strings.") }
    guard value.utf8.count <= PromptRequest.valueLimit else { throw .invalidParameters("The value is too long.") }
    reference = try Self.reference(call.params["ref"])
    self.argument = name
    self.value = value
    caller = call.caller
    others = try PromptRequest.arguments(call.params["context"]?["arguments"], of: "context.arguments")
  }

  private static func reference(_ value: JSONValue?) throws(RPCError) -> Reference {
    switch (value?["type"]?.stringValue, value?["name"]?.stringValue, value?["uri"]?.stringValue) {
    case ("ref/prompt"?, let name?, _): return .prompt(name)
    case ("ref/resource"?, _, let uri?): return .template(uri)
    default: throw .invalidParameters("\"ref\" must be a ref/prompt with a \"name\" or a ref/resource with a \"uri\".")
    }
  }
}

/// Proposed values, the best first.
public struct Completion: Sendable {
  /// So many values are sent at most (2026-07-28, server/utilities/completion).
  public static let limit = 100

  /// The values.
  public var values: [String]
  /// How many there are, if known.
  public var total: Int?
  /// Whether there are more.
  public var hasMore: Bool

  /// Proposes values; what exceeds ``limit`` is left out, and said to be there.
  public init(_ values: [String], total: Int? = nil, hasMore: Bool = false) {
    self.values = Array(values.prefix(Self.limit))
    self.total = total
    self.hasMore = hasMore || values.count > Self.limit
  }

  /// Writes the members of the result.
  func write(to writer: inout JSONWriter) {
    writer.key("completion")
    writer.beginObject()
    writer.key("values")
    writer.beginArray()
    for value in values { writer.string(value) }
    writer.endArray()
    if let total {
      writer.key("total")
      writer.integer(Int64(total))
    }
    writer.key("hasMore")
    writer.bool(hasMore)
    writer.endObject()
  }
}
