internal import Platform

/// Cuts a stream of bytes into lines, without copying and without I/O.
///
/// Bytes go into its buffer through ``withSpace(_:)``, lines come out of ``next()`` until it gives nil. A carriage
/// return before the line feed, blank lines and one byte-order mark at the very beginning are left out. However long
/// a line is, no more than the limit and one read is held in memory.
public struct LineSplitter: ~Copyable {
  /// What the splitter found.
  public enum Line {
    /// A line without its end; the bytes are valid until the next ``LineSplitter/withSpace(_:)``.
    case text(UnsafeRawBufferPointer)
    /// A line is longer than the limit; what is left of it will be dropped.
    case tooLong
  }

  private static let smallCapacity = 1 << 16
  private static let largeCapacity = 1 << 20
  private static let minimumSpace = 1 << 14

  private let limit: Int
  private var buffer: UnsafeMutableRawBufferPointer
  /// Where the next line begins.
  private var start = 0
  /// No line feed between `start` and here.
  private var searched = 0
  private var end = 0
  private var isDropping = false
  private var isFirstLine = true

  /// A splitter that refuses lines of more than so many bytes.
  public init(limit: Int = 8 << 20) {
    self.limit = max(limit, 0)
    buffer = .allocate(byteCount: Self.smallCapacity, alignment: 16)
  }

  deinit { buffer.deallocate() }

  /// Lets the body fill the free part of the buffer; it returns how many bytes it has put there, as does this.
  public mutating func withSpace<Failure: Error>(
    _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
  ) throws(Failure) -> Int {
    makeSpace()
    let count = try body(UnsafeMutableRawBufferPointer(rebasing: buffer[end...]))
    end += min(max(count, 0), buffer.count - end)
    return count
  }

  /// The next complete line, or nil when more bytes are needed.
  public mutating func next() -> Line? {
    while let length = lengthOfLine() {
      let from = start
      start += length + 1
      searched = start
      if isDropping {
        isDropping = false
      } else if let line = content(from: from, length: length) {
        return line
      }
    }
    guard isDropping || end - start > limit else { return nil }
    let isNew = !isDropping
    isDropping = true
    isFirstLine = false
    start = end
    searched = end
    return isNew ? .tooLong : nil
  }

  /// The last line of an input that ended without a line feed, or nil.
  ///
  /// To be called after ``next()`` gave nil.
  public mutating func finish() -> Line? {
    defer {
      start = end
      searched = end
    }
    return isDropping ? nil : content(from: start, length: end - start)
  }

  private mutating func lengthOfLine() -> Int? {
    let unseen = UnsafeRawBufferPointer(rebasing: buffer[searched..<end])
    guard let offset = unseen.firstOffset(of: UInt8(ascii: "\n")) else {
      searched = end
      return nil
    }
    return searched + offset - start
  }

  /// The line's text, or nil when it is blank.
  private mutating func content(from: Int, length: Int) -> Line? {
    var line = UnsafeRawBufferPointer(rebasing: buffer[from..<from + length])
    if isFirstLine {
      isFirstLine = false
      if line.starts(with: [0xEF, 0xBB, 0xBF]) { line = UnsafeRawBufferPointer(rebasing: line[3...]) }
    }
    if line.last == UInt8(ascii: "\r") { line = UnsafeRawBufferPointer(rebasing: line.dropLast()) }
    if length > limit { return .tooLong }
    let isBlank = line.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") }
    return isBlank ? nil : .text(line)
  }

  private mutating func makeSpace() {
    let held = end - start
    if held == 0 && buffer.count > Self.largeCapacity {
      replaceBuffer(capacity: Self.smallCapacity)
    } else if buffer.count - end < Self.minimumSpace || held == 0 {
      if buffer.count - held < Self.minimumSpace {
        replaceBuffer(capacity: buffer.count * 2)
      } else if start > 0 {
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[start..<end]))
      }
    } else {
      return
    }
    searched -= start
    start = 0
    end = held
  }

  private mutating func replaceBuffer(capacity: Int) {
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 16)
    larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[start..<end]))
    buffer.deallocate()
    buffer = larger
  }
}
