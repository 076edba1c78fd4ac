import Foundation
import Platform

/// A folder of a test's own, gone with the test.
public final class TemporaryFolder: Sendable {
  /// Where it is.
  public let path: String

  /// Makes the folder.
  public init() throws {
    path = FileManager.default.temporaryDirectory.path + "/bound-mcp-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file in it.
  public func file(_ name: String) -> String { path + "/" + name }

  /// Writes a shell script that can be run, and gives its path.
  ///
  /// Another process writes it: a descriptor of ours, open for writing, could be inherited by a program that another
  /// test starts at this moment, and the system runs no file that is open for writing.
  public func script(_ name: String, _ text: String) throws -> String {
    let path = file(name)
    // Not Foundation's `Process`: a program that another test starts at that moment may inherit the pipe by whose end
    // it learns that its child has ended.
    let writer = try ChildProcess.start(
      "/bin/sh",
      arguments: ["-c", "printf '%s\\n' \"$2\" > \"$1\" && chmod 755 \"$1\"", "sh", path, "#!/bin/sh\n" + text])
    writer.input.close()
    _ = writer.waitForExit()
    writer.output.close()
    return path
  }
}
