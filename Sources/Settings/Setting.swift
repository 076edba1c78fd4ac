/// One thing that can be set: on the command line, else in the environment, else in `config.json`.
public enum Setting: Int, Sendable, CaseIterable {
  /// The workspace.
  case database
  /// Where sent mail goes.
  case outbox
  /// The default sender of mail.
  case sender
  /// The program that sends mail.
  case sendmail
  /// Groups of tools to list.
  case toolsets
  /// Single tools to list.
  case tools
  /// Tools that do not exist here.
  case excludedTools
  /// No writes.
  case readOnly
  /// Granted scopes.
  case scopes
  /// Rate limits.
  case plan
  /// Who decides on outreach.
  case approvals
  /// Where Pathbound is.
  case pathbound
  /// Where Owlbound is.
  case owlbound
  /// How much is logged.
  case logLevel
  /// The key of Pathbound's API; never a flag, since other users see a command line.
  case pathboundKey
  /// The key of Owlbound's API.
  case owlboundKey
  /// Where Pathbound's API is.
  case pathboundURL
  /// Where Owlbound's API is.
  case owlboundURL
  /// The key of Anthropic's API.
  case anthropicKey
  /// Where Anthropic's API is.
  case anthropicURL
  /// The key of OpenAI's API.
  case openAIKey
  /// Where OpenAI's API is, or one that is compatible.
  case openAIURL
  /// Which model explains scores.
  case scoringModel
  /// Who is asked about people.
  case enrichmentURL
  /// The key for that.
  case enrichmentKey
  /// The token of a Slack bot.
  case slackToken
  /// The address of a Slack webhook, which is a secret.
  case slackWebhook
  /// The key of Resend's API.
  case resendKey
  /// The token of a HubSpot app.
  case hubSpotToken
  /// Where Slack's API is.
  case slackURL
  /// Where Resend's API is.
  case resendURL
  /// Where HubSpot's API is.
  case hubSpotURL

  /// As written on the command line; nil for secrets.
  public var flag: String? { names.flag }

  /// The environment variable.
  public var variable: String { names.variable }

  /// The member of `config.json`.
  public var fileKey: String { names.fileKey }

  // Spelled out and not derived from each other: this is read at every start.
  private var names: (flag: String?, variable: String, fileKey: String) {
    switch self {
    case .database: ("--db", "BOUND_MCP_DB", "db")
    case .outbox: ("--outbox", "BOUND_MCP_OUTBOX", "outbox")
    case .sender: ("--sender", "BOUND_MCP_SENDER", "sender")
    case .sendmail: ("--sendmail", "BOUND_MCP_SENDMAIL", "sendmail")
    case .toolsets: ("--toolsets", "BOUND_MCP_TOOLSETS", "toolsets")
    case .tools: ("--tools", "BOUND_MCP_TOOLS", "tools")
    case .excludedTools: ("--exclude-tools", "BOUND_MCP_EXCLUDE_TOOLS", "exclude_tools")
    case .readOnly: ("--read-only", "BOUND_MCP_READ_ONLY", "read_only")
    case .scopes: ("--scopes", "BOUND_MCP_SCOPES", "scopes")
    case .plan: ("--plan", "BOUND_MCP_PLAN", "plan")
    case .approvals: ("--approvals", "BOUND_MCP_APPROVALS", "approvals")
    case .pathbound: ("--pathbound", "BOUND_MCP_PATHBOUND", "pathbound")
    case .owlbound: ("--owlbound", "BOUND_MCP_OWLBOUND", "owlbound")
    case .logLevel: ("--log-level", "BOUND_MCP_LOG", "log_level")
    case .pathboundKey: (nil, "PATHBOUND_API_KEY", "pathbound_api_key")
    case .owlboundKey: (nil, "OWLBOUND_API_KEY", "owlbound_api_key")
    case .pathboundURL: ("--pathbound-base-url", "PATHBOUND_BASE_URL", "pathbound_base_url")
    case .owlboundURL: ("--owlbound-base-url", "OWLBOUND_BASE_URL", "owlbound_base_url")
    case .anthropicKey: (nil, "ANTHROPIC_API_KEY", "anthropic_api_key")
    case .anthropicURL: ("--anthropic-base-url", "ANTHROPIC_BASE_URL", "anthropic_base_url")
    case .openAIKey: (nil, "OPENAI_API_KEY", "openai_api_key")
    case .openAIURL: ("--openai-base-url", "OPENAI_BASE_URL", "openai_base_url")
    case .scoringModel: ("--scoring-model", "BOUND_MCP_SCORING_MODEL", "scoring_model")
    case .enrichmentURL: ("--enrichment-url", "BOUND_MCP_ENRICHMENT_URL", "enrichment_url")
    case .enrichmentKey: (nil, "BOUND_MCP_ENRICHMENT_KEY", "enrichment_key")
    case .slackToken: (nil, "SLACK_BOT_TOKEN", "slack_bot_token")
    case .slackWebhook: (nil, "SLACK_WEBHOOK_URL", "slack_webhook_url")
    case .resendKey: (nil, "RESEND_API_KEY", "resend_api_key")
    case .hubSpotToken: (nil, "HUBSPOT_ACCESS_TOKEN", "hubspot_access_token")
    case .slackURL: ("--slack-base-url", "SLACK_BASE_URL", "slack_base_url")
    case .resendURL: ("--resend-base-url", "RESEND_BASE_URL", "resend_base_url")
    case .hubSpotURL: ("--hubspot-base-url", "HUBSPOT_BASE_URL", "hubspot_base_url")
    }
  }

