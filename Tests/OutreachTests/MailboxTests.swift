import Outreach
import Testing

@Suite("Mailbox")
struct MailboxTests {
  @Test(
    "ordinary and international addresses are taken as they are",
    arguments: [
      "ada@example.com", "a.b+tag@sub.example.co.uk", "o'neil@example.ie", "x@localhost", "user_1@host-2.example",
      "jörg@müller.example", "用户@例え.jp", "नाम@example.in", "a@1.example", "A@EXAMPLE.COM",
    ])
  func accepted(address: String) throws {
    let mailbox = try Mailbox(address: address, field: "email")
    #expect(mailbox.address == address)
    #expect(mailbox.needsUTF8 == !address.utf8.allSatisfy { $0 < 128 })
  }

  @Test(
    "everything else is refused and names its field",
    arguments: [
      "", "@", "a", "a@", "@b", "a@b@c", "a b@c", "a@b c", "a,b@c", "a@b,c@d", "a@b;c@d", "a@b, c@d", "<a@b>", "a@b>",
      "\"a b\"@c", "\"a@b\"@c", "a@[127.0.0.1]", "(x)a@b", "a@b(x)", ".a@b", "a.@b", "a..b@c", "a@.b", "a@b.", "a@b..c",
      "a@-b", "a@b-", "a@b_c", "a@b\r\nBcc: c@d", "a\n@b", "a@b\u{0}", "a\u{200B}@b", "a@b\u{202E}c", "a\u{3000}b@c",
      "a＠b", "a@b\u{7F}", "a:b@c", "a\\@b", String(repeating: "a", count: 65) + "@b",
      "a@" + String(repeating: "b", count: 64), "a@" + String(repeating: "b.", count: 130) + "c", "a@💩.example",
    ])
  func refused(address: String) {
    #expect(#expect(throws: FieldError.self) { try Mailbox(address: address, field: "cc") }?.field == "cc")
  }

  @Test("a name may stand before an address in angle brackets")
  func parsing() throws {
    let plain = try Mailbox(parsing: "Ada Lovelace <ada@example.com>", field: "sender")
    #expect(plain.name == "Ada Lovelace")
    #expect(plain.address == "ada@example.com")
    #expect(try Mailbox(parsing: "\"Lovelace, Ada\" <ada@example.com>", field: "sender").name == "Lovelace, Ada")
    #expect(try Mailbox(parsing: "<ada@example.com>", field: "sender").name.isEmpty)
    #expect(try Mailbox(parsing: "ada@example.com", field: "sender").domain == "example.com")
  }

  @Test(
    "a name can't smuggle headers or addresses",
    arguments: ["a\r\nBcc: x@y.z <a@b>", "a\u{0} <a@b>", "a@b, c <d@e>, f <g@h>x", "x <a@b> <", "a@b>, <c@d,e@f>"])
  func hostileNames(text: String) {
    #expect(throws: FieldError.self) { try Mailbox(parsing: text, field: "sender") }
  }

  @Test("a name of absurd length is refused")
  func longName() {
    #expect(throws: FieldError.self) {
      try Mailbox(name: String(repeating: "n", count: 400), address: "a@b", field: "from")
    }
  }
}
