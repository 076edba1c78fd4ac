public import JSON
public import Platform
internal import Synchronization

/// The one writer of a connection's output: whole lines in the order in which they were appended.
///
/// Any thread appends. A thread that works through several messages brackets them with ``together(_:)``, and what it
/// appends leaves in one write at the end; a line of any other thread leaves at once. No thread that appends ever
/// waits for the reader at the other end: what the pipe does not take now is left to a thread of our own, started when
/// that first happens. What has not left yet is bounded by ``waitForRoom()``, which the thread that reads requests
/// calls between them.
public final class Outbox: Sendable {
  private let output: Descriptor
  private let contents: Monitor<Contents>
  private let crowdedSize: Int
  private let crowded = Atomic<Bool>(false)
  private let onFailure: @Sendable () -> Void
  private let tap: (any Tap)?

  /// An outbox over a descriptor.
  /// - Parameters:
  ///   - crowdedSize: how many bytes may wait before ``waitForRoom()`` waits.
  ///   - tap: sees what leaves.
  ///   - onFailure: called once, on any thread, when the other end is gone.
  public init(
    output: Descriptor, crowdedSize: Int = 4 << 20, tap: (any Tap)? = nil, onFailure: @escaping @Sendable () -> Void
  ) {
    self.tap = tap
    self.output = output
    self.crowdedSize = crowdedSize
    self.onFailure = onFailure
    contents = Monitor(Contents())
  }

  /// Appends what the body writes, one message, as one line.
  ///
  /// Nothing happens when the other end is gone.
  public func append(_ message: (inout JSONWriter) -> Void) {
    let isBroken = contents.withLock { contents in
      guard !contents.isClosed else { return false }
      let start = contents.pending.count
      message(&contents.pending)
      if let tap { contents.pending.withBytes { tap.sent(UnsafeRawBufferPointer(rebasing: $0[start...])) } }
      contents.pending.append(byte: UInt8(ascii: "\n"))
      if contents.unsent > crowdedSize { crowded.store(true, ordering: .relaxed) }
      if contents.unsent < Self.flushSize, contents.isHeld(by: .current) { return false }
      return !flush(&contents)
    }
    if isBroken { fail() }
  }

  /// Lets everything that the body appends on this thread leave in one write.
  public func together(_ body: () -> Void) {
    beginTogether()
    body()
    endTogether()
  }

  /// Whether ``waitForRoom()`` may wait.
  public var isCrowded: Bool { crowded.load(ordering: .relaxed) }

  /// Whether more bytes wait than should; unlike ``isCrowded``, looked up now.
  public var isBehind: Bool { contents.withLock { $0.unsent > crowdedSize } }

  /// Waits while too many bytes have not left yet.
  public func waitForRoom() {
    guard isCrowded else { return }
    flush()
    contents.wait { contents in contents.isClosed || contents.unsent <= self.crowdedSize / 2 ? () : nil }
    crowded.store(false, ordering: .relaxed)
  }

  /// Writes what is pending as far as the pipe takes it.
  public func flush() {
    if contents.withLock({ !flush(&$0) }) { fail() }
  }

  /// Waits until everything has left; false when it has not.
  /// - Parameters:
  ///   - milliseconds: how long the other end may take nothing at all before this gives up.
  ///   - deadline: when to give up even if it does take something; nil for never.
  public func drain(patience milliseconds: UInt64, until deadline: Deadline? = nil) -> Bool {
    flush()
    var written = contents.withLock { $0.written }
    while true {
      let patience = Deadline.after(milliseconds: milliseconds)
      let progress = contents.wait(until: deadline.map { min($0, patience) } ?? patience) { contents in
        let isOver = contents.unsent == 0 || contents.isClosed
        return isOver || contents.written != written ? (isOver: isOver, written: contents.written) : nil
      }
      guard let progress, !progress.isOver, deadline?.hasPassed != true else {
        return contents.withLock { $0.unsent == 0 && !$0.isClosed }
      }
      written = progress.written
    }
  }

  /// Drops what is pending and everything appended from now on.
  public func close() {
    contents.withLock { contents in
      contents.isClosed = true
      contents.dropPending()
    }
    contents.notify()
  }

