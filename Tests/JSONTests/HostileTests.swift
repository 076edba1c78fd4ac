import JSON
import Testing

@Suite("hostile JSON", .timeLimit(.minutes(2)))
struct HostileTests {
  private let document = #"""
    {"jsonrpc":"2.0","id":9007199254740993,"method":"tools/call","params":{"name":"x\n\u00e9\ud83d\ude00é😀",
    "arguments":{"a":[1,-2.5e-3,true,false,null,[],{}],"":{"b":0}}}}
    """#

  @Test("every beginning of a document is an error at its end")
  func truncation() {
    let bytes = Array(document.utf8)
    for length in bytes.indices {
      #expect(throws: JSONError.self) { try JSONValue(parsing: Array(bytes[..<length])) }
    }
  }

  @Test("a document with one byte changed is refused or read, and what is read can be written")
  func corruption() throws {
    var bytes = Array(document.utf8)
    for place in bytes.indices {
      let original = bytes[place]
      for byte in [
        0x00, 0x0A, 0x1F, 0x20, 0x22, 0x2C, 0x2D, 0x2E, 0x30, 0x39, 0x3A, 0x45, 0x5B, 0x5C, 0x5D, 0x65, 0x75,
      ]
        + [0x7B, 0x7D, 0x7F, 0x80, 0xBF, 0xC3, 0xE2, 0xED, 0xF0, 0xFF] as [UInt8]
      {
        bytes[place] = byte
        guard let value = try? JSONValue(parsing: bytes) else { continue }
        #expect(try JSONValue(parsing: value.serialized()) == value)
      }
      bytes[place] = original
    }
  }

  @Test("a document with a byte left out or doubled is refused or read, and what is read can be written")
  func shifts() throws {
    let bytes = Array(document.utf8)
    for place in bytes.indices {
      for changed in [bytes[..<place] + bytes[(place + 1)...], bytes[...place] + bytes[place...]] {
        guard let value = try? JSONValue(parsing: Array(changed)) else { continue }
        #expect(try JSONValue(parsing: value.serialized()) == value)
      }
    }
  }

  @Test("bytes drawn at random never crash the parser", arguments: 0..<50 as Range<UInt64>)
  func noise(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let alphabet = Array("{}[]\",:\\u0019.eE+-truefalsn \n".utf8) + [0x00, 0xC3, 0xA9, 0xED, 0xA0, 0xF0, 0xFF]
    for _ in 0..<100 {
      let bytes = (0..<Int.random(in: 0...40, using: &generator)).compactMap { _ in
        alphabet.randomElement(using: &generator)
      }
      if let value = try? JSONValue(parsing: bytes) { #expect(!value.serialized().isEmpty) }
    }
  }

  @Test("a million opening brackets are refused at the limit", arguments: ["[", "{\"a\":", "[{\"\":"])
  func depthBomb(opening: String) {
    let text = String(repeating: opening, count: 1_000_000)
    #expect { try JSONValue(parsing: text) } throws: { ($0 as? JSONError)?.kind == .tooDeep }
    #expect {
      try JSONValue(parsing: text, limits: JSONLimits(depth: .max))
    } throws: {
      ($0 as? JSONError)?.kind == .tooDeep
    }
  }

  @Test("the greatest depth can be read, written, compared, hashed and freed")
  func greatestDepth() throws {
    let depth = JSONLimits.greatestDepth
    let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    let value = try JSONValue(parsing: text, limits: JSONLimits(depth: depth))
    #expect(value.text == text)
    #expect(value.canonicalized() == Array(text.utf8))
    #expect(try JSONValue(parsing: text, limits: JSONLimits(depth: depth)).hashValue == value.hashValue)
    #expect(try value == JSONValue(parsing: text, limits: JSONLimits(depth: depth)))
  }

  @Test("an object with half a million keys is read, searched and written in one go")
  func manyKeys() throws {
    let count = 500_000
    let text = "{" + (0..<count).map { "\"k\($0)\":\($0)" }.joined(separator: ",") + "}"
    let value = try JSONValue(parsing: text, limits: JSONLimits(bytes: 16 << 20))
    #expect(value["k0"] == 0)
    #expect(value["k499999"] == 499_999)
    #expect(value["k500000"] == nil)
    #expect(value.serialized() == Array(text.utf8))
  }

  @Test("among many keys one that occurs twice is still found", arguments: [17, 64, 65, 100_000])
  func manyKeysTwice(count: Int) {
    let members = (0..<count).map { "\"k\($0)\":0" }.joined(separator: ",")
    let place = members.utf8.count + 2
    #expect(throws: JSONError(.duplicateKey, at: place)) { try JSONValue(parsing: "{\(members),\"k7\":0}") }
    #expect(throws: JSONError(.duplicateKey, at: place)) { try JSONValue(parsing: "{\(members),\"k\\u0037\":0}") }
  }

  @Test("keys that Swift takes for equal strings don't slow an object down")
  func equivalentKeys() throws {
    // All orders of these marks look the same to Unicode, but their bytes differ.
    let marks = ["\u{300}", "\u{316}", "\u{327}", "\u{334}", "\u{345}", "\u{35C}", "\u{31B}", "\u{302A}"]
    var keys = [""]
    for mark in marks {
      keys = keys.flatMap { key in
        (0...key.unicodeScalars.count).map { place in
          var scalars = Array(key.unicodeScalars)
          scalars.insert(contentsOf: mark.unicodeScalars, at: place)
          return String(String.UnicodeScalarView(scalars))
        }
      }
    }
    #expect(keys.count == 40_320)
    let text = "{" + keys.map { "\"\($0)\":0" }.joined(separator: ",") + "}"
    let value = try JSONValue(parsing: text)
    #expect(value.objectValue?.count == keys.count)
    #expect(keys.allSatisfy { value[$0] == 0 })
  }

  @Test("a number of a million digits is read in one go")
  func longNumbers() throws {
    let digits = String(repeating: "7", count: 1_000_000)
    #expect(throws: JSONError(.numberOutOfRange, at: 0)) { try JSONValue(parsing: digits) }
    #expect(try JSONValue(parsing: "0.\(digits)") == 0.7777777777777778)
    #expect(throws: JSONError(.numberOutOfRange, at: 0)) { try JSONValue(parsing: "1e\(digits)") }
    #expect(try JSONValue(parsing: "1e-\(digits)") == 0.0)
    #expect(try JSONValue(parsing: "0.\(String(repeating: "0", count: 1_000_000))1") == 0.0)
  }

  @Test(
    "a string of megabytes is read and written, plain, escaped or not ASCII", arguments: ["x", "\\n", "\\u00e9", "é"])
  func longStrings(unit: String) throws {
    let text = "\"" + String(repeating: unit, count: 1_000_000) + "\""
    let value = try JSONValue(parsing: text)
    #expect(value.stringValue?.unicodeScalars.count == 1_000_000)
    #expect(try JSONValue(parsing: value.serialized()) == value)
  }
}
