internal import JSON
internal import Operations
public import Platform
public import Service

/// Hands an e-mail to a program that sends, or writes it into a Maildir outbox, from where one takes it.
///
/// In the outbox a message is named after its action's claim, so that one claim never becomes two messages as long as the first
/// still lies in `new`.
public struct EmailMessage: ActionExecutor {
  /// The action's type.
  public let type = ActionType.emailMessage.name
  private let outbox: Maildir
  private let sendmail: Sendmail?
  private let sender: Mailbox?
  private let uses: (any ConnectorUses)?
  private let clock: any Clock
  private let token: @Sendable () -> String

  /// Creates the executor.
  ///
  /// - Parameters:
  ///   - outbox: the Maildir's folder; made with mode 0700 when it is missing.
  ///   - sendmail: the path of a `sendmail`-compatible program that gets the message instead.
  ///   - sender: the address for identities that have none; without it, the user at this computer.
  ///   - uses: told how each use of that program went.
  ///   - clock: dates the messages.
  ///   - token: gives an unguessable text of letters and digits, a new one on each call.
  public init(
    outbox: String, sendmail: String? = nil, sender: Mailbox?, uses: (any ConnectorUses)? = nil,
    clock: any Clock = SystemClock(),
    token: @escaping @Sendable () -> String = { EmailMessage.randomToken() }
  ) {
    self.outbox = Maildir(path: outbox)
    self.sendmail = sendmail.map { Sendmail(path: $0) }
    self.sender = sender
    self.uses = uses
    self.clock = clock
    self.token = token
  }

