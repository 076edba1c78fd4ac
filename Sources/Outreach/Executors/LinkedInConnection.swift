internal import JSON
internal import Operations
public import Service

/// Prepares a connection request for a person to send: LinkedIn offers programs no way to do it.
public struct LinkedInConnection: ActionExecutor {
  /// The action's type.
  public let type = ActionType.linkedInConnection.name

  /// The longest note that LinkedIn lets go with a request.
  private static let noteLimit = 300

  /// Creates the executor.
  public init() {}

  /// Hands back a task with the profile's address and the text; the request itself is not sent.
  public func perform(_ action: ClaimedAction) -> ActionOutcome {
    outcome(of: action) { parameters throws(FieldError) in
      let request = try Request(parameters)
      return .completed(
        result: [
          "linkedin_url": .string(request.url), "sent": false,
          "notice": "LinkedIn lets no program send requests: the task holds the address and the text for a person.",
        ],
        changes: [
          .createTask(
            title: "Send a LinkedIn connection request", details: request.details, due: nil,
            contactID: try parameters.contactID())
        ])
    }
  }

  /// The task.
  public func preview(_ action: ClaimedAction) -> ActionPreview {
    content(of: action) { parameters throws(FieldError) in
      let request = try Request(parameters)
      return ["task": "Send a LinkedIn connection request", "details": .string(request.details), "sent": false]
    }
  }

  private struct Request {
    let url: String
    let details: String

    init(_ parameters: Parameters) throws(FieldError) {
      url = try parameters.text("linkedin_url")
      guard Self.isProfile(url) else {
        throw FieldError("linkedin_url", "must be a profile's address, like https://www.linkedin.com/in/name")
      }
      let note = try parameters.optionalText("message") ?? ""
      guard note.unicodeScalars.count <= LinkedInConnection.noteLimit else {
        throw FieldError("message", "has more than \(LinkedInConnection.noteLimit) characters, LinkedIn's limit")
      }
      details = note.isEmpty ? "Open \(url) and connect, without a note." : "Open \(url), connect, and add:\n\n\(note)"
    }

    private static func isProfile(_ url: String) -> Bool {
      let text = url.lowercased()
      guard text.hasPrefix("https://") || text.hasPrefix("http://") else { return false }
      guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { return false }
      let host = text.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "/" }
      return host == "linkedin.com" || host.hasSuffix(".linkedin.com")
    }
  }
}
