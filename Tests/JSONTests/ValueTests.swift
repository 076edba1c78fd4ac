import JSON
import Testing

@Suite("value")
struct ValueTests {
  private let composed = "caf\u{E9}"
  private let decomposed = "cafe\u{301}"

  @Test("literals make the value they look like")
  func literals() {
    let value: JSONValue = ["null": nil, "bool": true, "integer": 1, "number": 1.5, "string": "a", "array": [1, "b"]]
    #expect(value["null"] == .null)
    #expect(value["bool"] == .bool(true))
    #expect(value["integer"] == .integer(1))
    #expect(value["number"] == .number(1.5))
    #expect(value["string"] == .string("a"))
    #expect(value["array"] == .array([.integer(1), .string("b")]))
  }

  @Test("accessors give the value of their kind and nil for the others")
  func accessors() {
    let all: [JSONValue] = [nil, true, 7, 2.5, "text", [1], ["a": 1]]
    #expect(all.map(\.isNull) == [true, false, false, false, false, false, false])
    #expect(all.map(\.boolValue) == [nil, true, nil, nil, nil, nil, nil])
    #expect(all.map(\.integerValue) == [nil, nil, 7, nil, nil, nil, nil])
    #expect(all.map(\.doubleValue) == [nil, nil, 7, 2.5, nil, nil, nil])
    #expect(all.map(\.stringValue) == [nil, nil, nil, nil, "text", nil, nil])
    #expect(all.map(\.arrayValue) == [nil, nil, nil, nil, nil, [1], nil])
    #expect(all.map(\.objectValue) == [nil, nil, nil, nil, nil, nil, ["a": 1]])
  }

  @Test("SW-01: true is never 1, and 1 is never true")
  func truth() {
    #expect(JSONValue.bool(true).integerValue == nil)
    #expect(JSONValue.bool(true).doubleValue == nil)
    #expect(JSONValue.integer(1).boolValue == nil)
    #expect(JSONValue.bool(true) != .integer(1))
  }

  @Test(
    "a whole number is an integer within 2^53",
    arguments: [
      (1.0, 1), (-3.0, -3), (0.0, 0), (-0.0, 0), (1e3, 1000), (0x1p53, 9_007_199_254_740_992),
      (-0x1p53, -9_007_199_254_740_992),
      (1.5, nil), (0x1p54, nil), (1e300, nil), (.infinity, nil), (.nan, nil),
    ] as [(Double, Int64?)])
  func wholeNumbers(number: Double, integer: Int64?) {
    #expect(JSONValue.number(number).integerValue == integer)
  }

  @Test("a subscript that leads nowhere is nil")
  func subscripts() {
    let value: JSONValue = ["a": [1, 2]]
    #expect(value["a"]?[1] == 2)
    #expect(value["a"]?[2] == nil)
    #expect(value["a"]?[-1] == nil)
    #expect(value["b"] == nil)
    #expect(value[0] == nil)
    #expect(value["a"]?["a"] == nil)
    #expect(JSONValue.string("a")[0] == nil)
  }

  @Test("SW-06: strings compare by their bytes")
  func stringBytes() {
    #expect(composed == decomposed)
    #expect(JSONValue.string(composed) != .string(decomposed))
    #expect(JSONValue.string(composed) == .string("caf\u{E9}"))
    #expect(Set([JSONValue.string(composed), .string(decomposed)]).count == 2)
  }

  @Test("integers and numbers are never equal")
  func numberKinds() {
    #expect(JSONValue.integer(1) != .number(1))
  }

  @Test("the order of members does not matter for equality and hash, the order of items does")
  func order() {
    let one: JSONValue = ["a": 1, "b": ["c": nil, "d": "x"]]
    let other: JSONValue = ["b": ["d": "x", "c": nil], "a": 1]
    #expect(one == other)
    #expect(one.hashValue == other.hashValue)
    #expect(JSONValue.array([1, 2]) != .array([2, 1]))
    #expect(one != ["a": 1])
    #expect(one != ["a": 1, "b": ["c": nil, "e": "x"]])
  }

  @Test(
    "equal values have one canonical text",
    arguments: [
      (#"{"b":1,"a":2}"#, #"{"a":2,"b":1}"#),
      (#"{"b":{"y":1,"x":2},"a":[{"d":1,"c":2}]}"#, #"{"a":[{"c":2,"d":1}],"b":{"x":2,"y":1}}"#),
      ("[1.0,-0,0.0,1e3,1.5]", "[1,0,0,1000,1.5]"), ("[9007199254740993,1e17]", "[9007199254740993,1e+17]"),
      (
        #"{"é":1,"z":2,"a":3,"":4,"Z":5,"\ud83d\ude00":6,"\uffff":7}"#,
        "{\"\":4,\"Z\":5,\"a\":3,\"z\":2,\"é\":1,\"\u{FFFF}\":7,\"😀\":6}"
      ),
      (#" { "a" : [ true , null ] } "#, #"{"a":[true,null]}"#), (#""\u0041\/""#, #""A/""#),
    ])
  func canonical(text: String, canonical: String) throws {
    #expect(try JSONValue(parsing: text).canonicalized() == Array(canonical.utf8))
  }
}
