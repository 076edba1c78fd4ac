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
    let result = withMemory { memory in
      Result { () throws(JSONError) in
        var reader = DocumentReader(
          start: start.assumingMemoryBound(to: UInt8.self), count: bytes.count, limits: limits,
          memory: memory)
        return try reader.document()
      }
    }
    return try result.get()
  }

  private typealias Memory = DocumentReader.Memory

  /// Lends memory on the stack.
  @inline(__always)
  private static func withMemory(
    _ body: (Memory) -> Result<JSONValue, JSONError>
  ) -> Result<JSONValue, JSONError> {
    withUnsafeTemporaryAllocation(of: JSONValue.self, capacity: Memory.valueCount) { values in
      withUnsafeTemporaryAllocation(of: PendingKey.self, capacity: Memory.keyCount) { keys in
        withUnsafeTemporaryAllocation(of: OpenContainer.self, capacity: Memory.containerCount) { open in
          guard let values = values.baseAddress, let keys = keys.baseAddress, let open = open.baseAddress else {
            return .failure(JSONError(.tooDeep, at: 0))
          }
          return body(Memory(values: values, keys: keys, open: open))
        }
      }
    }
  }
}
