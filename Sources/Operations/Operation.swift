public import JSONSchema
internal import Synchronization

/// One thing that can be done: every fact about a tool in one value.
///
/// From it come the tool's definition, the validation of arguments, the scope check, the remote request, the snapshot
/// under `schemas/` and the README's table. What it does locally is a handler of the same name in `LocalStore`.
public final class Operation: Sendable {
  /// The tool's name, `^[a-z][a-z0-9_]{1,39}$`, such as `pathbound_create_contact`.
  public let name: String
  /// The platform that serves it.
  public let platform: Platform
  /// The group that it is listed with.
  public let toolset: Toolset
  /// Listed by default.
  public let isCore: Bool
  /// A short name for people.
  public let title: String
  /// When to use it and what it costs; at most 400 characters, the decisive sentence first.
  public let description: String
  /// What the caller must be allowed; nil where no scope is asked for.
  public let scope: Scope?
  /// Where an argument decides which scope is asked for; nil where ``scope`` says it all.
  public let argumentScopes: ArgumentScopes?
  /// Tells of everything, so that a caller without all scopes may not have it.
  public let isForOwner: Bool
  /// Credits that a successful Owlbound call costs; nil for Pathbound.
  public let credits: Int?
  /// The remote request; nil for what is made of others, or exists only locally.
  public let route: Route?
  /// Made of other operations, so that it has no route of its own and works wherever they do.
  public let isComposite: Bool
  /// Whether it reads or writes, which decides how calls may overlap.
  public let access: Access
  /// What a client may tell a person about its effects.
  public let hints: Hints
  /// How a repeated call is recognised.
  public let repeats: RepeatGuard
  /// Lets outbound work happen (approves, executes), so that the approval policy has a say.
  public let decides: Bool
  /// Whether `dry_run`, which every write takes, is shown to clients; elsewhere the room is worth more.
  public let showsDryRun: Bool
  /// Arguments that only the local workspace understands, beside `dry_run`.
  public let localArguments: [String]
  /// The arguments: a flat object.
  public let input: Schema
  /// The payload: an object.
  public let output: Schema

  private let compiledInput = AtomicLazyReference<CompiledSchema>()

  /// Creates an operation; see the properties.
  public init(
    name: String, platform: Platform, toolset: Toolset, isCore: Bool = false, title: String, description: String,
    scope: Scope?, argumentScopes: ArgumentScopes? = nil, isForOwner: Bool = false, credits: Int? = nil, route: Route?,
    isComposite: Bool = false,
    access: Access, hints: Hints,
    repeats: RepeatGuard = .none, decides: Bool = false, showsDryRun: Bool = false,
    localArguments: [String] = [], input: [Schema.Property], output: Schema
  ) {
    self.name = name
    self.platform = platform
    self.toolset = toolset
    self.isCore = isCore
    self.title = title
    self.description = description
    self.scope = scope
    self.argumentScopes = argumentScopes
    self.isForOwner = isForOwner
    self.credits = credits
    self.route = route
    self.isComposite = isComposite
    self.access = access
    self.hints = hints
    self.repeats = repeats
    self.decides = decides
    self.showsDryRun = showsDryRun
    self.localArguments = localArguments
    var input = input
    if repeats.isGuarded { input.append(hints.openWorld ? .idempotencyKey : .idempotencyKey.unlisted) }
    if case .write = access { input.append(.dryRun(isShown: showsDryRun)) }
    self.input = .object(input)
    self.output = output
  }

  /// The arguments' schema, compiled at first use.
  public var validator: CompiledSchema { compiledInput.load() ?? compiledInput.storeIfNil(CompiledSchema(input)) }

  /// Whether the hosted API does not know the argument.
  public func isLocalOnly(argument name: String) -> Bool { name == "dry_run" || localArguments.contains(name) }

  /// Whether it can be answered when a run has ended, and not at once.
  public var takesWait: Bool { localArguments.contains("wait_seconds") }

  /// Works only where the platform is served by the local workspace.
  public var isLocalOnly: Bool { route == nil && !isComposite }
}

/// Who serves an operation.
public enum Platform: String, Sendable, CaseIterable {
  /// Contacts, companies, events, actions, agents.
  case pathbound
  /// Contacts, signals, scoring, enrichment, sequences.
  case owlbound
  /// Both at once.
  case bound
}

/// Groups of tools that `--toolsets` names.
public enum Toolset: String, Sendable, CaseIterable {
  /// Key and health of Pathbound.
  case pathboundAccount = "pathbound_account"
  /// Pathbound contacts and their notes.
  case pathboundContacts = "pathbound_contacts"
  /// Pathbound companies.
  case pathboundCompanies = "pathbound_companies"
  /// Tracked events.
  case pathboundEvents = "pathbound_events"
  /// Saved filters.
  case pathboundSegments = "pathbound_segments"
  /// Senders.
  case pathboundIdentities = "pathbound_identities"
  /// Many records in one call.
  case pathboundBatch = "pathbound_batch"
  /// Outreach under approval.
  case pathboundActions = "pathbound_actions"
  /// Agents and their runs.
  case pathboundAgents = "pathbound_agents"
  /// Key and health of Owlbound.
  case owlboundAccount = "owlbound_account"
  /// Owlbound contacts.
  case owlboundContacts = "owlbound_contacts"
  /// Filling in what is missing.
  case owlboundEnrichment = "owlbound_enrichment"
  /// Scores.
  case owlboundIntelligence = "owlbound_intelligence"
  /// Intent signals.
  case owlboundSignals = "owlbound_signals"
  /// Owlbound companies.
  case owlboundCompanies = "owlbound_companies"
  /// Sequences and workflows.
  case owlboundOutreach = "owlbound_outreach"
  /// Connectors.
  case owlboundConnectors = "owlbound_connectors"
  /// What the hosted dashboards define; local only.
  case workspace
  /// What was changed, and taking it back; local only.
  case history
  /// Both platforms at once.
  case bound
}

