/// What `--help` prints; made from the tables, so that it names what there is.
public enum HelpText {
  /// The whole program's.
  public static func program(version: String, locations: Locations) -> String {
    var text = """
      bound-mcp \(version): an MCP server for Pathbound and Owlbound on a workspace of your own.

      Usage: bound-mcp [COMMAND] [OPTIONS]

      Commands:

      """
    text += table(Command.allCases.map { ($0.synopsis, $0.purpose) })
    text += "\nOptions (each also as environment variable, or as member of config.json):\n" + settings
    text += """
        -h, --help               this text; after a command, that command's
        --version                print the version

      Examples:

      """
    text += examples(of: Command.allCases.map { $0.examples[0] })
    text += "\nExit status:\n" + exitStatuses
    text += "\nFiles:\n"
    text += table([
      ("workspace", locations.data.map { "\($0)/workspace.db" } ?? "needs --db: there is no home folder"),
      ("configuration", locations.configurationFile ?? "none: there is no home folder"),
    ])
    text += "\nThe configuration may also hold:\n" + table(ConfigurationFile.objects.map { ($0.name, $0.purpose) })
    text += "\nWith a key of Pathbound or Owlbound set, that platform is served by its hosted API.\n"
    return text
  }

  /// One command's.
  public static func command(_ command: Command) -> String {
    var text = "Usage: bound-mcp \(command.synopsis) [OPTIONS]\n\n\(sentence(command.purpose))\n"
    if !command.options.isEmpty {
      text += "\nOptions of this command:\n" + table(command.options.map { ($0.usage, $0.purpose) })
    }
    text += "\nGeneral options:\n" + settings
    return text + "\nExit status:\n" + exitStatuses + "\nExamples:\n" + examples(of: command.examples)
  }

  private static var exitStatuses: String {
    table(ExitStatus.allCases.map { (String($0.rawValue), $0.meaning) })
  }

  private static var settings: String {
    table(
      Setting.allCases.compactMap { setting in
        setting.flag.map { ("\($0) \(setting.placeholder)", "\(setting.purpose) [\(setting.variable)]") }
      })
  }

  private static func examples(of examples: [(line: String, comment: String)]) -> String {
    examples.map { "  # \($0.comment)\n  \($0.line)\n" }.joined()
  }

  /// Two columns; a left one that is too wide gets a line of its own.
  private static func table(_ rows: [(left: String, right: String)]) -> String {
    let width = 24
    var text = ""
    for (left, right) in rows {
      let name = left.last == " " ? String(left.dropLast()) : left
      if name.count < width {
        text += "  " + name + String(repeating: " ", count: width - name.count + 1) + right + "\n"
      } else {
        text += "  \(name)\n" + String(repeating: " ", count: width + 3) + right + "\n"
      }
    }
    return text
  }

  private static func sentence(_ purpose: String) -> String {
    purpose.prefix(1).uppercased() + purpose.dropFirst() + "."
  }
}
