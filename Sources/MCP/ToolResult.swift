public import JSON

/// What a call brought, in full generality; ``ToolReply/succeed(payload:meta:)`` is the short way for most.
public struct ToolResult: Sendable {
  /// What a model or person is shown.
  public var content: [ContentBlock]
  /// The same for programs.
  ///
  /// Clients before 2026-07-28 get it only if it is an object.
  public var structuredContent: JSONValue?
  /// Whether it tells what went wrong.
  public var isError: Bool
  /// Facts beside the content, under names with a prefix of ours.
  public var meta: [(key: String, value: JSONValue)]

  /// Puts a result together.
  public init(
    content: [ContentBlock], structuredContent: JSONValue? = nil, isError: Bool = false,
    meta: [(key: String, value: JSONValue)] = []
  ) {
    self.content = content
    self.structuredContent = structuredContent
    self.isError = isError
    self.meta = meta
  }
}

/// One part of what a tool shows.
public enum ContentBlock: Sendable {
  /// Words.
  case text(String)
  /// A picture.
  case image([UInt8], mimeType: String)
  /// A sound; sent from 2025-03-26 on, before as the contents of a resource.
  case audio([UInt8], mimeType: String)
  /// The contents of a resource.
  case resource(ResourceContents)
  /// Where a resource is; sent from 2025-06-18 on, before as text.
  case link(ResourceLink)
}

/// The contents of a resource: text or bytes, never both.
public struct ResourceContents: Sendable {
  /// Its address.
  public var uri: String
  /// What kind of data it is.
  public var mimeType: String?
  /// The data.
  public var body: Body

  /// The data of a resource.
  public enum Body: Sendable {
    /// Words.
    case text(String)
    /// Bytes; Base64 on the wire.
    case bytes([UInt8])
  }

  /// Puts the contents together.
  public init(uri: String, mimeType: String? = nil, body: Body) {
    self.uri = uri
    self.mimeType = mimeType
    self.body = body
  }
}

/// Where a resource is and what it is called.
public struct ResourceLink: Sendable {
  /// Its address.
  public var uri: String
  /// Its name for programs.
  public var name: String
  /// Its name for people.
  public var title: String?
  /// What kind of data it is.
  public var mimeType: String?
  /// Its length in bytes.
  public var size: Int64?

  /// Describes a resource.
  public init(uri: String, name: String, title: String? = nil, mimeType: String? = nil, size: Int64? = nil) {
    self.uri = uri
    self.name = name
    self.title = title
    self.mimeType = mimeType
    self.size = size
  }
}

extension ContentBlock {
  /// The block, or what takes its place for a client that does not know its type: such a client would refuse the whole
  /// result.
  func downgraded(to revision: Revision) -> ContentBlock {
    switch self {
    case .audio(let bytes, let mimeType) where !revision.hasAudio:
      .resource(ResourceContents(uri: "urn:audio:result", mimeType: mimeType, body: .bytes(bytes)))
    case .link(let link) where !revision.hasResourceLinks:
      .text("\(link.title ?? link.name): \(link.uri)")
    default: self
    }
  }

  var isText: Bool { if case .text = self { true } else { false } }
}
