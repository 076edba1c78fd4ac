/// Where the program keeps things by default: XDG folders, or Application Support on a Mac.
public struct Locations: Sendable {
  /// The folder of `config.json`; nil when there is no home.
  public let configuration: String?
  /// The folder of the workspace; nil when there is no home.
  public let data: String?
  /// The home folder.
  let home: String?

  /// Reads `HOME`, `XDG_CONFIG_HOME` and `XDG_DATA_HOME`; relative ones don't count, as the XDG standard demands.
  public init(environment: (String) -> String?) {
    func folder(_ name: String) -> String? { environment(name).flatMap { $0.hasPrefix("/") ? $0 : nil } }
    let home = folder("HOME")
    self.home = home
    #if os(macOS)
      let usual = (configuration: "Library/Application Support", data: "Library/Application Support")
    #else
      let usual = (configuration: ".config", data: ".local/share")
    #endif
    func place(_ variable: String, _ usual: String) -> String? {
      (folder(variable) ?? home.map { "\($0)/\(usual)" }).map { "\($0)/bound-mcp" }
    }
    configuration = place("XDG_CONFIG_HOME", usual.configuration)
    data = place("XDG_DATA_HOME", usual.data)
  }

  /// The path of `config.json`.
  public var configurationFile: String? { configuration.map { "\($0)/config.json" } }

  /// The path with a leading `~/` spelled out: clients' configurations are not read by a shell.
  func expanding(_ path: String) -> String {
    guard path.hasPrefix("~/"), let home else { return path }
    return home + path.dropFirst(1)
  }
}
