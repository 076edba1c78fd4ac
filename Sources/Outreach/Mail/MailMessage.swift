public import Platform

/// A mail as it goes into the outbox, and its bytes (RFC 5322, MIME).
///
/// The header holds Bcc: the outbox is for a program that sends (`sendmail -t`), which reads the recipients from the
/// header and takes Bcc out.
public struct MailMessage: Sendable {
  /// Who sends it.
  public var from: Mailbox
  /// Who it is for.
  public var to: [Mailbox]
  /// Who gets a copy.
  public var cc: [Mailbox] = []
  /// Who gets a copy without the others knowing.
  public var bcc: [Mailbox] = []
  /// The subject, on one line.
  public var subject: String
  /// The text; any line ends.
  public var text: String
  /// The same as HTML; nil for a message of text alone.
  public var html: String?
  /// When it was written.
  public var date: Timestamp
  /// Its own id, with angle brackets.
  public var messageID: String
  /// The message that it answers, with angle brackets.
  public var inReplyTo: String?
  /// The messages before it, oldest first, with angle brackets.
  public var references: [String] = []

  /// The longest subject in bytes of UTF-8.
  public static let subjectLimit = 4000
  /// The most ids that go into References: the first and the newest ones (as RFC 5537, 3.4.4 allows).
  public static let referenceLimit = 20

  /// Creates a message of text; see the properties.
  public init(
    from: Mailbox, to: [Mailbox], subject: String, text: String, date: Timestamp, messageID: String
  ) {
    self.from = from
    self.to = to
    self.subject = subject
    self.text = text
    self.date = date
    self.messageID = messageID
  }

  /// The message's bytes, lines ended by CRLF.
  ///
  /// - Parameter boundary: gives a new unguessable text on each call, letters and digits; asked until one separates
  ///   the parts.
  public func encoded(boundary: () -> String) throws(FieldError) -> [UInt8] {
    try FieldError.checkHeaderText(subject, field: "subject")
    guard subject.utf8.count <= Self.subjectLimit else {
      throw FieldError("subject", "is \(subject.utf8.count) bytes long; at most \(Self.subjectLimit) are possible")
    }
    let ids = try threadIDs()
    let plain = try BodyPart(text, field: "message")
    let rich: BodyPart? = if let html { try BodyPart(html, field: "html") } else { nil }
    var header = HeaderWriter()
    header.words("Date", [date.rfc5322])
    header.mailboxes("From", [from])
    header.words("Message-ID", [ids.own])
    for (name, mailboxes) in [("To", to), ("Cc", cc), ("Bcc", bcc)] where !mailboxes.isEmpty {
      header.mailboxes(name, mailboxes)
    }
    if let inReplyTo = ids.inReplyTo { header.words("In-Reply-To", [inReplyTo]) }
    if !ids.references.isEmpty { header.words("References", ids.references) }
    header.text("Subject", subject)
    header.line("MIME-Version: 1.0")
    guard let rich else { return header.ended(by: plain, as: "plain") }
    return Self.alternative(plain, rich, below: header, boundary)
  }

  private func threadIDs() throws(FieldError) -> (own: String, inReplyTo: String?, references: [String]) {
    let own = try MessageID.normalized(messageID, field: "message_id")
    let parent: String? =
      if let inReplyTo { try MessageID.normalized(inReplyTo, field: "in_reply_to_message_id") } else { nil }
    var chain: [String] = []
    for reference in references { chain.append(try MessageID.normalized(reference, field: "references")) }
    if chain.count > Self.referenceLimit { chain = [chain[0]] + chain.suffix(Self.referenceLimit - 1) }
    return (own, parent, chain)
  }

  private static func alternative(
    _ plain: BodyPart, _ rich: BodyPart, below header: consuming HeaderWriter, _ newBoundary: () -> String
  ) -> [UInt8] {
    // "=_" can't occur in quoted-printable (RFC 2045, 6.7); a text sent as it is could hold anything.
    var boundary = "=_\(newBoundary())"
    while plain.contains(boundary) || rich.contains(boundary) { boundary = "=_\(newBoundary())" }
    header.words("Content-Type", ["multipart/alternative;", "boundary=\"\(boundary)\""])
    header.line("")
    for (part, subtype) in [(plain, "plain"), (rich, "html")] {
      header.line("--\(boundary)")
      header.body(part, as: subtype)
    }
    header.line("--\(boundary)--")
    return header.bytes
  }
}

/// Names of messages, `<left@right>` (RFC 5322, 3.6.4).
enum MessageID {
  /// The id with its angle brackets, which some sources leave out.
  static func normalized(_ text: String, field: String) throws(FieldError) -> String {
    try FieldError.checkHeaderText(text, field: field)
    let hasBrackets = text.utf8.first == UInt8(ascii: "<") && text.utf8.last == UInt8(ascii: ">")
    let inner = hasBrackets ? text.dropFirst().dropLast() : text[...]
    let isOne = inner.utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">") }
    guard isOne, (3...900).contains(inner.utf8.count), inner.utf8.dropFirst().dropLast().contains(UInt8(ascii: "@"))
    else { throw FieldError(field, "holds \"\(text.prefix(80))\", which is not a message id like <name@example.com>") }
    return "<\(inner)>"
  }
}

extension HeaderWriter {
  /// The whole message when it has one part.
  fileprivate consuming func ended(by part: BodyPart, as subtype: String) -> [UInt8] {
    body(part, as: subtype)
    return bytes
  }

  fileprivate mutating func body(_ part: BodyPart, as subtype: String) {
    line("Content-Type: text/\(subtype); charset=utf-8")
    line("Content-Transfer-Encoding: \(part.encoding)")
    line("")
    append(part.bytes)
  }
}

extension BodyPart {
  fileprivate func contains(_ text: String) -> Bool {
    let wanted = Array(text.utf8)
    guard let first = wanted.first else { return true }
    return bytes.indices.contains { bytes[$0] == first && bytes[$0...].starts(with: wanted) }
  }
}
