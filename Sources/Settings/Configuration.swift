public import Logging
public import Operations
internal import Platform
public import Service

/// How the program is to behave: flags over environment over file over defaults, checked.
public struct Configuration: Sendable {
  /// Where a platform's data is.
  public enum Place: Sendable, Equatable {
    /// In the workspace file.
    case local
    /// At the hosted API; `reason` names what asked for it.
    case remote(reason: String)
  }

  /// The workspace file, absolute, or `:memory:`.
  public var databasePath: String
  /// The Maildir for mail, absolute.
  public var outboxPath: String
  /// The default sender.
  public var sender: String?
  /// The ways to models that think for agents.
  public var models: Models
  /// The model that explains scores; nil when none is set.
  public var scoringModel: ScoringModel?
  /// The program that sends mail, absolute; nil leaves mail in the outbox.
  public var sendmailPath: String?
  /// The ways into other services.
  public var services: Services
  /// Other programs that actions use.
  public var programs: ProgramSettings
  /// Names after `--toolsets`; nil when it was not given.
  public var toolsets: [String]?
  /// Names after `--tools`; nil when it was not given.
  public var tools: [String]?
  /// Names after `--exclude-tools`.
  public var excludedTools: [String]
  /// Nothing may write.
  public var isReadOnly: Bool
  /// Granted scopes; nil grants all.
  public var scopes: Set<Scope>?
  /// The plan whose rate limits apply; nil for generous ones.
  public var plan: RateLimits.Plan?
  /// Who decides on outreach.
  public var approvals: Approval.Mode
  /// Where Pathbound is.
  public var pathbound: Place
  /// Where Owlbound is.
  public var owlbound: Place
  /// The ways to the hosted APIs.
  public var hosted: Hosted
  /// Who is asked about people, in this order.
  public var enrichment: [EnrichmentSetting]
  /// What the key of Owlbound may be used for; a secret one unless a publishable key is given.
  public var owlboundKeyType: KeyType
  /// Lines below it are not logged.
  public var logLevel: LogLevel

  /// Keys and addresses of the hosted APIs; nil where nothing is set.
  public struct Hosted: Sendable {
    /// The key of Pathbound's API.
    public var pathboundKey: String?
    /// Where Pathbound's API is, if not at its usual address.
    public var pathboundURL: String?
    /// The key of Owlbound's API.
    public var owlboundKey: String?
    /// Where Owlbound's API is, if not at its usual address.
    public var owlboundURL: String?
  }

  /// A model by its provider and its name there.
  public struct ScoringModel: Sendable, Equatable {
    /// Who has such models.
    public enum Provider: String, Sendable, CaseIterable {
      /// Anthropic's API.
      case anthropic
      /// OpenAI's API, or a compatible one.
      case openai
    }

    /// Who has it.
    public var provider: Provider
    /// What it is called there.
    public var name: String
  }

  /// Keys and addresses of models; nil where nothing is set.
  public struct Models: Sendable {
    /// The key of Anthropic's API.
    public var anthropicKey: String?
    /// Where Anthropic's API is, if not at its usual address.
    public var anthropicURL: String?
    /// The key of OpenAI's API.
    public var openAIKey: String?
    /// Where OpenAI's API is, or a compatible one, if not at its usual address.
    public var openAIURL: String?
  }

  /// Keys and addresses of other services; nil where nothing is set.
  public struct Services: Sendable {
    /// The token of a Slack bot.
    public var slackToken: String?
    /// The address of a Slack webhook.
    public var slackWebhook: String?
    /// The key of Resend's API.
    public var resendKey: String?
    /// The token of a HubSpot app.
    public var hubSpotToken: String?
    /// Where Slack's API is, if not at its usual address.
    public var slackURL: String?
    /// Where Resend's API is, if not at its usual address.
    public var resendURL: String?
    /// Where HubSpot's API is, if not at its usual address.
    public var hubSpotURL: String?
  }

  /// Brings the three sources together.
  ///
  /// - Throws: `UsageError` that names the flag, variable or member whose value can't be used.
  public init(
    flags: SettingValues, environment: (String) -> String?, file: ConfigurationFile, locations: Locations
  ) throws(UsageError) {
    var variables = SettingValues()
    for setting in Setting.allCases { variables[setting] = environment(setting.variable) }
    let given = Given(flags: flags, variables: variables, file: file.values)
    databasePath = try given.databasePath(locations)
    outboxPath = try given.outboxPath(locations, databasePath: databasePath)
    sender = given.text(.sender)
    models = given.models
    scoringModel = try given.scoringModel()
    sendmailPath = given.text(.sendmail).map { Files.absolute(locations.expanding($0)) }
    services = given.services
    programs = file.programs
    toolsets = given.list(.toolsets)
    tools = given.list(.tools)
    excludedTools = given.list(.excludedTools) ?? []
    isReadOnly = try given.flag(.readOnly)
    scopes = try given.scopes()
    plan = try given.choice(.plan, RateLimits.Plan.allCases)
    approvals = try given.choice(.approvals, Approval.Mode.allCases) ?? .ask
    pathbound = try given.place(.pathbound, key: .pathboundKey)
    owlbound = try given.place(.owlbound, key: .owlboundKey)
    hosted = Hosted(
      pathboundKey: given.text(.pathboundKey), pathboundURL: try given.address(.pathboundURL),
      owlboundKey: given.text(.owlboundKey), owlboundURL: try given.address(.owlboundURL))
    owlboundKeyType = given.text(.owlboundKey).flatMap { KeyType(key: $0) } ?? .secret
    enrichment = try given.enrichment(file, environment)
    logLevel = try given.level()
  }
}

/// The values as they were given, each with its origin.
private struct Given {
  let flags: SettingValues
  let variables: SettingValues
  let file: SettingValues

