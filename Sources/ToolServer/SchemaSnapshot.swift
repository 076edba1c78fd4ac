internal import JSON
internal import MCP
public import Operations

/// The files under `schemas/`: one for each tool, so that a change of a definition shows in a review.
public enum SchemaSnapshot {
  /// `<tool>.json`.
  public static func fileName(of operation: Operation) -> String { operation.name + ".json" }

  /// The tool's definition with its output schema, indented, the same bytes every time.
  public static func text(of operation: Operation) -> String {
    var writer = JSONWriter()
    ToolDefinition.write(operation, .full, into: &writer)
    return IndentedJSON.text(writer.finish()) + "\n"
  }
}

/// JSON for people to read: two spaces a level, a line for each member and item.
public enum IndentedJSON {
  /// Indents one compact, valid JSON text.
  public static func text(_ compact: [UInt8]) -> String {
    var output: [UInt8] = []
    output.reserveCapacity(compact.count * 2)
    var depth = 0
    var isInString = false
    var isEscaped = false
    func newline() { output += [UInt8(ascii: "\n")] + Array(repeating: UInt8(ascii: " "), count: depth * 2) }
    for (position, byte) in compact.enumerated() {
      if isInString {
        output.append(byte)
        isInString = isEscaped || byte != UInt8(ascii: "\"")
        isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
        continue
      }
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        output.append(byte)
        depth += 1
        // The closing bracket differs by two in both cases; an empty pair stays together.
        if position + 1 < compact.count, compact[position + 1] != byte + 2 { newline() }
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if let last = output.last, last != byte - 2 { newline() }
        output.append(byte)
      case UInt8(ascii: ","):
        output.append(byte)
        newline()
      case UInt8(ascii: ":"): output += [byte, UInt8(ascii: " ")]
      default:
        output.append(byte)
        isInString = byte == UInt8(ascii: "\"")
      }
    }
    return String(decoding: output, as: UTF8.self)
  }
}
