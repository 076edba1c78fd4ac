internal import Platform
internal import Synchronization

/// Counted calls in a file beside the workspace, so that the windows of a plan hold over restarts and over all
/// processes of the workspace.
///
/// The file is small, locked while a call is counted, and not synchronised: what a loss of power can take is the calls
/// of the last seconds. A file that is missing or damaged counts as empty.
public final class RateWindowFile: Sendable {
  private static let magic: Int64 = 0x626d_7261_7465_7331
  private let path: String
  private let file = Mutex<Descriptor?>(nil)

  /// The file at a path; touched by the first call that is counted.
  public init(path: String) { self.path = path }

  deinit { file.withLock { $0 }?.close() }

  /// Lends out the numbers that the file holds, nobody else reading or writing them; they are stored when the body says so.
  ///
  /// Another count of numbers than the file's begins anew with zeros.
  func update<Result>(
    _ count: Int, _ body: (inout [Int64]) -> (result: Result, isChanged: Bool)
  ) throws(SystemError) -> Result {
    try file.withLock { (file) throws(SystemError) -> Result in
      let descriptor = if let file { file } else { try open() }
      file = descriptor
      descriptor.lockExclusively()
      defer { descriptor.unlock() }
      var words = try Self.read(count + 1, descriptor)
      var numbers = words[0] == Self.magic ? Array(words[1...]) : Array(repeating: 0, count: count)
      let (result, isChanged) = body(&numbers)
      if isChanged {
        words = [Self.magic] + numbers
        try Self.write(words, descriptor)
      }
      return result
    }
  }

  private func open() throws(SystemError) -> Descriptor {
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      try Files.createDirectories(String(path[..<slash]))
    }
    return try Files.openLock(path)
  }

  private static func read(_ count: Int, _ descriptor: Descriptor) throws(SystemError) -> [Int64] {
    var words = [Int64](repeating: 0, count: count)
    let read = words.withUnsafeMutableBytes { bytes in
      Swift.Result { () throws(SystemError) in try descriptor.read(into: bytes, at: 0) }
    }
    guard try read.get() == count * MemoryLayout<Int64>.size else { return [Int64](repeating: 0, count: count) }
    return words
  }

  private static func write(_ words: [Int64], _ descriptor: Descriptor) throws(SystemError) {
    try words.withUnsafeBytes { bytes in
      Swift.Result { () throws(SystemError) in try descriptor.write(bytes, at: 0) }
    }.get()
  }
}
