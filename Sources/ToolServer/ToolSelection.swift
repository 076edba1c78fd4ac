internal import JSONSchema
public import Operations

/// Which tools are listed, and which may be called; fixed at start.
///
/// Toolsets and `tools` are about a model's context: what they leave out can still be called by a script. The other
/// options are about rights: what they deny is neither listed nor callable, whatever else names it.
public struct ToolSelection: Sendable {
  /// What the command line asks for.
  public struct Options: Sendable {
    /// `core`, `all` and names of toolsets; nil when not given.
    public var toolsets: [String]?
    /// Names of tools to list, beside the toolsets if these are given too; nil when not given.
    public var tools: [String]?
    /// Names of tools that are denied.
    public var excludedTools: [String] = []
    /// Everything that writes is denied.
    public var isReadOnly = false
    /// The platforms that the local workspace serves; what exists only locally is denied on the others.
    public var localPlatforms: Set<Platform> = [.pathbound, .owlbound]
    /// Whether the granted scopes suffice.
    public var isGranted: @Sendable (Operation) -> Bool = { _ in true }

    /// Asks for nothing: the core tools, all rights, both platforms local.
    public init() {}
  }

  /// A name that nothing has, in a sentence that proposes the nearest.
  public struct UnknownName: Error, Sendable, Equatable {
    /// The sentence.
    public let message: String
  }

  /// What `tools/list` shows, in catalogue order.
  public let listed: [Operation]
  private let denials: [ObjectIdentifier: Denial]

  /// Why a tool may not be called.
  enum Denial: Sendable {
    /// By `--exclude-tools`.
    case excluded
    /// It writes, and `--read-only` is set.
    case readOnly
    /// It exists only in a local workspace, and its platform is elsewhere.
    case notLocal
    /// Its scope is not granted.
    case notGranted
  }

  /// Makes the selection.
  ///
  /// - Throws: when an option names a tool or toolset that does not exist.
  public init(_ options: Options, from catalogue: [Operation] = Catalogue.all) throws(UnknownName) {
    let isShown = try Self.shown(options, catalogue)
    let excluded = try Self.checked(options.excludedTools, catalogue)
    var denials: [ObjectIdentifier: Denial] = [:]
    for operation in catalogue {
      denials[ObjectIdentifier(operation)] =
        if excluded.contains(operation.name) {
          .excluded
        } else if options.isReadOnly && !operation.hints.readOnly {
          .readOnly
        } else if operation.isLocalOnly && !options.localPlatforms.contains(operation.platform) {
          .notLocal
        } else if !options.isGranted(operation) {
          .notGranted
        } else {
          nil
        }
    }
    self.denials = denials
    listed = catalogue.filter { isShown($0) && denials[ObjectIdentifier($0)] == nil }
  }

  /// Whether a call of the operation may be made, listed or not.
  public func isCallable(_ operation: Operation) -> Bool { denial(of: operation) == nil }

  /// Why a call may not be made; nil when it may.
  func denial(of operation: Operation) -> Denial? { denials[ObjectIdentifier(operation)] }

  private static func shown(
    _ options: Options, _ catalogue: [Operation]
  ) throws(UnknownName) -> (Operation) -> Bool {
    let tools = try checked(options.tools ?? [], catalogue)
    var showsCore = options.toolsets == nil && options.tools == nil
    var showsAll = false
    var toolsets: Set<Toolset> = []
    for name in options.toolsets ?? [] {
      switch name {
      case "core": showsCore = true
      case "all": showsAll = true
      default:
        guard let toolset = Toolset(rawValue: name) else {
          throw unknown("toolset", name, ["core", "all"] + Toolset.allCases.map(\.rawValue))
        }
        toolsets.insert(toolset)
      }
    }
    return { [showsCore, showsAll, toolsets] operation in
      showsAll || showsCore && operation.isCore || toolsets.contains(operation.toolset)
        || tools.contains(operation.name)
    }
  }

  private static func checked(_ names: [String], _ catalogue: [Operation]) throws(UnknownName) -> Set<String> {
    guard !names.isEmpty else { return [] }
    let known = Set(catalogue.map(\.name))
    for name in names where !known.contains(name) { throw unknown("tool", name, catalogue.map(\.name)) }
    return Set(names)
  }

  private static func unknown(_ kind: String, _ name: String, _ known: [String]) -> UnknownName {
    let shown = String(name.unicodeScalars.prefix(64))
    let hint =
      Nearest.name(to: name, among: known).map { "did you mean \"\($0)\"?" }
      ?? (kind == "tool" ? "`bound-mcp tools` lists all." : "known are \(known.joined(separator: ", ")).")
    return UnknownName(message: "There is no \(kind) \"\(shown)\"; \(hint)")
  }
}