  /// 128 bits from the system's secure source, in hexadecimal.
  public static func randomToken() -> String {
    var generator = SystemRandomNumberGenerator()
    let halves = [generator.next(), generator.next()] as [UInt64]
    return halves.map { half in
      let digits = String(half, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// Hands the message over and gives back what the thread list needs.
  public func perform(_ action: ClaimedAction) -> ActionOutcome {
    outcome(of: action) { parameters throws(FieldError) in
      var message = try compose(parameters, from: try sender(for: action.identity))
      let bytes = try message.encoded(boundary: token)
      let threadID = try parameters.optionalText("thread_id")
      let contactID = try parameters.contactID()
      var result: JSONObject
      if let sendmail {
        let failure = sendmail.send(bytes, from: message.from, cancellation: action.cancellation)
        uses?.recordUse(of: "sendmail", failure: failure)
        if let failure { return .failed(failure) }
        result = Self.result(of: message)
        result["via"] = "sendmail"
      } else {
        let path: String
        switch deliver(bytes, action) {
        case .failure(let failure): return .failed(failure.reason)
        case .success(let delivery):
          path = delivery.path
          if !delivery.isNew, let first = Self.messageID(inFile: path) { message.messageID = first }
        }
        result = Self.result(of: message)
        result["path"] = .string(path)
      }
      if let threadID { result["thread_id"] = .string(threadID) }
      if action.identity.email == nil { result["notice"] = .string(Self.fallbackNotice(for: action.identity)) }
      let mail = SentMail(
        threadID: threadID, messageID: message.messageID, references: message.references, subject: message.subject,
        contactID: contactID)
      return .completed(result: result, changes: [.recordMail(mail)])
    }
  }

  /// The message as its reader would get it.
  public func preview(_ action: ClaimedAction) -> ActionPreview {
    content(of: action) { parameters throws(FieldError) in
      let message = try compose(parameters, from: try sender(for: action.identity))
      var content: JSONObject = [
        "from": .string(message.from.text), "to": .string(Self.text(message.to)), "subject": .string(message.subject),
        "text": .string(message.text),
      ]
      if !message.cc.isEmpty { content["cc"] = .string(Self.text(message.cc)) }
      if !message.bcc.isEmpty { content["bcc"] = .string(Self.text(message.bcc)) }
      content["html"] = message.html.map { .string($0) }
      return content
    }
  }

  private static func text(_ mailboxes: [Mailbox]) -> String { mailboxes.map(\.text).joined(separator: ", ") }

  private func deliver(_ bytes: [UInt8], _ action: ClaimedAction) -> Result<Maildir.Delivery, ProviderFailure> {
    do {
      return .success(try outbox.deliver(bytes, as: Self.fileName(of: action), draft: "bound-mcp.\(token())"))
    } catch {
      return .failure(
        ProviderFailure(
          reason: "The message could not be put into the outbox \(outbox.path): \(error). Nothing was sent. Make the "
            + "folder writable, or choose another with --outbox or BOUND_MCP_OUTBOX, then queue a new action."))
    }
  }

  private func compose(_ parameters: Parameters, from sender: Mailbox) throws(FieldError) -> MailMessage {
    // A host's name outside ASCII would make the id, too, depend on SMTPUTF8.
    let host = sender.domain.utf8.allSatisfy { $0 < 0x80 } ? sender.domain : "localhost"
    var message = MailMessage(
      from: sender, to: [try Mailbox(parsing: parameters.text("email"), field: "email")],
      subject: try parameters.text("subject"), text: try parameters.text("message"), date: clock.now(),
      messageID: "<\(token())@\(host)>")
    message.html = try parameters.optionalText("html")
    message.cc = try Self.mailboxes("cc", parameters)
    message.bcc = try Self.mailboxes("bcc", parameters)
    if let parent = try parameters.optionalText("in_reply_to_message_id") {
      message.inReplyTo = try MessageID.normalized(parent, field: "in_reply_to_message_id")
    }
    for reference in try parameters.texts("references") {
      for id in reference.split(separator: " ") {
        message.references.append(try MessageID.normalized(String(id), field: "references"))
      }
    }
    if message.references.isEmpty, let parent = message.inReplyTo { message.references = [parent] }
    return message
  }

  private static func mailboxes(_ field: String, _ parameters: Parameters) throws(FieldError) -> [Mailbox] {
    var mailboxes: [Mailbox] = []
    for text in try parameters.texts(field) { mailboxes.append(try Mailbox(parsing: text, field: field)) }
    return mailboxes
  }

  /// The identity's own address; else the configured sender under the identity's name; else the user at this computer.
  private func sender(for identity: ClaimedAction.Sender) throws(FieldError) -> Mailbox {
    if let email = identity.email { return try Mailbox(name: identity.name, address: email, field: "identity") }
    let name = identity.name.isEmpty ? sender?.name ?? "" : identity.name
    return try Mailbox(name: name, address: sender?.address ?? Self.localAddress, field: "identity")
  }

  private static var localAddress: String {
    let host = Mailbox.isHostName(Machine.hostName) ? Machine.hostName : "localhost"
    let address = "\(Machine.userName)@\(host)"
    return (try? Mailbox(address: address, field: "")) == nil ? "user@\(host)" : address
  }

  private static func fallbackNotice(for identity: ClaimedAction.Sender) -> String {
    "The identity \(identity.id) has no mail address, so the message comes from the sender of this installation; "
      + "--sender or BOUND_MCP_SENDER sets it."
  }

  private static func result(of message: MailMessage) -> JSONObject {
    func addresses(_ mailboxes: [Mailbox]) -> JSONValue { .array(mailboxes.map { .string($0.address) }) }
    var result: JSONObject = [
      "message_id": .string(message.messageID), "from": .string(message.from.address),
      "to": .string(message.to.map(\.address).joined(separator: ", ")), "subject": .string(message.subject),
    ]
    if !message.cc.isEmpty { result["cc"] = addresses(message.cc) }
    if !message.bcc.isEmpty { result["bcc"] = addresses(message.bcc) }
    if let parent = message.inReplyTo { result["in_reply_to"] = .string(parent) }
    let all = message.to + message.cc + message.bcc + [message.from]
    if all.contains(where: \.needsUTF8) { result["needs_smtputf8"] = true }
    return result
  }

  /// The same for the same claim, and known to no other: action ids are unguessable.
  ///
  /// `.eml` lets a person open the file; Maildir leaves names to the writer.
  private static func fileName(of action: ClaimedAction) -> String {
    let id = action.id.utf8.prefix(80).map { byte -> UInt8 in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        byte
      default: UInt8(ascii: "-")
      }
    }
    return "\(String(decoding: id, as: UTF8.self)).\(action.claim).eml"
  }

  /// The id of a message that lies in the outbox already.
  private static func messageID(inFile path: String) -> String? {
    guard let start = try? Files.read(path, limit: 64 << 20) else { return nil }
    let lines = start.split { $0 == 13 || $0 == 10 }
    let name = "Message-ID: "
    return lines.first { $0.starts(with: name.utf8) }.map { String(decoding: $0.dropFirst(name.count), as: UTF8.self) }
  }
}
