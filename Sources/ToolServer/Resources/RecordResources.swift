internal import JSON
public import MCP
internal import Operations
internal import Platform
internal import Service

/// The workspace as resources: the payloads of reading operations under URIs, as JSON and as Markdown.
///
/// What the selection denies is neither listed nor readable. Data is read when it is asked for; the lists are made at
/// the first request for them and touch no data.
public final class RecordResources: Sendable {
  private let reader: RecordReader
  private let watcher: ResourceWatcher?
  private let kinds: Lazy<[ResourceKind]>
  private let listed: Lazy<PagedList>
  private let templates: Lazy<PagedList>

  /// - Parameter changes: tells when to look whether a watched resource has changed; nil where nothing can be watched.
  init(reader: RecordReader, changes: (any ChangeFeed)?) {
    self.reader = reader
    watcher = changes.map { ResourceWatcher(reader: reader, changes: $0) }
    let kinds = Lazy { ResourceTable.all.filter { reader.isOffered($0.operation) } }
    self.kinds = kinds
    let shown = Lazy { kinds.value.filter { reader.isShown($0.operation.platform) } }
    listed = Lazy { Self.list(shown.value.filter { $0.variable == nil }, isTemplate: false, guide: true) }
    templates = Lazy { Self.list(shown.value.filter { $0.variable != nil }, isTemplate: true, guide: false) }
  }

  private static func list(_ kinds: [ResourceKind], isTemplate: Bool, guide: Bool) -> PagedList {
    var items: [(key: String, json: [UInt8])] = []
    for kind in kinds where !items.contains(where: { $0.key == kind.uri }) {
      items.append((kind.uri, kind.entry(isTemplate: isTemplate, isMarkdown: false)))
      items.append((kind.markdownURI, kind.entry(isTemplate: isTemplate, isMarkdown: true)))
    }
    if guide { items.append((ResourceTable.guideURI, PlaybookText.entry)) }
    return PagedList(items)
  }

  /// The kind with this template, as a client names it for completion.
  func kind(ofTemplate uri: String) -> ResourceKind? {
    kinds.value.first { $0.variable != nil && ($0.uri == uri || $0.markdownURI == uri) }
  }
}

extension RecordResources: ResourceHost {
  /// What can be read without naming a record.
  public func resourceList(after cursor: String?) -> ListPage? { listed.value.page(after: cursor) }

  /// How single records and filtered lists are addressed.
  public func templateList(after cursor: String?) -> ListPage? { templates.value.page(after: cursor) }

  /// Reads through the service.
  public func read(_ request: ResourceRequest, reply: Reply<[ResourceContents]>) {
    if request.uri == ResourceTable.guideURI { return reply.succeed([PlaybookText.contents]) }
    switch kinds.value.match(request.uri) {
    case .unknown: reply.refuse(.notFound, for: request)
    case .malformed: reply.refuse(.malformed, for: request)
    case .found(let kind, let arguments, let isMarkdown):
      reader.read(kind.operation, arguments, for: request.client, reply) { result in
        switch result {
        case .success(let payload): reply.succeed([kind.contents(payload, uri: request.uri, isMarkdown: isMarkdown)])
        case .failure(let error): reply.refuse(ResourceRefusal(error), for: request)
        }
      }
    }
  }

  /// Whether a platform is local.
  public var canWatch: Bool { watcher != nil }

  /// Watches what the local workspace serves.
  public func watch(
    _ request: ResourceRequest, onChange: @escaping @Sendable () -> Void,
    completion: @escaping @Sendable (Result<any ResourceWatch, ResourceRefusal>) -> Void
  ) {
    guard let watcher else { return completion(.failure(.notFound)) }
    if request.uri == ResourceTable.guideURI { return completion(.success(NoWatch())) }
    switch kinds.value.match(request.uri) {
    case .unknown: completion(.failure(.notFound))
    case .malformed: completion(.failure(.malformed))
    case .found(let kind, let arguments, _):
      guard reader.isLocal(kind.operation) else {
        return completion(
          .failure(.refused("The hosted API does not tell of changes, so this can be read but not subscribed to.")))
      }
      do {
        let call = try reader.call(kind.operation, arguments, for: request.client)
        watcher.watch(call, onChange: onChange, completion: completion)
      } catch {
        completion(.failure(ResourceRefusal(error)))
      }
    }
  }

  /// Of what never changes.
  private struct NoWatch: ResourceWatch {
    func end() {}
  }
}

extension ResourceKind {
  /// The entry of one form in a list.
  fileprivate func entry(isTemplate: Bool, isMarkdown: Bool) -> [UInt8] {
    var writer = JSONWriter(capacity: 512)
    writer.beginObject()
    isTemplate ? writer.key("uriTemplate") : writer.key("uri")
    writer.string(isMarkdown ? markdownURI : uri)
    writer.key("name")
    writer.string(isMarkdown ? name + ".md" : name)
    writer.key("title")
    writer.string(isMarkdown ? title + ", to read" : title)
    writer.key("description")
    writer.string(isMarkdown ? description + " Markdown." : description)
    writer.key("mimeType")
    writer.string(isMarkdown ? Self.markdownType : Self.jsonType)
    writer.key("annotations")
    writer.value(["audience": [isMarkdown ? "user" : "assistant"]])
    writer.endObject()
    return writer.finish()
  }

  private static let jsonType = "application/json"
  private static let markdownType = "text/markdown"

  /// A payload as the contents of a resource.
  fileprivate func contents(_ payload: [UInt8], uri: String, isMarkdown: Bool) -> ResourceContents {
    ResourceContents(
      uri: uri, mimeType: isMarkdown ? Self.markdownType : Self.jsonType,
      body: .text(isMarkdown ? MarkdownText.of(payload, title: title) : String(decoding: payload, as: UTF8.self)))
  }
}

extension ResourceRefusal {
  static let malformed = ResourceRefusal.refused("The URI has a part that can't be an id or address.")

  /// An error of the service.
  init(_ error: ServiceError) {
    switch error.code {
    case .notFound: self = .notFound
    case .internal, .cancelled: self = .failed(error.message)
    // A URI with an id that breaks a rule names nothing.
    default: self = .refused(error.message)
    }
  }
}
