#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// A POSIX extended regular expression, compiled once and usable on any thread.
public final class RegularExpression: @unchecked Sendable {
  // Unchecked: regexec(3) takes the compiled expression as constant, and POSIX requires it to be safe for threads.
  private let compiled: UnsafeMutablePointer<regex_t>

  /// Compiles a pattern; nil when it is not valid.
  public init?(_ pattern: String) {
    let expression = UnsafeMutablePointer<regex_t>.allocate(capacity: 1)
    guard regcomp(expression, pattern, REG_EXTENDED | REG_NOSUB) == 0 else {
      expression.deallocate()
      return nil
    }
    compiled = expression
  }

  deinit {
    regfree(compiled)
    compiled.deallocate()
  }

  /// Whether the pattern occurs in the text; it matches bytes, so that `.` is a byte.
  public func matches(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      // With REG_STARTEND the text's bounds are given, so that a NUL in it ends nothing.
      var bounds = regmatch_t()
      bounds.rm_so = 0
      bounds.rm_eo = .init(bytes.count)
      guard let start = bytes.baseAddress else { return regexec(compiled, "", 0, nil, 0) == 0 }
      return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
        regexec(compiled, $0, 1, &bounds, REG_STARTEND) == 0
      }
    }
  }
}