  /// The strongest value, and what to call its origin; empty variables count as absent.
  func find(_ setting: Setting) -> (text: String, origin: String)? {
    if let text = flags[setting] { return (text, setting.flag ?? setting.fileKey) }
    if let text = variables[setting], !text.isEmpty { return (text, setting.variable) }
    return file[setting].map { ($0, "config.json: \(setting.fileKey)") }
  }

  func text(_ setting: Setting) -> String? {
    find(setting).flatMap { $0.text.isEmpty ? nil : $0.text }
  }

  /// An address to which a key may be sent: encrypted, or on this computer.
  func address(_ setting: Setting) throws(UsageError) -> String? {
    guard let text = text(setting), let origin = find(setting)?.origin else { return nil }
    guard KeyAddress.isSafe(text) else {
      throw UsageError("\(origin): must begin with https:// (or be on this computer), since a key is sent there")
    }
    return text
  }

  /// Those of the file, then the one that is set by itself.
  func enrichment(
    _ file: ConfigurationFile, _ environment: (String) -> String?
  ) throws(UsageError) -> [EnrichmentSetting] {
    var settings: [EnrichmentSetting] = []
    for setting in file.enrichment { settings.append(try setting.resolved(environment)) }
    if let url = try address(.enrichmentURL) {
      settings.append(EnrichmentSetting(name: "enrichment", url: url, key: text(.enrichmentKey)))
    }
    return settings
  }

  var models: Configuration.Models {
    Configuration.Models(
      anthropicKey: text(.anthropicKey), anthropicURL: text(.anthropicURL), openAIKey: text(.openAIKey),
      openAIURL: text(.openAIURL))
  }

  func scoringModel() throws(UsageError) -> Configuration.ScoringModel? {
    guard let (text, origin) = find(.scoringModel), !text.isEmpty else { return nil }
    let parts = text.split(separator: ":", maxSplits: 1)
    guard parts.count == 2, let provider = Configuration.ScoringModel.Provider(rawValue: String(parts[0])) else {
      throw UsageError(
        "\(origin): \"\(text.prefix(64))\" must be a provider and a model, as anthropic:NAME or openai:NAME")
    }
    return Configuration.ScoringModel(provider: provider, name: String(parts[1]))
  }

  var services: Configuration.Services {
    Configuration.Services(
      slackToken: text(.slackToken), slackWebhook: text(.slackWebhook), resendKey: text(.resendKey),
      hubSpotToken: text(.hubSpotToken), slackURL: text(.slackURL), resendURL: text(.resendURL),
      hubSpotURL: text(.hubSpotURL))
  }

  func list(_ setting: Setting) -> [String]? {
    guard let text = find(setting)?.text else { return nil }
    return text.split(separator: ",").map { String($0.filter { $0 != " " }) }.filter { !$0.isEmpty }
  }

  func flag(_ setting: Setting) throws(UsageError) -> Bool {
    guard let (text, origin) = find(setting) else { return false }
    switch text.lowercased() {
    case "true", "1", "yes", "on": return true
    case "false", "0", "no", "off": return false
    default: throw UsageError("\(origin): \"\(text.prefix(64))\" must be true or false")
    }
  }

  func choice<Choice: RawRepresentable<String>>(
    _ setting: Setting, _ choices: [Choice]
  ) throws(UsageError) -> Choice? {
    guard let (text, origin) = find(setting) else { return nil }
    guard let choice = Choice(rawValue: text) else {
      let known = choices.map(\.rawValue).joined(separator: ", ")
      throw UsageError("\(origin): \"\(text.prefix(64))\" must be one of \(known)")
    }
    return choice
  }

  func scopes() throws(UsageError) -> Set<Scope>? {
    guard let names = list(.scopes) else { return nil }
    var scopes: Set<Scope> = []
    for name in names {
      guard let scope = Scope(rawValue: name) else {
        throw .unknown("scope", name, known: Scope.allCases.map(\.rawValue))
      }
      scopes.insert(scope)
    }
    return scopes
  }

  func level() throws(UsageError) -> LogLevel {
    guard let (text, origin) = find(.logLevel) else { return .warning }
    guard let level = LogLevel(name: text) else {
      throw UsageError("\(origin): \"\(text.prefix(64))\" must be one of debug, info, warning, error")
    }
    return level
  }

  private enum PlaceName: String, CaseIterable { case local, remote }

  func place(_ setting: Setting, key: Setting) throws(UsageError) -> Configuration.Place {
    switch try choice(setting, PlaceName.allCases) {
    case .local: return .local
    case .remote: return .remote(reason: "\(setting.flag ?? setting.fileKey) remote")
    case nil:
      guard let origin = find(key)?.origin else { return .local }
      return .remote(reason: "\(origin) is set")
    }
  }

  func databasePath(_ locations: Locations) throws(UsageError) -> String {
    guard let given = text(.database) else {
      guard let folder = locations.data else {
        throw UsageError("no home folder to keep the workspace in: set HOME, or name a file with --db")
      }
      return "\(folder)/workspace.db"
    }
    return given == ":memory:" ? given : Files.absolute(locations.expanding(given))
  }

  /// Beside the workspace and named after it, so that two workspaces of one folder don't share one.
  func outboxPath(_ locations: Locations, databasePath: String) throws(UsageError) -> String {
    if let given = text(.outbox) { return Files.absolute(locations.expanding(given)) }
    if databasePath == ":memory:" {
      guard let folder = locations.data else {
        throw UsageError("no home folder to keep sent mail in: set HOME, or name a folder with --outbox")
      }
      return "\(folder)/outbox"
    }
    return (databasePath.hasSuffix(".db") ? String(databasePath.dropLast(3)) : databasePath) + "-outbox"
  }
}