  /// Whether its value must not be seen by others.
  public var isSecret: Bool {
    switch self {
    case .pathboundKey, .owlboundKey, .anthropicKey, .openAIKey, .enrichmentKey, .slackToken, .slackWebhook, .resendKey,
      .hubSpotToken:
      true
    default: false
    }
  }

  /// Whether it is on by being named.
  public var isSwitch: Bool { self == .readOnly }

  /// What a value looks like, for the help text; empty for a switch.
  public var placeholder: String {
    switch self {
    case .database: "PATH"
    case .outbox: "DIR"
    case .sendmail: "PATH"
    case .sender: "ADDRESS"
    case .toolsets, .tools, .excludedTools, .scopes: "NAME,…"
    case .readOnly: ""
    case .plan: "starter|pro|enterprise"
    case .approvals: "ask|human|key"
    case .pathbound, .owlbound: "local|remote"
    case .logLevel: "debug|info|warning|error"
    case .scoringModel: "PROVIDER:MODEL"
    case .pathboundKey, .owlboundKey, .anthropicKey, .openAIKey, .enrichmentKey, .slackToken, .resendKey, .hubSpotToken:
      "KEY"
    case .pathboundURL, .owlboundURL, .anthropicURL, .openAIURL, .enrichmentURL, .slackWebhook, .slackURL, .resendURL,
      .hubSpotURL:
      "URL"
    }
  }

  /// What it does, in a line.
  public var purpose: String {
    switch self {
    case .database: "the workspace file; :memory: keeps nothing"
    case .outbox: "the Maildir that e-mail is put into (default: beside the workspace)"
    case .sender: "the address that e-mail comes from where its identity has none"
    case .sendmail: "a sendmail-compatible program that e-mail goes through instead"
    case .toolsets: "what clients are shown: core (default), all, or groups of tools"
    case .tools: "single tools to show as well; with it alone, only these"
    case .excludedTools: "tools that are neither shown nor callable"
    case .readOnly: "neither show nor run anything that writes"
    case .scopes: "grant only these scopes, such as contacts:read (default: all)"
    case .plan: "apply the rate limits of a plan (default: none that you would meet)"
    case .approvals: "who lets outreach happen: see the README (default: ask)"
    case .pathbound: "where Pathbound's data is (default: local; with a key, remote)"
    case .owlbound: "where Owlbound's data is (default: local; with a key, remote)"
    case .logLevel: "how much is written to standard error (default: warning)"
    case .pathboundKey: "the key of Pathbound's hosted API"
    case .owlboundKey: "the key of Owlbound's hosted API"
    case .pathboundURL: "where Pathbound's hosted API is (default: https://api.pathbound.ai)"
    case .owlboundURL: "where Owlbound's hosted API is (default: https://app.owlbound.ai/api)"
    case .anthropicKey: "the key of Anthropic's API, for agents whose provider is anthropic"
    case .anthropicURL: "where the provider anthropic is asked (default: its own API)"
    case .openAIKey: "the key of OpenAI's API, for agents whose provider is openai"
    case .openAIURL: "where the provider openai is asked; any compatible API"
    case .scoringModel: "the model that explains scores, as anthropic:claude-opus-4-7"
    case .enrichmentURL: "where enrichment asks about people, by POST (default: nowhere)"
    case .enrichmentKey: "the key that is sent there, as a Bearer token"
    case .slackToken: "a Slack bot's token, with the scope chat:write"
    case .slackWebhook: "the address of a Slack webhook, for one channel"
    case .resendKey: "the key of Resend's API"
    case .hubSpotToken: "the token of a HubSpot private app"
    case .slackURL: "where Slack's API is (default: https://slack.com/api)"
    case .resendURL: "where Resend's API is (default: https://api.resend.com)"
    case .hubSpotURL: "where HubSpot's API is (default: https://api.hubapi.com)"
    }
  }
}
