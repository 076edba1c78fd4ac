internal import Platform

/// A mail folder that many programs share without locks: a message is one file, complete as soon as it is seen.
///
/// A message is written to `tmp`, made durable, and then given its name in `new`. Here that name is the delivery's own,
/// not a new one each time: who delivers the same thing again finds the name taken.
struct Maildir: Sendable {
  /// The folder that holds `tmp`, `new` and `cur`.
  let path: String

  /// Where a message lies, and whether this call put it there.
  struct Delivery {
    let path: String
    let isNew: Bool
  }

  /// Puts a message into `new`; when it returns, the message survives a power loss.
  ///
  /// - Parameters:
  ///   - name: names the delivery, letters, digits, `_`, `-` and `.`.
  ///   - draft: a name that no other delivery uses, for the time of writing.
  func deliver(_ message: [UInt8], as name: String, draft: String) throws(SystemError) -> Delivery {
    try createFolders()
    let draft = "\(path)/tmp/\(draft)"
    let target = "\(path)/new/\(name)"
    try Files.createFile(draft, containing: message)
    var isNew = false
    do throws(SystemError) {
      isNew = try Self.give(draft, theName: target)
      try Files.synchronizeDirectory("\(path)/new")
    } catch {
      // What is reported as not delivered must not lie there to be sent.
      try? Files.remove(isNew ? target : draft)
      throw error
    }
    return Delivery(path: target, isNew: isNew)
  }

  private func createFolders() throws(SystemError) {
    // `new` is made last, so that it stands for all.
    if Files.exists("\(path)/new") { return }
    for folder in ["tmp", "cur", "new"] { try Files.createDirectories("\(path)/\(folder)") }
    try Files.synchronizeDirectory(path)
    if let parent = Files.folder(of: path) { try Files.synchronizeDirectory(parent) }
  }

  /// False when the name is taken; the draft is gone in either case.
  private static func give(_ draft: String, theName target: String) throws(SystemError) -> Bool {
    do throws(SystemError) {
      try Files.link(draft, as: target)
    } catch {
      if error.isFileExists {
        try Files.remove(draft)
        return false
      }
      guard error.isNotSupported else { throw error }
      // File systems without second names: look first. Claims are exclusive, so nobody comes between.
      if Files.exists(target) {
        try Files.remove(draft)
        return false
      }
      try Files.rename(draft, to: target)
      return true
    }
    try? Files.remove(draft)
    return true
  }
}
