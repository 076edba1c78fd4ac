public import JSON
public import Operations

/// What an `.mcpb` says of itself: https://github.com/modelcontextprotocol/mcpb/blob/main/MANIFEST.md, version 0.3.
public enum BundleManifest {
  /// What a person may set when the bundle is installed, and how the form asks for it.
  private static let asked: [(setting: Setting, title: String, kind: String)] = [
    (.database, "Workspace file", "string"), (.sender, "Sender of e-mail", "string"),
    (.readOnly, "Only look", "boolean"), (.pathboundKey, "Pathbound API key", "string"),
    (.owlboundKey, "Owlbound API key", "string"),
  ]

  /// The manifest of a bundle with the program for this system.
  ///
  /// - Parameter tools: what clients are shown.
  public static func json(version: String, tools: [Operation]) -> JSONValue {
    var settings = JSONObject()
    var variables = JSONObject()
    for (setting, title, kind) in asked {
      var form: JSONObject = [
        "type": .string(kind), "title": .string(title), "description": .string(setting.purpose), "required": false,
        // An empty variable counts as absent; without a default the client would pass its placeholder on.
        "default": kind == "boolean" ? false : "",
      ]
      if setting.isSecret { form["sensitive"] = true }
      settings[setting.fileKey] = .object(form)
      variables[setting.variable] = .string("${user_config.\(setting.fileKey)}")
    }
    return [
      "manifest_version": "0.3", "name": "bound-mcp", "display_name": "Pathbound and Owlbound",
      "version": .string(version),
      "description": "Contacts, intent signals, scores and outreach under your approval, on a workspace of your own.",
      "long_description": """
      Pathbound (contacts, companies, website events, outreach under approval, AI agents) and Owlbound (contacts, \
      intent signals, ICP scores, enrichment, sequences, workflows) on one SQLite file, without account and network, \
      or through the hosted APIs with your keys. Nothing that an agent proposes is sent before a person has said yes.
      """,
      "author": ["name": "The bound-mcp authors"],
      "server": [
        "type": "binary", "entry_point": "server/bound-mcp",
        "mcp_config": [
          "command": "${__dirname}/server/bound-mcp", "args": ["serve"], "env": .object(variables),
        ],
      ],
      "tools": .array(
        tools.map { ["name": .string($0.name), "description": .string($0.title)] }),
      "tools_generated": false, "prompts_generated": true, "keywords": ["crm", "sales", "outreach", "intent"],
      "compatibility": ["platforms": [.string(system)]], "user_config": .object(settings),
    ]
  }

  #if os(macOS)
    private static let system = "darwin"
  #else
    private static let system = "linux"
  #endif
}

/// What the MCP registry is told: https://github.com/modelcontextprotocol/registry, server.json of 2025-12-11.
public enum RegistryEntry {
  /// The entry of a bundle that lies at `url`.
  public static func json(version: String, url: String, sha256: [UInt8]) -> JSONValue {
    let digest = sha256.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    let variables: [JSONValue] = Setting.allCases.map { setting in
      ["name": .string(setting.variable), "description": .string(setting.purpose), "isSecret": .bool(setting.isSecret)]
    }
    return [
      "$schema": "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
      "name": "ai.owlbound/bound-mcp", "title": "Pathbound and Owlbound",
      "description": "Contacts, intent signals, scores and outreach under approval, on a workspace of your own.",
      "version": .string(version),
      "packages": [
        [
          "registryType": "mcpb", "identifier": .string(url), "version": .string(version),
          "fileSha256": .string(digest), "transport": ["type": "stdio"], "environmentVariables": .array(variables),
        ]
      ],
    ]
  }
}
