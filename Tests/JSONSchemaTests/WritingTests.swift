import JSON
import JSONSchema
import Testing

private func written(_ schema: Schema) -> String {
  var writer = JSONWriter()
  schema.write(into: &writer)
  return String(decoding: writer.finish(), as: UTF8.self)
}

@Suite("Written schemas")
struct WritingTests {
  @Test(
    "each kind writes its keywords and no others",
    arguments: [
      (
        .string("A name", minLength: 1, maxLength: 9, pattern: "^a", format: .email, default: "x"),
        #"{"type":"string","description":"A name","minLength":1,"maxLength":9,"pattern":"^a"}"#
      ),
      (.oneOf(["asc", "desc"], default: "desc"), #"{"type":"string","enum":["asc","desc"]}"#),
      (.integer("Rows", 1...100, default: 20), #"{"type":"integer","description":"Rows","minimum":1,"maximum":100}"#),
      (.integer(minimum: 0), #"{"type":"integer","minimum":0}"#),
      (.number("", 0...0.5), #"{"type":"number","minimum":0,"maximum":0.5}"#),
      (.boolean("Yes?", default: true), #"{"type":"boolean","description":"Yes?"}"#),
      (
        .array(of: .string(), minItems: 1, maxItems: 25, orSingle: true),
        #"{"type":"array","items":{"type":"string"},"minItems":1,"maxItems":25}"#
      ),
      (.openObject(), #"{"type":"object","properties":{}}"#),
      (
        .object([.required("a", .string()), .optional("b", .openObject([], "Any"))]),
        #"{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"object","description":"Any","properties":{}}},"#
          + #""required":["a"]}"#
      ),
    ] as [(Schema, String)])
  func kinds(_ schema: Schema, _ text: String) { #expect(written(schema) == text) }

  @Test("what is unlisted is not written, and checked all the same")
  func unlisted() throws {
    let schema = Schema.object([
      .optional("model", .object([.unlisted("temperature", .number("", 0...2))], "temperature"))
    ])
    #expect(
      written(schema)
        == #"{"type":"object","properties":{"model":{"type":"object","description":"temperature","properties":{}}}}"#)
    let compiled = CompiledSchema(schema)
    _ = try compiled.validate(["model": ["temperature": 1]])
    #expect(throws: ValidationFailure.self) { try compiled.validate(["model": ["temperature": 3]]) }
  }

  @Test("a bound that only guards against overflow is not written, and holds all the same")
  func hugeBound() {
    let schema = Schema.object([.optional("page", .integer("", 1...10_000_000))])
    #expect(written(schema) == #"{"type":"object","properties":{"page":{"type":"integer","minimum":1}}}"#)
    #expect(throws: ValidationFailure.self) { try CompiledSchema(schema).validate(["page": 10_000_001]) }
  }
}

@Suite("Name tables")
struct NameTableTests {
  @Test("every name is found at its place, and nothing else")
  func lookup() {
    let names = (0..<500).map { "name_\($0 * 7)" }
    let table = NameTable(names)
    for (position, name) in names.enumerated() { #expect(table.position(of: name) == position) }
    for absent in ["", "name", "name_1", "name_00", String(repeating: "x", count: 100_000)] {
      #expect(table.position(of: absent) == nil)
    }
    #expect(NameTable([]).position(of: "a") == nil)
  }
}
