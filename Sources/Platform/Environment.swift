internal import CPlatform

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// What the process was started with, and its end.
public enum Environment {
  /// The value of a variable; nil when it is not set.
  public static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// The absolute path of the running program; nil where the system does not tell.
  public static var programPath: String? {
    guard let path = cplatform_program_path() else { return nil }
    defer { free(path) }
    return String(cString: path)
  }

  /// Ends the process at once.
  public static func exit(_ status: Int32) -> Never { _exit(status) }
}
