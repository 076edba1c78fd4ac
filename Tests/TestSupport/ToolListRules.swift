import JSON

/// What every definition in a list of tools must satisfy, whoever reads it.
public enum ToolListRules {
  /// What is wrong with the list, a JSON array as `tools/list` gives it; nothing if all is well.
  public static func faults(in list: [UInt8]) -> [String] {
    guard let tools = try? JSONValue(parsing: list).arrayValue else { return ["the list is no JSON array"] }
    let names = tools.map { $0["name"]?.stringValue ?? "" }
    let repeated = Set(names).count == names.count ? [] : ["a name stands twice"]
    return repeated + tools.flatMap { tool in faults(in: tool).map { "\(tool["name"]?.text ?? "?"): \($0)" } }
  }

  private static func faults(in tool: JSONValue) -> [String] {
    var faults: [String] = []
    if tool["name"]?.stringValue?.wholeMatch(of: #/[a-z][a-z0-9_]{1,47}/#) == nil { faults.append("name") }
    if tool["description"]?.stringValue?.isEmpty != false { faults.append("description") }
    for hint in ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"]
    where tool["annotations"]?[hint]?.boolValue == nil { faults.append(hint) }
    if tool["inputSchema"]?["type"] != "object" { faults.append("the input is no object") }
    if let output = tool["outputSchema"], output["type"] != "object" { faults.append("the output is no object") }
    for schema in [tool["inputSchema"], tool["outputSchema"]] {
      faults += schema.map { self.faults(inSchema: $0) } ?? []
    }
    return faults
  }

  /// The keywords that all readers of schemas understand; no reference, so nothing is ever fetched.
  private static let keywords: Set<String> = [
    "type", "properties", "required", "items", "enum", "description", "minimum", "maximum", "minLength", "maxLength",
    "minItems", "maxItems", "pattern", "additionalProperties",
  ]

  private static func faults(inSchema schema: JSONValue) -> [String] {
    guard case .object(let members) = schema else { return ["a schema is no object"] }
    var faults = members.keys.filter { !keywords.contains($0) }.map { "keyword \($0)" }
    if members["type"]?.stringValue == nil { faults.append("a schema without type") }
    for property in members["properties"]?.objectValue ?? [:] { faults += self.faults(inSchema: property.value) }
    if let items = members["items"] { faults += self.faults(inSchema: items) }
    return faults
  }
}
