internal import JSON
internal import JSONSchema
internal import Operations
internal import Service

/// A call as its route wants it: path parameters in the path, the rest in the query or the body.
struct RequestForm {
  /// Path and query, percent-encoded.
  let target: String
  /// The JSON body; nil sends none.
  let body: [UInt8]?

  /// Takes the arguments apart.
  ///
  /// - Throws: `VALIDATION_ERROR` for an argument that only the local workspace understands: leaving it out silently
  ///   would give another answer than was asked for.
  init(_ operation: Operation, _ route: Route, _ arguments: JSONObject) throws(ServiceError) {
    var rest = try Self.sendable(arguments, of: operation)
    var path = ""
    for part in route.path.split(separator: "/") {
      path += "/"
      guard part.hasPrefix(":") else {
        path += part
        continue
      }
      let name = String(part.dropFirst())
      guard let value = rest[name].map(Self.text), !value.isEmpty else {
        throw .invalid("/\(name)", "\(name) is missing.")
      }
      guard value != ".", value != ".." else { throw .invalid("/\(name)", "\"\(value)\" is no id.") }
      path += PercentEncoding.encoded(value)
      rest[name] = nil
    }
    var query: [String] = []
    for (name, value) in rest where route.method == .get || route.queryNames.contains(name) {
      query += Self.pairs(name, value)
    }
    target = query.isEmpty ? path : path + "?" + query.joined(separator: "&")
    guard route.method != .get else {
      body = nil
      return
    }
    for name in route.queryNames { rest[name] = nil }
    body = rest.isEmpty && !operation.takesBody ? nil : JSONValue.object(rest).serialized()
  }

  /// The arguments that the hosted API knows.
  private static func sendable(_ arguments: JSONObject, of operation: Operation) throws(ServiceError) -> JSONObject {
    var rest: JSONObject = [:]
    for (name, value) in arguments {
      // What is recognised by it is recognised here, see RecentCalls.
      if name == "idempotency_key" { continue }
      // Without it more is told than was asked for, and nothing else.
      if name == "fields", operation.isLocalOnly(argument: name) { continue }
      guard operation.isLocalOnly(argument: name) else {
        rest[name] = value
        continue
      }
      guard value == operation.defaultValue(of: name) || value == false else {
        throw .invalid("/\(name)", "The hosted API has no \(name): leave it out, or work with the local workspace.")
      }
    }
    return rest
  }

  private static func text(_ value: JSONValue) -> String { value.stringValue ?? value.text }

  private static func pairs(_ name: String, _ value: JSONValue) -> [String] {
    if case .array(let items) = value { return items.flatMap { pairs(name, $0) } }
    return [PercentEncoding.encoded(name) + "=" + PercentEncoding.encoded(text(value))]
  }
}

extension Operation {
  fileprivate var properties: [Schema.Property] {
    if case .object(let properties, _) = input.kind { properties } else { [] }
  }

  fileprivate func defaultValue(of name: String) -> JSONValue? {
    properties.first { $0.name == name }?.schema.defaultValue
  }

  /// Whether anything but path, query and local arguments can be given.
  fileprivate var takesBody: Bool {
    guard let route else { return false }
    let inPath = route.path.split(separator: "/").filter { $0.hasPrefix(":") }.map { String($0.dropFirst()) }
    return properties.contains { property in
      !inPath.contains(property.name) && !route.queryNames.contains(property.name)
        && property.name != "idempotency_key" && !isLocalOnly(argument: property.name)
    }
  }
}

/// Percent-encoding of everything but the unreserved characters (RFC 3986, 2.3).
enum PercentEncoding {
  static func encoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        bytes.append(byte)
      default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
