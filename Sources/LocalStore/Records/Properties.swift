internal import JSON
internal import Service

/// The free properties of contacts and companies, stored as one JSON object.
enum Properties {
  /// Reads what is stored.
  static func stored(_ bytes: [UInt8], of what: String) throws(ServiceError) -> JSONObject {
    guard case .object(let properties)? = try? JSONValue(parsing: bytes) else {
      throw ServiceError(.internal, "The \(what)'s properties are damaged.")
    }
    return properties
  }

  /// Refuses names that can't be kept.
  static func checkNames(_ properties: JSONObject) throws(ServiceError) {
    for (name, _) in properties where name.isEmpty || name.utf8.count > 128 {
      throw .invalid("/properties", "A property's name must have 1 to 128 bytes.")
    }
  }
}

extension JSONObject {
  /// These members with others put over them; null takes one out.
  func merging(_ given: JSONObject) -> JSONObject {
    var merged = self
    for (name, value) in given {
      // Not as a ternary: there `nil` would be the JSON null.
      if value.isNull { merged[name] = nil } else { merged[name] = value }
    }
    return merged
  }

  /// A new record's properties: first what the server knows of it, then what is given, without nulls.
  static func properties(_ name: String, _ text: String, _ given: JSONObject) -> JSONObject {
    var properties = JSONObject()
    properties.reserveCapacity(given.count + 1)
    properties[name] = .string(text)
    for (other, value) in given where !value.isNull && other != name {
      properties.append(uncheckedKey: other, value: value)
    }
    return properties
  }
}
