import Foundation
import Testing

@testable import Platform

@Suite("Durable files")
struct DurableFileTests {
  private let folder = FileManager.default.temporaryDirectory.path + "/durable-\(UUID().uuidString)"

  @Test("a file is created once, written, linked and read back")
  func file() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileSystem.makeFolder(folder)
    let path = folder + "/one"
    try FileSystem.createFile(path, containing: Array("hello".utf8))
    #expect(try FileSystem.permissions(of: path) == 0o600)
    let taken = #expect(throws: SystemError.self) { try FileSystem.createFile(path, containing: []) }
    #expect(taken?.isFileExists == true)
    try FileSystem.addName(folder + "/two", to: path)
    #expect(
      #expect(throws: SystemError.self) { try FileSystem.addName(folder + "/two", to: path) }?.isFileExists == true)
    try FileSystem.move(folder + "/two", to: folder + "/three")
    try FileSystem.remove(path)
    try FileSystem.synchronizeFolder(folder)
    #expect(try FileSystem.read(folder + "/three") == Array("hello".utf8))
    #expect(#expect(throws: SystemError.self) { try FileSystem.read(path) }?.isNoSuchFile == true)
  }

  @Test("the machine and its user have names")
  func names() {
    #expect(!Machine.hostName.isEmpty)
    #expect(!Machine.userName.isEmpty)
  }
}
