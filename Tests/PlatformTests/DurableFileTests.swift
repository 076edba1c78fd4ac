import Foundation
import Testing

@testable import Platform

@Suite("Durable files")
struct DurableFileTests {
  private let folder = FileManager.default.temporaryDirectory.path + "/durable-\(UUID().uuidString)"

  @Test("a file is created once, written, linked and read back")
  func file() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Files.createDirectories(folder)
    let path = folder + "/one"
    try Files.createFile(path, containing: Array("hello".utf8))
    #expect(try Files.permissions(of: path) == 0o600)
    let taken = #expect(throws: SystemError.self) { try Files.createFile(path, containing: []) }
    #expect(taken?.isFileExists == true)
    try Files.link(path, as: folder + "/two")
    #expect(
      #expect(throws: SystemError.self) { try Files.link(path, as: folder + "/two") }?.isFileExists == true)
    try Files.rename(folder + "/two", to: folder + "/three")
    try Files.remove(path)
    try Files.synchronizeDirectory(folder)
    #expect(try Files.read(folder + "/three") == Array("hello".utf8))
    #expect(#expect(throws: SystemError.self) { try Files.read(path) }?.isNoSuchFile == true)
  }

  @Test("the machine and its user have names")
  func names() {
    #expect(!Machine.hostName.isEmpty)
    #expect(!Machine.userName.isEmpty)
  }
}
