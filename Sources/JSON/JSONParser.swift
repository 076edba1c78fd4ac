/// Reads JSON texts, strictly by RFC 8259.
///
/// Refused beyond its grammar: bytes that are not UTF-8, half a surrogate pair, a key twice in one object (what was
/// approved must be what runs), numbers beyond a double's range, a byte order mark, and what exceeds the limits.
/// An integer that does not fit 64 bits becomes a number; `-0` becomes the number -0.0, so that it is written as it
/// was read.
public enum JSONParser {
  /// Reads one JSON text with optional white space around it.
  /// - Throws: `JSONError` with the place of the first fault.
  public static func parse(
    _ bytes: UnsafeRawBufferPointer, limits: JSONLimits = .standard
  ) throws(JSONError) -> JSONValue {
    guard bytes.count <= limits.bytes else { throw JSONError(.tooLong, at: max(limits.bytes, 0)) }
    guard let start = bytes.baseAddress, !bytes.isEmpty else { throw JSONError(.endOfText, at: 0) }
    var reader = DocumentReader(
      start: start.assumingMemoryBound(to: UInt8.self), count: bytes.count,
      depth: min(limits.depth, JSONLimits.greatestDepth))
    return try reader.document()
  }
}
