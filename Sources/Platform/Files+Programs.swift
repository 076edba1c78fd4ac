internal import CPlatform

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

extension Files {
  /// The path of a program: a name with a slash in it is one; any other is looked up in the folders of `PATH`.
  ///
  /// - Parameter path: the folders, joined by colons; nil for this process's own `PATH`.
  /// - Returns: nil when there is none that may be run.
  public static func findProgram(_ name: String, path: String? = nil) -> String? {
    guard !name.isEmpty else { return nil }
    if name.utf8.contains(UInt8(ascii: "/")) { return isProgram(name) ? name : nil }
    let folders = path ?? Environment.variable("PATH") ?? "/usr/local/bin:/usr/bin:/bin"
    for folder in folders.split(separator: ":") where isProgram("\(folder)/\(name)") { return "\(folder)/\(name)" }
    return nil
  }

  private static func isProgram(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
  }
}
