import Foundation
import Operations
import Testing
import ToolServer

@Suite("Files under schemas/")
struct SnapshotFileTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../schemas")
    .standardizedFileURL

  @Test("say what the catalogue says; `bound-mcp schemas` writes them", arguments: Catalogue.all)
  func content(_ operation: Operations.Operation) throws {
    let file = Self.folder.appending(path: SchemaSnapshot.fileName(of: operation))
    #expect(try String(contentsOf: file, encoding: .utf8) == SchemaSnapshot.text(of: operation))
  }

  @Test("exist for no other tool")
  func noOthers() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    #expect(files.sorted() == Catalogue.all.map { SchemaSnapshot.fileName(of: $0) }.sorted())
  }
}
