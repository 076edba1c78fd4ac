internal import LocalStore
internal import Logging
internal import Platform
internal import Service
internal import Settings

/// `backup`: a copy of the workspace, while others use it.
struct BackupCommand {
  let configuration: Configuration
  let invocation: Invocation

  /// Writes the copy and says where it is.
  func run() throws(UsageError) -> Int32 {
    guard configuration.databasePath != ":memory:", Files.exists(configuration.databasePath) else {
      throw UsageError("there is no workspace at \(configuration.databasePath) yet: name one with --db")
    }
    let path = Files.absolute(invocation.operands[0])
    if Files.exists(path) { throw UsageError("\(path) is there already: choose another name") }
    let store = LocalStore(path: configuration.databasePath, log: configuration.log)
    do {
      let size = try store.backUp(to: path)
      Console.output.line("\(path): \(ByteCount.text(size)), a workspace of its own (bound-mcp serve --db \(path))")
      return Program.Status.success
    } catch {
      Console.errors.line("bound-mcp: \(error.message)")
      return Program.Status.failure
    }
  }
}