  private func fail() {
    let isFirst = contents.withLock { contents in
      defer { contents.isClosed = true }
      contents.dropPending()
      return !contents.isClosed
    }
    contents.notify()
    if isFirst { onFailure() }
  }
}

// Threads that hold back the write.
extension Outbox {
  /// Begins what ``together(_:)`` does for a body.
  func beginTogether() {
    contents.withLock { $0.holders.append(.current) }
  }

  /// Ends it.
  func endTogether() {
    let (isBroken, isAwaited) = contents.withLock { contents in
      if let index = contents.holders.lastIndex(of: .current) { contents.holders.remove(at: index) }
      return (contents.isHeld(by: .current) ? false : !flush(&contents), contents.isAwaited)
    }
    if isBroken { fail() }
    if isAwaited { contents.notify() }
  }

  /// Waits until no thread is between lines that belong together; false when the deadline passes first.
  public func waitUntilReleased(until deadline: Deadline) -> Bool {
    contents.withLock { $0.isAwaited = true }
    return contents.wait(until: deadline) { $0.holders.isEmpty ? () : nil } != nil
  }
}

// Writing.
extension Outbox {
  private static let flushSize = 1 << 18

  private struct Contents: ~Copyable {
    /// Lines that nobody is writing yet, but for the first `sent` bytes.
    var pending = JSONWriter(capacity: 1 << 16, sanitizing: true)
    var sent = 0
    /// How many bytes the thread of our own has taken and not written yet.
    var taken = 0
    /// How many it has written since the beginning.
    var written = 0
    var isWriterBusy = false
    var hasWriter = false
    var isClosed = false
    var holders: [ThreadIdentity] = []
    /// Somebody waits for the holders to be gone.
    var isAwaited = false

    var unsent: Int { pending.count - sent + taken }

    func isHeld(by thread: ThreadIdentity) -> Bool {
      for holder in holders where holder == thread { return true }
      return false
    }

    mutating func dropPending() {
      pending.reset()
      pending.shrink(to: Outbox.flushSize)
      sent = 0
    }

    /// Writes without waiting; true when everything has left.
    mutating func write(to output: Descriptor) throws(SystemError) -> Bool {
      while sent < pending.count {
        let offset = sent
        let count = try pending.withBytes { (bytes) throws(SystemError) in
          try output.writeWithoutWaiting(UnsafeRawBufferPointer(rebasing: bytes[offset...]))
        }
        guard count > 0 else { return false }
        sent += count
      }
      dropPending()
      return true
    }
  }

  /// False when the other end is gone.
  private func flush(_ contents: inout Contents) -> Bool {
    guard !contents.isWriterBusy, contents.pending.count > contents.sent else { return true }
    do {
      guard try !contents.write(to: output) else { return true }
    } catch {
      return false
    }
    contents.isWriterBusy = true
    if !contents.hasWriter {
      contents.hasWriter = true
      Thread.start("output") { self.writeWhenAsked() }
    }
    self.contents.notify()
    return true
  }

  /// The thread that waits for a pipe that is full.
  private func writeWhenAsked() {
    var batch = JSONWriter(capacity: 1 << 16, sanitizing: true)
    while true {
      let offset = contents.wait { contents -> Int? in
        if contents.isClosed { return -1 }
        guard contents.isWriterBusy else { return nil }
        swap(&batch, &contents.pending)
        defer { contents.sent = 0 }
        contents.taken = batch.count - contents.sent
        return contents.sent
      }
      guard let offset, offset >= 0 else { return }
      do {
        try batch.withBytes { (bytes) throws(SystemError) in try write(bytes, from: offset) }
      } catch {
        return fail()
      }
      batch.reset()
      batch.shrink(to: Self.flushSize)
    }
  }

  private func write(_ bytes: UnsafeRawBufferPointer, from offset: Int) throws(SystemError) {
    var next = offset
    while next < bytes.count {
      let end = min(next + (1 << 16), bytes.count)
      try output.writeAll(UnsafeRawBufferPointer(rebasing: bytes[next..<end]))
      contents.withLock { contents in
        contents.taken -= end - next
        contents.written += end - next
        if contents.taken == 0, contents.pending.count == 0 { contents.isWriterBusy = false }
      }
      contents.notify()
      next = end
    }
  }
}
