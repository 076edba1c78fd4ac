public import JSON

extension Schema {
  /// Reads a schema of the subset that ``Schema`` can say; nil when it says more.
  ///
  /// Understood are `type` with `properties`, `required`, `additionalProperties`, `items`, `enum` of texts,
  /// `description`, and the limits of texts, numbers and lists. An object that does not refuse further members takes
  /// them.
  public init?(parsing json: JSONValue) {
    guard let members = json.objectValue, let kind = Self.kind(members) else { return nil }
    self.init(kind, description: members["description"]?.stringValue ?? "")
  }

  private static func kind(_ members: JSONObject) -> Kind? {
    let known = [
      "type", "properties", "required", "additionalProperties", "items", "enum", "description", "title", "minimum",
      "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern", "$schema",
    ]
    guard members.keys.allSatisfy({ known.contains($0) }) else { return nil }
    func integer(_ name: String) -> Int? { members[name]?.integerValue.flatMap { Int(exactly: $0) } }
    if let words = members["enum"] {
      guard let words = words.arrayValue?.map(\.stringValue), !words.contains(nil) else { return nil }
      return .enumeration(words.compactMap(\.self))
    }
    switch members["type"]?.stringValue {
    case "object": return object(members)
    case "array":
      guard let items = Schema(parsing: members["items"] ?? [:]) else { return nil }
      return .array(items: items, minItems: integer("minItems"), maxItems: integer("maxItems"))
    case "string":
      return .string(
        minLength: integer("minLength"), maxLength: integer("maxLength"), pattern: members["pattern"]?.stringValue,
        format: nil)
    case "integer":
      return .integer(minimum: members["minimum"]?.integerValue, maximum: members["maximum"]?.integerValue)
    case "number": return .number(minimum: members["minimum"]?.doubleValue, maximum: members["maximum"]?.doubleValue)
    case "boolean": return .boolean
    default: return nil
    }
  }

  private static func object(_ members: JSONObject) -> Kind? {
    let required = members["required"]?.arrayValue?.compactMap(\.stringValue) ?? []
    var properties: [Property] = []
    for (name, value) in members["properties"]?.objectValue ?? [:] {
      guard let schema = Schema(parsing: value) else { return nil }
      properties.append(Property(name, schema, isRequired: required.contains(name)))
    }
    guard required.allSatisfy({ name in properties.contains { $0.name == name } }) else { return nil }
    return .object(properties: properties, isOpen: members["additionalProperties"]?.boolValue ?? true)
  }
}
