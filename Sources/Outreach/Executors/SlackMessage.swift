internal import HTTP
internal import JSON
internal import Operations
public import Service

/// Posts a message to a Slack channel, as a bot or through an incoming webhook.
public struct SlackMessage: ActionExecutor {
  /// Which of Slack's two ways is open.
  public enum Way: Sendable {
    /// A bot's token: any channel that the bot is in.
    case bot(Connector)
    /// An incoming webhook: always the webhook's own channel.
    case webhook(Connector)
  }

  /// The action's type.
  public let type = ActionType.sendSlackMessage.name
  private let way: Way

  /// Creates the executor.
  public init(_ way: Way) { self.way = way }

  /// Posts it.
  public func perform(_ action: ClaimedAction) -> ActionOutcome {
    outcome(of: action) { parameters throws(FieldError) in
      let message = try Message(parameters)
      switch way {
      case .bot(let slack):
        let slack = slack.serving(action)
        return slack.outcome { () throws(ProviderFailure) in try post(message, slack) }
      case .webhook(let slack):
        let slack = slack.serving(action)
        return slack.outcome { () throws(ProviderFailure) in try drop(message, slack) }
      }
    }
  }

  /// The text, and where it would really be seen.
  public func preview(_ action: ClaimedAction) -> ActionPreview {
    content(of: action) { parameters throws(FieldError) in
      let message = try Message(parameters)
      var content: JSONObject = ["channel": .string(message.channel), "text": .string(message.text)]
      if case .webhook = way { content["notice"] = .string(Self.webhookNotice) }
      return content
    }
  }

  private struct Message {
    let channel: String
    let text: String

    init(_ parameters: Parameters) throws(FieldError) {
      channel = try parameters.text("channel")
      text = try parameters.text("message")
      // Beyond 40,000 characters Slack cuts the text.
      guard text.unicodeScalars.count <= 40_000 else {
        throw FieldError("message", "has more than 40,000 characters, which Slack would cut")
      }
    }
  }

  private static let webhookNotice =
    "It goes to the channel that the webhook was made for, whatever channel is named here; a bot token "
    + "(SLACK_BOT_TOKEN) reaches any channel."

  /// `chat.postMessage` answers 200 in any case; `ok` says what came of it.
  private func post(_ message: Message, _ slack: Connector) throws(ProviderFailure) -> ActionOutcome {
    let response = try slack.send(
      "/chat.postMessage", ["channel": .string(message.channel), "text": .string(message.text)])
    let answer = try slack.json(response)
    guard answer["ok"]?.boolValue == true else {
      let code = answer["error"]?.stringValue ?? "no reason given"
      throw slack.refusal(
        saying: code, advice: Self.advice(for: code), isOfContent: !Self.tokenProblems.contains(code))
    }
    return .completed(
      result: [
        "channel": answer["channel"] ?? .string(message.channel), "ts": answer["ts"] ?? .null, "via": "bot",
      ], changes: [])
  }

  private static let tokenProblems: Set<String> = [
    "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope",
  ]

  private static func advice(for code: String) -> String {
    switch code {
    case "channel_not_found", "is_archived": "Name a channel that is there, by its id or as #name."
    case "not_in_channel": "Invite the bot into the channel."
    case "missing_scope": "Give the bot the scope chat:write."
    default: tokenProblems.contains(code) ? "Check SLACK_BOT_TOKEN, then queue a new action." : ""
    }
  }

  private func drop(_ message: Message, _ slack: Connector) throws(ProviderFailure) -> ActionOutcome {
    _ = try slack.send("", ["text": .string(message.text)], authentication: .none)
    return .completed(
      result: ["channel": .string(message.channel), "via": "webhook", "notice": .string(Self.webhookNotice)],
      changes: [])
  }
}
