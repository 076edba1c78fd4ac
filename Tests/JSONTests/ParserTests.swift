import JSON
import Testing

@Suite("F-28: parser")
struct ParserTests {
  @Test("a valid text is read and written in its compact form", arguments: ValidTexts.all)
  func valid(text: String, compact: String) throws {
    #expect(Array(try JSONValue(parsing: text).text.utf8) == Array(compact.utf8))
  }

  @Test("the compact form stays as it is", arguments: ValidTexts.all)
  func stable(text: String, compact: String) throws {
    #expect(try JSONValue(parsing: compact).serialized() == Array(compact.utf8))
  }

  @Test("an invalid text is refused with its reason and place", arguments: InvalidTexts.all)
  func invalid(text: String, kind: JSONError.Kind, offset: Int) {
    #expect(throws: JSONError(kind, at: offset)) { try JSONValue(parsing: text) }
  }

  @Test("a text that is not UTF-8 is refused and never repaired", arguments: InvalidTexts.encodings)
  func encoding(bytes: [UInt8], offset: Int) {
    #expect(throws: JSONError(.invalidUTF8, at: offset)) { try JSONValue(parsing: [0x22] + bytes + [0x22]) }
    #expect(throws: JSONError(.invalidUTF8, at: offset + 1)) {
      try JSONValue(parsing: [0x7B, 0x22] + bytes + [0x22, 0x3A, 0x31, 0x7D])
    }
  }

  @Test("the tables hold more than 200 texts")
  func tables() {
    #expect(ValidTexts.all.count + InvalidTexts.all.count + InvalidTexts.encodings.count >= 200)
  }

  @Test("UTF-16 and UTF-32 are refused")
  func otherEncodings() {
    for bytes: [UInt8] in [[0xFF, 0xFE, 0x31, 0], [0, 0x31], [0x31, 0], [0, 0, 0, 0x31], [0x31, 0, 0, 0]] {
      #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
    }
  }

  @Test("integers, numbers and truth values stay apart")
  func kinds() throws {
    #expect(
      try JSONValue(parsing: "[1,1.0,true,-0,9223372036854775808]")
        == [.integer(1), .number(1), .bool(true), .number(-0.0), .number(0x1p63)])
  }

  @Test("a string of any length around a block's is read and written whole", arguments: 0...70)
  func lengths(length: Int) throws {
    let plain = String(repeating: "x", count: length)
    for special in ["", "\\n", "\\\"", "\\u0001", "é", "😀"] {
      for text in ["\"\(plain)\(special)\"", "\"\(special)\(plain)\"", "[\"\(plain)\(special)\(plain)\"]"] {
        #expect(try JSONValue(parsing: text).text == text)
      }
    }
  }

  @Test("nesting is allowed to the limit and no further")
  func depth() throws {
    let limits = JSONLimits(depth: 3)
    #expect(try JSONValue(parsing: "[{\"a\":[]}]", limits: limits).text == "[{\"a\":[]}]")
    #expect(throws: JSONError(.tooDeep, at: 7)) { try JSONValue(parsing: "[{\"a\":[[]]}]", limits: limits).text }
    #expect(try JSONValue(parsing: "1", limits: JSONLimits(depth: 0)) == 1)
    #expect(throws: JSONError(.tooDeep, at: 0)) { try JSONValue(parsing: "[]", limits: JSONLimits(depth: -1)) }
  }

  @Test("a text may be as long as the limit and no longer")
  func size() throws {
    #expect(try JSONValue(parsing: "[10]", limits: JSONLimits(bytes: 4)) == [10])
    #expect(throws: JSONError(.tooLong, at: 3)) { try JSONValue(parsing: "[10]", limits: JSONLimits(bytes: 3)) }
    #expect(throws: JSONError(.tooLong, at: 0)) { try JSONValue(parsing: "1", limits: JSONLimits(bytes: -1)) }
    let few = JSONLimits(values: 4)
    #expect(try JSONValue(parsing: "{\"a\":[1,2],\"b\":{}}", limits: few).text == "{\"a\":[1,2],\"b\":{}}")
    #expect(throws: JSONError(.tooManyValues, at: 7)) {
      try JSONValue(parsing: "[[],1,2,3]", limits: JSONLimits(values: 2))
    }
  }

  @Test("a message says the place and nothing of the text", arguments: JSONError.Kind.allCases)
  func messages(kind: JSONError.Kind) {
    let message = JSONError(kind, at: 17).message
    #expect(message.hasPrefix("Invalid JSON at byte 17: "))
    #expect(message.hasSuffix("."))
  }
}
