import JSON
import JSONSchema
import Logging
import Operations
import Platform
import Service
import Settings
import Testing

@Suite struct ConfigurationTests {
  private func make(
    flags: SettingValues = [:], environment: [String: String] = ["HOME": "/home/ada"], file: String = "{}",
    permissions: UInt32 = 0o644
  ) throws(UsageError) -> Configuration {
    try Configuration(
      flags: flags, environment: { environment[$0] },
      file: ConfigurationFile(Array(file.utf8), permissions: permissions),
      locations: Locations(environment: { environment[$0] }))
  }

  private func message(_ body: () throws(UsageError) -> Configuration) -> String? {
    do {
      _ = try body()
      return nil
    } catch {
      return error.message
    }
  }

  @Test("with nothing set, everything is local, allowed, and asked about")
  func defaults() throws {
    let configuration = try make()
    #expect(configuration.databasePath.hasPrefix("/home/ada/"))
    #expect(configuration.databasePath.hasSuffix("/bound-mcp/workspace.db"))
    #expect(configuration.outboxPath.hasSuffix("/bound-mcp/workspace-outbox"))
    #expect(configuration.toolsets == nil && configuration.tools == nil && configuration.excludedTools.isEmpty)
    #expect(!configuration.isReadOnly && configuration.scopes == nil && configuration.plan == nil)
    #expect(configuration.approvals == .ask)
    #expect(configuration.pathbound == .local && configuration.owlbound == .local)
    #expect(configuration.logLevel == .warning)
  }

  @Test("a flag wins over a variable, a variable over the file")
  func precedence() throws {
    let file = #"{"plan": "starter", "approvals": "human", "log_level": "error"}"#
    let environment = ["HOME": "/home/ada", "BOUND_MCP_PLAN": "pro", "BOUND_MCP_LOG": "info"]
    let configuration = try make(flags: [.logLevel: "debug"], environment: environment, file: file)
    #expect(configuration.approvals == .human)
    #expect(configuration.plan == .pro)
    #expect(configuration.logLevel == .debug)
  }

  @Test("the ways to models come from the environment or the file, and a key in the file must be its owner's alone")
  func models() throws {
    let environment = [
      "HOME": "/home/ada", "ANTHROPIC_API_KEY": "sk-1", "OPENAI_BASE_URL": "http://localhost:11434/v1",
    ]
    let file = #"{"openai_api_key": "sk-2", "anthropic_base_url": "https://models.example"}"#
    let models = try make(environment: environment, file: file, permissions: 0o600).models
    #expect(models.anthropicKey == "sk-1" && models.anthropicURL == "https://models.example")
    #expect(models.openAIKey == "sk-2" && models.openAIURL == "http://localhost:11434/v1")
    let refusal = message { () throws(UsageError) in try make(file: file) }
    #expect(refusal?.contains("0600") == true && refusal?.contains("sk-2") == false)
    #expect(try make().models.anthropicKey == nil)
  }

  @Test("who is asked about people, and what kind of key Owlbound's is, come from their settings")
  func owlbound() throws {
    let environment = ["HOME": "/home/ada", "OWLBOUND_API_KEY": "gtm_pk_1", "BOUND_MCP_ENRICHMENT_KEY": "k"]
    let configuration = try make(
      flags: [.enrichmentURL: "https://people.example/find", .owlbound: "local"], environment: environment)
    #expect(configuration.enrichment == [.init(name: "enrichment", url: "https://people.example/find", key: "k")])
    #expect(configuration.owlboundKeyType == .publishable)
    #expect(configuration.owlbound == .local)
    #expect(try make().enrichment.isEmpty)
    #expect(try make().owlboundKeyType == .secret)
  }

