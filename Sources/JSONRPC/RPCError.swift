public import JSON

/// An error answer: a code, a short sentence and optional facts (JSON-RPC 2.0, section 5.1).
public struct RPCError: Error, Sendable, Equatable {
  /// What kind of error it is.
  public var code: Code
  /// One sentence for people.
  public var message: String
  /// Facts for programs; left out when nil.
  public var data: JSONValue?

  /// Describes an error.
  public init(_ code: Code, _ message: String, data: JSONValue? = nil) {
    self.code = code
    self.message = message
    self.data = data
  }

  /// The number that stands for a kind of error.
  ///
  /// Further kinds belong to the protocols built on this one.
  public struct Code: Sendable, Hashable {
    /// The number.
    public let value: Int64

    /// Wraps a number.
    public init(_ value: Int64) { self.value = value }

    /// The text is not JSON.
    public static let parseError = Code(-32700)
    /// The JSON is not a request.
    public static let invalidRequest = Code(-32600)
    /// Nobody serves this method.
    public static let methodNotFound = Code(-32601)
    /// The parameters are not what the method needs.
    public static let invalidParameters = Code(-32602)
    /// Our own fault.
    public static let internalError = Code(-32603)
  }

  /// Writes `{"code":…,"message":…}` with `data` if there is any.
  public func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("code")
    writer.integer(code.value)
    writer.key("message")
    writer.string(message)
    if let data {
      writer.key("data")
      writer.raw(data.serialized())
    }
    writer.endObject()
  }
}
