internal import CPlatform

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// Whole files and their paths; no error names a path.
extension Files {
  /// The whole content of a file, which must not be larger than `limit` bytes.
  public static func read(_ path: String, limit: Int = 1 << 20) throws(SystemError) -> [UInt8] {
    let descriptor = Descriptor(rawValue: cplatform_open(path, O_RDONLY | O_CLOEXEC, 0))
    guard descriptor.rawValue >= 0 else { throw .current }
    defer { descriptor.close() }
    var content: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      let count = try readPart(of: descriptor, into: &part)
      if count == 0 { return content }
      guard content.count + count <= limit else { throw SystemError(code: EFBIG) }
      content.append(contentsOf: part[..<count])
    }
  }

  /// Puts the bytes in the place of whatever was there, whole or not at all.
  public static func write(_ bytes: [UInt8], to path: String, mode: UInt32 = 0o644) throws(SystemError) {
    let draft = "\(path).\(getpid()).part"
    let descriptor = Descriptor(
      rawValue: cplatform_open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode_t(truncatingIfNeeded: mode)))
    guard descriptor.rawValue >= 0 else { throw .current }
    do throws(SystemError) {
      defer { descriptor.close() }
      try writeAll(bytes, to: descriptor)
      try rename(draft, to: path)
    } catch {
      try? remove(draft)
      throw error
    }
  }

  /// The permission bits of a file or folder, such as `0o600`.
  public static func permissions(of path: String) throws(SystemError) -> UInt32 {
    var facts = stat()
    guard stat(path, &facts) == 0 else { throw .current }
    return UInt32(facts.st_mode) & 0o7777
  }

  /// The number of bytes in a file.
  public static func size(of path: String) throws(SystemError) -> Int64 {
    var status = stat()
    guard stat(path, &status) == 0 else { throw .current }
    return Int64(status.st_size)
  }

  /// Opens a file for reading.
  public static func open(_ path: String) throws(SystemError) -> Descriptor {
    let descriptor = cplatform_open(path, O_RDONLY | O_CLOEXEC, 0)
    guard descriptor >= 0 else { throw .current }
    return Descriptor(rawValue: descriptor)
  }

  /// Opens a file for writing behind what it holds.
  public static func openForAppending(_ path: String) throws(SystemError) -> Descriptor {
    let descriptor = cplatform_open(path, O_WRONLY | O_APPEND | O_CLOEXEC, 0)
    guard descriptor >= 0 else { throw .current }
    return Descriptor(rawValue: descriptor)
  }

  /// Waits until a file's content would survive a power loss.
  public static func synchronize(_ path: String) throws(SystemError) {
    let descriptor = try open(path)
    defer { descriptor.close() }
    try descriptor.synchronize()
  }

  /// Whether something is there.
  public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Whether this process may write the file, or into the folder.
  public static func mayWrite(_ path: String) -> Bool { access(path, W_OK) == 0 }

  /// The names in a folder, sorted, without `.` and `..`.
  public static func names(in path: String) throws(SystemError) -> [String] {
    guard let folder = opendir(path) else { throw .current }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The path from the root: as it is when it begins there, else below the working folder.
  public static func absolute(_ path: String) -> String {
    guard !path.hasPrefix("/"), let here = getcwd(nil, 0) else { return path }
    defer { free(here) }
    return "\(String(cString: here))/\(path)"
  }

  /// The absolute path of what is there, without symbolic links; nil when nothing is.
  public static func resolved(_ path: String) -> String? {
    guard let found = realpath(path, nil) else { return nil }
    defer { free(found) }
    return String(cString: found)
  }

  /// What stands before the last `/`; nil when nothing does.
  public static func folder(of path: String) -> String? {
    guard let slash = path.lastIndex(of: "/") else { return nil }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func readPart(of descriptor: Descriptor, into part: inout [UInt8]) throws(SystemError) -> Int {
    let result: Result<Int, SystemError> = part.withUnsafeMutableBytes { bytes in
      Result { () throws(SystemError) in try descriptor.read(into: bytes) }
    }
    return try result.get()
  }

  private static func writeAll(_ bytes: [UInt8], to descriptor: Descriptor) throws(SystemError) {
    let result: Result<Void, SystemError> = bytes.withUnsafeBytes { bytes in
      Result { () throws(SystemError) in try descriptor.writeAll(bytes) }
    }
    try result.get()
  }
}
