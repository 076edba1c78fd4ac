public import HTTP
internal import Platform
public import Service

/// The way into another company's service: where it is, the key, and who sends.
public struct Connector: Sendable {
  /// What people call the service.
  let name: String
  /// What Owlbound calls the integration.
  let slug: String
  /// The setting that holds the key, for errors.
  let keyName: String
  let baseURL: String
  let key: String
  let client: any HTTPClient
  /// Told how each use went.
  let uses: (any ConnectorUses)?
  /// Ends requests.
  private(set) var cancellation: Cancellation?

  private init(
    _ name: String, keyName: String, key: String, baseURL: String, client: any HTTPClient, uses: (any ConnectorUses)?
  ) {
    self.name = name
    slug = name.lowercased()
    self.uses = uses
    self.keyName = keyName
    self.key = key
    self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
    self.client = client
  }

  /// Whether the address is the key.
  var isAddressed: Bool { key == baseURL }

  /// The same for one action, which ends with it.
  func serving(_ action: ClaimedAction) -> Connector {
    var connector = self
    connector.cancellation = action.cancellation
    return connector
  }

  /// Slack's Web API with a bot's token.
  public static func slack(
    token: String, baseURL: String?, client: any HTTPClient, uses: (any ConnectorUses)? = nil
  ) -> Connector {
    Connector(
      "Slack", keyName: "SLACK_BOT_TOKEN", key: token, baseURL: baseURL ?? "https://slack.com/api", client: client,
      uses: uses)
  }

  /// A webhook of Slack's, whose address is the key.
  public static func slackWebhook(
    _ address: String, client: any HTTPClient, uses: (any ConnectorUses)? = nil
  ) -> Connector {
    Connector("Slack", keyName: "SLACK_WEBHOOK_URL", key: address, baseURL: address, client: client, uses: uses)
  }

  /// Resend.
  public static func resend(
    key: String, baseURL: String?, client: any HTTPClient, uses: (any ConnectorUses)? = nil
  ) -> Connector {
    Connector(
      "Resend", keyName: "RESEND_API_KEY", key: key, baseURL: baseURL ?? "https://api.resend.com", client: client,
      uses: uses)
  }

  /// HubSpot with the token of a private app.
  public static func hubSpot(
    token: String, baseURL: String?, client: any HTTPClient, uses: (any ConnectorUses)? = nil
  ) -> Connector {
    Connector(
      "HubSpot", keyName: "HUBSPOT_ACCESS_TOKEN", key: token, baseURL: baseURL ?? "https://api.hubapi.com",
      client: client, uses: uses)
  }
}
