internal import CPlatform
internal import Synchronization

/// Tells when a file is written to, by whatever process: costs nothing while nobody writes.
///
/// Writes that follow soon after each other may be told once. What is told is that somebody has written, not that he
/// has finished. The file must not be replaced by another of the same name.
public final class FileWatch: Sendable {
  private let queue: Int32
  private let file: Int32
  private let isEnded = Mutex(false)

  /// Begins to watch; the handler runs on a thread of its own and should return soon.
  public init(_ path: String, onWrite: @escaping @Sendable () -> Void) throws(SystemError) {
    var file: Int32 = -1
    let queue = cplatform_watch_begin(path, &file)
    guard queue >= 0 else { throw .current }
    self.queue = queue
    self.file = file
    let watched = file
    Thread.start("file watch") {
      while cplatform_watch_wait(queue, watched) == 1 { onWrite() }
    }
  }

  deinit { end() }

  /// Ends the watch; later calls do nothing.
  public func end() {
    // The thread closes the descriptors, whose numbers may then mean other files.
    let isFirst = isEnded.withLock { isEnded in
      defer { isEnded = true }
      return !isEnded
    }
    if isFirst { cplatform_watch_end(queue, file) }
  }
}
