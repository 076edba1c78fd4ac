public import JSON

/// What `bound-mcp-http` says of itself when it starts.
public struct HelperFacts: Sendable, Equatable {
  /// Where the program is.
  public let path: String
  /// The version of the system's libcurl, such as `8.5.0`; nil when it does not say.
  public let libcurl: String?
  /// Whether it speaks HTTP/2.
  public let hasHTTP2: Bool

  /// Facts as a test states them.
  public init(path: String, libcurl: String?, hasHTTP2: Bool) {
    self.path = path
    self.libcurl = libcurl
    self.hasHTTP2 = hasHTTP2
  }

  init(path: String, greeting: JSONValue) {
    self.init(
      path: path, libcurl: greeting["libcurl"]?.stringValue, hasHTTP2: greeting["http2"]?.boolValue ?? false)
  }

  /// The greeting that says so.
  public static func greeting(libcurl: String, hasHTTP2: Bool) -> JSONValue {
    ["protocol": .integer(Frame.protocolVersion), "libcurl": .string(libcurl), "http2": .bool(hasHTTP2)]
  }
}