  @Test("several are asked about people in the order of the file, each for its phases, the one set by itself last")
  func enrichment() throws {
    let file = #"""
      {"enrichment": {
        "people": {"url": "https://people.example/v1", "key": "$PEOPLE_KEY", "phases": ["contact_info"]},
        "own": {"url": "http://127.0.0.1:8080", "timeout_seconds": 5}}}
      """#
    let environment = [
      "HOME": "/home/ada", "PEOPLE_KEY": "k1", "BOUND_MCP_ENRICHMENT_URL": "https://last.example",
    ]
    let all = try make(environment: environment, file: file).enrichment
    #expect(all.map(\.name) == ["people", "own", "enrichment"])
    #expect(all[0].key == "k1" && all[0].phases == [.contactInfo] && all[0].timeLimit == 30_000)
    #expect(all[1].key == nil && all[1].phases == EnrichmentSetting.allPhases && all[1].timeLimit == 5000)
    #expect(!EnrichmentSetting.allPhases.contains(.icpScoring))
  }

  @Test(
    "what can't be asked about people is refused by its name, and no key is repeated",
    arguments: [
      (#"{"a": {"url": "http://people.example"}}"#, "enrichment.a.url"),
      (#"{"a": {"url": "https://x.example", "phases": ["icp_scoring"]}}"#, "icp_scoring"),
      (#"{"a": {"url": "https://x.example", "phases": ["contact"]}}"#, "contact_info"),
      (#"{"a": {"url": "https://x.example", "phases": []}}"#, "phases"),
      (#"{"a": {"url": "https://x.example", "timeout_seconds": 0}}"#, "1 to 120"),
      (#"{"a": {"url": "https://x.example", "keys": "secret-1"}}"#, "key"),
      (#"{"a": {"url": "https://x.example", "key": "$UNSET"}}"#, "UNSET"),
      (#"{"a": {"url": "https://x.example", "key": "secret-1"}}"#, "0600"), (#"{"A b": {}}"#, "lower-case"),
      (#"[]"#, "object"),
    ])
  func refusedEnrichment(member: String, words: String) {
    let refusal = message { () throws(UsageError) in try make(file: #"{"enrichment": \#(member)}"#) }
    #expect(refusal?.contains(words) == true && refusal?.contains("secret-1") == false)
  }

  @Test("the model that explains scores is a provider and a name, which may hold colons")
  func scoringModel() throws {
    #expect(try make().scoringModel == nil)
    let chosen = try make(flags: [.scoringModel: "openai:llama3:8b"]).scoringModel
    #expect(chosen?.provider == .openai && chosen?.name == "llama3:8b")
    for text in ["gpt", "openai:", ":x", "client:x"] {
      let refusal = message { () throws(UsageError) in try make(flags: [.scoringModel: text]) }
      #expect(refusal?.contains("--scoring-model") == true)
    }
  }

  @Test("an empty variable counts as absent")
  func emptyVariable() throws {
    let environment = ["HOME": "/home/ada", "BOUND_MCP_PLAN": "", "PATHBOUND_API_KEY": ""]
    let configuration = try make(environment: environment)
    #expect(configuration.plan == nil)
    #expect(configuration.pathbound == .local)
  }

  @Test("lists come with commas or as JSON lists")
  func lists() throws {
    let configuration = try make(
      flags: [.excludedTools: "a, b,,c"], file: #"{"toolsets": ["core", "workspace"], "scopes": "contacts:read"}"#)
    #expect(configuration.excludedTools == ["a", "b", "c"])
    #expect(configuration.toolsets == ["core", "workspace"])
    #expect(configuration.scopes == [.contactsRead])
  }

  @Test("a key makes its platform remote, and the flag decides against it")
  func remote() throws {
    let environment = ["HOME": "/home/ada", "OWLBOUND_API_KEY": "gtm_sk_1234567890"]
    let byKey = try make(environment: environment)
    #expect(byKey.owlbound == .remote(reason: "OWLBOUND_API_KEY is set"))
    #expect(byKey.pathbound == .local)
    #expect(try make(flags: [.owlbound: "local"], environment: environment).owlbound == .local)
    #expect(try make(flags: [.pathbound: "remote"]).pathbound == .remote(reason: "--pathbound remote"))
  }

  @Test("a file with a key in it must be its owner's alone")
  func secretFile() throws {
    let file = #"{"pathbound_api_key": "sk_1234567890"}"#
    #expect(
      try make(file: file, permissions: 0o600).pathbound == .remote(reason: "config.json: pathbound_api_key is set"))
    let refusal = message { () throws(UsageError) in try make(file: file, permissions: 0o640) }
    #expect(refusal?.contains("0600") == true)
    #expect(refusal?.contains("sk_") == false)
  }

  @Test("paths are absolute and a tilde means the home folder")
  func paths() throws {
    let configuration = try make(flags: [.database: "~/crm/acme.db"])
    #expect(configuration.databasePath == "/home/ada/crm/acme.db")
    #expect(configuration.outboxPath == "/home/ada/crm/acme-outbox")
    #expect(try make(flags: [.database: "acme.db"]).databasePath.hasPrefix("/"))
    #expect(try make(flags: [.database: ":memory:"]).databasePath == ":memory:")
  }

  @Test("XDG folders count when they are absolute")
  func xdg() throws {
    let absolute = ["HOME": "/home/ada", "XDG_DATA_HOME": "/data"]
    #expect(try make(environment: absolute).databasePath == "/data/bound-mcp/workspace.db")
    let relative = ["HOME": "/home/ada", "XDG_DATA_HOME": "data"]
    #expect(try make(environment: relative).databasePath.hasPrefix("/home/ada/"))
  }

  @Test("without a home folder a workspace must be named")
  func noHome() throws {
    #expect(message { () throws(UsageError) in try make(environment: [:]) }?.contains("--db") == true)
    #expect(try make(flags: [.database: "/x/a.db"], environment: [:]).outboxPath == "/x/a-outbox")
  }

  @Test(
    "a value that can't be used is refused with its origin and what would be right",
    arguments: [
      ([.plan: "gold"], "{}", #"--plan: "gold" must be one of starter, pro, enterprise"#),
      ([.approvals: "never"], "{}", #"--approvals: "never" must be one of ask, human, key"#),
      ([.logLevel: "loud"], "{}", #"--log-level: "loud" must be one of debug, info, warning, error"#),
      ([.readOnly: "maybe"], "{}", #"--read-only: "maybe" must be true or false"#),
      ([.scopes: "contact:read"], "{}", #"unknown scope "contact:read"; did you mean "contacts:read"?"#),
      ([:], #"{"plan": "gold"}"#, #"config.json: plan: "gold" must be one of starter, pro, enterprise"#),
      ([:], #"{"plan": 7}"#, "config.json: plan must be a string, or a list of strings"),
      (
        [:], #"{"read_only": "true", "toolset": "all"}"#,
        #"unknown member of config.json: "toolset"; did you mean "toolsets"?"#
      ),
      ([:], "[]", "config.json must be one JSON object"),
      ([:], "{", "config.json: Invalid JSON at byte 1: the text ends before the value is complete."),
    ] as [(SettingValues, String, String)])
  func refused(flags: SettingValues, file: String, reason: String) {
    #expect(message { () throws(UsageError) in try make(flags: flags, file: file) } == reason)
  }

  @Test("servers are read as clients write them, and members of other clients' are passed over")
  func servers() throws {
    let configuration = try make(
      file: """
        {"mcpServers":{"time":{"command":"uvx","args":["mcp-server-time"],"env":{"TZ":"UTC"},"cwd":"/srv","type":"stdio"},
        "far":{"url":"https://example.com/mcp"}}}
        """, permissions: 0o600)
    let servers = configuration.programs.servers
    #expect(servers.map(\.name) == ["time", "far"])
    let command = try #require(servers[0].command)
    #expect(command.command == "uvx" && command.arguments == ["mcp-server-time"])
    #expect(command.variables == ["TZ": "UTC"] && command.folder == "/srv")
    #expect(servers[1].command == nil)
  }

  @Test("a program for a type of one's own has a schema and a time limit")
  func executors() throws {
    let configuration = try make(
      file: """
        {"executors":{"ring_bell":{"command":"/opt/bell","timeout_seconds":5,"capability":"bell","schema":{"type":"object",
        "properties":{"times":{"type":"integer","minimum":1}},"required":["times"],"additionalProperties":false}}}}
        """)
    let executor = try #require(configuration.programs.executors.first)
    #expect(executor.definition.name == "ring_bell" && executor.definition.capability == "bell")
    #expect(executor.timeLimit == 5 && executor.command.command == "/opt/bell")
    let schema = CompiledSchema(executor.definition.parameters)
    #expect(throws: Never.self) { try schema.validate(["times": 2]) }
    #expect(throws: ValidationFailure.self) { try schema.validate(["times": 0]) }
    #expect(throws: ValidationFailure.self) { try schema.validate(["times": 1, "more": 1]) }
  }

  @Test(
    "what is wrong with a program is named",
    arguments: [
      (#"{"mcpServers":[]}"#, "mcpServers must be an object"),
      (#"{"mcpServers":{"a":{"command":7}}}"#, "mcpServers.a.command"),
      (#"{"mcpServers":{"a":{"command":"x","args":"y"}}}"#, ""),
      (#"{"mcpServers":{"a":{"command":"x","args":[1]}}}"#, "mcpServers.a.args"),
      (#"{"mcpServers":{"a":{"command":"x","env":{"A":1}}}}"#, "mcpServers.a.env"),
      (#"{"executors":{"email_message":{"command":"x"}}}"#, "built in"),
      (#"{"executors":{"Ring":{"command":"x"}}}"#, "lower-case"),
      (#"{"executors":{"ring":{}}}"#, "executors.ring.command"),
      (#"{"executors":{"ring":{"command":"x","schema":{"anyOf":[]}}}}"#, "schema"),
      (#"{"executors":{"ring":{"command":"x","timeout_seconds":0}}}"#, "timeout_seconds"),
      (#"{"executors":{"ring":{"command":"x","argz":[]}}}"#, "argz"),
    ])
  func brokenPrograms(file: String, expected: String) throws {
    #expect(message { () throws(UsageError) in try make(file: file, permissions: 0o600) }?.contains(expected) == true)
  }

  @Test("a file whose programs get variables of their own must be its owner's alone")
  func programSecrets() {
    let file = #"{"mcpServers":{"a":{"command":"x","env":{"KEY":"k"}}}}"#
    #expect(message { () throws(UsageError) in try make(file: file) }?.contains("0600") == true)
  }

  @Test("keys and addresses of other services come from the environment or the file")
  func services() throws {
    let configuration = try make(
      environment: ["HOME": "/home/ada", "SLACK_BOT_TOKEN": "xoxb", "HUBSPOT_BASE_URL": "http://127.0.0.1:1"],
      file: #"{"resend_api_key":"re_1","sendmail":"~/bin/msmtp"}"#, permissions: 0o600)
    #expect(configuration.services.slackToken == "xoxb")
    #expect(configuration.services.hubSpotURL == "http://127.0.0.1:1")
    #expect(configuration.services.resendKey == "re_1")
    #expect(configuration.services.slackWebhook == nil)
    #expect(configuration.sendmailPath == "/home/ada/bin/msmtp")
  }
}
