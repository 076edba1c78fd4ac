import JSON
import Testing

@testable import MCP

@Suite("Cache hints")
struct CacheHintTests {
  @Test("R-05, R-06: a person's data is private, and what was read after questions is never kept")
  func scopes() {
    #expect(text(.person(1000), .july2026) == #"{"ttlMs":1000,"cacheScope":"private"}"#)
    #expect(text(.never, .july2026) == #"{"ttlMs":0,"cacheScope":"private"}"#)
    #expect(text(.everyone(5), .july2026) == #"{"ttlMs":5,"cacheScope":"public"}"#)
    #expect(text(.everyone(5), .november2025) == "{}")
  }

  private func text(_ hint: CacheHint, _ revision: Revision) -> String {
    var writer = JSONWriter()
    writer.beginObject()
    hint.write(to: &writer, revision: revision)
    writer.endObject()
    return String(decoding: writer.finish(), as: UTF8.self)
  }
}
