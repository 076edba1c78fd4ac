public import JSON
internal import JSONSchema
public import MCP
public import Operations

/// A tool's entry in `tools/list` (MCP, `Tool`).
public enum ToolDefinition {
  /// Writes name, title, description, input schema and all four hints, and the output schema where clients know it.
  public static func write(_ operation: Operation, _ form: ToolListForm, into writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("name")
    writer.string(operation.name)
    writer.key("title")
    writer.string(operation.title)
    writer.key("description")
    writer.string(operation.description)
    writer.key("inputSchema")
    operation.input.write(into: &writer)
    if form == .full {
      writer.key("outputSchema")
      operation.output.write(into: &writer)
    }
    writer.key("annotations")
    write(operation.hints, into: &writer)
    writer.endObject()
  }

  /// The definitions of these operations as one JSON array.
  public static func list(_ operations: [Operation], _ form: ToolListForm) -> [UInt8] {
    var writer = JSONWriter(capacity: 32_768)
    write(operations, form, into: &writer)
    return writer.finish()
  }

  /// Writes the definitions of these operations as one JSON array.
  public static func write(_ operations: [Operation], _ form: ToolListForm, into writer: inout JSONWriter) {
    writer.beginArray()
    for operation in operations { write(operation, form, into: &writer) }
    writer.endArray()
  }

  private static func write(_ hints: Hints, into writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("readOnlyHint")
    writer.bool(hints.readOnly)
    writer.key("destructiveHint")
    writer.bool(hints.destructive)
    writer.key("idempotentHint")
    writer.bool(hints.idempotent)
    writer.key("openWorldHint")
    writer.bool(hints.openWorld)
    writer.endObject()
  }
}
