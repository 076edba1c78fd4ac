import Foundation

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
    let writer = Process()
    writer.executableURL = URL(fileURLWithPath: "/bin/sh")
    writer.arguments = ["-c", "printf '%s\\n' \"$2\" > \"$1\" && chmod 755 \"$1\"", "sh", path, "#!/bin/sh\n" + text]
    try writer.run()
    writer.waitUntilExit()
    return path
  }
}
