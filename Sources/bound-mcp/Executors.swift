internal import HTTP
internal import JSON
internal import Logging
internal import Operations
internal import Outreach
internal import Platform
internal import Service
internal import Settings

/// What does the actions, as the configuration says: a type without its connector has nobody, and says so.
enum Executors {
  /// All of them; `sender` is from whom mail is, nil when nobody is set.
  static func all(
    _ configuration: Configuration, sender: Mailbox?, records: any RecordSource, http: any HTTPClient,
    uses: any ConnectorUses
  ) -> [any ActionExecutor] {
    let email = EmailMessage(
      outbox: configuration.outboxPath, sendmail: configuration.sendmailPath, sender: sender, uses: uses)
    let workspace: [any ActionExecutor] = [
      email, LinkedInConnection(), CreateNote(), CreateTask(), UpdateContact(), UpdateCompany(),
      UpdateLifecycleStage(), EscalateToHuman(),
    ]
    return workspace + services(configuration.services, records: records, client: http, uses: uses)
      + programs(configuration.programs, uses: uses)
  }

  /// From whom mail is, as the configuration says.
  static func sender(_ configuration: Configuration) throws(UsageError) -> Mailbox? {
    guard let text = configuration.sender else { return nil }
    do {
      return try Mailbox(parsing: text, field: "--sender")
    } catch {
      throw UsageError("\(error.field) \(error.problem)")
    }
  }

  private static func services(
    _ services: Configuration.Services, records: any RecordSource, client: any HTTPClient, uses: any ConnectorUses
  ) -> [any ActionExecutor] {
    var executors: [any ActionExecutor] = []
    if let token = services.slackToken {
      executors.append(SlackMessage(.bot(.slack(token: token, baseURL: services.slackURL, client: client, uses: uses))))
    } else if let address = services.slackWebhook {
      executors.append(SlackMessage(.webhook(.slackWebhook(address, client: client, uses: uses))))
    }
    if let key = services.resendKey {
      let resend = Connector.resend(key: key, baseURL: services.resendURL, client: client, uses: uses)
      executors += [ResendSendEmail(resend), ResendCreateContact(resend), ResendCreateBroadcast(resend)]
    }
    if let token = services.hubSpotToken {
      executors.append(
        CRMSync(.hubSpot(token: token, baseURL: services.hubSpotURL, client: client, uses: uses), records: records))
    }
    return executors
  }

  private static func programs(_ programs: ProgramSettings, uses: any ConnectorUses) -> [any ActionExecutor] {
    var executors: [any ActionExecutor] = programs.executors.map { setting in
      ExternalProgram(setting.definition, command: setting.command, timeLimit: setting.timeLimit * 1000, uses: uses)
    }
    if !programs.servers.isEmpty {
      var servers: [String: ProgramCommand?] = [:]
      for server in programs.servers { servers[server.name] = .some(server.command) }
      executors.append(MCPToolCall(servers: servers, version: Version.current, uses: uses))
    }
    return executors
  }
}

extension Configuration {
  /// Whether a platform is served by the local workspace.
  var isAnythingLocal: Bool { pathbound == .local || owlbound == .local }

  /// A log of the level that is set.
  var log: Log { Log(level: logLevel) }
}

/// The records of the workspace, asked for as a client would.
struct WorkspaceRecords: RecordSource {
  let backend: any Backend

  func contact(_ id: String) throws(ServiceError) -> JSONObject? {
    try record("pathbound_get_contact", "contact", ["contact_id": .string(id), "fields": "summary"])
  }

  func company(_ id: String) throws(ServiceError) -> JSONObject? {
    try record("pathbound_get_company", "company", ["company_id": .string(id)])
  }

  private func record(
    _ name: String, _ member: String, _ arguments: JSONObject
  ) throws(ServiceError) -> JSONObject? {
    guard let operation = Catalogue.operation(named: name) else { return nil }
    let caller = Caller(client: "bound-mcp", session: "")
    var payload = JSONWriter(capacity: 2048)
    do throws(ServiceError) {
      _ = try backend.read(Call(operation: operation, arguments: arguments, caller: caller), into: &payload)
    } catch {
      if error.code == .notFound { return nil }
      throw error
    }
    let answer = try? JSONValue(parsing: payload.finish())
    return answer?[member]?.objectValue
  }
}
