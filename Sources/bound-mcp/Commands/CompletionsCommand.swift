internal import Settings

/// `completions`: what teaches a shell to complete the command line.
struct CompletionsCommand {
  let invocation: Invocation

  /// Prints the script.
  func run() throws(UsageError) -> Int32 {
    let name = invocation.operands[0]
    guard let shell = Shell(rawValue: name) else {
      throw .unknown("shell", name, known: Shell.allCases.map(\.rawValue))
    }
    Console.output.write(shell.completionScript)
    return Program.Status.success
  }
}
