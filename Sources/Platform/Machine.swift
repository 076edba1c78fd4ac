#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// Names of this computer and of who uses it.
public enum Machine {
  /// The computer's name on its network; "localhost" when it has none.
  public static var hostName: String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
    let name = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return name.isEmpty ? "localhost" : name
  }

  /// The login name as the environment tells it; "user" when it does not.
  ///
  /// The user database is not asked: the C library loads modules for that, which a static program can't.
  public static var userName: String {
    for variable in ["LOGNAME", "USER"] {
      if let name = Environment.variable(variable), !name.isEmpty { return name }
    }
    return "user"
  }
}
