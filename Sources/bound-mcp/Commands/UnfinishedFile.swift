internal import Platform

/// A file that has its name only once it is whole, or standard output.
///
/// What was killed half way leaves nothing under the name.
struct UnfinishedFile {
  private let path: String?
  private let replaces: Bool
  private let descriptor: Descriptor
  private var draft: String { (path ?? "") + ".unfinished" }

  /// Opens it for the user alone.
  ///
  /// - Parameters:
  ///   - path: nil for standard output.
  ///   - replaces: a file that has the name may be put away.
  init(_ path: String?, replaces: Bool) throws(SystemError) {
    self.path = path
    self.replaces = replaces
    guard let path else {
      descriptor = .standardOutput
      return
    }
    if !replaces, Files.exists(path) { throw .fileExists }
    let draft = path + ".unfinished"
    // Of one that was killed.
    try? Files.remove(draft)
    descriptor = try Files.createExclusively(draft)
  }

  /// Adds bytes.
  func write(_ bytes: [UInt8]) throws(SystemError) { try descriptor.writeAll(bytes) }

  /// Gives it its name, once it would survive a power loss.
  func finish() throws(SystemError) {
    guard let path else { return }
    try descriptor.synchronize()
    descriptor.close()
    if !replaces, Files.exists(path) { throw .fileExists }
    try Files.rename(draft, to: path)
    try Files.synchronizeDirectory(Files.folder(of: path) ?? "/")
  }

  /// Takes away what was written.
  func discard() {
    guard path != nil else { return }
    try? Files.remove(draft)
  }
}
