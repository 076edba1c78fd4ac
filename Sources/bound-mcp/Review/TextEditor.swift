internal import Platform

/// The person's own editor.
enum TextEditor {
  /// Why nothing was edited.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Opens the text in `$VISUAL`, `$EDITOR` or vi, and gives what it became.
  static func edit(_ text: String) throws -> String {
    let folder = Environment.variable("TMPDIR").flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
    var random = SystemRandomNumberGenerator()
    let path = "\(folder)/bound-mcp-\(String(random.next(), radix: 36)).txt"
    // The text is about a person: its owner alone reads it, and it does not stay.
    try Files.createFile(path, containing: Array(text.utf8))
    defer { try? Files.remove(path) }
    let command = ["VISUAL", "EDITOR"].lazy.compactMap { Environment.variable($0) }.first { !$0.isEmpty } ?? "vi"
    // By the shell, since the variable may hold options too.
    let status = try ForegroundProgram.run("/bin/sh", arguments: ["-c", "\(command) \"$1\"", "sh", path])
    guard status == 0 else { throw Failure(description: "the editor (\(command)) ended with status \(status)") }
    return String(decoding: try Files.read(path), as: UTF8.self)
  }
}
