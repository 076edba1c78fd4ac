internal import CPlatform

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// A program that has the terminal to itself while it runs, such as an editor.
public enum ForegroundProgram {
  /// Runs it with our standard streams and waits for its end: its exit status, or 128 + the signal that ended it.
  ///
  /// Until then Ctrl-C is for it alone.
  ///
  /// - Throws: when it can't be started.
  public static func run(_ path: String, arguments: [String]) throws(SystemError) -> Int32 {
    let interrupt = signal(SIGINT, SIG_IGN)
    let quit = signal(SIGQUIT, SIG_IGN)
    defer {
      signal(SIGINT, interrupt)
      signal(SIGQUIT, quit)
    }
    return try ChildProcess.startSharing(path, arguments: arguments).waitForExit()
  }
}
