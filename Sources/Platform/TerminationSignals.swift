internal import CPlatform

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// SIGTERM, SIGINT and SIGHUP: somebody wants the process to end.
public enum TerminationSignals {
  /// Keeps them for ``watch(_:)``: until that is called they end nothing.
  ///
  /// To be called on the thread that the process began with; those of ``Thread`` take none.
  public static func hold() {
    var signals = watched
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  /// Calls the handler, on a thread of its own, at the first such signal; the second ends the process at once.
  ///
  /// To be called where ``hold()`` may be; before either a signal ends the process without asking. The status of an end
  /// at once is 128 + the signal's number.
  public static func watch(_ handler: @escaping @Sendable () -> Void) {
    hold()
    Thread.start("signals") {
      _ = next()
      handler()
      _exit(128 + next())
    }
  }

  static var watched: sigset_t {
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&signals, signal) }
    return signals
  }

  private static func next() -> Int32 {
    var signals = watched
    var signal: Int32 = 0
    while sigwait(&signals, &signal) != 0 {}
    return signal
  }
}
