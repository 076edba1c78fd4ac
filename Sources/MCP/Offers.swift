internal import JSON
internal import Platform

/// What a server has beside its tools; what is nil is neither advertised nor served.
public struct Offers: Sendable {
  /// Who serves it.
  public struct Hosts: Sendable {
    /// Data to read.
    public var resources: (any ResourceHost)?
    /// Texts to begin a conversation with.
    public var prompts: (any PromptHost)?
    /// What may stand in the arguments of both.
    public var completion: (any CompletionHost)?
    /// Work that outlives its call.
    public var tasks: (any TaskHost)?

    /// Serves nothing where an argument is left out.
    public init(
      resources: (any ResourceHost)? = nil, prompts: (any PromptHost)? = nil,
      completion: (any CompletionHost)? = nil, tasks: (any TaskHost)? = nil
    ) {
      self.resources = resources
      self.prompts = prompts
      self.completion = completion
      self.tasks = tasks
    }
  }

  private let hosts: Lazy<Hosts>
  private let isServed: @Sendable (Method.Capability) -> Bool

  /// Offers what these hosts serve.
  public init(_ hosts: Hosts = Hosts()) {
    self.hosts = Lazy { hosts }
    isServed = { capability in
      switch capability {
      case .tools, .logging: true
      case .resources: hosts.resources != nil
      case .watching: hosts.resources?.canWatch ?? false
      case .prompts: hosts.prompts != nil
      case .completions: hosts.completion != nil
      case .tasks: hosts.tasks != nil
      }
    }
  }

  /// Offers all four, with hosts that are made when a client first asks for one: a handshake needs none.
  public init(canWatch: Bool, _ hosts: @escaping @Sendable () -> Hosts) {
    self.hosts = Lazy(hosts)
    isServed = { $0 != .watching || canWatch }
  }

  var resources: (any ResourceHost)? { hosts.value.resources }
  var prompts: (any PromptHost)? { hosts.value.prompts }
  var completion: (any CompletionHost)? { hosts.value.completion }
  var tasks: (any TaskHost)? { hosts.value.tasks }

  /// Whether any method of that capability is there.
  func serves(_ capability: Method.Capability) -> Bool { isServed(capability) }
}

/// One page of a list.
public struct ListPage: Sendable {
  /// A JSON array.
  public let items: [UInt8]
  /// Leads to the next page; nil on the last one.
  public let next: String?
}

/// A list that never changes, serialised once, handed out in pages.
///
/// A cursor stands for the last item of its page, so that it still leads on after a restart.
public struct PagedList: Sendable {
  private let items: [(mark: String, json: [UInt8])]
  private let pageSize: Int

  /// A list of items, each under a key that no other has.
  public init(_ items: [(key: String, json: [UInt8])], pageSize: Int = 50) {
    self.items = items.map { (Self.mark($0.key), $0.json) }
    self.pageSize = max(1, pageSize)
  }

  /// The page behind a cursor, the first one without; nil when the cursor is none of this list's.
  public func page(after cursor: String?) -> ListPage? {
    var start = 0
    if let cursor {
      guard let last = items.firstIndex(where: { $0.mark.utf8.elementsEqual(cursor.utf8) }) else { return nil }
      start = last + 1
    }
    let end = min(start + pageSize, items.count)
    var writer = JSONWriter(capacity: 4096)
    writer.beginArray()
    for item in items[start..<end] { writer.raw(item.json) }
    writer.endArray()
    return ListPage(items: writer.finish(), next: end < items.count ? items[end - 1].mark : nil)
  }

  /// Tells a key from others, and nothing else.
  private static func mark(_ key: String) -> String {
    let digest = SHA256.digest(Array(key.utf8))
    return Base32.text(digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }, digits: 13)
  }
}
