internal import Logging
internal import Platform
internal import Settings

/// The program from its arguments to its exit status.
struct Program {
  /// Exit statuses; what they mean is said in one place.
  enum Status {
    static let success = ExitStatus.success.rawValue
    static let failure = ExitStatus.failure.rawValue
    static let usage = ExitStatus.usage.rawValue
  }

  let arguments: [String]

  /// Does what is asked.
  func run() -> Int32 {
    do {
      let invocation = try Invocation(arguments: arguments)
      switch invocation.purpose {
      case .help: Console.output.write(help(for: invocation.command))
      case .version: Console.output.line("bound-mcp \(Version.current)")
      case .run: return try run(invocation)
      }
      return Status.success
    } catch {
      let command = arguments.lazy.compactMap { Command(rawValue: $0) }.first.map { " \($0.rawValue)" } ?? ""
      Console.errors.line("bound-mcp: \(error.message)\nTry 'bound-mcp\(command) --help'.")
      return Status.usage
    }
  }

  private func run(_ invocation: Invocation) throws(UsageError) -> Int32 {
    switch invocation.command {
    // These say what holds for everybody: no configuration is looked at.
    case .completions: return try CompletionsCommand(invocation: invocation).run()
    case .man:
      Console.output.write(ManualPage.text(version: Version.current))
      return Status.success
    case .manifest: return try ManifestCommand(invocation: invocation).run()
    default: break
    }
    let configuration = try Self.configuration(invocation.values)
    return switch invocation.command ?? .serve {
    case .serve: try ServeCommand(configuration: configuration, recording: invocation.options[.record]).run()
    case .replay: try ReplayCommand(configuration: configuration, invocation: invocation).run()
    case .call: try CallCommand(configuration: configuration, invocation: invocation).run()
    case .worker: try WorkerCommand(configuration: configuration, invocation: invocation).run()
    case .tools: try ToolsCommand(configuration: configuration, invocation: invocation).run()
    case .schemas: SchemasCommand(invocation: invocation).run()
    case .install: try InstallCommand(configuration: configuration, invocation: invocation).run()
    case .review: try ReviewCommand(configuration: configuration, invocation: invocation).run()
    case .history: try HistoryCommand(configuration: configuration, invocation: invocation).run()
    case .undo: try UndoCommand(configuration: configuration, invocation: invocation).run()
    case .completions, .man, .manifest: Status.success
    case .demo: try DemoCommand(configuration: configuration, invocation: invocation).run()
    case .doctor: DoctorCommand(configuration: configuration, invocation: invocation).run()
    case .import: try ImportCommand(configuration: configuration, invocation: invocation).run()
    case .export: try ExportCommand(configuration: configuration, invocation: invocation).run()
    case .restore: try RestoreCommand(configuration: configuration, invocation: invocation).run()
    case .backup: try BackupCommand(configuration: configuration, invocation: invocation).run()
    }
  }

  private func help(for command: Command?) -> String {
    command.map { HelpText.command($0) } ?? HelpText.program(version: Version.current, locations: Self.locations)
  }

  private static var locations: Locations { Locations { Environment.variable($0) } }

  /// Reads the configuration file, if there is one, and the environment.
  private static func configuration(_ flags: SettingValues) throws(UsageError) -> Configuration {
    let locations = locations
    return try Configuration(
      flags: flags, environment: { Environment.variable($0) }, file: try file(at: locations.configurationFile),
      locations: locations)
  }

  private static func file(at path: String?) throws(UsageError) -> ConfigurationFile {
    guard let path else { return ConfigurationFile() }
    let text: [UInt8]
    let permissions: UInt32
    do {
      text = try Files.read(path)
      permissions = try Files.permissions(of: path)
    } catch {
      if error.isNoSuchFile { return ConfigurationFile() }
      throw UsageError("\(path) can't be read: \(error)")
    }
    return try ConfigurationFile(text, permissions: permissions)
  }
}
