internal import JSON
internal import JSONRPC

/// Texts that begin a conversation, which people choose.
public protocol PromptHost: Sendable {
  /// A page of the prompts; nil when the cursor is wrong.
  func promptList(after cursor: String?) -> ListPage?

  /// Fills in a prompt, or sees to it that it is filled in; as ``ResourceHost/read(_:reply:)``.
  ///
  /// What it can't make is refused: an unknown name, a missing argument.
  func prompt(_ request: PromptRequest, reply: Reply<Prompt>)
}

/// A prompt that a client asks for.
public struct PromptRequest: Sendable {
  /// Its name.
  public let name: String
  /// Values by argument, not checked further: words of a person, so data.
  public let arguments: [String: String]
  private let caller: Caller

  /// The longest value in bytes that is taken.
  static let valueLimit = 4096

  /// What the client calls itself; unchecked, so for records only; read anew each time.
  public var client: ClientInfo { ClientInfo(caller.info) }

  /// Reads `name` and `arguments`.
  init(_ call: MethodCall) throws(RPCError) {
    guard case .string(let name)? = call.params["name"] else { throw .invalidParameters("\"name\" must be a string.") }
    self.name = name
    caller = call.caller
    arguments = try Self.arguments(call.params["arguments"], of: "arguments")
  }

  /// An object of strings.
  static func arguments(_ value: JSONValue?, of name: String) throws(RPCError) -> [String: String] {
    let members: JSONObject
    switch value {
    case .object(let given)?: members = given
    case nil, .null?: return [:]
    default: throw .invalidParameters("\"\(name)\" must be an object.")
    }
    var arguments: [String: String] = [:]
    for (key, value) in members {
      guard case .string(let text) = value else {
        throw .invalidParameters("The argument \"\(key.abbreviated(to: 80))\" must be a string.")
      }
      guard text.utf8.count <= valueLimit else {
        throw .invalidParameters(
          "The argument \"\(key.abbreviated(to: 80))\" is longer than \(valueLimit) bytes.")
      }
      arguments[key] = text
    }
    return arguments
  }
}

/// A prompt that is filled in.
public struct Prompt: Sendable {
  /// What it is for.
  public var description: String?
  /// The beginning of the conversation.
  public var messages: [Message]

  /// Somebody's words.
  public struct Message: Sendable {
    /// Who speaks.
    public enum Role: Sendable {
      /// The person.
      case user
      /// The model.
      case assistant
    }

    /// Who speaks.
    public var role: Role
    /// What is said: one block (2026-07-28, server/prompts).
    public var content: ContentBlock

    /// Puts words into somebody's mouth.
    public init(_ role: Role, _ content: ContentBlock) {
      self.role = role
      self.content = content
    }
  }

  /// Puts a prompt together.
  public init(description: String? = nil, messages: [Message]) {
    self.description = description
    self.messages = messages
  }

  /// Writes the members of the result.
  func write(to writer: inout JSONWriter, revision: Revision, textLimit: Int) {
    if let description {
      writer.key("description")
      writer.string(description)
    }
    writer.key("messages")
    writer.beginArray()
    for message in messages {
      writer.beginObject()
      writer.key("role")
      message.role == .user ? writer.raw("\"user\"") : writer.raw("\"assistant\"")
      writer.key("content")
      writer.block(message.content.downgraded(to: revision), textLimit: textLimit)
      writer.endObject()
    }
    writer.endArray()
  }
}
