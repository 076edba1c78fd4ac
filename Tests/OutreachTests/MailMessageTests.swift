import Outreach
import Platform
import Testing

@Suite("Mail message")
struct MailMessageTests {
  private func message(_ change: (inout MailMessage) throws -> Void = { _ in }) throws -> MailMessage {
    var message = MailMessage(
      from: try Mailbox(name: "Grace Hopper", address: "grace@example.com", field: "from"),
      to: [try Mailbox(address: "ada@example.org", field: "to")], subject: "Following up", text: "Hi Ada,\n\nbye\n",
      date: Timestamp(milliseconds: 1_795_249_800_000), messageID: "<1@example.com>")
    try change(&message)
    return message
  }

  private func read(_ change: (inout MailMessage) throws -> Void = { _ in }) throws -> MessageReader {
    try MessageReader(message(change).encoded { "b0undary" })
  }

  private func refusal(_ change: (inout MailMessage) throws -> Void) -> FieldError? {
    #expect(throws: FieldError.self) { try message(change).encoded { "b0undary" } }
  }

  @Test("a short ASCII message is written plainly, byte for byte")
  func plain() throws {
    let bytes = try message().encoded { "" }
    #expect(
      String(decoding: bytes, as: UTF8.self)
        == [
          "Date: Sat, 21 Nov 2026 08:30:00 +0000", "From: Grace Hopper <grace@example.com>",
          "Message-ID: <1@example.com>", "To: ada@example.org", "Subject: Following up", "MIME-Version: 1.0",
          "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 7bit", "", "Hi Ada,", "", "bye", "",
        ].joined(separator: "\r\n"))
  }

  @Test("copies and hidden copies are in the header")
  func copies() throws {
    let reader = try read { message in
      message.cc = try (0..<20).map { try Mailbox(name: "Copy \($0)", address: "copy\($0)@example.org", field: "cc") }
      message.bcc = [try Mailbox(address: "boss@example.com", field: "bcc")]
    }
    let copies = try #require(try reader.field("Cc"))
    #expect(copies.split(separator: ",").count == 20)
    #expect(copies.hasPrefix("Copy 0 <copy0@example.org>, Copy 1 <copy1@example.org>,"))
    #expect(try reader.field("Bcc") == "boss@example.com")
  }

  @Test("threading headers name the parent and the chain, folded")
  func threading() throws {
    let ids = (0..<8).map { "<message-\($0)@mail.example.org>" }
    let reader = try read { message in
      message.inReplyTo = "message-7@mail.example.org"
      message.references = ids
    }
    #expect(try reader.field("In-Reply-To") == ids[7])
    #expect(try reader.field("References") == ids.joined(separator: " "))
  }

  @Test("a long chain keeps its first and its newest messages")
  func longChain() throws {
    let ids = (0..<500).map { "<\($0)@example.org>" }
    let reader = try read { $0.references = ids }
    let kept = try #require(try reader.field("References")).split(separator: " ").map(String.init)
    #expect(kept == [ids[0]] + ids.suffix(MailMessage.referenceLimit - 1))
  }

  @Test(
    "any subject arrives as it was written",
    arguments: [
      "Grüße aus Köln", "価格についてのご質問", "👩‍👩‍👧‍👦 family", "two  spaces", " leading", "trailing ", "", "=?utf-8?Q?no?=",
      "a question=?", String(repeating: "x", count: 500), String(repeating: "é", count: 900),
      String(repeating: "word ", count: 60) + "end", "100% \"quoted\" (comment) <a@b>, c; d: e\\f",
      String(repeating: "Straße ", count: 40), "e" + String(repeating: "\u{301}", count: 300),
    ])
  func subjects(subject: String) throws {
    let reader = try read { $0.subject = subject }
    #expect(try Array((reader.text("Subject") ?? "").utf8) == Array(subject.utf8))
    let lines = try message { $0.subject = subject }.encoded { "" }.split(separator: 10)
    #expect(lines.allSatisfy { $0.count <= 78 })
  }

  @Test(
    "any display name arrives as it was written",
    arguments: [
      "Ada", "Ada Lovelace", "Lovelace, Ada", "Ada \"Countess\" Lovelace", "back\\slash", "Ada King-Noël", "山田 太郎",
      "John Q. Public", "a@b", "=?x?=", String(repeating: "long ", count: 60) + "name", "two  spaces", "(comment)",
    ])
  func names(name: String) throws {
    let reader = try read { $0.from = try Mailbox(name: name, address: "ada@example.org", field: "from") }
    let value = try #require(try reader.text("From"))
    try #require(value.hasSuffix(" <ada@example.org>"))
    var shown = String(value.dropLast(" <ada@example.org>".count))
    if shown.hasPrefix("\"") {
      shown = String(shown.dropFirst().dropLast())
      shown =
        shown.reduce(into: ("", false)) { result, next in
          if next == "\\" && !result.1 { result.1 = true } else { result = (result.0 + String(next), false) }
        }.0
    }
    #expect(shown == name)
  }

  @Test(
    "any text arrives as it was written, with its line ends made one kind",
    arguments: [
      "plain", "", "\n", "a\rb\r\nc\nd", ".", "..\n.\n.hidden", "From me to you\nFrom", " trailing \nspace\t\n",
      "Grüße = 100%", String(repeating: "x", count: 100_000), String(repeating: "ü", count: 50_000),
      String(repeating: "a. b ", count: 2000), "=3D=\n=", "tab\there", "\u{1B}[31mred", "line\u{2028}separator",
      String(repeating: ".", count: 300), String(repeating: "From ", count: 100),
    ])
  func texts(text: String) throws {
    let reader = try read { $0.text = text }
    #expect(try reader.decodedBody() == Self.normalized(text))
  }

  /// CRLF for each kind of line end, and one at the end of what is not empty.
  private static func normalized(_ text: String) -> String {
    var result: [UInt8] = []
    let bytes = Array(text.utf8)
    for (index, byte) in bytes.enumerated() {
      if byte == 10 && index > 0 && bytes[index - 1] == 13 { continue }
      result += byte == 10 || byte == 13 ? [13, 10] : [byte]
    }
    if !result.isEmpty && result.last != 10 { result += [13, 10] }
    return String(decoding: result, as: UTF8.self)
  }

  @Test("HTML goes beside the text as an alternative")
  func html() throws {
    let reader = try read { message in
      message.text = "Grüße"
      message.html = "<p>Grüße</p>\n.\n--b0undary\n--=_b0undary"
    }
    let parts = try reader.parts()
    try #require(parts.count == 2)
    #expect(try parts[0].field("Content-Type") == "text/plain; charset=utf-8")
    #expect(try parts[0].decodedBody().hasPrefix("Grüße"))
    #expect(try parts[1].field("Content-Type") == "text/html; charset=utf-8")
    #expect(try parts[1].decodedBody().hasPrefix("<p>Grüße</p>\r\n.\r\n--b0undary\r\n--=_b0undary"))
  }

  @Test("a boundary that occurs in a part is not used")
  func boundary() throws {
    var message = try message()
    message.text = "--=_first\n"
    message.html = "--=_second\n"
    var tokens = ["first", "second", "third"]
    let reader = try MessageReader(message.encoded { tokens.removeFirst() })
    #expect(tokens.isEmpty)
    #expect(try reader.field("Content-Type") == "multipart/alternative; boundary=\"=_third\"")
    #expect(try reader.parts().count == 2)
  }

  @Test(
    "a subject that could add headers, or hide in them, is refused",
    arguments: [
      "a\r\nBcc: x@example.com", "a\nb", "a\rb", "a\u{0}b", "a\tb", "a\u{7F}", "a\u{85}b", "a\u{9B}b", "a\u{2028}b",
      "\n", "a\u{1B}[0m",
    ])
  func hostileSubject(subject: String) {
    #expect(refusal { $0.subject = subject }?.field == "subject")
  }

  @Test("an oversized subject is refused, with the limit")
  func hugeSubject() {
    let error = refusal { $0.subject = String(repeating: "x", count: 100_000) }
    #expect(error?.field == "subject")
    #expect(error?.problem.contains("4000") == true)
  }

  @Test("NUL in a text is refused", arguments: ["\u{0}", "a\u{0}"])
  func hostileText(text: String) {
    #expect(refusal { $0.text = text }?.field == "message")
    #expect(refusal { $0.html = text }?.field == "html")
  }

  @Test(
    "what is not one message id is refused",
    arguments: [
      "", "<>", "no at", "<a@b", "a@b>", "<a@b> <c@d>", "a@b\r\nX: y", "<a\u{0}@b>", "@", "a@", "@b",
      "<" + String(repeating: "a", count: 1000) + "@b>",
    ])
  func hostileIDs(id: String) {
    #expect(refusal { $0.inReplyTo = id }?.field == "in_reply_to_message_id")
    #expect(refusal { $0.references = ["<a@b>", id] }?.field == "references")
    #expect(refusal { $0.messageID = id }?.field == "message_id")
  }
}
