import JSON
import Testing

@Suite("pointer")
struct PointerTests {
  /// The example of RFC 6901, section 5.
  private let document = #"{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8}"#

  @Test(
    "the pointers of RFC 6901 lead to the values it names",
    arguments: [
      ("/foo", #"["bar","baz"]"#), ("/foo/0", #""bar""#), ("/", "0"), ("/a~1b", "1"), ("/c%d", "2"), ("/e^f", "3"),
      ("/g|h", "4"),
      ("/i\\j", "5"), ("/k\"l", "6"), ("/ ", "7"), ("/m~0n", "8"),
    ])
  func standard(pointer: String, value: String) throws {
    let pointer = try #require(JSONPointer(parsing: pointer))
    #expect(pointer.resolve(in: try JSONValue(parsing: document))?.text == value)
  }

  @Test("the empty pointer is the whole value")
  func whole() throws {
    let value = try JSONValue(parsing: document)
    #expect(JSONPointer().resolve(in: value) == value)
    #expect(JSONPointer(parsing: "")?.resolve(in: value) == value)
    #expect(JSONPointer().description.isEmpty)
    #expect(JSONPointer().tokens.isEmpty)
  }

  @Test(
    "a pointer to nothing gives nil",
    arguments: [
      "/none", "/foo/2", "/foo/-", "/foo/-1", "/foo/00", "/foo/01", "/foo/+1", "/foo/1e0", "/foo/ 1", "/foo/",
      "/foo/0/x", "/a~1b/0",
      "/foo/99999999999999999999", "//", "/foo/١",
    ])
  func nowhere(pointer: String) throws {
    let pointer = try #require(JSONPointer(parsing: pointer))
    #expect(pointer.resolve(in: try JSONValue(parsing: document)) == nil)
  }

  @Test(
    "what is no pointer is refused", arguments: ["foo", " /foo", "~", "/~", "/a~", "/~2", "/a~b", "/~~0", "#/foo", "0"])
  func invalid(text: String) {
    #expect(JSONPointer(parsing: text) == nil)
  }

  @Test(
    "appending escapes, and the tokens come back",
    arguments: [
      "", "plain", "a/b", "m~n", "~1", "~0", "/", "~", "//~~", "é", "e\u{301}", "\u{301}", "😀", "0", " ",
    ])
  func tokens(key: String) throws {
    let pointer = JSONPointer().appending(key: "outer").appending(index: 3).appending(key: key)
    #expect(pointer.tokens.map { Array($0.utf8) } == [Array("outer".utf8), [0x33], Array(key.utf8)])
    #expect(JSONPointer(parsing: pointer.description) == pointer)
    let value: JSONValue = ["outer": [0, 1, 2, .object([key: "here"])]]
    #expect(pointer.resolve(in: value) == "here")
  }

  @Test("SW-06: pointers compare by their bytes")
  func bytes() {
    let (composed, decomposed) = (JSONPointer().appending(key: "\u{E9}"), JSONPointer().appending(key: "e\u{301}"))
    #expect(composed != decomposed)
    #expect(Set([composed, decomposed, JSONPointer().appending(key: "\u{E9}")]).count == 2)
  }
}
