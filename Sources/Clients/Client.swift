/// A program that can use the server, and where it keeps the list of its servers.
public enum Client: String, Sendable, CaseIterable {
  /// Anthropic's desktop application.
  case claudeDesktop = "claude-desktop"
  /// Anthropic's program for the terminal.
  case claudeCode = "claude-code"
  /// The editor Cursor.
  case cursor
  /// Microsoft's Visual Studio Code, with Copilot.
  case vscode
  /// OpenAI's Codex, in the terminal and in editors.
  case codex
  /// The editor Zed.
  case zed
  /// The editor Windsurf.
  case windsurf
  /// Google's program for the terminal.
  case gemini

  /// What a list of servers is written in.
  public enum Format: Sendable {
    /// JSON, `commented` where the client itself allows comments and commas behind the last member.
    case json(commented: Bool)
    /// TOML.
    case toml
  }

  /// What it calls itself.
  public var title: String {
    switch self {
    case .claudeDesktop: "Claude Desktop"
    case .claudeCode: "Claude Code"
    case .cursor: "Cursor"
    case .vscode: "VS Code"
    case .codex: "Codex"
    case .zed: "Zed"
    case .windsurf: "Windsurf"
    case .gemini: "Gemini CLI"
    }
  }

  /// How its file is written.
  public var format: Format {
    switch self {
    case .claudeDesktop, .claudeCode, .cursor, .windsurf: .json(commented: false)
    case .vscode, .zed, .gemini: .json(commented: true)
    case .codex: .toml
    }
  }

  /// The member, or table, that has the servers by name.
  public var servers: String {
    switch self {
    case .claudeDesktop, .claudeCode, .cursor, .windsurf, .gemini: "mcpServers"
    case .vscode: "servers"
    case .codex: "mcp_servers"
    case .zed: "context_servers"
    }
  }

  /// Whether an entry says that the server is a program.
  var namesTransport: Bool { self == .vscode || self == .claudeCode }

  /// What is to be done for the change to be seen.
  public var nextStep: String {
    switch self {
    case .claudeDesktop: "Quit Claude Desktop and start it again."
    case .claudeCode: "Start a new session of claude; /mcp shows the server."
    case .cursor: "Restart Cursor, or switch the server on under Settings, MCP."
    case .vscode: "Open the Chat view in agent mode; 'MCP: List Servers' shows the server."
    case .codex: "Start a new session of codex; /mcp shows the server."
    case .zed: "The Agent Panel's settings show the server."
    case .windsurf: "Press refresh under Cascade, MCP servers."
    case .gemini: "Start a new session of gemini; /mcp shows the server."
    }
  }

  /// The path of the user's own file; nil when there is no home folder.
  ///
  /// As the clients document it: `CLAUDE_CONFIG_DIR` and `CODEX_HOME` move theirs, `XDG_CONFIG_HOME` those that follow
  /// the XDG standard on Linux.
  public func file(environment: (String) -> String?) -> String? {
    func folder(_ name: String) -> String? { environment(name).flatMap { $0.hasPrefix("/") ? $0 : nil } }
    guard let home = folder("HOME") else { return nil }
    let dotConfig = folder("XDG_CONFIG_HOME") ?? "\(home)/.config"
    #if os(macOS)
      let applications = "\(home)/Library/Application Support"
      let zed = "\(home)/.config"
    #else
      let applications = dotConfig
      let zed = dotConfig
    #endif
    return switch self {
    case .claudeDesktop: "\(applications)/Claude/claude_desktop_config.json"
    case .claudeCode: "\(folder("CLAUDE_CONFIG_DIR") ?? home)/.claude.json"
    case .cursor: "\(home)/.cursor/mcp.json"
    case .vscode: "\(applications)/Code/User/mcp.json"
    case .codex: "\(folder("CODEX_HOME") ?? "\(home)/.codex")/config.toml"
    case .zed: "\(zed)/zed/settings.json"
    case .windsurf: "\(home)/.codeium/windsurf/mcp_config.json"
    case .gemini: "\(home)/.gemini/settings.json"
    }
  }
}
