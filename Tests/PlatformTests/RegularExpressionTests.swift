import Platform
import Testing

@Suite("Regular expressions")
struct RegularExpressionTests {
  @Test("a pattern matches where it occurs, unless it is anchored")
  func matching() throws {
    let word = try #require(RegularExpression("b+c"))
    #expect(word.matches("abbcd"))
    #expect(!word.matches("abd"))
    let whole = try #require(RegularExpression("^(a|b){2,3}$"))
    #expect(whole.matches("aba"))
    #expect(!whole.matches("abab"))
    #expect(!whole.matches(""))
    #expect(try #require(RegularExpression("^$")).matches(""))
  }

  @Test("a NUL does not end the text")
  func embeddedNUL() throws {
    #expect(try #require(RegularExpression("z$")).matches("a\u{0}z"))
    #expect(!(try #require(RegularExpression("^a$")).matches("a\u{0}z")))
  }

  @Test("an invalid pattern makes no expression", arguments: ["(", "[a", "a{2,1}", "*("])
  func invalid(_ pattern: String) { #expect(RegularExpression(pattern) == nil) }
}
