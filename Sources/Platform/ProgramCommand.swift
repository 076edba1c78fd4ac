/// How to start a program that the user has configured.
public struct ProgramCommand: Sendable, Equatable {
  /// A path, or a name that is looked up in `PATH`.
  public var command: String
  /// What comes after the name.
  public var arguments: [String]
  /// Its variables beside those that every program gets.
  public var variables: [String: String]
  /// Where it works; nil for our own working folder.
  public var folder: String?

  /// Creates a command.
  public init(
    _ command: String, arguments: [String] = [], variables: [String: String] = [:], folder: String? = nil
  ) {
    self.command = command
    self.arguments = arguments
    self.variables = variables
    self.folder = folder
  }

  /// What a program needs to find its way, and nothing else: our own variables hold keys that are not for others.
  private static let inherited = [
    "HOME", "LANG", "LC_ALL", "LC_CTYPE", "LOGNAME", "PATH", "SHELL", "TERM", "TMPDIR", "TZ", "USER", "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY",
    "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE",
  ]

  /// The environment to start it in, as `NAME=value`.
  public var environment: [String] {
    var all = variables
    for name in Self.inherited where all[name] == nil { all[name] = Environment.variable(name) }
    return all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
  }

  /// Where the program is; nil when there is none that may be run.
  public var path: String? {
    guard !command.utf8.contains(0) else { return nil }
    return Files.findProgram(command, path: variables["PATH"])
  }
}
