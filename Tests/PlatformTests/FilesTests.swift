import Foundation
import Platform
import Testing

@Suite struct FilesTests {
  private let folder = NSTemporaryDirectory() + "bound-mcp-files-" + UUID().uuidString

  @Test("what is written is read back, and the draft is gone")
  func roundTrip() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Files.createDirectories(folder + "/a/b")
    let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
    try Files.write([1], to: folder + "/a/b/file", mode: 0o600)
    try Files.write(content, to: folder + "/a/b/file", mode: 0o600)
    #expect(try Files.read(folder + "/a/b/file") == content)
    #expect(try Files.names(in: folder + "/a/b") == ["file"])
    #expect(try Files.permissions(of: folder + "/a/b/file") == 0o600)
    #expect(try Files.permissions(of: folder + "/a") == 0o700)
  }

  @Test("a file larger than the limit is refused")
  func limit() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Files.createDirectories(folder)
    try Files.write([UInt8](repeating: 0, count: 101), to: folder + "/file")
    #expect(throws: SystemError.self) { try Files.read(folder + "/file", limit: 100) }
  }

  @Test("a missing file is told from other failures")
  func missing() {
    #expect {
      try Files.read(folder + "/none")
    } throws: {
      ($0 as? SystemError)?.isNoSuchFile == true
    }
    #expect(!Files.exists(folder))
  }

  @Test(
    "the folder of a path is what stands before its last name",
    arguments: [("/a/b", "/a"), ("/a", "/"), ("a/b", "a"), ("a", nil)] as [(String, String?)])
  func parent(path: String, folder: String?) {
    #expect(Files.folder(of: path) == folder)
  }
}
