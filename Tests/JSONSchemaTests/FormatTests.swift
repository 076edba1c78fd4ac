import JSON
import JSONSchema
import Testing

private func accepts(_ text: String, _ format: Schema.Format) -> Bool {
  let schema = CompiledSchema(.object([.required("a", .string(format: format))]))
  return (try? schema.validate(["a": .string(text)])) != nil
}

@Suite("Formats")
struct FormatTests {
  @Test(
    "mailboxes are accepted",
    arguments: [
      "ada@example.com", "a.b+c_d@sub.example.co.uk", "o'brien@example.org", "jürgen@exämple.de", "x@1.example",
      "!#$%&'*+-/=?^_`{|}~@example.org",
    ])
  func goodMail(_ text: String) { #expect(accepts(text, .email)) }

  @Test(
    "what is no mailbox is refused",
    arguments: [
      "", "ada", "ada@", "@example.com", "ada@example", "ada@@example.com", "ada@example..com", ".ada@example.com",
      "ada.@example.com", "a da@example.com", "ada@example.com\r\nBcc: eve@example.com", "ada@-example.com",
      " ", "Ada <ada@example.com>", "ada@exam_ple.com", "ada,eve@example.com", "ada@[127.0.0.1]",
    ])
  func badMail(_ text: String) { #expect(!accepts(text, .email)) }

  @Test(
    "blanks around a mailbox are taken off, and only there", arguments: [" ada@example.com", "ada@example.com\u{A0}\n"])
  func blanks(_ text: String) throws {
    let schema = CompiledSchema(.object([.required("a", .string(format: .email)), .optional("b", .string())]))
    #expect(
      try schema.validate(["a": .string(text), "b": .string(text)]) == ["a": "ada@example.com", "b": .string(text)])
  }

  @Test("a mailbox longer than RFC 5321 allows is refused")
  func longMail() {
    #expect(accepts(String(repeating: "a", count: 64) + "@example.com", .email))
    #expect(!accepts(String(repeating: "a", count: 65) + "@example.com", .email))
    #expect(!accepts("a@" + String(repeating: "a.", count: 130) + "com", .email))
  }

  @Test(
    "ISO 8601 dates and times are accepted",
    arguments: ["2026-11-21", "2026-11-21T08:30", "2026-11-21T08:30:00Z", "2026-11-21T08:30:00.5+02:00"])
  func goodTime(_ text: String) { #expect(accepts(text, .dateTime)) }

  @Test("other times are refused", arguments: ["", "tomorrow", "21.11.2026", "2026-13-01", "2026-11-21T25:00", "0"])
  func badTime(_ text: String) { #expect(!accepts(text, .dateTime)) }

  @Test("web addresses", arguments: ["https://www.linkedin.com/in/ada", "http://x", "HTTPS://Example.com/?q=1"])
  func goodAddress(_ text: String) { #expect(accepts(text, .webAddress)) }

  @Test(
    "what is no web address is refused",
    arguments: [
      "", "linkedin.com/in/ada", "https://", "https:///x", "javascript:alert(1)", "https://a b", "https://a\n",
    ])
  func badAddress(_ text: String) { #expect(!accepts(text, .webAddress)) }

  @Test(
    "cron fields",
    arguments: ["0 14 * * 1-5", "*/15 * * * *", "0 0 1,15 * *", "5/20 8-18/2 * JAN-MAR mon,FRI", "0  9\t* * 7"])
  func goodCron(_ text: String) { #expect(accepts(text, .cron)) }

  @Test(
    "what are no cron fields is refused",
    arguments: [
      "", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8", "5-1 * * * *",
      "*/0 * * * *", "1, * * * *", "a * * * *", "-1 * * * *", "1-2-3 * * * *", "1/2/3 * * * *", "+1 * * * *",
      "@daily", "999999999999999999999 * * * *",
    ])
  func badCron(_ text: String) { #expect(!accepts(text, .cron)) }

  @Test("blank is what consists of white space", arguments: ["", " ", "\t\n", "\u{00A0}\u{2003}"])
  func blank(_ text: String) { #expect(!accepts(text, .nonBlank) && accepts(text + "x", .nonBlank)) }

  @Test("a cron expression knows its values")
  func cronValues() throws {
    let cron = try #require(CronExpression("5/20 8-18/5 1,15 * SUN"))
    #expect(cron.minutes == 1 << 5 | 1 << 25 | 1 << 45)
    #expect(cron.hours == 1 << 8 | 1 << 13 | 1 << 18)
    #expect(cron.days == 1 << 1 | 1 << 15)
    #expect(cron.months == 0b1_1111_1111_1110)
    #expect(cron.weekdays == 1)
    #expect(cron.eitherDaySuffices)
    #expect(try #require(CronExpression("0 9 * * 7")).weekdays == 1)
    #expect(!(try #require(CronExpression("0 9 1 * *")).eitherDaySuffices))
  }
}

@Suite("Patterns")
struct PatternTests {
  @Test("a pattern sees the whole text, beyond a NUL, and works on the empty text")
  func wholeText() {
    let schema = CompiledSchema(.object([.required("a", .string(pattern: "^[a-z]*$"))]))
    #expect((try? schema.validate(["a": ""])) != nil)
    #expect((try? schema.validate(["a": "abc"])) != nil)
    #expect((try? schema.validate(["a": "abc\u{0}DEF"])) == nil)
  }
}
