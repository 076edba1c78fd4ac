internal import HTTP
internal import JSON
internal import Operations
public import Service

/// Sends a transactional e-mail with Resend.
public struct ResendSendEmail: ActionExecutor {
  /// The action's type.
  public let type = ActionType.resendSendEmail.name
  private let resend: Connector

  /// Creates the executor.
  public init(_ resend: Connector) { self.resend = resend }

  /// Sends it under the action's own key, so that Resend takes it once even when it is asked twice.
  public func perform(_ action: ClaimedAction) -> ActionOutcome {
    outcome(of: action) { parameters throws(FieldError) in
      let mail = try Self.mail(parameters, action)
      let resend = resend.serving(action)
      return resend.outcome { () throws(ProviderFailure) in
        let response = try resend.send(
          "/emails", mail, headers: [("Idempotency-Key", action.id)], isSafeToRepeat: true)
        return try resend.created(response, with: ["to": mail["to"] ?? .null, "subject": mail["subject"] ?? .null])
      }
    }
  }

  /// The mail as Resend would get it.
  public func preview(_ action: ClaimedAction) -> ActionPreview {
    content(of: action) { parameters throws(FieldError) in try Self.mail(parameters, action) }
  }

  private static func mail(_ parameters: Parameters, _ action: ClaimedAction) throws(FieldError) -> JSONObject {
    _ = try Mailbox(parsing: parameters.text("from"), field: "from")
    let recipients = try parameters.texts("to")
    guard !recipients.isEmpty else { throw FieldError("to", "is missing") }
    for recipient in recipients { _ = try Mailbox(parsing: recipient, field: "to") }
    _ = try parameters.text("subject")
    try parameters.requireText(beside: ["html", "text"])
    return ResendBody.of(action)
  }
}

/// Adds a contact to an audience of Resend's.
public struct ResendCreateContact: ActionExecutor {
  /// The action's type.
  public let type = ActionType.resendCreateContact.name
  private let resend: Connector

  /// Creates the executor.
  public init(_ resend: Connector) { self.resend = resend }

  /// Adds it.
  public func perform(_ action: ClaimedAction) -> ActionOutcome {
    outcome(of: action) { parameters throws(FieldError) in
      let audience = try ResendBody.pathPart(parameters, "audience_id")
      let contact = try Self.contact(parameters, action)
      let resend = resend.serving(action)
      return resend.outcome { () throws(ProviderFailure) in
        // The older of Resend's two ways, which is the one that takes an audience.
        let response = try resend.send("/audiences/\(audience)/contacts", contact)
        return try resend.created(
          response, with: ["audience_id": .string(audience), "email": contact["email"] ?? .null])
      }
    }
  }

  /// The contact as Resend would get it.
  public func preview(_ action: ClaimedAction) -> ActionPreview {
    content(of: action) { parameters throws(FieldError) in
      var content: JSONObject = ["audience_id": .string(try ResendBody.pathPart(parameters, "audience_id"))]
      for (name, value) in try Self.contact(parameters, action) { content[name] = value }
      return content
    }
  }

  private static func contact(_ parameters: Parameters, _ action: ClaimedAction) throws(FieldError) -> JSONObject {
    _ = try Mailbox(address: parameters.text("email"), field: "email")
    var contact = ResendBody.of(action)
    contact["audience_id"] = nil
    return contact
  }
}

/// Creates a broadcast to an audience of Resend's.
public struct ResendCreateBroadcast: ActionExecutor {
  /// The action's type.
  public let type = ActionType.resendCreateBroadcast.name
  private let resend: Connector

  /// Creates the executor.
  public init(_ resend: Connector) { self.resend = resend }

  /// Creates it.
  public func perform(_ action: ClaimedAction) -> ActionOutcome {
    outcome(of: action) { parameters throws(FieldError) in
      let broadcast = try Self.broadcast(parameters, action)
      let resend = resend.serving(action)
      return resend.outcome { () throws(ProviderFailure) in
        let response = try resend.send("/broadcasts", broadcast)
        return try resend.created(
          response,
          with: ["audience_id": broadcast["audience_id"] ?? .null, "notice": .string(Self.notice(broadcast))])
      }
    }
  }

  /// The broadcast as Resend would get it.
  public func preview(_ action: ClaimedAction) -> ActionPreview {
    content(of: action) { parameters throws(FieldError) in
      var content = try Self.broadcast(parameters, action)
      content["notice"] = .string(Self.notice(content))
      return content
    }
  }

  private static func broadcast(_ parameters: Parameters, _ action: ClaimedAction) throws(FieldError) -> JSONObject {
    _ = try parameters.text("audience_id")
    _ = try Mailbox(parsing: parameters.text("from"), field: "from")
    _ = try parameters.text("subject")
    try parameters.requireText(beside: ["html", "text"])
    return ResendBody.of(action)
  }

  private static func notice(_ broadcast: JSONObject) -> String {
    broadcast["send"]?.boolValue == true
      ? "It is sent to the whole audience at once, or when scheduled_at says."
      : "It is a draft: nobody gets it until a person sends it in Resend."
  }
}

/// What Resend's requests have in common.
private enum ResendBody {
  /// The action's parameters, which have the provider's own names; but for null members and the link to a contact of
  /// the workspace.
  static func of(_ action: ClaimedAction) -> JSONObject {
    JSONObject(action.params.lazy.filter { !$0.value.isNull && $0.key != "contact_id" }.map { ($0.key, $0.value) })
  }

  /// A text that may stand in a path as it is.
  static func pathPart(_ parameters: Parameters, _ name: String) throws(FieldError) -> String {
    let text = try parameters.text(name)
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    guard isPlain, text.utf8.count <= 100 else {
      throw FieldError(name, "must be an id of letters, digits and hyphens")
    }
    return text
  }
}

extension Connector {
  /// What a request that makes something gives back: its id.
  fileprivate func created(
    _ response: HTTPResponse, with facts: JSONObject
  ) throws(ProviderFailure) -> ActionOutcome {
    let answer = try json(response)
    var result: JSONObject = ["id": answer["id"] ?? .null]
    for (name, value) in facts where !value.isNull { result[name] = value }
    return .completed(result: result, changes: [])
  }
}

extension Parameters {
  /// One of these must be there and not be blank.
  fileprivate func requireText(beside names: [String]) throws(FieldError) {
    for name in names {
      if let text = try optionalText(name), text.utf8.contains(where: { $0 > 32 }) { return }
    }
    throw FieldError(names[0], "or \(names.dropFirst().joined(separator: ", ")) must be given")
  }
}
