import Testing

@testable import ToolServer

@Suite("Markdown")
struct MarkdownTests {
  private func text(_ payload: String) -> String {
    MarkdownText.of(Array(payload.utf8), title: "T").split(separator: "\n").dropFirst(2).joined(separator: "\n")
  }

  @Test("members become a list, with labels that people read, and times of Owlbound become dates")
  func members() {
    #expect(
      text(#"{"_id":"ct_1","contact_id":"ct_1","firstName":"Ada","score":7,"createdAt":1795243982786,"none":null}"#)
        == """
        - **Contact id:** ct_1
        - **First name:** Ada
        - **Score:** 7
        - **Created at:** 2026-11-21T06:53:02.786Z
        """)
  }

  @Test("short rows become a table, others a section each, and nothing at all is said to be none")
  func rows() {
    #expect(
      text(#"{"days":[{"day":"x","calls":1},{"day":"y"}],"signals":[]}"#) == """
        - **Signals:** none
        ## Days
        | Day | Calls |
        |---|---|
        | x | 1 |
        | y |  |
        """)
    #expect(text(#"{"pending":[{"type":"note","params":{"a":{"b":1}}}]}"#).contains("### 1. note"))
  }

  @Test("texts mean nothing in Markdown: no heading, table, link, emphasis or tag comes from them")
  func escaping() {
    let hostile = text(##"{"a":"# x | y\n| z |\n[l](http://x) *b* _i_ `c` <b> & ~s~"}"##)
    #expect(
      hostile == ##"""
        - **A:**
          > \# x \| y
          > \| z \|
          > \[l\](http://x) \*b\* \_i\_ \`c\` \<b\> \& \~s\~
        """##)
    #expect(text(##"{"rows":[{"a":"x\ny|z"}]}"##).contains(#"| x y\|z |"#))
    #expect(text(##"{"*k*":1}"##) == #"- **\*k\*:** 1"#)
  }

  @Test("what is no object gives the title alone")
  func broken() { #expect(MarkdownText.of(Array("[1".utf8), title: "T") == "# T\n") }
}
