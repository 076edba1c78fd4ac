internal import CPlatform

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// Threads of the operating system, for work that blocks.
public enum Thread {
  /// Starts a detached thread that runs the body once.
  ///
  /// The name shows in debuggers and `ps -L`; at most 15 bytes of it are kept.
  public static func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    // JSON of the permitted depth is parsed recursively: 1 MiB is ample, and only touched pages count.
    pthread_attr_setstacksize(&attributes, 1 << 20)
    // A thread inherits which signals it does not take: the wish to end is for the one that asks for it.
    var (signals, before) = (TerminationSignals.watched, sigset_t())
    pthread_sigmask(SIG_BLOCK, &signals, &before)
    let start = Unmanaged.passRetained(ThreadStart(name: String(name.prefix(15)), body: body))
    #if canImport(Darwin)
      var thread: pthread_t?
      let status = pthread_create(&thread, &attributes, { runThread($0) }, start.toOpaque())
    #else
      var thread = pthread_t()
      let status = pthread_create(&thread, &attributes, { $0.flatMap { runThread($0) } }, start.toOpaque())
    #endif
    pthread_sigmask(SIG_SETMASK, &before, nil)
    pthread_attr_destroy(&attributes)
    precondition(status == 0, "the system refuses to start a thread (error \(status))")
  }

  /// Lets the calling thread wait for the end of the process.
  public static func park() -> Never {
    while true { pause() }
  }

  /// Lets the calling thread rest; for programs that ask another one again and again.
  public static func sleep(milliseconds: UInt32) {
    var rest = timespec(tv_sec: Int(milliseconds / 1000), tv_nsec: Int(milliseconds % 1000) * 1_000_000)
    var left = timespec()
    while nanosleep(&rest, &left) != 0 && errno == EINTR { rest = left }
  }
}

private final class ThreadStart {
  let name: String
  let body: @Sendable () -> Void

  init(name: String, body: @escaping @Sendable () -> Void) {
    self.name = name
    self.body = body
  }
}

private func runThread(_ argument: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
  let start = Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue()
  cplatform_name_thread(start.name)
  start.body()
  return nil
}
