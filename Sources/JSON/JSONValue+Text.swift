extension JSONValue {
  /// Reads one JSON text.
  /// - Throws: `JSONError` with the place of the first fault.
  public init(parsing bytes: [UInt8], limits: JSONLimits = .standard) throws(JSONError) {
    let result: Result<JSONValue, JSONError> = bytes.withUnsafeBytes { bytes in
      Result { () throws(JSONError) in try JSONParser.parse(bytes, limits: limits) }
    }
    self = try result.get()
  }

  /// Reads one JSON text.
  /// - Throws: `JSONError` with the place of the first fault, in UTF-8 bytes.
  public init(parsing text: String, limits: JSONLimits = .standard) throws(JSONError) {
    let result: Result<JSONValue, JSONError> = text.withUTF8Bytes { bytes in
      Result { () throws(JSONError) in try JSONParser.parse(UnsafeRawBufferPointer(bytes), limits: limits) }
    }
    self = try result.get()
  }

  /// The compact JSON text as UTF-8.
  public func serialized() -> [UInt8] {
    var writer = JSONWriter(capacity: 512)
    writer.value(self)
    return writer.finish()
  }

  /// The compact JSON text.
  public var text: String { String(decoding: serialized(), as: UTF8.self) }

  /// The one text that equal values share, for digests.
  ///
  /// Members are sorted by the UTF-8 bytes of their keys, and a number without fraction within ±2^53 is written as an
  /// integer, so that `{"b":1.0,"a":2}` and `{"a":2,"b":1}` give the same bytes.
  public func canonicalized() -> [UInt8] {
    var writer = JSONWriter(capacity: 512)
    writer.canonicalValue(self)
    return writer.finish()
  }
}
