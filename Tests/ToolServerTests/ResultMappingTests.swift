import JSON
import Service
import Testing
import ToolServer

@Suite struct ResultMappingTests {
  @Test("an error's text stays short whatever it repeats", arguments: ["x", "\"", "ü", "\u{1F600}", "\u{0}"])
  func length(unit: String) throws {
    let long = String(repeating: unit, count: 20_000)
    let details = (0..<100).map { _ in ServiceError.Detail(path: "/" + long, message: long) }
    let text = ResultMapping.text(of: ServiceError(.validation, long, details: details, retryAfter: 3))
    #expect(text.count <= ResultMapping.longestError)
    let error = try #require(try JSONValue(parsing: text)["error"])
    #expect(error["code"] == "VALIDATION_ERROR")
    #expect(error["details"]?.arrayValue?.allSatisfy { $0["path"] != nil && $0["message"] != nil } == true)
  }
}
