/// The manual page in roff, made from the tables that `--help` prints: https://man7.org/linux/man-pages/man7/man.7.html.
public enum ManualPage {
  /// The page `bound-mcp(1)`.
  public static func text(version: String) -> String {
    var page = Roff()
    page.line(#".TH BOUND\-MCP 1 "" "bound\-mcp \#(version)" "User Commands""#)
    page.section("NAME", "bound-mcp - an MCP server for Pathbound and Owlbound on a workspace of your own")
    page.section("SYNOPSIS")
    for command in Command.allCases { page.synopsis(command) }
    page.section(
      "DESCRIPTION",
      "Gives an agent contacts, companies, website events and outreach under approval (Pathbound), and contacts, intent "
        + "signals, scores, enrichment, sequences and workflows (Owlbound). It works on one SQLite file without account "
        + "and network, or with your keys through the platforms' hosted APIs. It speaks the Model Context Protocol on "
        + "standard input and output.")
    page.section("COMMANDS")
    for command in Command.allCases { page.command(command) }
    page.section("OPTIONS", "They may stand behind any command, as --name value or --name=value.")
    for setting in Setting.allCases {
      guard let flag = setting.flag else { continue }
      page.item(setting.placeholder.isEmpty ? flag : "\(flag) \(setting.placeholder)", setting.purpose)
    }
    page.section(
      "ENVIRONMENT",
      "An option wins over its variable, the variable over the member of config.json. Keys are never options, since "
        + "other users see a command line.")
    for setting in Setting.allCases {
      page.item(setting.variable, setting.flag.map { "as \($0)" } ?? setting.purpose)
    }
    page.section("FILES")
    page.item("$XDG_DATA_HOME/bound-mcp/workspace.db", "the workspace (macOS: in ~/Library/Application Support)")
    page.item(
      "$XDG_CONFIG_HOME/bound-mcp/config.json",
      "settings: members are named like the options with _ for -; mode 0600 where it holds a key")
    page.section("EXIT STATUS")
    for status in ExitStatus.allCases { page.item(String(status.rawValue), status.meaning) }
    page.item("128+n", "ended by signal n")
    return page.text
  }
}

/// Lines of roff.
private struct Roff {
  private(set) var text = ""

  mutating func line(_ line: String) { text += line + "\n" }

  mutating func section(_ title: String, _ paragraph: String? = nil) {
    line(".SH \(title)")
    if let paragraph { line(Self.escaped(paragraph)) }
  }

  mutating func synopsis(_ command: Command) {
    line(#".B bound\-mcp"#)
    line("\(Self.escaped(command.synopsis)) [\\fIOPTIONS\\fR]")
    line(".br")
  }

  mutating func command(_ command: Command) {
    item(command.synopsis, command.purpose)
    guard !command.options.isEmpty || !command.examples.isEmpty else { return }
    line(".RS")
    for option in command.options { item(option.usage, option.purpose) }
    for example in command.examples {
      line(".PP")
      line(Self.escaped(example.comment) + ":")
      line(".PP\n.nf\n.RS 2")
      line(Self.escaped(example.line))
      line(".RE\n.fi")
    }
    line(".RE")
  }

  mutating func item(_ name: String, _ text: String) {
    line(".TP")
    line(".B \(Self.escaped(name))")
    line(Self.escaped(text))
  }

  /// As it is: no request, no typographic dash or quote.
  private static func escaped(_ text: String) -> String {
    var output = text.first == "." || text.first == "'" ? #"\&"# : ""
    for character in text {
      switch character {
      case "\\": output += #"\e"#
      case "-": output += #"\-"#
      case "'": output += #"\(aq"#
      case "`": output += #"\(ga"#
      case "^": output += #"\(ha"#
      case "~": output += #"\(ti"#
      case "…": output += "..."
      default: output.append(character)
      }
    }
    return output
  }
}
