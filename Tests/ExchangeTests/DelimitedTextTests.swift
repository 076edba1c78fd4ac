import Platform
import TestSupport
import Testing

@testable import Exchange

@Suite("Delimited text")
struct DelimitedTextTests {
  @Test(
    "a row falls apart where RFC 4180 says",
    arguments: [
      ("", [""]), ("a", ["a"]), ("a,b", ["a", "b"]), (",", ["", ""]), ("a,,c", ["a", "", "c"]),
      (#""a,b",c"#, ["a,b", "c"]), (#""a ""b"" c""#, [#"a "b" c"#]), (#"5" pipe,x"#, [#"5" pipe"#, "x"]),
      ("\"two\nlines\",x", ["two\nlines", "x"]), (#""never closed,x"#, ["never closed,x"]),
      (#""a"b,c"#, ["ab", "c"]), ("é,日本", ["é", "日本"]),
    ])
  func fields(row: String, fields: [String]) {
    #expect(DelimitedText.fields(of: Array(row.utf8), delimiter: UInt8(ascii: ",")) == fields)
  }

  @Test("a row that is no UTF-8 has no fields")
  func invalid() { #expect(DelimitedText.fields(of: [0x61, 0xE9, 0x2C], delimiter: 0x2C) == nil) }

  @Test(
    "what divides fields is found out",
    arguments: [("a,b;c,d", ","), ("a;b;c,d", ";"), ("a\tb", "\t"), (#""x,y,z"|b|c"#, "|"), ("alone", ",")])
  func delimiter(row: String, delimiter: String) {
    #expect(DelimitedText.delimiter(of: Array(row.utf8)) == delimiter.utf8.first)
  }

  @Test(
    "what is written is read again", arguments: [["a", "b c"], ["x,y", "\"q\"", ""], ["two\r\nlines"], [" lead"]])
  func roundTrip(fields: [String]) {
    let row = DelimitedText.row(fields)
    #expect(row.suffix(2) == [0x0D, 0x0A])
    #expect(DelimitedText.fields(of: row.dropLast(2), delimiter: UInt8(ascii: ",")) == fields)
  }

  @Test("no field is a formula to a spreadsheet, and numbers stay numbers")
  func formulas() {
    let row = String(decoding: DelimitedText.row(["=1+1", "@x", "-5.2", "+44 20 1", "-cmd"]), as: UTF8.self)
    #expect(row == "'=1+1,'@x,-5.2,+44 20 1,'-cmd\r\n")
  }
}

@Suite("Record reader")
struct RecordReaderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func records(
    of text: String, _ form: RecordReader.Form, from place: (Int64, Int64) = (0, 0)
  ) throws -> [RecordReader.Record] {
    let path = folder.file("records")
    try Files.write(Array(text.utf8), to: path)
    let file = try Files.open(path)
    defer { file.close() }
    var reader = RecordReader(file, form: form, at: place.0, afterLine: place.1)
    var records: [RecordReader.Record] = []
    while let record = try reader.next() { records.append(record) }
    return records
  }

  private func texts(_ records: [RecordReader.Record]) -> [String] {
    records.map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  @Test("lines end with a line feed, with or without a carriage return, or with the file; blank ones don't count")
  func lines() throws {
    let records = try records(of: "one\r\n\n  \ntwo\nthree", .lines)
    #expect(texts(records) == ["one", "two", "three"])
    #expect(records.map(\.line) == [1, 4, 5])
    #expect(records.map(\.end) == [5, 13, 18])
  }

  @Test("a row goes on over line breaks in quotation marks")
  func rows() throws {
    let records = try records(of: "a,\"b\nc \"\"d\"\"\n\",e\n5\" pipe,x\n", .delimited(UInt8(ascii: ",")))
    #expect(texts(records) == ["a,\"b\nc \"\"d\"\"\n\",e", "5\" pipe,x"])
    #expect(records.map(\.line) == [1, 4])
  }

  @Test("a quotation mark that is never closed spoils its own line only")
  func unclosed() throws {
    let records = try records(of: "a,\"b\nc,d\ne,f\n", .delimited(UInt8(ascii: ",")))
    #expect(records.map(\.isBroken) == [true, false, false])
    #expect(texts(Array(records.dropFirst())) == ["c,d", "e,f"])
  }

  @Test("a line of more than a mebibyte is passed over, however long it is")
  func long() throws {
    let text = "a\n" + String(repeating: "x", count: 3 << 20) + "\nb\n"
    let records = try records(of: text, .lines)
    #expect(records.map(\.isBroken) == [false, true, false])
    #expect(records.map(\.line) == [1, 2, 3])
    #expect(records.last?.end == Int64(text.utf8.count))
  }

  @Test("reading goes on at the place behind any record")
  func places() throws {
    let text = (1...2000).map { "row \($0),\"x\n\($0)\"\n" }.joined()
    let all = try records(of: text, .delimited(UInt8(ascii: ",")))
    #expect(all.count == 2000)
    for stop in [0, 1, 999, 1998] {
      let rest = try records(of: text, .delimited(UInt8(ascii: ",")), from: (all[stop].end, all[stop].line + 1))
      #expect(texts(rest) == texts(Array(all[(stop + 1)...])))
      #expect(rest.first?.line == all[stop + 1].line)
    }
  }
}
