import JSON
import Service
import Testing

@testable import Exchange

@Suite("Records as files have them")
struct RecordWriterTests {
  private func text(_ form: RecordWriter.Form, _ columns: [String], _ records: [JSONObject]) throws -> String {
    var writer = RecordWriter(form, columns: columns)
    for record in records {
      let bytes = JSONValue.object(record).serialized()
      try bytes.withUnsafeBytes { try writer.add($0) }
    }
    return String(decoding: writer.take(), as: UTF8.self)
  }

  /// What an import takes a cell of one of our exports for.
  private func read(_ cell: String) throws -> JSONValue? {
    let table = try text(.csv, ["contact_id", "email", "note", "created_at"], [["note": .string(cell)]])
    let rows = table.utf8.split(separator: UInt8(ascii: "\r"), maxSplits: 1)
    let mapping = try ColumnMapping(
      try #require(DelimitedText.fields(of: Array(rows[0]), delimiter: UInt8(ascii: ","))), set: .contacts, changes: [])
    let row = Array(rows[1].dropFirst().dropLast(2))
    return mapping.record(of: try #require(DelimitedText.fields(of: row, delimiter: UInt8(ascii: ","))))["note"]
  }

  @Test("a table has headings, and what has parts stands in one cell")
  func table() throws {
    #expect(
      try text(
        .csv, ["a", "b", "c"],
        [
          ["a": 1, "b": "x, \"y\"", "c": ["p", "q"]], ["b": .null, "c": [1, ["k": true]]],
          ["c": ["p;q"], "a": 1.5, "b": false],
        ])
        == "a,b,c\r\n1,\"x, \"\"y\"\"\",\"p; q\"\r\n,,\"[1,{\"\"k\"\":true}]\"\r\n1.5,false,\"[\"\"p;q\"\"]\"\r\n")
  }

  @Test("an object per line is written as it came")
  func lines() throws {
    #expect(try text(.jsonl, ["a"], [["b": "=1"], [:]]) == "{\"b\":\"=1\"}\n{}\n")
  }

  @Test(
    "a cell that a spreadsheet would run is text there, and comes back as it was",
    arguments: [
      "=HYPERLINK(\"http://a.example\")", "+cmd", "-cmd|x", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "'=1", "''=1", "'plain",
      "plain", " =1", "+49 30 1234-5", "-5", "'-5", "'", "1,5", "line\nbreak", "\"", "  spaces  ", "é",
    ])
  func formulas(cell: String) throws {
    #expect(try read(cell) == .string(cell))
    let written = try text(.csv, [], []) + (try text(.csv, ["x"], [["x": .string(cell)]]))
    let field = written.dropFirst("\r\nx\r\n".unicodeScalars.count - 3)
    #expect(!field.isEmpty)
  }

  @Test("numbers with a sign stay numbers, formulas do not stay formulas")
  func guards() throws {
    func cell(_ text: String) throws -> String {
      String(decoding: DelimitedText.row([text]).dropLast(2), as: UTF8.self)
    }
    #expect(try cell("-5") == "-5" && cell("+49 30 1234") == "+49 30 1234")
    #expect(try cell("=1") == "'=1" && cell("-x") == "'-x" && cell("@x") == "'@x" && cell("\t1") == "\"'\t1\"")
  }

  @Test("names of files tell how records are written")
  func names() {
    #expect(RecordWriter.Form(fileName: "/tmp/a.b/x.CSV") == .csv)
    #expect(RecordWriter.Form(fileName: "x.ndjson") == .jsonl && RecordWriter.Form(fileName: "x.jsonl") == .jsonl)
    #expect(RecordWriter.Form(fileName: "x.csv/y") == nil && RecordWriter.Form(fileName: "") == nil)
  }
}
