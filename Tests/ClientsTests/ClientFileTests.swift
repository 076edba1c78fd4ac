import Clients
import JSON
import Platform
import Testing

@Suite struct ClientFileTests {
  private static let entry = ServerEntry(name: "bound", command: "/opt/bin/bound-mcp", arguments: ["serve"])

  private func add(
    _ text: String, _ client: Client = .cursor, entry: ServerEntry = entry
  ) throws(EditRefusal) -> String {
    String(decoding: try ClientFile.adding(entry, to: Array(text.utf8), of: client), as: UTF8.self)
  }

  private func remove(_ text: String, _ client: Client = .cursor) throws(EditRefusal) -> String {
    String(decoding: try ClientFile.removing("bound", from: Array(text.utf8), of: client), as: UTF8.self)
  }

  @Test("a new file has the server in the form that its client reads", arguments: Client.allCases)
  func newFile(client: Client) throws {
    let text = try add("", client)
    #expect(text == ClientFile.snippet(Self.entry, for: client))
    guard case .json = client.format else {
      #expect(
        text == """
          [mcp_servers.bound]
          command = "/opt/bin/bound-mcp"
          args = ["serve"]

          """)
      return
    }
    #expect(try JSONValue(parsing: text) == Self.entry.value(for: client))
    #expect(text.hasPrefix("{\n  \"\(client.servers)\": {\n    \"bound\": {\n"))
    #expect(text.hasSuffix("}\n"))
  }

  @Test("examples/clients has what is written for each client", arguments: Client.allCases)
  func examples(client: Client) throws {
    let folder = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/examples/clients"
    let name = client == .codex ? "codex.toml" : "\(client.rawValue).json"
    let entry = ServerEntry(name: "bound", command: "/absolute/path/to/bound-mcp", arguments: ["serve"])
    let text = String(decoding: try Files.read("\(folder)/\(name)"), as: UTF8.self)
    #expect(text == ClientFile.snippet(entry, for: client))
  }

  @Test("entering twice is entering once, and taking out undoes it", arguments: Client.allCases)
  func idempotence(client: Client) throws {
    let before = client == .codex ? "model = \"o9\"\n" : "{\n\t\"theme\": \"dark\",\n\t\"\(client.servers)\": {}\n}\n"
    let once = try add(before, client)
    #expect(once != before)
    #expect(try add(once, client) == once)
    let without = try remove(once, client)
    #expect(!without.contains("bound"))
    #expect(try remove(without, client) == without)
    #expect(try add(without, client) == once)
  }

  @Test("everything else in a JSON file keeps its bytes")
  func jsonNeighbours() throws {
    let before = """
      {
          "zeta": 1e2,   "alpha": "\\u00e9",
          "mcpServers": {
              "files": {"command": "npx", "args": ["-y"]}
          },
          "last": [1,  2]
      }
      """
    let after = try add(before)
    #expect(
      after == """
        {
            "zeta": 1e2,   "alpha": "\\u00e9",
            "mcpServers": {
                "files": {"command": "npx", "args": ["-y"]},
                "bound": {
                    "command": "/opt/bin/bound-mcp",
                    "args": ["serve"]
                }
            },
            "last": [1,  2]
        }
        """)
    #expect(try remove(after) == before)
  }

  @Test("comments and commas behind the last member stay where the client allows them")
  func comments() throws {
    let before = """
      // Zed settings
      {
        "theme": "One", // dark, "mcp": {
        /* "context_servers": {} */
        "context_servers": {
          "files": {"command": "f",}, // mine
        },
      }
      """
    let after = try add(before, .zed)
    #expect(
      after == """
        // Zed settings
        {
          "theme": "One", // dark, "mcp": {
          /* "context_servers": {} */
          "context_servers": {
            "files": {"command": "f",}, // mine
            "bound": {
              "command": "/opt/bin/bound-mcp",
              "args": ["serve"]
            },
          },
        }
        """)
    #expect(try remove(after, .zed) == before)
    #expect(throws: EditRefusal.self) { try add(before, .claudeDesktop) }
  }

  @Test("a remark behind the last member stays with it")
  func remark() throws {
    let after = try add("{\n  \"servers\": {\n    \"a\": {} // first\n  }\n}", .vscode)
    #expect(after.contains("\"a\": {}, // first\n    \"bound\": {"))
    #expect(try remove(after, .vscode) == "{\n  \"servers\": {\n    \"a\": {} // first\n  }\n}")
  }

  @Test("members of our own entry that others have added stay")
  func ownMembers() throws {
    let before = """
      {"mcpServers": {"bound": {"command": "/old", "args": ["serve"], "env": {"KEY": "x"}, "disabled": true}}}
      """
    let after = try add(before)
    #expect(after == before.replacing("/old", with: "/opt/bin/bound-mcp"))
  }

  @Test("line ends, indentation and a byte order mark stay as the file has them")
  func layout() throws {
    let windows = try add("{\r\n\t\"a\": 1\r\n}\r\n")
    #expect(windows.hasPrefix("{\r\n\t\"a\": 1,\r\n\t\"mcpServers\": {\r\n\t\t\"bound\": {\r\n"))
    #expect(!windows.replacing("\r\n", with: "").contains("\n"))
    #expect(try add("\u{FEFF}{}").utf8.starts(with: [0xEF, 0xBB, 0xBF, UInt8(ascii: "{")]))
    #expect(try add(#"{"a":1}"#).hasPrefix(#"{"a":1,"mcpServers":{"bound":{"command":"#))
  }

  @Test(
    "a JSON file that can't be understood is refused with the reason",
    arguments: [
      ("{", "not valid JSON"), ("[]", "not a JSON object"), (#"{"mcpServers": []}"#, "mcpServers is not an object"),
      (#"{"mcpServers": {"bound": 1}}"#, "mcpServers.bound is not an object"), ("{} x", "line 1"),
      ("{\n\"a\": 1,\n\"a\": 2}", "line 3"), ("{\"a\": 1,}", "not valid JSON"),
      ("{\"a\": \"\u{1}\"}", "not valid JSON"),
    ])
  func refusedJSON(text: String, reason: String) {
    let refusal = #expect(throws: EditRefusal.self) { try add(text) }
    #expect(refusal?.reason.contains(reason) == true)
  }

  @Test(
    "lenient reading allows comments and one comma, and nothing else",
    arguments: [
      "{/*}", "{,}", "{\"a\": 1,,}", "{\"a\": [,]}", "{\"a\" // 1\n}", "{'a': 1}", "{} /", "/", "{\"a\": /}",
    ])
  func refusedComments(text: String) {
    #expect(throws: EditRefusal.self) { try add(text, .zed) }
  }

  @Test("a text that is cut anywhere is refused or understood, never worse")
  func cuts() throws {
    let json = Array(
      "// c\n{\"a\": [1, {\"b\": \"\\\"\"}], /* x */ \"servers\": {\"bound\": {\"command\": \"c\",},},}".utf8)
    let toml = Array(
      "a = [1, {b = \"x\"}]\n[mcp_servers.bound]\ncommand = '''\nx'''\nargs = [\n'a', # c\n]\n[c]\nd=1".utf8)
    for (text, client) in [(json, Client.vscode), (toml, .codex)] {
      for end in 0...text.count {
        guard let after = try? ClientFile.adding(Self.entry, to: Array(text[..<end]), of: client) else { continue }
        #expect(try ClientFile.adding(Self.entry, to: after, of: client) == after)
        _ = try ClientFile.removing("bound", from: after, of: client)
      }
    }
  }

  @Test("keys are written only where they are asked for, beside those that are there")
  func variables() throws {
    var entry = Self.entry
    entry.variables = [("PATHBOUND_API_KEY", "sk \"1\"")]
    let json = try JSONValue(parsing: try add(#"{"mcpServers": {"bound": {"env": {"A": "b"}}}}"#, entry: entry))
    #expect(json["mcpServers"]?["bound"]?["env"] == ["A": "b", "PATHBOUND_API_KEY": "sk \"1\""])
    let toml = try add(
      "[mcp_servers.bound]\ncommand = \"x\"\n\n[mcp_servers.bound.env]\nA = \"b\"\n", .codex, entry: entry)
    #expect(
      toml == """
        [mcp_servers.bound]
        args = ["serve"]
        command = "/opt/bin/bound-mcp"

        [mcp_servers.bound.env]
        PATHBOUND_API_KEY = "sk \\"1\\""
        A = "b"

        """)
    #expect(try add(toml, .codex, entry: entry) == toml)
    #expect(
      try add("", .codex, entry: entry).hasSuffix("\n[mcp_servers.bound.env]\nPATHBOUND_API_KEY = \"sk \\\"1\\\"\"\n"))
  }

  @Test("everything else in Codex's file keeps its bytes")
  func tomlNeighbours() throws {
    let before = """
      model = "o9" # the new one
      notify = [
        "a", # [mcp_servers.bound]
        'b',
      ]
      text = \"\"\"
      [mcp_servers.bound]
      \"\"\"

      [mcp_servers."files"]
      command = "npx"
      started = 2026-11-20 10:00:00Z

      # about the project
      [projects."/home/ada/x"]
      trust_level = "trusted"

      """
    let after = try add(before, .codex)
    #expect(after == before + "\n[mcp_servers.bound]\ncommand = \"/opt/bin/bound-mcp\"\nargs = [\"serve\"]\n")
    let old = before + "\n[mcp_servers.bound] # ours\ncommand = \"/old\"\nstartup_timeout_sec = 20\n\n# next\n[z]\n"
    #expect(
      try add(old, .codex)
        == before + "\n[mcp_servers.bound] # ours\nargs = [\"serve\"]\ncommand = \"/opt/bin/bound-mcp\"\n"
        + "startup_timeout_sec = 20\n\n# next\n[z]\n")
    #expect(try remove(old, .codex) == before + "\n# next\n[z]\n")
    let below = "[mcp_servers.bound.tools.x]\napproval = \"ask\"\n"
    #expect(try add(below, .codex).hasPrefix("[mcp_servers.bound]\ncommand = "))
    #expect(try remove(below, .codex) == "")
  }

  @Test(
    "a TOML file that can't be understood is refused with the line",
    arguments: [
      ("a = ", "line 1"), ("a = 1\nb", "line 2"), ("a = \"x\n", "does not end"), ("[a\n", "]"), ("a = [1\n", "line 2"),
      ("mcp_servers = {}", "another form"), ("[mcp_servers]\nbound = {command = 'x'}", "another form"),
      ("mcp_servers.bound.command = 'x'", "another form"), ("[[mcp_servers.bound]]", "second time"),
      ("[mcp_servers.bound]\n[mcp_servers.bound]\n", "second time"), ("a = 1 2", "line end"),
    ])
  func refusedTOML(text: String, reason: String) {
    let refusal = #expect(throws: EditRefusal.self) { try add(text, .codex) }
    #expect(refusal?.reason.contains(reason) == true)
  }

  @Test("a path with anything in it is written so that it is read back")
  func strangePaths() throws {
    var entry = Self.entry
    entry.command = "/home/a \"b\"\\c/\u{7F}é\n"
    #expect(try JSONValue(parsing: try add("{}", entry: entry)) == entry.value(for: .cursor))
    #expect(try add("", .codex, entry: entry).contains(#"command = "/home/a \"b\"\\c/\u007Fé\n""#))
  }
}

