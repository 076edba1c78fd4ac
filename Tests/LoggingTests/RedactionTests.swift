import Logging
import Testing

@Suite("Redaction")
struct RedactionTests {
  @Test(
    "keys and addresses do not reach the log",
    arguments: [
      ("key gtm_sk_0123456789abcdef used", "key [secret] used"),
      ("Authorization: Bearer abcdefghij", "Authorization: Bearer [secret]"),
      ("mail to <ada@example.com>, later", "mail to <[address]>, later"),
      ("token=xoxb-123456789012-abc", "token=[secret]"),
    ])
  func redacts(text: String, expected: String) {
    #expect(Redaction.redact(text) == expected)
  }

  @Test("plain words stay")
  func keepsPlainText() {
    #expect(Redaction.redact("3 actions, 2 runs (sk_ alone, @ alone)") == "3 actions, 2 runs (sk_ alone, @ alone)")
  }

  @Test("one event is one line, with no terminal escapes")
  func oneLine() {
    #expect(Redaction.redact("first\nsecond\u{1B}[31m\r") == "first second [31m ")
  }
}
