public import JSON

extension Schema {
  /// Writes the schema as a tool's definition carries it: only keywords that every model's API accepts.
  ///
  /// Objects always have `properties` and arrays always have `items`; some APIs refuse a definition without them.
  /// Defaults, formats and openness are left out for the same reason: descriptions state them.
  public func write(into writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("type")
    writer.string(kind.typeName)
    if !description.isEmpty {
      writer.key("description")
      writer.string(description)
    }
    kind.writeRules(into: &writer)
    writer.endObject()
  }
}

extension Schema.Kind {
  /// The value of `type`.
  var typeName: String {
    switch self {
    case .object: "object"
    case .array: "array"
    case .string, .enumeration: "string"
    case .integer: "integer"
    case .number: "number"
    case .boolean: "boolean"
    }
  }

  fileprivate func writeRules(into writer: inout JSONWriter) {
    switch self {
    case .object(let properties, _): Self.write(properties, into: &writer)
    case .array(let items, let minItems, let maxItems):
      writer.key("items")
      items.write(into: &writer)
      writer.limit("minItems", minItems.map(Int64.init))
      writer.limit("maxItems", maxItems.map(Int64.init))
    case .string(let minLength, let maxLength, let pattern, _):
      writer.limit("minLength", minLength.map(Int64.init))
      writer.limit("maxLength", maxLength.map(Int64.init))
      if let pattern {
        writer.key("pattern")
        writer.string(pattern)
      }
    case .enumeration(let words):
      writer.key("enum")
      writer.strings(words)
    case .integer(let minimum, let maximum):
      writer.limit("minimum", minimum)
      // What only guards against overflow is no news to a caller.
      writer.limit("maximum", maximum.flatMap { $0 < 1_000_000 ? $0 : nil })
    case .number(let minimum, let maximum):
      writer.limit("minimum", minimum)
      writer.limit("maximum", maximum)
    case .boolean: break
    }
  }

  private static func write(_ properties: [Schema.Property], into writer: inout JSONWriter) {
    writer.key("properties")
    writer.beginObject()
    for property in properties where property.isShown {
      writer.key(property.name)
      property.schema.write(into: &writer)
    }
    writer.endObject()
    let required = properties.filter(\.isRequired).map(\.name)
    guard !required.isEmpty else { return }
    writer.key("required")
    writer.strings(required)
  }
}

extension JSONWriter {
  fileprivate mutating func strings(_ words: [String]) {
    beginArray()
    for word in words { string(word) }
    endArray()
  }

  fileprivate mutating func limit(_ name: StaticString, _ bound: Int64?) {
    guard let bound else { return }
    key(name)
    integer(bound)
  }

  fileprivate mutating func limit(_ name: StaticString, _ bound: Double?) {
    guard let bound else { return }
    key(name)
    if let whole = Int64(exactly: bound) { integer(whole) } else { number(bound) }
  }
}