@Suite struct ClientTests {
  @Test("each client's file is where its documentation says")
  func files() {
    let home = ["HOME": "/home/ada"]
    #expect(Client.cursor.file { home[$0] } == "/home/ada/.cursor/mcp.json")
    #expect(Client.windsurf.file { home[$0] } == "/home/ada/.codeium/windsurf/mcp_config.json")
    #expect(Client.gemini.file { home[$0] } == "/home/ada/.gemini/settings.json")
    #expect(Client.codex.file { home[$0] } == "/home/ada/.codex/config.toml")
    #expect(Client.claudeCode.file { home[$0] } == "/home/ada/.claude.json")
    #expect(Client.zed.file { home[$0] } == "/home/ada/.config/zed/settings.json")
    #if os(Linux)
      let moved = ["HOME": "/home/ada", "XDG_CONFIG_HOME": "/c", "CODEX_HOME": "/x", "CLAUDE_CONFIG_DIR": "/y"]
      #expect(Client.vscode.file { home[$0] } == "/home/ada/.config/Code/User/mcp.json")
      #expect(Client.claudeDesktop.file { moved[$0] } == "/c/Claude/claude_desktop_config.json")
      #expect(Client.codex.file { moved[$0] } == "/x/config.toml")
      #expect(Client.claudeCode.file { moved[$0] } == "/y/.claude.json")
    #endif
    #expect(Client.allCases.allSatisfy { $0.file { _ in nil } == nil })
  }

  @Test("names that clients can't do with are none", arguments: ["", "Bound", "1a", "a-b", "ä", "a.b"])
  func badNames(name: String) {
    #expect(!ServerEntry.isName(name))
    #expect(ServerEntry.isName("bound_2"))
  }
}

@Suite struct LineDifferenceTests {
  @Test("a difference is the changed lines with one around them")
  func difference() {
    let lines = LineDifference(Array("a\nb\nc\nd\n".utf8), Array("a\nb\nx\nc\nd\n".utf8)).lines
    #expect(lines.map(\.change) == [.kept, .added, .kept])
    #expect(lines.map(\.text) == ["b", "x", "c"])
    #expect(LineDifference(Array("a".utf8), Array("a".utf8)).lines.isEmpty)
    #expect(LineDifference([], Array("a\n".utf8)).lines.map(\.text) == ["a"])
  }
}
