internal import Platform
internal import Service
internal import Synchronization

/// Where a workspace lives: a file, or memory that ends with the process.
struct Location: Sendable {
  /// The file's path; nil in memory.
  let path: String?
  /// What SQLite opens.
  let uri: String

  private static let memoryCount = Atomic<Int>(0)

  /// `:memory:` or a path.
  init(_ name: String) {
    if name == ":memory:" {
      path = nil
      // A name of its own, so that the connections of this process see one database, and no other sees it.
      uri = "file:/bound-mcp-\(Self.memoryCount.add(1, ordering: .relaxed).newValue)?vfs=memdb"
    } else {
      path = name
      uri = "file:" + Self.percentEncoded(name)
    }
  }

  private static func percentEncoded(_ path: String) -> String {
    var encoded: [UInt8] = []
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "%"): encoded += "%25".utf8
      case UInt8(ascii: "?"): encoded += "%3f".utf8
      case UInt8(ascii: "#"): encoded += "%23".utf8
      default: encoded.append(byte)
      }
    }
    return String(decoding: encoded, as: UTF8.self)
  }

  /// Makes the folder (mode 0700) and the file (mode 0600) where they are missing.
  func create() throws(ServiceError) {
    guard let path else { return }
    do throws(SystemError) {
      if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
        try Files.createDirectories(String(path[..<slash]))
      }
      try Files.createExclusively(path).close()
    } catch {
      if error.isFileExists { return }
      throw ServiceError(.internal, "The workspace file can't be created: \(error). Choose another place with --db.")
    }
  }
}
