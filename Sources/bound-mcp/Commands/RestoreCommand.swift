internal import LocalStore
internal import Platform
internal import Service
internal import Settings

/// `restore`: a copy of a workspace in the place of the workspace.
struct RestoreCommand {
  let configuration: Configuration
  let invocation: Invocation

  /// Puts the copy in place and says where the former workspace is.
  func run() throws(UsageError) -> Int32 {
    guard !configuration.isReadOnly else { throw UsageError("restore changes things; leave out --read-only") }
    let path = configuration.databasePath
    guard path != ":memory:" else { throw UsageError("name the workspace's file with --db") }
    let file = Files.absolute(invocation.operands[0])
    if let one = Files.resolved(file), one == Files.resolved(path) {
      throw UsageError("\(file) is the workspace itself: name a copy of it")
    }
    do {
      let kept = try LocalStore.restore(file, to: path, replaces: invocation.has(.force))
      Console.output.line("\(path) is now as in \(file)")
      if let kept { Console.output.line("the former workspace is kept: \(kept)") }
      return Program.Status.success
    } catch {
      Console.errors.line("bound-mcp: \(error.message)")
      return Program.Status.failure
    }
  }
}
