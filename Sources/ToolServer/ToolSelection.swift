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
    public var localPlatforms: [Platform] = [.pathbound, .owlbound]
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
  private let options: Options
  private let excluded: [Operation]

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
    // Lists are searched one by one: they are short, and sets would cost time at every start.
    excluded = try Self.operations(options.excludedTools, catalogue)
    self.options = options
    var listed = try Self.shown(options, catalogue)
    listed.removeAll { [options, excluded] in Self.denial(of: $0, options, excluded) != nil }
    self.listed = listed
  }

  /// Whether a call of the operation may be made, listed or not.
  public func isCallable(_ operation: Operation) -> Bool { denial(of: operation) == nil }

  /// Whether the tools of a platform are among those that are shown: by default all are, and else the platform of a
  /// listed tool.
  func shows(_ platform: Platform) -> Bool {
    (options.toolsets == nil && options.tools == nil) || listed.contains { $0.platform == platform }
  }

  /// Whether the local workspace answers the operation.
  func isLocal(_ operation: Operation) -> Bool {
    operation.platform == .bound
      ? options.localPlatforms.count == 2 : options.localPlatforms.contains(operation.platform)
  }

  /// Why a call may not be made; nil when it may.
  func denial(of operation: Operation) -> Denial? { Self.denial(of: operation, options, excluded) }

  private static func denial(of operation: Operation, _ options: Options, _ excluded: [Operation]) -> Denial? {
    if excluded.contains(where: { $0 === operation }) { return .excluded }
    if options.isReadOnly && !operation.hints.readOnly { return .readOnly }
    if operation.isLocalOnly && !options.localPlatforms.contains(operation.platform) { return .notLocal }
    return options.isGranted(operation) ? nil : .notGranted
  }

  private static func shown(_ options: Options, _ catalogue: [Operation]) throws(UnknownName) -> [Operation] {
    let tools = try operations(options.tools ?? [], catalogue)
    var showsCore = options.toolsets == nil && options.tools == nil
    var toolsets: [Toolset] = []
    for name in options.toolsets ?? [] {
      switch name {
      case "core": showsCore = true
      case "all": return catalogue
      default: toolsets.append(try toolset(name))
      }
    }
    return catalogue.filter { operation in
      showsCore && operation.isCore || toolsets.contains(operation.toolset) || tools.contains { $0 === operation }
    }
  }

  private static func toolset(_ name: String) throws(UnknownName) -> Toolset {
    if let toolset = Toolset(rawValue: name) { return toolset }
    throw unknown("toolset", name, ["core", "all"] + Toolset.allCases.map(\.rawValue))
  }

  private static func operations(_ names: [String], _ catalogue: [Operation]) throws(UnknownName) -> [Operation] {
    var operations: [Operation] = []
    for name in names {
      guard let operation = catalogue.first(where: { $0.name == name }) else {
        throw unknown("tool", name, catalogue.map(\.name))
      }
      operations.append(operation)
    }
    return operations
  }

  private static func unknown(_ kind: String, _ name: String, _ known: [String]) -> UnknownName {
    let shown = String(name.unicodeScalars.prefix(64))
    let hint =
      Nearest.name(to: name, among: known).map { "did you mean \"\($0)\"?" }
      ?? (kind == "tool" ? "`bound-mcp tools` lists all." : "known are \(known.joined(separator: ", ")).")
    return UnknownName(message: "There is no \(kind) \"\(shown)\"; \(hint)")
  }
}
