import JSON
import Testing

@Suite("writer")
struct WriterTests {
  private func written(sanitizing: Bool = false, _ write: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter(capacity: 0, sanitizing: sanitizing)
    write(&writer)
    return String(decoding: writer.finish(), as: UTF8.self)
  }

  @Test("commas stand between members and items and nowhere else")
  func commas() {
    let text = written { writer in
      writer.beginObject()
      writer.key("a")
      writer.integer(.min)
      writer.key("é\"" as String)
      writer.beginArray()
      writer.null()
      writer.beginArray()
      writer.endArray()
      writer.bool(true)
      writer.bool(false)
      writer.string("x\ny")
      writer.string("")
      writer.number(1)
      writer.number(0.1)
      writer.beginObject()
      writer.endObject()
      writer.value([1, "b"])
      writer.raw("[2]")
      writer.raw(Array("{}".utf8))
      writer.endArray()
      writer.key("c")
      writer.beginObject()
      writer.endObject()
      writer.endObject()
    }
    #expect(
      text
        == #"{"a":-9223372036854775808,"é\"":[null,[],true,false,"x\ny","",1.0,0.1,{},[1,"b"],[2],{}],"c":{}}"#)
  }

  @Test("a text that ends like an opening bracket is still followed by a comma")
  func misleadingEnds() {
    let text = written { writer in
      writer.beginArray()
      for value in ["[", "{", ":", ",", " ", "\n"] { writer.string(value) }
      writer.endArray()
    }
    #expect(text == #"["[","{",":",","," ","\n"]"#)
  }

  @Test("framing adds no commas, and a value after a line end is the first one again")
  func framing() {
    let text = written { writer in
      writer.append("{\"result\":")
      writer.integer(1)
      writer.append(Array("}\n".utf8))
      writer.beginArray()
      writer.endArray()
      writer.append(byte: 0x0A)
      withUnsafeBytes(of: (UInt8(ascii: "4"), UInt8(ascii: "2"))) { writer.append($0) }
    }
    #expect(text == "{\"result\":1}\n[]\n42")
  }

  @Test("dropping back to a mark takes the comma along")
  func rewinding() {
    let text = written { writer in
      writer.beginArray()
      let first = writer.mark()
      writer.string("dropped")
      writer.rewind(to: first)
      writer.string("kept")
      let second = writer.mark()
      writer.beginObject()
      writer.key("half")
      writer.rewind(to: second)
      writer.integer(2)
      writer.endArray()
    }
    #expect(text == #"["kept",2]"#)
  }

  @Test("a reset writer begins anew, a shrunk one keeps what it holds")
  func reuse() {
    var writer = JSONWriter(capacity: 8)
    writer.string(String(repeating: "x", count: 100_000))
    #expect(writer.count == 100_002)
    writer.reset()
    #expect(writer.count == 0)
    writer.string("a")
    writer.shrink(to: 0)
    writer.string(String(repeating: "b", count: 300))
    #expect(writer.bytes() == Array("\"a\",\"\(String(repeating: "b", count: 300))\"".utf8))
    let counted = writer.withBytes { $0.count }
    #expect(counted == 306)
  }

  @Test("an error in the body that borrows the bytes comes through")
  func borrowing() {
    let writer = JSONWriter()
    #expect(throws: JSONError(.endOfText, at: 1)) {
      try writer.withBytes { (_) throws(JSONError) in throw JSONError(.endOfText, at: 1) }
    }
  }

  @Test("integers of every length and sign are written exactly")
  func integers() {
    var values: [Int64] = [0, .max, .min, .min + 1]
    var power: Int64 = 1
    for _ in 0..<19 {
      values += [power, power - 1, power + 1, -power, 1 - power, -1 - power]
      power = power &* 10
    }
    for value in values {
      #expect(written { $0.integer(value) } == "\(value)")
    }
  }

  @Test(
    "numbers are written so that reading gives the same double",
    arguments: [
      0, -0.0, 1, -1, 0.1, 1.0 / 3, 1e15, 1e16, 1e17, 0x1p53, 0x1p53 - 1, -0x1p53, 1e300, Double.leastNonzeroMagnitude,
      .pi,
      .greatestFiniteMagnitude, .leastNormalMagnitude, .ulpOfOne, 123456789.125,
    ])
  func numbers(value: Double) throws {
    let read = try JSONValue(parsing: written { $0.number(value) })
    guard case .number(let number) = read else { return #expect(Bool(false), "read as \(read)") }
    #expect(number.bitPattern == value.bitPattern)
  }

  @Test("what is no finite number is written as null", arguments: [Double.nan, .infinity, -.infinity, .signalingNaN])
  func notFinite(value: Double) {
    #expect(written { $0.number(value) } == "null")
    #expect(written { $0.value([.number(value)]) } == "[null]")
  }

  @Test("every ASCII character is escaped as JSON demands, at every place of a block", arguments: 0...33)
  func escapes(place: Int) throws {
    let before = String(repeating: "-", count: place)
    for code in UInt8(0)..<0x80 {
      let text = before + String(UnicodeScalar(code)) + "\""
      let written = written { $0.string(text) }
      #expect(try JSONValue(parsing: written) == .string(text))
      #expect(written.utf8.allSatisfy { $0 >= 0x20 })
    }
  }

  @Test("a text that must be escaped throughout is written whole", arguments: [1, 15, 16, 17, 1023, 1024, 1025, 5000])
  func denseEscapes(length: Int) throws {
    for character in ["\"", "\\", "\n", "\u{1}", "\u{1F}", "é\""] {
      let text = String(repeating: character, count: length)
      #expect(try JSONValue(parsing: written { $0.string(text) }) == .string(text))
    }
  }

  @Test("escaped bytes are the inside of a string")
  func escapedInside() throws {
    let inner = try JSONValue(parsing: #"{"a":"quote \" and\nline","b":["é",1.5]}"#)
    let outer = written { writer in
      writer.append("{\"text\":\"")
      inner.serialized().withUnsafeBytes { writer.appendEscaped($0) }
      writer.append("\"}")
    }
    #expect(try JSONValue(parsing: outer)["text"]?.stringValue == inner.text)
  }

  @Test("bytes that are no UTF-8 become replacement characters", arguments: InvalidTexts.encodings)
  func repair(bytes: [UInt8], offset: Int) throws {
    for sanitizing in [false, true] {
      let text = written(sanitizing: sanitizing) { writer in bytes.withUnsafeBytes { writer.string(utf8: $0) } }
      let read = try JSONValue(parsing: text).stringValue
      #expect(read?.unicodeScalars.contains("\u{FFFD}") == true)
    }
  }

  @Test("valid bytes are written as they are")
  func validBytes() throws {
    for text in ["", "plain", "é", "日本語のテキスト、十分に長いもの", String(repeating: "ä", count: 3000), "a\u{FFFD}b"] {
      let written = written { writer in Array(text.utf8).withUnsafeBytes { writer.string(utf8: $0) } }
      #expect(try JSONValue(parsing: written) == .string(text))
    }
    #expect(written { $0.string(utf8: UnsafeRawBufferPointer(start: nil, count: 0)) } == "\"\"")
  }
}
