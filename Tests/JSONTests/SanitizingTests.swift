import JSON
import Testing

@Suite("SE-03: sanitising writer")
struct SanitizingTests {
  private func sanitized(_ text: String) throws -> [UInt8]? {
    var writer = JSONWriter(sanitizing: true)
    writer.string(text)
    var bytesWriter = JSONWriter(sanitizing: true)
    Array(text.utf8).withUnsafeBytes { bytesWriter.string(utf8: $0) }
    #expect(writer.bytes() == bytesWriter.bytes())
    return try JSONValue(parsing: writer.finish()).stringValue.map { Array($0.utf8) }
  }

  @Test(
    "ordinary text stays as it is",
    arguments: [
      "", "plain", "tab\tand\nnewline", "quote \" backslash \\", "Größe, naïve café", "日本語", "한국어", "עברית", "العربية",
      "हिन्दी",
      "😀", "❤\u{FE0F}", "1\u{FE0F}\u{20E3}", "👩\u{200D}💻", "👨\u{200D}👩\u{200D}👧", "❤\u{FE0F}\u{200D}🔥",
      "می\u{200C}خواهم", "क्\u{200D}ष",
      "🇩🇪", "👍🏽", "e\u{301}", "\u{A0}", "\u{FFFD}", "\u{E000}", "\u{10FFFF}", "x\u{E2}\u{20AC}",
    ])
  func ordinary(text: String) throws {
    for text in [text, "a text before it, long enough: " + text, text + " and a text behind it, long enough"] {
      #expect(try sanitized(text) == Array(text.utf8))
    }
  }

  @Test(
    "control characters become spaces, terminal escapes become visible",
    arguments: [
      ("\u{0}", " "), ("a\u{1}b", "a b"), ("\u{8}", " "), ("\u{B}\u{C}", "  "), ("\u{1F}", " "), ("\u{7F}", " "),
      ("\u{80}", " "),
      ("\u{85}", " "), ("\u{9B}31m", " 31m"), ("\u{9F}", " "), ("\u{1B}[31mred\u{1B}[0m", " [31mred [0m"),
      ("\u{1B}]0;title\u{7}", " ]0;title "), ("line\r\nline", "line\nline"), ("over\rwrite", "over write"), ("\r", " "),
      ("\r\r\n", " \n"), ("a\u{2028}b\u{2029}c", "a b c"), ("é\u{1B}", "é "),
      ("twenty characters...\u{7F}", "twenty characters... "),
    ])
  func controls(text: String, neutral: String) throws {
    #expect(try sanitized(text) == Array(neutral.utf8))
  }

  @Test(
    "what has no shape is removed",
    arguments: [
      0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180E, 0x180F, 0x200B, 0x200E, 0x200F, 0x202A,
      0x202B, 0x202C,
      0x202D, 0x202E, 0x2060, 0x2061, 0x2062, 0x2063, 0x2064, 0x2065, 0x2066, 0x2067, 0x2068, 0x2069, 0x206A, 0x206F,
      0x3164,
      0xFE00, 0xFE0D, 0xFEFF, 0xFFA0, 0xFFF0, 0xFFF9, 0xFFFA, 0xFFFB, 0x1BCA0, 0x1D173, 0x1D17A, 0xE0000, 0xE0001,
      0xE0020, 0xE0041,
      0xE007F, 0xE0100, 0xE01EF, 0xE0FFF,
    ] as [UInt32])
  func invisible(code: UInt32) throws {
    let scalar = try #require(Unicode.Scalar(code))
    #expect(try sanitized("a\(scalar)b") == Array("ab".utf8))
    #expect(try sanitized("日\(scalar)本") == Array("日本".utf8))
    #expect(try sanitized(String(repeating: String(scalar), count: 40)) == [])
  }

  @Test(
    "joiners and selectors stay only where writing needs them",
    arguments: [
      ("a\u{200D}b", "ab"), ("\u{200D}", ""), ("😀\u{200D}", "😀"), ("\u{200D}😀", "😀"), ("😀\u{200D}\u{200D}😀", "😀😀"),
      ("a\u{200C}b", "ab"),
      ("é\u{200C}é", "éé"), ("😀\u{200D}a", "😀a"), ("a\u{FE0F}", "a"), ("😀\u{FE0F}\u{FE0F}", "😀\u{FE0F}"),
      ("\u{FE0F}", ""),
      (" \u{FE0F}", " "), ("😀\u{E0100}\u{FE0F}", "😀"), ("😀\u{200B}\u{200D}😀", "😀😀"),
    ])
  func joiners(text: String, neutral: String) throws {
    #expect(try sanitized(text) == Array(neutral.utf8))
  }

  @Test("texts inside a value are sanitised too")
  func nested() {
    var writer = JSONWriter(sanitizing: true)
    writer.value(["list": ["a\u{202E}b", ["\u{1B}": "x\u{200B}"]]])
    #expect(writer.finish() == Array(#"{"list":["ab",{"\u001b":"x"}]}"#.utf8))
  }

  @Test("keys are spelt out, so that two never become one")
  func keys() throws {
    let value: JSONValue = ["a": 1, "a\u{200B}": 2, "a\u{202E}": 3, "b\"\u{1F600}\u{E0041}": 4, "é": 5, "tab\t": 6]
    var writer = JSONWriter(sanitizing: true)
    writer.value(value)
    let bytes = writer.finish()
    #expect(try JSONValue(parsing: bytes) == value)
    #expect(
      bytes
        == Array(
          #"{"a":1,"a\u200b":2,"a\u202e":3,"b\"\ud83d\ude00\udb40\udc41":4,"é":5,"tab\t":6}"#.utf8))
  }

  @Test("without the mode everything comes through")
  func plainWriter() throws {
    let text = "a\u{1B}\u{202E}\u{200B}\u{E0041}\r"
    #expect(try JSONValue(parsing: JSONValue.string(text).serialized()) == .string(text))
  }
}