/// Whether an operation changes anything.
///
/// Reads overlap freely, but a read waits for the writes that came before it from the same client.
public enum Access: Sendable {
  /// Reads, bounded by an index: answered within tens of microseconds, on the thread that reads requests.
  case quickRead
  /// Reads that may take long (search, counts over everything): answered on a thread of its own.
  case read
  /// Changes the workspace in one transaction; answered when it is durable.
  case write
}

/// A tool's annotations (MCP, `ToolAnnotations`).
public struct Hints: Sendable, Hashable {
  /// Changes nothing.
  public let readOnly: Bool
  /// May remove or end something.
  public let destructive: Bool
  /// Repeating it changes nothing further.
  public let idempotent: Bool
  /// Reaches outside: sends, posts, calls a model or another server.
  public let openWorld: Bool

  /// r: changes nothing.
  public static let readOnly = Hints(readOnly: true, destructive: false, idempotent: true, openWorld: false)
  /// w: adds something.
  public static let additive = Hints(readOnly: false, destructive: false, idempotent: false, openWorld: false)
  /// w, o: adds something and may reach outside.
  public static let additiveOutside = Hints(readOnly: false, destructive: false, idempotent: false, openWorld: true)
  /// i: sets something.
  public static let idempotent = Hints(readOnly: false, destructive: false, idempotent: true, openWorld: false)
  /// d: removes or ends something.
  public static let destructive = Hints(readOnly: false, destructive: true, idempotent: true, openWorld: false)
  /// o: sends, posts or calls.
  public static let outside = Hints(readOnly: false, destructive: true, idempotent: false, openWorld: true)
}

/// How a write that comes twice is told from two writes.
public enum RepeatGuard: Sendable {
  /// Each call counts (or the records' own rules refuse a second one).
  case none
  /// The same `idempotency_key` gives the first receipt again.
  case key
  /// As `key`; without one, the same arguments from the same client within the window do, too.
  case window(seconds: Int)

  /// Whether the caller may give a key.
  public var isGuarded: Bool { if case .none = self { false } else { true } }
}

extension Schema.Property {
  /// The key that every guarded operation takes; shown where the call reaches outside.
  static let idempotencyKey = Schema.Property.optional(
    "idempotency_key", .string("The same when you retry", format: .nonBlank))

  /// What every write takes: shows the effect without having it.
  static func dryRun(isShown: Bool) -> Schema.Property {
    Schema.Property("dry_run", .boolean("Only show the effect"), isRequired: false, isShown: isShown)
  }
}

/// The request that the hosted API takes for an operation.
public struct Route: Sendable {
  /// HTTP methods of the two APIs.
  public enum Method: String, Sendable {
    /// Read.
    case get = "GET"
    /// Create or act.
    case post = "POST"
    /// Merge.
    case put = "PUT"
    /// Change some.
    case patch = "PATCH"
    /// Remove.
    case delete = "DELETE"
  }

  /// Where a path begins.
  public enum Host: Sendable {
    /// The platform's API.
    case api
    /// The host that Pathbound's website snippet posts to.
    case tracker
  }

  /// The HTTP method.
  public let method: Method
  /// Where the path begins.
  public var host = Host.api
  /// Arguments that stand in the query though the method has a body.
  public var queryNames: [String] = []
  /// The path below the platform's base URL, with `:name` for arguments, such as `/v1/contacts/:contact_id`.
  public let path: String

  /// GET.
  public static func get(_ path: String) -> Route { Route(method: .get, path: path) }
  /// POST.
  public static func post(_ path: String, on host: Host = .api, query: [String] = []) -> Route {
    Route(method: .post, host: host, queryNames: query, path: path)
  }
  /// PUT.
  public static func put(_ path: String) -> Route { Route(method: .put, path: path) }
  /// PATCH.
  public static func patch(_ path: String) -> Route { Route(method: .patch, path: path) }
  /// DELETE.
  public static func delete(_ path: String) -> Route { Route(method: .delete, path: path) }
}

extension Route {
  /// What Owlbound calls the endpoint, such as `contacts.list` (Owlbound API 5 and 7): the first word of the path, and
  /// the last one or else what the method does.
  public var endpoint: String {
    let words = path.split(separator: "/").dropFirst()
    let names = words.filter { !$0.hasPrefix(":") }
    guard let resource = names.first else { return "root.get" }
    if names.count > 1, let verb = names.last { return "\(resource).\(verb)" }
    let verb =
      switch method {
      case .get: words.count == 1 && resource.hasSuffix("s") ? "list" : "get"
      case .post: "create"
      case .put, .patch: "update"
      case .delete: "archive"
      }
    return "\(resource).\(verb)"
  }
}
