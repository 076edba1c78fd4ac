import JSON
import JSONSchema
import Operations
import Platform
import Service
public import TestSupport

/// Both hosted APIs on 127.0.0.1, over a local workspace: real HTTP, routes and envelopes as their documents say.
public final class HostedDouble: Sendable {
  /// The key that Pathbound takes.
  public static let pathboundKey = "sk_double"
  /// The key that Owlbound takes.
  public static let owlboundKey = "gtm_sk_double"

  /// Records what came.
  public let server: LoopbackServer

  /// Serves the workspace.
  public init(_ workspace: TestWorkspace) {
    server = LoopbackServer { request in
      let (path, query) = Self.parts(request.target)
      let platform: Operations.Platform = path.hasPrefix("/owlbound/") ? .owlbound : .pathbound
      let rest = path.split(separator: "/").dropFirst().map { Self.decoded(String($0)) }
      guard Self.hasKey(request, platform) else {
        return Self.failure(ServiceError(.invalidKey, "Invalid API key."), platform)
      }
      guard let (operation, arguments) = Self.call(request, platform, rest, query) else {
        return Self.failure(ServiceError(.notFound, "No such route."), platform)
      }
      do {
        let answer = try workspace.answer(operation.name, arguments, client: "http")
        return try Self.success(answer, operation)
      } catch let error as ServiceError {
        return Self.failure(error, platform)
      } catch {
        return Self.failure(ServiceError(.internal, "\(error)"), platform)
      }
    }
  }

  /// Where Pathbound is.
  public var pathboundURL: String { server.url + "/pathbound" }
  /// Where Owlbound is.
  public var owlboundURL: String { server.url + "/owlbound" }

  private static func hasKey(_ request: LoopbackRequest, _ platform: Operations.Platform) -> Bool {
    platform == .owlbound
      ? request.header("X-API-Key") == owlboundKey : request.header("Authorization") == "Bearer \(pathboundKey)"
  }

  /// The operation of the most literal route that fits, with the arguments of path, query and body.
  private static func call(
    _ request: LoopbackRequest, _ platform: Operations.Platform, _ path: [String], _ query: [(String, String)]
  ) -> (Operations.Operation, JSONObject)? {
    var best: (operation: Operations.Operation, arguments: JSONObject, literals: Int)?
    for operation in Catalogue.all where operation.platform == platform {
      guard let route = operation.route, route.method.rawValue == request.method else { continue }
      let pattern = route.path.split(separator: "/").map(String.init)
      guard pattern.count == path.count else { continue }
      var arguments: JSONObject = [:]
      var literals = 0
      var fits = true
      for (expected, part) in zip(pattern, path) {
        if expected.hasPrefix(":") {
          arguments[String(expected.dropFirst())] = .string(part)
        } else {
          literals += 1
          fits = fits && expected == part
        }
      }
      guard fits, literals > best?.literals ?? -1 else { continue }
      best = (operation, arguments, literals)
    }
    guard let best else { return nil }
    var arguments = best.arguments
    for (name, text) in query { arguments[name] = value(text, of: name, in: best.operation) }
    for (name, value) in request.json.objectValue ?? [:] { arguments[name] = value }
    return (best.operation, arguments)
  }

  private static func value(_ text: String, of name: String, in operation: Operations.Operation) -> JSONValue {
    guard case .object(let properties, _) = operation.input.kind,
      let schema = properties.first(where: { $0.name == name })?.schema
    else { return .string(text) }
    switch schema.kind {
    case .integer, .number, .boolean: return (try? JSONValue(parsing: text)) ?? .string(text)
    default: return .string(text)
    }
  }

  private static func success(_ answer: Answer, _ operation: Operations.Operation) throws -> LoopbackReply {
    let payload = try JSONValue(parsing: answer.payload)
    guard operation.platform == .owlbound else {
      var members: JSONObject = ["status": "success"]
      for (name, value) in payload.objectValue ?? [:] { members[name] = value }
      return .json(.object(members))
    }
    guard operation.scope != nil else { return .json(payload) }
    return .json([
      "data": payload,
      "meta": [
        "requestId": "req_double", "credits": ["used": .integer(Int64(operation.credits ?? 0))],
      ],
    ])
  }

  private static func failure(_ error: ServiceError, _ platform: Operations.Platform) -> LoopbackReply {
    let details = error.details.map { detail -> JSONValue in
      let field = detail.path.split(separator: "/").joined(separator: ".")
      return ["field": .string(field), "message": .string(detail.message)]
    }
    var headers: [String: String] = [:]
    if let seconds = error.retryAfter { headers["Retry-After"] = "\(seconds)" }
    guard platform == .owlbound else {
      return .json(
        [
          "status": "error", "error": .string(error.message), "details": .array(details),
          "timestamp": "2026-03-31T14:00:00.000Z",
        ], status: error.status, headers: headers)
    }
    return .json(
      [
        "error": [
          "code": .string(error.code.rawValue), "message": .string(error.message), "requestId": "req_double",
          "details": .array(details),
        ]
      ], status: error.status, headers: headers)
  }

  private static func parts(_ target: String) -> (path: String, query: [(String, String)]) {
    let halves = target.split(separator: "?", maxSplits: 1)
    let query = (halves.count > 1 ? halves[1] : "").split(separator: "&").map { pair -> (String, String) in
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      return (decoded(sides[0]), sides.count > 1 ? decoded(sides[1]) : "")
    }
    return (String(halves.first ?? ""), query)
  }

  private static func decoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
