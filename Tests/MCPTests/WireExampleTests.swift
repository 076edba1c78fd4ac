import Foundation
import TestSupport
import Testing

/// Recorded conversations of all eras, had with a process that serves the fixture tools.
@Suite("Wire examples")
struct WireExampleTests {
  @Test("a process answers as recorded", arguments: try WireExample.read(fixture))
  func replay(example: WireExample) throws {
    let server = try ServerProcess(product: "FixtureServer")
    let later: [String] = []
    #expect(example.replay(with: server, unserved: later) == [])
    #expect(server.waitForExit() == 0)
  }

  private static let fixture = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures/wire-examples.jsonl").path
}
